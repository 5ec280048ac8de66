// The classes of a classifier: what `classes_` holds, and writing predicted labels in exactly that
// dtype (integers, bools, floats, '<U5' texts, objects).
#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "skops/sdk/output.hpp"
#include "skops/sdk/value.hpp"

namespace skops::sdk {

class Labels {
 public:
  Labels() = default;
  // A one-dimensional array or a list of labels.
  explicit Labels(const Value& classes) {
    if (classes.is(Kind::list) || classes.is(Kind::tuple)) {
      from_list(classes);
      return;
    }
    const ArrayView a = classes.array();
    require(a.ndim() == 1, "classes_ must have one dimension");
    dtype_ = a.dtype();
    require(dtype_.kind != 'V' && dtype_.n_fields == 0, "classes_ must not hold records");
    count_ = a.extent(0);
    bytes_.reserve(count_ * dtype_.itemsize);
    a.each([&](const char* p) { append(p); });
  }

  std::size_t size() const { return count_; }
  const skops_dtype& dtype() const { return dtype_; }
  // The label as a double, for classifiers whose labels enter arithmetic; false where it is text.
  bool is_number() const {
    return dtype_.kind == 'i' || dtype_.kind == 'u' || dtype_.kind == 'f' || dtype_.kind == 'b';
  }
  const std::byte* raw(std::size_t k) const { return bytes_.data() + k * dtype_.itemsize; }

  // Writes the labels of these indices, which must be below size(), as an array of this shape.
  template <class Index>
  void write(Output& out, std::span<const Index> indices,
             std::span<const std::int64_t> shape) const {
    auto* at = static_cast<std::byte*>(out.array(dtype_, shape));
    put(at, indices, 1);
  }
  template <class Index>
  void write(Output& out, std::span<const Index> indices) const {
    const std::int64_t n = static_cast<std::int64_t>(indices.size());
    write(out, indices, std::span<const std::int64_t>(&n, 1));
  }
  // The same into memory of this dtype, `step` elements apart.
  template <class Index>
  void put(std::byte* at, std::span<const Index> indices, std::size_t step) const {
    const std::size_t w = dtype_.itemsize;
    if (w == 8) {
      for (std::size_t i = 0; i < indices.size(); ++i) {
        std::memcpy(at + i * step * 8, bytes_.data() + static_cast<std::size_t>(indices[i]) * 8, 8);
      }
      return;
    }
    for (std::size_t i = 0; i < indices.size(); ++i) {
      std::memcpy(at + i * step * w, bytes_.data() + static_cast<std::size_t>(indices[i]) * w, w);
    }
  }

 private:
  void append(const char* p) {
    const std::size_t before = bytes_.size();
    bytes_.resize(before + dtype_.itemsize);
    std::memcpy(bytes_.data() + before, p, dtype_.itemsize);
    if (dtype_.kind != 'O') return;
    auto cell = load_as<skops_cell>(p);
    if (cell.kind == SKOPS_CELL_STRING) {
      texts_.emplace_back(view(cell.as.string));
      cell.as.string = str(texts_.back());
      std::memcpy(bytes_.data() + before, &cell, sizeof cell);
    }
  }
  void from_list(const Value& classes) {
    dtype_ = dtype_of<std::int64_t>;
    count_ = classes.size();
    for (std::size_t k = 0; k < count_; ++k) {
      const std::int64_t label = classes.item(k).integer();
      append(reinterpret_cast<const char*>(&label));
    }
  }

  skops_dtype dtype_ = dtype_of<std::int64_t>;
  std::size_t count_ = 0;
  std::vector<std::byte> bytes_;
  std::deque<std::string> texts_;
};

}  // namespace skops::sdk
