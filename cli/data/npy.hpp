// Arrays in NumPy's NPY format as data: numbers, bools and texts ('<U5'), of any byte order and in
// C or Fortran order.
//
// The array views the file's bytes where they can be used as they are; big-endian items are copied.
// What holds objects is a pickle inside, and is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "skops/array.hpp"

namespace skops_cli {

struct NpyArray {
  skops::Dtype dtype;
  std::vector<std::int64_t> shape;
  bool fortran_order = false;
  const char* data = nullptr;
  std::size_t count = 0;      // items
  std::vector<char> swapped;  // owns the items where their byte order had to change

  // For at most two dimensions; a scalar is refused.
  skops::ArrayView view() const;
};

// `bytes` must be the whole file and live as long as the array. Throws skops::Error (input).
NpyArray read_npy(std::string_view bytes);

}  // namespace skops_cli
