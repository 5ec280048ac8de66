// The dtype that an estimator's parameter or attribute names: numpy.float32, float, "int32", or a
// numpy.dtype object.
#pragma once

#include <string>
#include <string_view>

#include "skops/sdk/value.hpp"

namespace skops_sklearn {

// Numbers, bool and object only; `otherwise` where the value is None or missing.
inline skops_dtype read_dtype(const skops::sdk::Value& value, const skops_dtype& otherwise) {
  using namespace skops::sdk;
  if (value.is_none()) return otherwise;
  if (value.is(Kind::inert)) {
    // A DTypeNode: the dtype of the empty array that it holds.
    const Loading in = value.loading();
    skops_node handle = 0;
    check(in.host->value_node(in.context, value.handle(), &handle));
    if (handle != 0 && Node(in, handle).loader() == "DTypeNode") {
      skops_dtype out = Node(in, handle).value("content").array().dtype();
      require(out.n_fields == 0, "a record is no dtype of numbers");
      out.fields = nullptr;
      return out;
    }
  }
  if (!value.is(Kind::name) && !value.is_string()) value.wrong("a dtype");
  std::string name(value.text_view());
  if (const auto dot = name.rfind('.'); dot != std::string::npos) name.erase(0, dot + 1);
  struct Entry {
    std::string_view name;
    std::uint32_t kind;
    std::uint64_t itemsize;
  };
  static constexpr Entry entries[] = {
      {"float64", 'f', 8},
      {"float", 'f', 8},
      {"double", 'f', 8},
      {"float32", 'f', 4},
      {"single", 'f', 4},
      {"int64", 'i', 8},
      {"int", 'i', 8},
      {"intp", 'i', 8},
      {"int32", 'i', 4},
      {"intc", 'i', 4},
      {"int16", 'i', 2},
      {"int8", 'i', 1},
      {"uint64", 'u', 8},
      {"uint32", 'u', 4},
      {"uint16", 'u', 2},
      {"uint8", 'u', 1},
      {"bool", 'b', 1},
      {"bool_", 'b', 1},
      {"object", 'O', sizeof(skops_cell)},
      {"object_", 'O', sizeof(skops_cell)},
  };
  for (const Entry& entry : entries) {
    if (entry.name == name) {
      return {sizeof(skops_dtype), entry.kind, 0, entry.itemsize, 0, nullptr};
    }
  }
  unsupported("the dtype '" + name + "' is not supported here");
}

}  // namespace skops_sklearn
