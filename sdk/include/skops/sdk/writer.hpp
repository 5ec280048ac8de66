// What a serializer writes while it saves: nodes, and the attributes of an object.
//
//   void save(ObjectWriter& self) const override {
//     self.otherwise("n_features_in_", features_.count());
//     self.otherwise("tol", 1e-6);
//   }
//
// `Writer` is the host's table and context of one save; it makes nodes. `ObjectWriter` is one
// object on its way to the file. An object that was loaded comes with all that its file said of it,
// so a serializer only adds what may be missing (`otherwise`); one that was not starts empty.
// Handles live as long as the call of `save` that gave them. Everything here throws: `Reported`
// where the host refused.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "skops/sdk/array.hpp"

namespace skops::sdk {

// A node of the file to be.
struct Saved {
  skops_node node = 0;
  explicit operator bool() const { return node != 0; }
};

class Writer {
 public:
  Writer(const skops_writer* writer, skops_context* context) : writer_(writer), context_(context) {}
  const skops_writer* raw() const { return writer_; }
  skops_context* context() const { return context_; }

  // -- Plain values, as Python has them.
  Saved none() const { return json("null"); }
  Saved of(bool truth) const { return json(truth ? "true" : "false"); }
  template <class T>
  requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) Saved of(T integer)
  const { return json(std::to_string(integer)); }
  Saved of(double real) const { return json(real_text(real)); }
  Saved of(std::string_view text) const { return json(quoted(text)); }
  Saved of(const std::string& text) const { return of(std::string_view(text)); }
  Saved of(const char* text) const { return of(std::string_view(text)); }
  Saved of(Saved node) const { return node; }
  // Whatever the JSON text says, as Python's json reads it.
  Saved json(std::string_view text) const {
    Saved out;
    check(writer_->plain(context_, str(text), &out.node));
    return out;
  }

  // -- Containers.
  Saved list(std::span<const Saved> items) const { return sequence("ListNode", "list", items); }
  Saved tuple(std::span<const Saved> items) const { return sequence("TupleNode", "tuple", items); }
  Saved set(std::span<const Saved> items) const { return sequence("SetNode", "set", items); }
  Saved tuple(std::initializer_list<Saved> items) const {
    return tuple(std::span<const Saved>(items.begin(), items.size()));
  }
  struct Entry {
    std::string key;  // the text of the key: what `key_type(key)` makes of it
    Saved value;
    const char* key_type = "str";  // "int", "float"
  };
  Saved dict(std::span<const Entry> entries) const {
    const Saved out = node("DictNode", "builtins", "dict");
    std::vector<Saved> types;
    for (const Entry& entry : entries) {
      check(
          writer_->put_node(context_, out.node, str("content"), str(entry.key), entry.value.node));
      types.push_back(node("TypeNode", "builtins", entry.key_type));
    }
    if (entries.empty()) check(writer_->set_json(context_, out.node, str("content"), str("{}")));
    set(out, "key_types", list(types));
    return out;
  }

  // -- Arrays.
  Saved array(const skops_array& array, bool scalar = false) const {
    require_host(SKOPS_HAS(skops_writer, writer_, array));
    Saved out;
    check(writer_->array(context_, &array, scalar ? 1 : 0, &out.node));
    return out;
  }
  Saved of(const ArrayView& view) const { return array(*view.raw()); }
  // Numbers in C order.
  template <class T>
  Saved array(std::span<const T> numbers, std::initializer_list<std::size_t> shape) const {
    std::vector<std::int64_t> extents, strides(shape.size());
    for (const std::size_t extent : shape) extents.push_back(static_cast<std::int64_t>(extent));
    std::int64_t step = sizeof(T);
    for (std::size_t d = extents.size(); d-- > 0;) {
      strides[d] = step;
      step *= extents[d];
    }
    if (static_cast<std::size_t>(step) != numbers.size() * sizeof(T)) {
      throw Failure(SKOPS_PLUGIN, "plugin.array", "an array has another size than its shape");
    }
    return array(skops_array{sizeof(skops_array), numbers.data(), &dtype_of<T>, extents.size(),
                             extents.data(), strides.data()});
  }
  template <class T>
  Saved of(const std::vector<T>& numbers) const {
    return array(std::span<const T>(numbers), {numbers.size()});
  }
  // numpy.int64(3)
  template <class T>
  Saved scalar(T number) const {
    return array(skops_array{sizeof(skops_array), &number, &dtype_of<T>, 0, nullptr, nullptr},
                 true);
  }

  // -- Names, and other objects.
  Saved type(std::string_view module, std::string_view name) const {
    return node("TypeNode", module, name);
  }
  Saved function(std::string_view module, std::string_view name) const {
    return node("FunctionNode", module, name);
  }
  // Saved by its own serializer, once however often it is asked for.
  Saved object(const skops_object& object) const {
    Saved out;
    check(writer_->object(context_, &object, &out.node));
    return out;
  }

  // -- Nodes of any loader, and their fields by dotted names.
  Saved node(std::string_view loader, std::string_view module, std::string_view name) const {
    Saved out;
    check(writer_->node(context_, str(loader), str(module), str(name), &out.node));
    return out;
  }
  void set(Saved node, std::string_view field, Saved child) const {
    check(writer_->set_node(context_, node.node, str(field), child.node));
  }
  void set_json(Saved node, std::string_view field, std::string_view json) const {
    check(writer_->set_json(context_, node.node, str(field), str(json)));
  }
  // A member of the archive with these bytes; the field gets its name.
  void set_member(Saved node, std::string_view field, std::string_view suffix,
                  std::span<const std::byte> bytes) const {
    check(
        writer_->set_member(context_, node.node, str(field), str(suffix),
                            {reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}));
  }

  // As Python's json writes it.
  static std::string real_text(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    std::string out(text, static_cast<std::size_t>(end - text));
    if (out.find_first_of(".e") == out.npos) out += ".0";
    return out;
  }
  static std::string quoted(std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x20) {
        out += "\\u00";
        out += digits[byte >> 4];
        out += digits[byte & 15];
      } else {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
      }
    }
    return out + "\"";
  }
  // Functions that the first hosts did not have.
  static void require_host(bool has) {
    if (!has) {
      throw Failure(SKOPS_UNSUPPORTED, "model.unsupported", "this host is too old to save objects",
                    "update the host");
    }
  }

 private:
  Saved sequence(std::string_view loader, std::string_view name,
                 std::span<const Saved> items) const {
    const Saved out = node(loader, "builtins", name);
    if (items.empty()) set_json(out, "content", "[]");
    for (const Saved& item : items) {
      check(writer_->append_node(context_, out.node, str("content"), item.node));
    }
    return out;
  }

  const skops_writer* writer_;
  skops_context* context_;
};

// One object of a class and its attributes.
class ObjectWriter : public Writer {
 public:
  // A new object; `loader` as the file names it.
  ObjectWriter(const Writer& writer, std::string_view module, std::string_view name,
               std::string_view loader = "ObjectNode")
      : Writer(writer), node_(writer.node(loader, module, name)) {
    require_host(SKOPS_HAS(skops_writer, raw(), set_attribute));
  }
  // The object as its file had it. Throws (unsupported) where it comes from no file.
  ObjectWriter(const Writer& writer, const skops_object& loaded) : Writer(writer) {
    require_host(SKOPS_HAS(skops_writer, raw(), set_attribute));
    check(raw()->origin(context(), &loaded, &node_.node));
    if (!node_) {
      throw Failure(SKOPS_UNSUPPORTED, "save.no-origin",
                    "the object comes from no file, and its class cannot write it from nothing",
                    "describe it attribute by attribute");
    }
  }

  Saved node() const { return node_; }
  bool has(std::string_view name) const { return find(name).has; }
  // The JSON text of an attribute that the file gave as plain data; empty where it did not.
  std::string_view json_of(std::string_view name) const { return find(name).json; }
  // An attribute that is not there yet. `value`: whatever `of` takes.
  template <class T>
  void put(std::string_view name, const T& value) {
    check(raw()->set_attribute(context(), node_.node, str(name), of(value).node));
  }
  // The same, where it has none. `make` in its lazy form is only called then.
  template <class T>
  void otherwise(std::string_view name, const T& value) {
    if (has(name)) return;
    if constexpr (std::is_invocable_r_v<Saved, T>) {
      put(name, value());
    } else {
      put(name, value);
    }
  }
  void otherwise_json(std::string_view name, std::string_view text) {
    if (!has(name)) put(name, json(text));
  }

 private:
  struct Found {
    bool has;
    std::string_view json;
  };
  Found find(std::string_view name) const {
    std::uint32_t has = 0;
    skops_string json{};
    check(raw()->find_attribute(context(), node_.node, str(name), &has, &json));
    return {has != 0, view(json)};
  }

  Saved node_;
};

}  // namespace skops::sdk
