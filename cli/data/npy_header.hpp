// The header of NumPy's NPY format (1.0, 2.0 and 3.0; numpy.lib.format), as NumPy writes it:
//
//   "\x93NUMPY" major minor  header length (2 or 4 bytes)  header  data
//   header: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }  spaces  \n
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "skops/array.hpp"

namespace skops_cli {

struct NpyHeader {
  std::string descr;  // '<f8', or a record's whole list
  // For plain descriptors; kind 'V' for records. 'U' items are 4 bytes a character.
  skops::Dtype dtype{'V', 0};
  bool swapped = false;  // big-endian items
  bool record = false;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
  std::size_t data_offset = 0;
};

// The most bytes that a header may have; NumPy's own bound is 10,000.
inline constexpr std::size_t most_npy_header = std::size_t{64} << 10;

// Reads the header at the start of `bytes`, which need not hold the data. Throws skops::Error
// (input, code "data.npy") with what is wrong.
NpyHeader read_npy_header(std::string_view bytes);

}  // namespace skops_cli
