// What a member of a model's file holds, from its first bytes: the dtype and shape of an array. The
// data is not read, and nothing is inflated.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "skops/file.hpp"

namespace skops_cli {

struct ArrayText {
  std::string text;   // "float64 (3, 4)", "float64 () 0.5", "1,234 bytes"
  std::string value;  // of an array without dimensions, as JSON
  std::string dtype;  // empty where the member is no array in NPY format, or compressed
  std::vector<std::int64_t> shape;
};

ArrayText describe_array(const skops::File& file, const std::string& member);

}  // namespace skops_cli
