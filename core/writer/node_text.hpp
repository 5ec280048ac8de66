// The schema of a list of nodes, in the compact form that docs/format.md describes: ids in visiting
// order, each node in full where a reader meets it first, equal values and types once, plain data as
// JSON text. SchemaWriter makes the same of a file; the bytes are equal where the objects are.
//
// Throws skops::Error (limit) for objects that are nested too deeply or would give a schema that no
// reader takes.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "skops/limits.hpp"
#include "writer/member_checksums.hpp"
#include "writer/member_names.hpp"
#include "writer/node_list.hpp"

namespace skops {

// The JSON text of a value that is no node.
void append_plain_scalar(std::string& out, const NodeList::Value& value);

class NodeText {
 public:
  // `threads`: for the checksums of members.
  NodeText(const NodeList& list, const Limits& limits, MemberNames& members, unsigned threads = 1)
      : list_(list),
        limits_(limits),
        members_(members),
        threads_(threads) {}

  // `root` must be a node.
  std::string run(NodeList::Handle root);
  // A text of the value that depends on what it holds alone: for whoever sorts. May be asked for
  // many values, while the list grows.
  std::string sort_key(const NodeList::Value& value);

 private:
  using Value = NodeList::Value;
  using Kind = NodeList::Value::Kind;
  using Handle = NodeList::Handle;
  // Of a list or dict, or what it would be as JSON text.
  struct Plain {
    bool plain = false;
    std::uint32_t depth = 0;
    std::uint64_t size = 0;
  };

  void find_plain();
  Plain look_at(const Value& items) const;
  void write_value(const Value& value, bool item, bool in_place, std::uint32_t depth);
  void write_node(Handle node, bool root, std::uint32_t depth, std::string_view in_place_key);
  void write_field(const NodeTypes::Field& field, const Value& value, std::uint32_t depth);
  void write_range(const Value& value, bool items, std::string_view in_place_key,
                   std::uint32_t depth);
  void write_scalar(const Value& value, bool in_place);
  void begin_text_node(std::uint32_t id);
  void write_text_node(std::uint32_t id, std::string_view text);
  void append_plain(std::string& out, const Value& value) const;
  void append_plain_node(std::string& out, Handle node) const;
  void begin_id(std::uint32_t id);
  std::uint32_t protocol() const;

  const NodeList& list_;
  const Limits& limits_;
  MemberNames& members_;
  const unsigned threads_;
  std::vector<std::uint32_t> checksums_;  // of members
  std::vector<Plain> plain_;        // per node
  std::vector<std::uint32_t> ids_;  // per node; up to `base_`: not written
  std::unordered_map<std::string, std::uint32_t> scalars_;
  std::uint32_t base_ = 0, last_id_ = 0;  // ids count from the first
  std::string out_, scratch_;
};

}  // namespace skops
