// An object on its way to a file, as serializers describe it through the ABI's skops_writer: nodes
// that are made first and filled then, in any order.
//
// A node may be put into several places; it stays one object. Ids, sharing and the archive's layout
// are no concern of whoever fills it: the draft gives a plain schema, in which each node is written in
// full where a reader meets it first, and SchemaWriter makes the compact form of that. A draft that
// breaks a rule of the format is found when that schema is read, before anything is written.
//
// One thread at a time. Errors are skops::Error of the family `plugin`, codes "plugin.handle" and
// "plugin.field".
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/loader_table.hpp"
#include "skops/limits.hpp"
#include "writer/member_source.hpp"

namespace skops {

class Draft final : public MemberSource {
 public:
  using Handle = std::uint64_t;  // 1 or more

  // What new files are written as: the newest protocol, and the release, that released skops reads.
  static constexpr int protocol = 2;
  static constexpr const char* skops_version = "0.16.0";

  Draft(const LoaderTable& loaders, const Limits& limits) : loaders_(loaders), limits_(limits) {}

  Handle node(std::string_view loader, std::string_view module, std::string_view cls);
  // A node of this JSON text, as Python's json writes it.
  Handle plain(std::string_view json);
  // `field` is dotted. A field is set once, or filled in one way; one that stays empty is set to
  // the JSON text [] or {}.
  void set_json(Handle node, std::string_view field, std::string_view json);
  void set_node(Handle node, std::string_view field, Handle child);
  void append_node(Handle node, std::string_view field, Handle child);
  void put_node(Handle node, std::string_view field, std::string_view key, Handle child);
  void set_member(Handle node, std::string_view field, std::string_view suffix,
                  std::span<const std::byte> bytes);

  // schema.json of the object; throws (limit) where it is nested too deeply.
  std::string schema(Handle root) const;

  // Throws where there is no such node.
  void check_handle(Handle node) const;

  std::optional<std::uint32_t> find(std::string_view name) const override;
  std::span<const std::byte> bytes(std::uint32_t member) override { return members_[member].bytes; }
  std::uint32_t crc(std::uint32_t member) override;

 private:
  enum class Kind { object, json, text, node, nodes, map };
  struct Field {
    std::string name;
    Kind kind = Kind::object;
    std::string text;
    std::vector<std::pair<std::string, Handle>> children;
    std::vector<Field> fields;
  };
  struct Entry {
    std::string loader, module, cls;
    std::vector<Field> fields;
  };
  struct Bytes {
    std::string name;
    std::vector<std::byte> bytes;
  };
  class Writing;

  Entry& at(Handle node);
  Field& field(Handle node, std::string_view dotted, Kind kind, bool fresh);

  const LoaderTable& loaders_;
  const Limits& limits_;
  std::deque<Entry> nodes_;
  std::vector<Bytes> members_;
};

}  // namespace skops
