// What each loader of a schema holds, as a value: which fields, in which order a reader visits
// them.
//
// Released skops decides what a node means by its `__loader__`, and it visits nested nodes in an
// order that is fixed per loader, not by the order written in the file; back references depend on
// that order. The tables come from plugin manifests, so the core knows no loader by itself (but for
// `CachedNode`, a bare back reference that old releases could read).
//
// One layout describes one loader for a range of protocols, and, where a node has variants, for one
// value of a string field that selects it:
//
//   LoaderTable table;
//   table.add({.loader = "NdArrayNode", .selector = "type", .value = "json",
//              .fields = {{"content", FieldKind::nodes}, {"shape", FieldKind::node}}});
//
// A table is filled first, then shared between threads for reading.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "schema/schema_key.hpp"

namespace skops {

// The newest protocol that this library understands.
inline constexpr int newest_protocol = 3;

enum class FieldKind : std::uint8_t {
  node,    // one nested node
  nodes,   // a JSON array of nodes
  map,     // a JSON object, key text to node
  member,  // a string: the name of an archive member
  json,    // plain JSON, kept as it is
  text,    // a string that holds JSON text as Python writes it (a JsonNode's content)
  name,    // a string that names something (a method, a function, a module)
};

// How the path that people read shows a step through the field.
enum class PathStep : std::uint8_t {
  name,   // `.func`; elements of `nodes` add `[0]`, entries of `map` add `['key']`
  none,   // nothing: the field is the object itself (a list's content, a dict's content)
  state,  // nothing, and the entries of the dict found there are attributes: `.coef_`
};

struct LoaderField {
  std::string path;  // dotted: "content", "content.main", "__reduce__.args"
  FieldKind kind = FieldKind::node;
  bool required = true;  // optional fields may be missing; a `node` may then also be JSON's null
  PathStep step = PathStep::name;
  SchemaKey key = SchemaKey::other;  // the number of the path, if it has one; set by LoaderTable

  bool operator==(const LoaderField&) const = default;
};

struct LoaderLayout {
  std::string loader;
  int first_protocol = 0, last_protocol = newest_protocol;  // inclusive
  // The variant: this layout holds for nodes whose string field `selector` equals `value`. Empty:
  // for every node. A node that matches no variant of a known loader is malformed.
  std::string selector = {}, value = {};
  std::vector<LoaderField> fields = {};  // in visiting order
  std::string use = {};  // as the manifest has it: what a node of this loader makes of its class
  // What released skops reads from the JSON where it stands instead of through the node: the text
  // under `key` in the dict of `field`. There a back reference would not be understood.
  struct InPlace {
    std::string field, key;

    bool operator==(const InPlace&) const = default;
  };
  std::vector<InPlace> in_place = {};
  // Set by LoaderTable: whether no field holds nodes, and whether one holds JSON text.
  bool leaf = false, text = false;

  bool covers(int protocol) const {
    return first_protocol <= protocol && protocol <= last_protocol;
  }
  bool operator==(const LoaderLayout&) const = default;
};

class LoaderTable {
 public:
  // Adds a layout; a second one for the same loader, protocol and variant is refused (skops::Error,
  // family plugin, code "graph.loader-conflict"), so that the order of adding never matters.
  void add(LoaderLayout layout);

  // All layouts of a loader, whatever their protocols; empty for an unknown one. Graphs share the
  // layouts that they use.
  std::span<const std::shared_ptr<const LoaderLayout>> of(std::string_view loader) const;
  // Those under a protocol, one per variant.
  std::vector<const LoaderLayout*> find(std::string_view loader, int protocol) const;

  bool empty() const { return by_loader_.empty(); }
  // Tells what is in the table: copies share it, and each `add` makes another one. Two tables never
  // have the same one, not even one after the other at the same address.
  const std::shared_ptr<const char>& identity() const { return identity_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  std::unordered_map<std::string, std::vector<std::shared_ptr<const LoaderLayout>>, Hash,
                     std::equal_to<>>
      by_loader_;
  std::shared_ptr<const char> identity_ = std::make_shared<const char>();
};

}  // namespace skops
