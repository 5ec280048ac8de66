#include "writer/draft.hpp"

#include <algorithm>
#include <charconv>

#include "archive/zip_writer.hpp"
#include "schema/tape.hpp"
#include "skops/error.hpp"
#include "writer/json_text.hpp"

namespace skops {
namespace {

constexpr const char* remedy = "report this to the plugin's authors";

[[noreturn]] void bad_field(std::string_view field, const char* text) {
  throw Error(Family::plugin, "plugin.field", "the field '" + std::string(field) + "' " + text, {},
              remedy);
}

// One JSON value: anything else would become a part of what stands around it.
void check_json(std::string_view json, const Limits& limits, Dialect dialect,
                std::string_view field) {
  try {
    Budget budget(limits);
    parse_json(json, budget, dialect, {});
  } catch (const Error& error) {
    if (error.family() == Family::limit) throw;
    bad_field(field, "is given text that is no JSON");
  }
}

bool is_suffix(std::string_view suffix) {
  return suffix.size() >= 2 && suffix.size() <= 8 && suffix[0] == '.' &&
         std::all_of(suffix.begin() + 1, suffix.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
         });
}

std::string_view first_part(std::string_view dotted) { return dotted.substr(0, dotted.find('.')); }

}  // namespace

void Draft::check_handle(Handle node) const {
  if (node == 0 || node > nodes_.size()) {
    throw Error(Family::plugin, "plugin.handle", "a node's handle is forged", {}, remedy);
  }
}

Draft::Entry& Draft::at(Handle node) {
  check_handle(node);
  return nodes_[node - 1];
}

Draft::Handle Draft::node(std::string_view loader, std::string_view module, std::string_view cls) {
  if (nodes_.size() >= limits_.nodes) {
    throw Error(Family::limit, "limit.nodes", "the object has too many nodes", {},
                "raise Limits::nodes");
  }
  nodes_.push_back({std::string(loader), std::string(module), std::string(cls), {}});
  return nodes_.size();
}

Draft::Handle Draft::plain(std::string_view json) {
  check_json(json, limits_, Dialect::python, "content");
  const Handle made = node("JsonNode", "builtins", "str");
  field(made, "content", Kind::text, true).text = json;
  field(made, "is_json", Kind::json, true).text = "true";
  return made;
}

Draft::Field& Draft::field(Handle node, std::string_view dotted, Kind kind, bool fresh) {
  std::vector<Field>* fields = &at(node).fields;
  for (std::string_view rest = dotted;;) {
    const std::string_view name = first_part(rest);
    if (name.empty() || (name.starts_with("__") && name != "__reduce__")) {
      bad_field(dotted, "has no name that a field may have");
    }
    const bool last = name.size() == rest.size();
    auto found = std::find_if(fields->begin(), fields->end(),
                              [&](const Field& f) { return f.name == name; });
    const bool exists = found != fields->end();
    if (exists && (last ? fresh || found->kind != kind : found->kind != Kind::object)) {
      bad_field(dotted, "is set twice");
    }
    if (!exists) {
      fields->push_back({.name = std::string(name), .kind = last ? kind : Kind::object,
                         .text = {}, .children = {}, .fields = {}});
      found = fields->end() - 1;
    }
    if (last) return *found;
    fields = &found->fields;
    rest.remove_prefix(name.size() + 1);
  }
}

void Draft::set_json(Handle node, std::string_view dotted, std::string_view json) {
  check_json(json, limits_, Dialect::schema, dotted);
  field(node, dotted, Kind::json, true).text = json;
}

void Draft::set_node(Handle node, std::string_view dotted, Handle child) {
  check_handle(child);
  field(node, dotted, Kind::node, true).children = {{"", child}};
}

void Draft::append_node(Handle node, std::string_view dotted, Handle child) {
  check_handle(child);
  field(node, dotted, Kind::nodes, false).children.emplace_back("", child);
}

void Draft::put_node(Handle node, std::string_view dotted, std::string_view key, Handle child) {
  check_handle(child);
  field(node, dotted, Kind::map, false).children.emplace_back(key, child);
}

void Draft::set_member(Handle node, std::string_view dotted, std::string_view suffix,
                       std::span<const std::byte> bytes) {
  if (!is_suffix(suffix)) bad_field(dotted, "is given a suffix that is none, such as '.npy'");
  const std::string name = std::to_string(members_.size()) + std::string(suffix);
  std::string text;
  append_json_string(text, name);
  field(node, dotted, Kind::json, true).text = text;
  members_.push_back({name, std::vector<std::byte>(bytes.begin(), bytes.end())});
}

std::optional<std::uint32_t> Draft::find(std::string_view name) const {
  std::uint32_t number = 0;
  const auto end = std::from_chars(name.data(), name.data() + name.size(), number);
  if (end.ec != std::errc() || number >= members_.size() || members_[number].name != name) {
    return std::nullopt;
  }
  return number;
}

std::uint32_t Draft::crc(std::uint32_t member) { return checksum(members_[member].bytes); }

// Writes the nodes depth first, each field in the visiting order of its loader: so the first place
// in the text is the first place that a reader meets.
class Draft::Writing {
 public:
  explicit Writing(const Draft& draft) : draft_(draft), written_(draft.nodes_.size()) {}

  std::string run(Handle root) {
    node(root, true, 0);
    return std::move(out_);
  }

 private:
  void node(Handle handle, bool root, std::uint64_t depth) {
    if (depth > draft_.limits_.json_depth || depth > 5000) {
      throw Error(Family::limit, "limit.json_depth", "the object is nested too deeply", {}, "");
    }
    const Entry& entry = draft_.nodes_[handle - 1];
    out_ += "{\"__id__\":" + std::to_string(handle);
    if (!written_[handle - 1]) {
      written_[handle - 1] = true;
      if (root) {
        out_ += ",\"protocol\":" + std::to_string(protocol) + ",\"_skops_version\":\"" +
                skops_version + "\"";
      }
      text(",\"__class__\":", entry.cls);
      text(",\"__module__\":", entry.module);
      text(",\"__loader__\":", entry.loader);
      std::vector<std::string_view> order;
      for (const LoaderLayout* layout : draft_.loaders_.find(entry.loader, protocol)) {
        for (const LoaderField& field : layout->fields) order.push_back(field.path);
      }
      fields(entry.fields, order, false, depth);
    }
    out_ += '}';
  }

  void text(const char* key, std::string_view value) {
    out_ += key;
    append_json_string(out_, value);
  }

  void fields(const std::vector<Field>& all, const std::vector<std::string_view>& order, bool first,
              std::uint64_t depth) {
    const auto rank = [&](const Field* field) {
      return std::find_if(order.begin(), order.end(),
                          [&](std::string_view path) { return first_part(path) == field->name; }) -
             order.begin();
    };
    std::vector<const Field*> sorted;
    for (const Field& field : all) sorted.push_back(&field);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [&](const Field* a, const Field* b) { return rank(a) < rank(b); });
    for (const Field* field : sorted) {
      if (!first) out_ += ',';
      first = false;
      append_json_string(out_, field->name);
      out_ += ':';
      value(*field, order, depth);
    }
  }

  void value(const Field& field, const std::vector<std::string_view>& order, std::uint64_t depth) {
    switch (field.kind) {
      case Kind::object: {
        std::vector<std::string_view> below;
        for (const std::string_view path : order) {
          if (path.size() > field.name.size() && first_part(path) == field.name) {
            below.push_back(path.substr(field.name.size() + 1));
          }
        }
        out_ += '{';
        fields(field.fields, below, true, depth + 1);
        out_ += '}';
        return;
      }
      case Kind::json:
        out_ += field.text;
        return;
      case Kind::text:
        append_json_string(out_, field.text);
        return;
      case Kind::node:
        return node(field.children[0].second, false, depth + 1);
      case Kind::nodes:
      case Kind::map:
        break;
    }
    const bool map = field.kind == Kind::map;
    out_ += map ? '{' : '[';
    for (const auto& [key, child] : field.children) {
      if (&key != &field.children.front().first) out_ += ',';
      if (map) text("", key), out_ += ':';
      node(child, false, depth + 2);
    }
    out_ += map ? '}' : ']';
  }

  const Draft& draft_;
  std::vector<bool> written_;
  std::string out_;
};

std::string Draft::schema(Handle root) const {
  check_handle(root);
  return Writing(*this).run(root);
}

}  // namespace skops
