#include "writer/graph_copy.hpp"

#include <algorithm>

#include "skops/error.hpp"
#include "writer/json_text.hpp"

namespace skops {
namespace {

bool same_fields(const LoaderLayout& a, const LoaderLayout& b) {
  return a.selector == b.selector && a.value == b.value && a.use == b.use &&
         std::equal(a.fields.begin(), a.fields.end(), b.fields.begin(), b.fields.end(),
                    [](const LoaderField& x, const LoaderField& y) {
                      return x.path == y.path && x.kind == y.kind;
                    });
}

// What a reader takes for the node itself, not for a field of it.
bool is_header(std::string_view key) {
  return key == "__class__" || key == "__module__" || key == "__loader__" || key == "__id__" ||
         key == "protocol" || key == "_skops_version";
}

// Whether the node is a dict as docs/format.md has it, and nothing more.
bool is_dict(const LoaderLayout& layout) {
  return layout.loader == "DictNode" && layout.fields.size() == 2 &&
         layout.fields[0].path == "key_types" && layout.fields[1].path == "content" &&
         layout.fields[1].kind == FieldKind::map;
}

// Plain JSON as text. The nesting is what the schema's reader allowed.
void append_json(std::string& out, const Tape& tape, Tape::Index at) {
  switch (tape.kind(at)) {
    case JsonKind::null: out += "null"; return;
    case JsonKind::boolean: out += tape.boolean(at) ? "true" : "false"; return;
    case JsonKind::integer: out += std::to_string(tape.integer(at)); return;
    case JsonKind::big_integer: out += tape.text(at); return;
    case JsonKind::real: append_json_real(out, tape.real(at)); return;
    case JsonKind::string: append_json_string(out, tape.text(at)); return;
    case JsonKind::array:
      out += '[';
      for (Tape::Index i = tape.first(at); i != tape.next(at); i = tape.next(i)) {
        if (i != tape.first(at)) out += ',';
        append_json(out, tape, i);
      }
      out += ']';
      return;
    case JsonKind::object: break;
  }
  out += '{';
  for (Tape::Index k = tape.first(at); k != tape.next(at); k = tape.next(k + 1)) {
    if (k != tape.first(at)) out += ',';
    append_json_string(out, tape.text(k));
    out += ':';
    append_json(out, tape, k + 1);
  }
  out += '}';
}

}  // namespace

GraphCopy::GraphCopy(const Graph& graph, MemberSource& members, const LoaderTable& loaders,
                     const Limits& limits, Draft& draft, ObjectStates& states, Instead instead)
    : graph_(graph),
      tape_(graph.tape()),
      members_(members),
      loaders_(loaders),
      draft_(draft),
      states_(states),
      copied_(limits),
      instead_(std::move(instead)),
      made_(graph.size()) {}

Draft::Handle GraphCopy::node(NodeId id) {
  if (made_[id] != 0) return made_[id];
  const Draft::Handle other = instead_ ? instead_(id) : 0;
  return made_[id] = other != 0 ? other : copy(id);
}

Draft::Handle GraphCopy::child(Tape::Index json) {
  const NodeId id = graph_.node_at(json);
  if (id == no_node) {
    throw Error(Family::malformed, "graph.wrong-field", "a node is expected", {}, "");
  }
  return node(id);
}

// Drafts are of one protocol, and a node of an older file may mean something else under it.
void GraphCopy::check(NodeId id) const {
  if (!graph_.known(id)) {
    throw Error(Family::unsupported, "save.unknown-loader",
                "no plugin describes the loader " + std::string(graph_.loader(id)),
                {.path = graph_.path(id)},
                "add a plugin that describes it: what the node refers to cannot be kept otherwise");
  }
  if (graph_.protocol() == Draft::protocol) return;
  for (const LoaderLayout* now : loaders_.find(graph_.loader(id), Draft::protocol)) {
    if (same_fields(*now, *graph_.layout(id))) return;
  }
  throw Error(Family::unsupported, "save.protocol",
              "a " + std::string(graph_.loader(id)) + " of protocol " +
                  std::to_string(graph_.protocol()) + " cannot be a part of a new object",
              {.path = graph_.path(id)}, "load it in Python and save it again");
}

Draft::Handle GraphCopy::copy(NodeId id) {
  check(id);
  Draft::Handle to = 0;
  if (copy_dict(id, to)) return to;
  to = draft_.node(graph_.loader(id), graph_.module(id), graph_.cls(id));
  copy_fields(id, to, graph_.node(id).json, "");
  return to;
}

// A dict gets key types of its own, whatever other dicts share its list: so keys can be added.
bool GraphCopy::copy_dict(NodeId id, Draft::Handle& to) {
  if (!is_dict(*graph_.layout(id))) return false;
  const Tape::Index content = graph_.field(id, "content");
  const Tape::Index key_types = graph_.field(id, "key_types");
  const NodeId list = key_types == Tape::none ? no_node : graph_.node_at(key_types);
  if (list == no_node || graph_.loader(list) != "ListNode") return false;
  const Tape::Index types = graph_.field(list, "content");
  if (types == Tape::none || tape_.kind(types) != JsonKind::array ||
      tape_.size(types) != tape_.size(content)) {
    return false;
  }
  for (const NodeId node : {id, list}) {
    const Tape::Index json = graph_.node(node).json;
    for (Tape::Index k = tape_.first(json); k != tape_.next(json); k = tape_.next(k + 1)) {
      if (!is_header(tape_.text(k)) && tape_.text(k) != "content" && tape_.text(k) != "key_types") {
        return false;
      }
    }
  }
  to = states_.make_dict(graph_.module(id), graph_.cls(id));
  Tape::Index type = tape_.first(types);
  for (Tape::Index k = tape_.first(content); k != tape_.next(content); k = tape_.next(k + 1)) {
    const Draft::Handle type_node = child(type);
    states_.put(to, tape_.text(k), type_node, child(k + 1));
    type = tape_.next(type);
  }
  return true;
}

void GraphCopy::copy_fields(NodeId id, Draft::Handle to, Tape::Index object,
                            const std::string& prefix) {
  const LoaderLayout& layout = *graph_.layout(id);
  for (Tape::Index k = tape_.first(object); k != tape_.next(object); k = tape_.next(k + 1)) {
    const std::string_view key = tape_.text(k);
    if (prefix.empty() && is_header(key)) continue;
    const std::string path = prefix + std::string(key);
    if (key.empty() || key.find('.') != key.npos || path.size() > 200 ||
        (key.starts_with("__") && key != "__reduce__")) {
      throw Error(Family::unsupported, "save.unread-node",
                  "a field with the name '" + std::string(key.substr(0, 60)) + "'",
                  {.path = graph_.path(id)}, "update libskops");
    }
    const LoaderField* field = nullptr;
    bool leads_to_field = false;
    for (const LoaderField& known : layout.fields) {
      if (known.path == path) field = &known;
      leads_to_field |= known.path.starts_with(path + ".");
    }
    if (field != nullptr) {
      copy_field(id, to, k + 1, *field);
    } else if (leads_to_field && tape_.kind(k + 1) == JsonKind::object && tape_.size(k + 1) > 0) {
      copy_fields(id, to, k + 1, path + ".");
    } else {
      std::string json;
      append_json(json, tape_, k + 1);
      draft_.set_json(to, path, json);
    }
  }
}

void GraphCopy::copy_field(NodeId id, Draft::Handle to, Tape::Index value,
                           const LoaderField& field) {
  const JsonKind kind = tape_.kind(value);
  const bool empty =
      (kind == JsonKind::array || kind == JsonKind::object) && tape_.size(value) == 0;
  if (field.kind == FieldKind::node && kind == JsonKind::object) {
    const Draft::Handle made = child(value);
    draft_.set_node(to, field.path, made);
    if (field.step == PathStep::state && field.path == "content") states_.give(to, made);
  } else if (field.kind == FieldKind::nodes && kind == JsonKind::array && !empty) {
    for (Tape::Index i = tape_.first(value); i != tape_.next(value); i = tape_.next(i)) {
      draft_.append_node(to, field.path, child(i));
    }
  } else if (field.kind == FieldKind::map && kind == JsonKind::object && !empty) {
    for (Tape::Index k = tape_.first(value); k != tape_.next(value); k = tape_.next(k + 1)) {
      draft_.put_node(to, field.path, tape_.text(k), child(k + 1));
    }
  } else if (field.kind == FieldKind::member && kind == JsonKind::string) {
    copy_member(id, to, value, field.path);
  } else {
    std::string json;
    append_json(json, tape_, value);
    draft_.set_json(to, field.path, json);
  }
}

void GraphCopy::copy_member(NodeId id, Draft::Handle to, Tape::Index name,
                            const std::string& field) {
  const std::string_view member = tape_.text(name);
  const auto found = members_.find(member);
  if (!found) {
    throw Error(Family::malformed, "archive.no-member",
                "the schema names the member '" + std::string(member) +
                    "', which the archive does not have",
                {.member = std::string(member), .path = graph_.path(id)});
  }
  const std::size_t dot = member.rfind('.');
  std::string suffix(dot == member.npos ? std::string_view() : member.substr(dot));
  const bool usual = suffix == ".npy" || suffix == ".npz" || suffix == ".bin";
  const auto bytes = members_.bytes(*found);
  copied_.allocate(bytes.size());
  draft_.set_member(to, field, usual ? suffix : ".bin", bytes);
}

}  // namespace skops
