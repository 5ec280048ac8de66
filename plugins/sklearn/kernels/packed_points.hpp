// Points (support vectors, centres, training rows) in the layout that the vector kernels read.
//
// A block holds 128 bytes of points (16 float64 or 32 float32) feature by feature:
//   data[(block * dim + feature) * kBlock + lane]
// so that one feature of a whole block is two cache lines and a kernel walks memory forwards.
// The last block is filled up with zeros; a group of points that needs its own sums (the support
// vectors of one class) starts on a block of its own, see `pad_to_block`.
//
// The owner keeps the buffer; it is aligned to 64 bytes. Nothing here is changed after packing, so
// any number of threads may read.
#pragma once

#include <cstddef>
#include <limits>
#include <new>
#include <span>
#include <stdexcept>
#include <vector>

namespace skops_sklearn::kernels {

// Lets std::vector keep whole cache lines.
template <class T>
struct CacheLineAllocator {
  using value_type = T;
  CacheLineAllocator() = default;
  template <class U>
  CacheLineAllocator(const CacheLineAllocator<U>&) {}
  T* allocate(std::size_t n) {
    if (n > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(::operator new (n * sizeof(T), std::align_val_t{64}));
  }
  void deallocate(T* p, std::size_t) { ::operator delete (p, std::align_val_t{64}); }
  bool operator==(const CacheLineAllocator&) const { return true; }
};
template <class T>
using AlignedVector = std::vector<T, CacheLineAllocator<T>>;

template <class T>
class PackedPoints {
 public:
  static constexpr std::size_t kBlock = 128 / sizeof(T);

  PackedPoints() = default;

  // Room for `n_points` points of `dim` values, all zero. Throws std::length_error when the size
  // does not fit an address.
  PackedPoints(std::size_t n_points, std::size_t dim)
      : n_blocks_(n_points / kBlock + (n_points % kBlock != 0)), dim_(dim) {
    std::size_t cells = 0;
    if (__builtin_mul_overflow(n_blocks_, dim, &cells) ||
        __builtin_mul_overflow(cells, kBlock, &cells)) {
      throw std::length_error("packed points do not fit the address space");
    }
    data_.assign(cells, T(0));
  }

  // Packs `n_points` rows of a C-ordered matrix.
  PackedPoints(const T* rows, std::size_t n_points, std::size_t dim) : PackedPoints(n_points, dim) {
    for (std::size_t i = 0; i < n_points; ++i) set(i, std::span(rows + i * dim, dim));
  }

  void set(std::size_t point, std::span<const T> values) {
    T* base = data_.data() + point / kBlock * dim_ * kBlock + point % kBlock;
    for (std::size_t f = 0; f < values.size(); ++f) base[f * kBlock] = values[f];
  }
  T get(std::size_t point, std::size_t feature) const {
    return data_[(point / kBlock * dim_ + feature) * kBlock + point % kBlock];
  }

  const T* block(std::size_t b) const { return data_.data() + b * dim_ * kBlock; }
  std::size_t n_blocks() const { return n_blocks_; }
  std::size_t n_slots() const { return n_blocks_ * kBlock; }
  std::size_t dim() const { return dim_; }

 private:
  AlignedVector<T> data_;
  std::size_t n_blocks_ = 0;
  std::size_t dim_ = 0;
};

// The first multiple of the block size that is not below n.
template <class T>
constexpr std::size_t pad_to_block(std::size_t n) {
  constexpr std::size_t block = PackedPoints<T>::kBlock;
  return (n + block - 1) / block * block;
}

}  // namespace skops_sklearn::kernels
