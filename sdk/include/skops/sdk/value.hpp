// What a serializer reads while it loads: nodes, plain JSON, and the values of other nodes.
//
// `Loading` is the host's table and context of one load; `Node`, `Json` and `Value` are handles
// with it. They are cheap to copy and only live as long as the call of `load` that gave them.
// Everything here throws: `Reported` where the host refused, `Failure` where a value has another
// kind than the one asked for. Texts and array views stay valid as long as the model.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "skops/sdk/array.hpp"

namespace skops::sdk {

struct Loading {
  const skops_host* host;
  skops_context* context;
};

// The limits that a plugin has to hold; the defaults where the host does not tell.
inline skops_limits limits_of(const Loading& in) {
  skops_limits out = {sizeof out, std::uint64_t{64} << 10, std::uint64_t{1} << 24};
  const auto* told =
      static_cast<const skops_limits*>(in.host->service(in.context, str("skops.limits/1")));
  if (told != nullptr && SKOPS_HAS(skops_limits, told, object_cells)) {
    out.npy_header_bytes = told->npy_header_bytes;
    out.object_cells = told->object_cells;
  }
  return out;
}

// The service that puts checks off; null where the host does not offer it now.
inline const skops_later* later_of(const Loading& in) {
  const auto* later =
      static_cast<const skops_later*>(in.host->service(in.context, str("skops.later/1")));
  return later != nullptr && SKOPS_HAS(skops_later, later, finish) ? later : nullptr;
}

enum class Kind : std::uint32_t {
  none = SKOPS_VALUE_NONE,
  boolean = SKOPS_VALUE_BOOL,
  integer = SKOPS_VALUE_INTEGER,
  big_integer = SKOPS_VALUE_BIG_INTEGER,
  real = SKOPS_VALUE_REAL,
  string = SKOPS_VALUE_STRING,
  bytes = SKOPS_VALUE_BYTES,
  list = SKOPS_VALUE_LIST,
  tuple = SKOPS_VALUE_TUPLE,
  set = SKOPS_VALUE_SET,
  mapping = SKOPS_VALUE_MAPPING,
  array = SKOPS_VALUE_ARRAY,
  sparse = SKOPS_VALUE_SPARSE,
  name = SKOPS_VALUE_NAME,
  object = SKOPS_VALUE_OBJECT,
  inert = SKOPS_VALUE_INERT,
};

class Node;

// A plain JSON value inside a node.
class Json {
 public:
  Json() = default;
  Json(Loading in, skops_json json) : in_(in), json_(json) {}

  explicit operator bool() const { return json_ != 0; }
  char kind() const {
    std::uint32_t kind = 0;
    check(in_.host->json_kind(in_.context, json_, &kind));
    return static_cast<char>(kind);
  }
  std::int64_t integer() const {
    std::int64_t out = 0;
    check(in_.host->json_integer(in_.context, json_, &out));
    return out;
  }
  std::string_view text() const {
    skops_string out{};
    check(in_.host->json_text(in_.context, json_, &out));
    return view(out);
  }
  std::size_t size() const {
    std::uint64_t out = 0;
    check(in_.host->json_size(in_.context, json_, &out));
    return static_cast<std::size_t>(out);
  }
  // The members of an array (empty keys) or object.
  std::vector<std::pair<std::string_view, Json>> items() const {
    const std::size_t n = size();
    std::vector<skops_string> keys(n);
    std::vector<skops_json> values(n);
    check(in_.host->json_items(in_.context, json_, keys.data(), values.data(), n));
    std::vector<std::pair<std::string_view, Json>> out;
    out.reserve(n);
    for (std::size_t k = 0; k < n; ++k) out.emplace_back(view(keys[k]), Json(in_, values[k]));
    return out;
  }
  Node node() const;  // the node that this object is; an error where it is none
  skops_node node_or_none() const {
    skops_node out = 0;
    check(in_.host->json_node(in_.context, json_, &out));
    return out;
  }

 private:
  Loading in_{};
  skops_json json_ = 0;
};

class Value {
 public:
  Value() = default;
  Value(Loading in, skops_value value) : in_(in), value_(value) {}

  explicit operator bool() const { return value_ != 0; }
  skops_value handle() const { return value_; }
  Loading loading() const { return in_; }
  Kind kind() const {
    std::uint32_t kind = 0;
    check(in_.host->value_kind(in_.context, value_, &kind));
    return static_cast<Kind>(kind);
  }
  bool is(Kind k) const { return kind() == k; }
  bool is_none() const { return !value_ || kind() == Kind::none; }
  bool is_string() const { return kind() == Kind::string; }
  bool is_container() const {
    const Kind k = kind();
    return k == Kind::list || k == Kind::tuple || k == Kind::set || k == Kind::mapping;
  }

  bool boolean() const {
    if (kind() == Kind::array) return real() != 0;
    if (kind() != Kind::boolean && kind() != Kind::integer) wrong("a bool");
    return integer() != 0;
  }
  // Python and NumPy integers; bools count as 0 and 1.
  std::int64_t integer() const {
    if (kind() == Kind::array) {
      const ArrayView a = scalar();
      if (a.kind() == 'f' ||
          (a.kind() == 'u' && a.itemsize() == 8 && load_as<std::uint64_t>(a.data()) > INT64_MAX)) {
        wrong("an integer");
      }
      return a.to_vector<std::int64_t>()[0];
    }
    if (kind() != Kind::integer && kind() != Kind::boolean) wrong("an integer");
    std::int64_t out = 0;
    check(in_.host->value_integer(in_.context, value_, &out));
    return out;
  }
  // Python and NumPy numbers.
  double real() const {
    switch (kind()) {
      case Kind::integer:
      case Kind::boolean: return static_cast<double>(integer());
      case Kind::array: return scalar().to_vector<double>()[0];
      case Kind::real: break;
      default: wrong("a number");
    }
    double out = 0;
    check(in_.host->value_real(in_.context, value_, &out));
    return out;
  }
  bool is_number() const {
    const Kind k = kind();
    if (k == Kind::array) {
      const ArrayView a = array();
      return a.ndim() == 0 && a.numeric();
    }
    return k == Kind::integer || k == Kind::boolean || k == Kind::real;
  }
  // The text of a string (also a 0-d NumPy string), or "module.name" of a name or inert value.
  std::string text() const {
    if (kind() == Kind::array) {
      const ArrayView a = array();
      if (a.ndim() == 0 && a.kind() == 'U') return ucs4_to_utf8(a.data(), a.itemsize());
      wrong("a text");
    }
    return std::string(text_view());
  }
  std::string_view text_view() const {
    skops_string out{};
    check(in_.host->value_text(in_.context, value_, &out));
    return view(out);
  }

  std::size_t size() const {
    std::uint64_t out = 0;
    check(in_.host->value_size(in_.context, value_, &out));
    return static_cast<std::size_t>(out);
  }
  Value item(std::size_t index) const {
    skops_value out = 0;
    check(in_.host->value_item(in_.context, value_, index, &out));
    return {in_, out};
  }
  Value key(std::size_t index) const {
    skops_value out = 0;
    check(in_.host->value_key(in_.context, value_, index, &out));
    return {in_, out};
  }
  // The item of a mapping; false where there is none.
  Value find(std::string_view key) const {
    skops_value out = 0;
    check(in_.host->value_find(in_.context, value_, str(key), &out));
    return {in_, out};
  }

  ArrayView array() const {
    const skops_array* out = nullptr;
    if (kind() != Kind::array) wrong("an array");
    check(in_.host->value_array(in_.context, value_, &out));
    return ArrayView(out);
  }
  const skops_csr& sparse() const {
    const skops_csr* out = nullptr;
    if (kind() != Kind::sparse) wrong("a sparse matrix");
    check(in_.host->value_sparse(in_.context, value_, &out));
    return *out;
  }
  skops_object object() const {
    skops_object out{};
    out.size = sizeof out;
    if (kind() == Kind::inert) {
      unsupported("there is no native code for " + text(),
                  "load the file in Python, or add a plugin that has it");
    }
    if (kind() != Kind::object) wrong("an object");
    check(in_.host->value_object(in_.context, value_, &out));
    return out;
  }

  // Attributes of an object or inert value. `has` is also false for unfitted objects' attributes.
  Value get(std::string_view name) const {
    skops_value out = 0;
    check(in_.host->value_attribute(in_.context, value_, str(name), &out));
    return {in_, out};
  }
  bool has(std::string_view name) const { return static_cast<bool>(get(name)); }
  // An attribute that must be there.
  Value operator[](std::string_view name) const {
    const Value out = get(name);
    if (!out) {
      unfitted(name);
    }
    return out;
  }

  // All numbers of an array or a (nested) list, C order.
  template <class T>
  std::vector<T> vector() const {
    if (kind() == Kind::array) return array().to_vector<T>();
    std::vector<T> out;
    for (std::size_t k = 0, n = size(); k < n; ++k) {
      T element{};
      const Value from = item(k);
      const bool fits = std::is_floating_point_v<T> ? convert(from.real(), element)
                                                    : convert(from.integer(), element);
      if (!fits) malformed("a list holds what is no integer of the expected size");
      out.push_back(element);
    }
    return out;
  }
  // The same with the number of elements checked.
  template <class T>
  std::vector<T> vector(std::size_t expected, const char* what) const {
    if (kind() == Kind::array && array().size() != expected) size_error(what, expected);
    std::vector<T> out = vector<T>();
    if (out.size() != expected) size_error(what, expected);
    return out;
  }
  // The texts of an array ('U', or cells that are all text) or list.
  std::vector<std::string> texts() const {
    std::vector<std::string> out;
    if (kind() != Kind::array) {
      for (std::size_t k = 0, n = size(); k < n; ++k) out.push_back(item(k).text());
      return out;
    }
    const ArrayView a = array();
    if (a.kind() == 'U') {
      a.each([&](const char* p) { out.push_back(ucs4_to_utf8(p, a.itemsize())); });
    } else if (a.kind() == 'O') {
      a.each([&](const char* p) {
        const auto cell = load_as<skops_cell>(p);
        if (cell.kind != SKOPS_CELL_STRING) wrong("an array of texts");
        out.emplace_back(view(cell.as.string));
      });
    } else {
      wrong("an array of texts");
    }
    return out;
  }

  [[noreturn]] void wrong(const char* expected) const {
    static constexpr const char* names[] = {"?",
                                            "None",
                                            "a bool",
                                            "an integer",
                                            "a big integer",
                                            "a float",
                                            "a string",
                                            "bytes",
                                            "a list",
                                            "a tuple",
                                            "a set",
                                            "a mapping",
                                            "an array",
                                            "a sparse matrix",
                                            "a name",
                                            "an object",
                                            "an object without native code"};
    const auto k = static_cast<std::uint32_t>(kind());
    malformed(std::string(expected) + " is expected, not " + (k < 17 ? names[k] : names[0]));
  }

 private:
  ArrayView scalar() const {
    const ArrayView a = array();
    if (a.size() != 1 || !a.numeric()) wrong("a number");
    return a;
  }
  [[noreturn]] void size_error(const char* what, std::size_t expected) const {
    malformed(std::string(what) + " must have " + std::to_string(expected) + " elements");
  }

  Loading in_{};
  skops_value value_ = 0;
};

class Node {
 public:
  Node(Loading in, skops_node node) : in_(in), node_(node) {}

  skops_node handle() const { return node_; }
  Loading loading() const { return in_; }
  std::string_view loader() const { return names().loader; }
  std::string_view module() const { return names().module; }
  std::string_view name() const { return names().name; }
  std::uint32_t protocol() const {
    std::uint32_t out = 0;
    check(in_.host->node_protocol(in_.context, node_, &out));
    return out;
  }
  // A field by its dotted name; false where the node has none.
  Json field(std::string_view name) const {
    skops_json out = 0;
    check(in_.host->node_field(in_.context, node_, str(name), &out));
    return {in_, out};
  }
  Json operator[](std::string_view name) const {
    const Json out = field(name);
    if (!out) malformed("the field '" + std::string(name) + "' is missing");
    return out;
  }
  // The value of the node in a field.
  Value value(std::string_view field) const { return (*this)[field].node().value(); }
  Value value() const {
    skops_value out = 0;
    check(in_.host->value_of(in_.context, node_, &out));
    return {in_, out};
  }

 private:
  struct Names {
    std::string_view loader, module, name;
  };
  Names names() const {
    skops_string loader{}, module{}, name{};
    check(in_.host->node_names(in_.context, node_, &loader, &module, &name));
    return {view(loader), view(module), view(name)};
  }

  Loading in_;
  skops_node node_;
};

// The attributes of the object that a node describes: the mapping that is its content. Empty where
// the object has no state.
class Attributes {
 public:
  explicit Attributes(const Node& node) : node_(node) {
    const Json content = node.field("content");
    if (!content) return;
    const skops_node state = content.node_or_none();
    if (state == 0) return;
    const Value value = Node(node.loading(), state).value();
    if (value.is(Kind::mapping)) state_ = value;
  }
  const Node& node() const { return node_; }
  Value get(std::string_view name) const { return state_ ? state_.find(name) : Value(); }
  bool has(std::string_view name) const { return static_cast<bool>(get(name)); }
  // An attribute that must be there.
  Value operator[](std::string_view name) const {
    const Value out = get(name);
    if (!out) {
      unfitted(name);
    }
    return out;
  }
  // Parameters that older versions did not have.
  bool boolean(std::string_view name, bool otherwise) const {
    const Value v = get(name);
    return v.is_none() ? otherwise : v.boolean();
  }
  std::string text(std::string_view name, std::string_view otherwise) const {
    const Value v = get(name);
    return v.is_none() ? std::string(otherwise) : v.text();
  }

 private:
  Node node_;
  Value state_;
};

inline Node Json::node() const {
  const skops_node out = node_or_none();
  if (out == 0) malformed("a node is expected");
  return {in_, out};
}

}  // namespace skops::sdk
