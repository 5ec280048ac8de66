// Storage aligned to cache lines: a 64-byte vector that straddles two lines costs two reads.
#pragma once

#include <cstddef>
#include <new>

namespace skops_sklearn::linalg {

// For std::vector; throws std::bad_alloc as the default allocator does.
template <class T>
struct AlignedAllocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{64};

  AlignedAllocator() = default;
  template <class U>
  AlignedAllocator(const AlignedAllocator<U>&) {}

  T* allocate(std::size_t n) {
    if (n > static_cast<std::size_t>(-1) / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(::operator new(n * sizeof(T), alignment));
  }
  void deallocate(T* p, std::size_t) { ::operator delete(p, alignment); }
  bool operator==(const AlignedAllocator&) const { return true; }
};

}  // namespace skops_sklearn::linalg
