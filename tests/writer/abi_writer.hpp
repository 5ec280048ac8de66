// Objects written as a plugin would: through the functions of skops_writer alone.
//
//   Maker maker = [](Nodes& n) { return n.object("test", "Thing", {{"a", n.plain("1")}}); };
//   std::vector<std::byte> file = save(maker, loaders);
#pragma once

#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "writer/saving.hpp"

namespace skops_test {

inline skops_string text(std::string_view s) { return {s.data(), s.size()}; }

struct Refused {
  skops_status status;
};

class Nodes {
 public:
  using Entries = std::vector<std::pair<std::string, skops_node>>;
  Nodes(const skops_writer& writer, skops_context* context) : w(writer), c(context) {}

  static void check(skops_status status) {
    if (status != SKOPS_OK) throw Refused{status};
  }
  skops_node node(std::string_view loader, std::string_view module, std::string_view name) {
    skops_node out = 0;
    check(w.node(c, text(loader), text(module), text(name), &out));
    return out;
  }
  skops_node plain(std::string_view json) {
    skops_node out = 0;
    check(w.plain(c, text(json), &out));
    return out;
  }
  skops_node sequence(std::string_view loader, std::string_view name,
                      const std::vector<skops_node>& items) {
    const skops_node out = node(loader, "builtins", name);
    if (items.empty()) check(w.set_json(c, out, text("content"), text("[]")));
    for (const skops_node item : items) check(w.append_node(c, out, text("content"), item));
    return out;
  }
  // The content comes first, though its loader reads the types before.
  skops_node dict(const Entries& entries) {
    const skops_node out = node("DictNode", "builtins", "dict");
    if (entries.empty()) check(w.set_json(c, out, text("content"), text("{}")));
    std::vector<skops_node> types;
    for (const auto& [key, value] : entries) {
      check(w.put_node(c, out, text("content"), text(key), value));
      types.push_back(node("TypeNode", "builtins", "str"));
    }
    check(w.set_node(c, out, text("key_types"), sequence("ListNode", "list", types)));
    return out;
  }
  skops_node object(std::string_view module, std::string_view name, const Entries& attributes) {
    const skops_node out = node("ObjectNode", module, name);
    check(w.set_node(c, out, text("content"), dict(attributes)));
    return out;
  }
  // A C-ordered array: `descr` and `shape` as NPY headers have them.
  skops_node array(const std::string& descr, const std::string& shape, const void* data,
                   std::size_t size, std::string_view cls = "ndarray") {
    std::string bytes("\x93NUMPY\x01\0", 8);
    std::string header = "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + ", }";
    header.append(63 - (10 + header.size()) % 64, ' ').append(1, '\n');
    bytes += static_cast<char>(header.size() & 255);
    bytes += static_cast<char>(header.size() >> 8);
    bytes += header;
    bytes.append(static_cast<const char*>(data), size);
    const skops_node out = node("NdArrayNode", "numpy", cls);
    check(w.set_json(c, out, text("type"), text("\"numpy\"")));
    check(w.set_member(c, out, text("file"), text(".npy"),
                       {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}));
    return out;
  }
  skops_node vector(const std::vector<double>& v) {
    return array("'<f8'", "(" + std::to_string(v.size()) + ",)", v.data(), 8 * v.size());
  }

  const skops_writer& w;
  skops_context* c;
};

using Maker = std::function<skops_node(Nodes&)>;

// The one serializer of these tests: an object's state is its Maker.
inline skops_status save_made(const skops_writer* writer, skops_context* context,
                              const skops_object* object, skops_node* node) {
  try {
    Nodes nodes(*writer, context);
    *node = (*static_cast<const Maker*>(object->state))(nodes);
    return SKOPS_OK;
  } catch (const Refused& refused) {
    return refused.status;
  }
}

inline const skops_object_type made_type = {sizeof(skops_object_type), {"Made", 4}, nullptr,
                                            nullptr, nullptr, nullptr, nullptr};
inline skops_object object_of(const Maker& maker) {
  return {sizeof(skops_object), &made_type, &maker};
}

inline const skops_serializer* find_made(const skops_object& object) {
  static const skops_serializer made = {
      sizeof(skops_serializer), {}, {}, {}, 0, 3, nullptr, &save_made};
  return object.type == &made_type ? &made : nullptr;
}

inline void save(const Maker& maker, const skops::LoaderTable& loaders, skops::Output& out,
                 const skops::SaveOptions& options = {}, const skops::Limits& limits = {}) {
  skops::Saving saving(loaders, limits, &find_made);
  saving.write(object_of(maker), options, out);
}

}  // namespace skops_test
