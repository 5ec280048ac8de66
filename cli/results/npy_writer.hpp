// NumPy's NPY format 1.0, as numpy.save writes it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "skops/array.hpp"

namespace skops_cli {

// Everything before the data, padded to 64 bytes. `descr` as in '<f8'.
std::string npy_header(std::string_view descr, std::span<const std::int64_t> shape);
std::string npy_descr(skops::Dtype dtype);

// The array with cells turned into texts, numbers or bools where they all are one of these; other
// arrays as they are. Throws skops::Error (unsupported) for a mixture.
skops::Array without_cells(const skops::Array& array);

std::string_view bytes_of(const skops::Array& array);

}  // namespace skops_cli
