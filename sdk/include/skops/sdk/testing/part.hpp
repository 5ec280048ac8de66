// What a file would hold, written down in a test: plain values, containers, arrays, names, objects.
//
//   const Part detector = object("acme_outliers", "MadDetector",
//                                {{"center_", array<double>({1, 2})},
//                                 {"scale_", array<double>({0.5, 3})},
//                                 {"threshold", 3.5},
//                                 {"n_features_in_", 2}});
//
// A value; copying copies all of it. Where a field of a node is a number, text, bool or None, it is
// plain JSON there, bytes are a member of the archive, and everything else is a node of its own;
// `as_node` makes a node of the former.
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "skops/sdk/array.hpp"

namespace skops::sdk::testing {

struct Part {
  enum class Kind : std::uint8_t {
    none,
    boolean,
    integer,
    real,
    string,
    bytes,
    list,
    tuple,
    set,
    dict,    // keys are texts
    array,   // of numbers, or a NumPy scalar
    name,    // a type or function
    object,  // a node of any other loader: its fields, by dotted names
  };

  Part() = default;
  Part(std::nullptr_t) {}
  template <class T>
  requires std::is_arithmetic_v<T> Part(T value) {
    if constexpr (std::is_same_v<T, bool>) {
      kind = Kind::boolean;
      integer = value;
    } else if constexpr (std::is_integral_v<T>) {
      kind = Kind::integer;
      integer = static_cast<std::int64_t>(value);
    } else {
      kind = Kind::real;
      real = value;
    }
  }
  Part(std::string value) : kind(Kind::string), text(std::move(value)) {}
  Part(const char* value) : Part(std::string(value)) {}

  bool is_plain() const { return kind <= Kind::bytes && !node; }
  // The item of a dict, or the field of an object; null where there is none.
  const Part* find(std::string_view key) const {
    for (std::size_t k = 0; k < keys.size(); ++k) {
      if (keys[k] == key) return &items[k];
    }
    return nullptr;
  }
  Part* find(std::string_view key) {
    return const_cast<Part*>(static_cast<const Part&>(*this).find(key));
  }
  void put(std::string key, Part value) {
    keys.push_back(std::move(key));
    items.push_back(std::move(value));
  }

  Kind kind = Kind::none;
  bool node = false;  // of a plain value: a node of its own
  std::int64_t integer = 0;
  double real = 0;
  std::string text;                 // string, bytes
  std::vector<std::string> keys;    // dict, object
  std::vector<Part> items;          // list, tuple, set, dict, object
  std::string loader, module, cls;  // name, object
  std::shared_ptr<const OwnedArray> numbers;
};

inline bool operator==(const Part& a, const Part& b) {
  if (a.kind != b.kind || a.integer != b.integer || a.text != b.text || a.keys != b.keys ||
      a.loader != b.loader || a.module != b.module || a.cls != b.cls) {
    return false;
  }
  if (a.kind == Part::Kind::real && std::memcmp(&a.real, &b.real, sizeof a.real) != 0) return false;
  if ((a.numbers == nullptr) != (b.numbers == nullptr)) return false;
  if (a.numbers != nullptr &&
      (a.numbers->dtype.kind != b.numbers->dtype.kind || a.numbers->shape != b.numbers->shape ||
       a.numbers->bytes != b.numbers->bytes)) {
    return false;
  }
  return a.items == b.items;
}

using Fields = std::initializer_list<std::pair<const char*, Part>>;

inline Part container(Part::Kind kind, std::vector<Part> items) {
  Part out;
  out.kind = kind;
  out.items = std::move(items);
  return out;
}
inline Part list(std::vector<Part> items) {
  return container(Part::Kind::list, std::move(items));
}
inline Part tuple(std::vector<Part> items) {
  return container(Part::Kind::tuple, std::move(items));
}
inline Part dict(Fields entries = {}) {
  Part out = container(Part::Kind::dict, {});
  for (const auto& [key, value] : entries) out.put(key, value);
  return out;
}
inline Part bytes(std::string data) {
  Part out(std::move(data));
  out.kind = Part::Kind::bytes;
  return out;
}
inline Part name(std::string module, std::string cls, std::string loader = "TypeNode") {
  Part out = container(Part::Kind::name, {});
  out.loader = std::move(loader);
  out.module = std::move(module);
  out.cls = std::move(cls);
  return out;
}
// A node of any loader, with its fields by dotted names.
inline Part node(std::string loader, std::string module, std::string cls, Fields fields = {}) {
  Part out = name(std::move(module), std::move(cls), std::move(loader));
  out.kind = Part::Kind::object;
  for (const auto& [key, value] : fields) out.put(key, value);
  return out;
}
// An object and its attributes.
inline Part object(std::string module, std::string cls, Fields attributes = {}) {
  return node("ObjectNode", std::move(module), std::move(cls), {{"content", dict(attributes)}});
}
inline Part as_node(Part value) {
  value.node = true;
  return value;
}

// Numbers in C order; without a shape, one dimension.
template <class T>
Part array(const std::vector<T>& values, std::vector<std::int64_t> shape) {
  auto numbers = std::make_shared<OwnedArray>(dtype_of<T>, std::move(shape));
  if (numbers->bytes.size() != values.size() * sizeof(T)) {
    throw Failure(SKOPS_PLUGIN, "plugin.array", "an array has another size than its shape");
  }
  if (!values.empty()) std::memcpy(numbers->bytes.data(), values.data(), numbers->bytes.size());
  numbers->describe();
  Part out = container(Part::Kind::array, {});
  out.numbers = std::move(numbers);
  return out;
}
template <class T>
Part array(const std::vector<T>& values) {
  return array<T>(values, {static_cast<std::int64_t>(values.size())});
}
// numpy.float64(1.5)
template <class T>
Part scalar(T value) {
  return array<T>({value}, {});
}

}  // namespace skops::sdk::testing
