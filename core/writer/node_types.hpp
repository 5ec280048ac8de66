// The kinds of nodes that are written, with all the text that a node of each kind has in common.
//
// A type is a loader, a class, and (where the loader has variants) a variant. What a schema says for
// it, `"__class__":…,"__module__":…,"__loader__":…`, is made once, however many nodes there are; so
// is the order of the fields, which is the order in which readers visit them. Numbers stay valid as
// long as the table, which only grows. One thread at a time; the loaders must outlive it.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/loader_table.hpp"

namespace skops {

// What new files are written as: the newest protocol, and the release, that released skops reads.
inline constexpr int written_protocol = 2;
inline constexpr const char* written_version = "0.16.0";

class NodeTypes {
 public:
  using Number = std::uint32_t;
  enum class Role : std::uint8_t {
    other,
    list,   // exactly builtins.list
    dict,   // exactly builtins.dict
    name,   // a type or function: no fields
  };
  struct Field {
    std::string group, key;  // "content", "main" of `content.main`; or an empty group
    FieldKind kind = FieldKind::node;
    // The text under this key of the dict is read where it stands (LoaderLayout::InPlace).
    std::string in_place = {};
  };
  struct Type {
    std::string header;
    std::vector<Field> fields;  // in visiting order
    Role role = Role::other;
    bool holds_items = false;  // a list, dict or tuple: plain data may stand in it as text
    std::string loader, module, cls;
    int first_protocol = 0;  // of the loader: files below it cannot hold such a node
  };

  explicit NodeTypes(const LoaderTable& loaders) : loaders_(loaders) {}

  // `variant`: the value of the field that tells the variants of the loader apart. Throws skops::Error
  // (unsupported, "save.unknown-loader") where no plugin describes the loader.
  Number number(std::string_view loader, std::string_view module, std::string_view cls,
                std::string_view variant = "", int protocol = written_protocol);
  const Type& operator[](Number type) const { return types_[type]; }
  std::size_t size() const { return types_.size(); }

 private:
  const LoaderTable& loaders_;
  std::deque<Type> types_;
  std::unordered_map<std::string, Number> by_text_;
};

}  // namespace skops
