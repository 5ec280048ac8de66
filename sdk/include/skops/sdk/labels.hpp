// The classes of a classifier: what `classes_` holds, and writing predicted labels in exactly that
// dtype (integers, bools, floats, '<U5' texts, objects).
#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "skops/sdk/input.hpp"
#include "skops/sdk/output.hpp"
#include "skops/sdk/value.hpp"

namespace skops::sdk {

class Labels {
 public:
  Labels() = default;
  // A one-dimensional array or a list of labels. Copies what it is given.
  explicit Labels(const Value& classes) {
    if (classes.is(Kind::list) || classes.is(Kind::tuple)) {
      from_list(classes);
    } else {
      *this = Labels(classes.array());
    }
  }
  explicit Labels(const ArrayView& a) {
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

  // Whether label k is label j of another list: the same number, or the same text whatever the
  // width of the arrays. What is neither is the same only where its bytes and its dtype are.
  bool same(std::size_t k, const Labels& other, std::size_t j) const {
    const skops_cell a = cell(k), b = other.cell(j);
    if (is_plain(a) && is_plain(b)) return number(a) == number(b);
    if (a.kind != b.kind) return false;
    if (a.kind == SKOPS_CELL_STRING) return text(k) == other.text(j);
    if (dtype_.kind == 'O') return a.kind != SKOPS_CELL_OTHER;
    return dtype_.kind == other.dtype_.kind && dtype_.itemsize == other.dtype_.itemsize &&
           std::memcmp(at(k), other.at(j), dtype_.itemsize) == 0;
  }
  // The label as a double; 0 where it is no number.
  double number(std::size_t k) const { return number(cell(k)); }
  // The label as text; empty where it is a number.
  std::string text(std::size_t k) const {
    if (dtype_.kind == 'U') return ucs4_to_utf8(at(k), dtype_.itemsize);
    const skops_cell c = cell(k);
    return c.kind == SKOPS_CELL_STRING ? std::string(view(c.as.string)) : std::string();
  }

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
    if (w == 0) return;
    for (std::size_t i = 0; i < indices.size(); ++i) {
      std::memcpy(at + i * step * w, bytes_.data() + static_cast<std::size_t>(indices[i]) * w, w);
    }
  }

 private:
  const char* at(std::size_t k) const {
    return reinterpret_cast<const char*>(bytes_.data()) + k * dtype_.itemsize;
  }
  static bool is_plain(const skops_cell& c) {
    return c.kind == SKOPS_CELL_REAL || c.kind == SKOPS_CELL_INTEGER || c.kind == SKOPS_CELL_BOOL;
  }
  static double number(const skops_cell& c) {
    if (c.kind == SKOPS_CELL_REAL) return c.as.real;
    return is_plain(c) ? static_cast<double>(c.as.integer) : 0;
  }
  // Texts of 'U' arrays are named by kind only; text() decodes them.
  skops_cell cell(std::size_t k) const {
    if (dtype_.kind == 'O') return load_as<skops_cell>(at(k));
    skops_cell out{};
    if (dtype_.kind == 'U') {
      out.kind = SKOPS_CELL_STRING;
      return out;
    }
    out.kind = SKOPS_CELL_REAL;
    if (dtype_.kind == 'f' && dtype_.itemsize == 2) {
      out.as.real = half_to_float(load_as<std::uint16_t>(at(k)));
      return out;
    }
    if (dtype_.kind == 'f' && dtype_.itemsize == sizeof(long double)) {
      out.as.real = static_cast<double>(load_as<long double>(at(k)));
      return out;
    }
    const bool known = with_type(dtype_, [&](auto sample) {
      using S = decltype(sample);
      if constexpr (std::is_same_v<S, bool>) {
        out.as.real = *at(k) != 0;
      } else {
        out.as.real = static_cast<double>(load_as<S>(at(k)));
      }
    });
    if (!known) out.kind = SKOPS_CELL_OTHER;
    return out;
  }

  void append(const char* p) {
    const std::size_t before = bytes_.size();
    bytes_.resize(before + dtype_.itemsize);
    if (dtype_.itemsize == 0) return;  // texts without a letter: there may be no memory to copy to
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
      bytes_.resize(bytes_.size() + sizeof label);
      std::memcpy(bytes_.data() + bytes_.size() - sizeof label, &label, sizeof label);
    }
  }

  skops_dtype dtype_ = dtype_of<std::int64_t>;
  std::size_t count_ = 0;
  std::vector<std::byte> bytes_;
  std::deque<std::string> texts_;
};

}  // namespace skops::sdk
