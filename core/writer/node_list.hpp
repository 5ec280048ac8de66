// An object on its way to a file: its nodes as a flat list, children before their parents.
//
// What cannot change (None, bools, numbers, texts) is a value in its parent and becomes a node of its
// own only where the schema needs one (node_text.hpp). A node may be put into several places; it
// stays one object. A node is complete when it is added, so that nothing here can be cyclic.
//
//   NodeList list(types);
//   const NodeList::Value items[] = {Value::of(1), Value::of("a")};
//   list.add(types.number("ListNode", "builtins", "list"), list.items(items));
//
// Texts and bytes are views unless they are given to `keep`: they must live as long as the list.
// One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "writer/node_types.hpp"

namespace skops {

class NodeList {
 public:
  using Handle = std::uint32_t;

  struct Value {
    enum class Kind : std::uint8_t {
      absent,   // an optional field that is not written
      none,
      boolean,
      integer,
      real,
      json,     // `text` is JSON, of a number or a text: what the kinds above and below cannot hold
      string,   // `text` is UTF-8
      node,     // `index` is the node
      nodes,    // `size` values from `index` on
      entries,  // `size` pairs of a string and a value from `index` on
      member,   // `index` is the member
    };
    Kind kind;
    std::uint32_t size;
    union {
      std::int64_t integer;
      double real;
      const char* text;
      std::uint32_t index;
    };

    explicit Value(Kind k = Kind::absent, std::size_t n = 0)
        : kind(k), size(static_cast<std::uint32_t>(n)), integer(0) {}

    static Value none() { return Value(Kind::none); }
    static Value boolean(bool truth) {
      Value v(Kind::boolean);
      v.integer = truth;
      return v;
    }
    static Value of(std::int64_t integer) {
      Value v(Kind::integer);
      v.integer = integer;
      return v;
    }
    static Value of(double real) {
      Value v(Kind::real);
      v.real = real;
      return v;
    }
    static Value string(std::string_view text) { return viewed(Kind::string, text); }
    static Value json(std::string_view text) { return viewed(Kind::json, text); }
    static Value node(Handle node) { return indexed(Kind::node, node, 1); }
    std::string_view view() const { return {text, size}; }
    bool plain() const { return kind >= Kind::none && kind <= Kind::string; }

   private:
    friend class NodeList;
    // Throws skops::Error (limit) for texts that no reader takes.
    static Value viewed(Kind kind, std::string_view text);
    static Value indexed(Kind kind, std::size_t index, std::size_t size) {
      Value v(kind, size);
      v.index = static_cast<std::uint32_t>(index);
      return v;
    }
  };

  struct Node {
    NodeTypes::Number type;
    std::uint32_t first;       // of its fields, in the order of the type's
    std::uint32_t references;  // places that it is put into
    bool text_keys;            // a list of key types: all of them str
  };

  // The bytes of a member: what stands before (an array's header) and the rest.
  struct Member {
    std::string head;
    std::span<const std::byte> body;
    std::string_view suffix;  // ".npy"; a literal
  };

  explicit NodeList(const NodeTypes& types) : types_(types) {}

  Value items(std::span<const Value> values);
  // Strings and values by turns; the strings differ.
  Value entries(std::span<const Value> pairs);
  // As many fields as the type has.
  Handle add(NodeTypes::Number type, std::span<const Value> fields);
  Handle add(NodeTypes::Number type, std::initializer_list<Value> fields) {
    return add(type, std::span(fields.begin(), fields.size()));
  }
  // The node of a type or function: the same for the same.
  Handle name(NodeTypes::Number type);
  // The list of a dict's key types: the same for the same. `list` is the type of the list, `text` of
  // builtins.str.
  Handle key_types(NodeTypes::Number list, NodeTypes::Number text,
                   std::span<const NodeTypes::Number> keys);
  Value member(std::string head, std::span<const std::byte> body, std::string_view suffix);
  std::string_view keep(std::string text) { return kept_.emplace_back(std::move(text)); }

  const NodeTypes& types() const { return types_; }
  const std::vector<Node>& nodes() const { return nodes_; }
  std::span<const Value> fields(const Node& node) const {
    return {values_.data() + node.first, types_[node.type].fields.size()};
  }
  // Of `nodes`; of `entries` twice as many.
  std::span<const Value> range(const Value& value) const {
    const std::size_t width = value.kind == Value::Kind::entries ? 2 : 1;
    return {values_.data() + value.index, value.size * width};
  }
  const std::deque<Member>& members() const { return members_; }

 private:
  std::uint32_t append(std::span<const Value> values);

  const NodeTypes& types_;
  std::vector<Node> nodes_;
  std::vector<Value> values_;
  std::deque<Member> members_;
  std::deque<std::string> kept_;
  std::unordered_map<NodeTypes::Number, Handle> names_;
  std::unordered_map<std::uint32_t, Handle> text_key_types_;  // by the number of keys
  std::unordered_map<std::string, Handle> key_types_;
};

}  // namespace skops
