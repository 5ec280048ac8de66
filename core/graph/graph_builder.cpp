#include "graph/graph_builder.hpp"

#include "graph/dotted_name.hpp"
#include "schema/same_text.hpp"
#include "skops/error.hpp"
#include "skops/limits.hpp"

namespace skops {
namespace {

constexpr const char* schema_member = "schema.json";

const char* expected(FieldKind kind) {
  switch (kind) {
    case FieldKind::node: return "a node";
    case FieldKind::nodes: return "an array of nodes";
    case FieldKind::map: return "an object of nodes";
    default: return "a string";
  }
}

}  // namespace

Graph Graph::build(std::string_view text, Budget& budget, const LoaderTable& loaders,
                   GraphOptions options) {
  Graph graph;
  graph.tape_ = parse_json(text, budget, Dialect::schema, schema_member);
  try {
    GraphBuilder(graph, budget, loaders, options).run();
  } catch (const Error& error) {
    throw error.with({.member = schema_member});
  }
  return graph;
}

GraphBuilder::GraphBuilder(Graph& graph, Budget& budget, const LoaderTable& loaders,
                           GraphOptions options)
    : graph_(graph),
      tape_(graph.tape_),
      budget_(budget),
      loaders_(loaders),
      options_(options),
      names_(graph.tape_, graph.names_),
      copies_(graph, ids_, loaders) {}

void GraphBuilder::fail(const char* code, std::string text, const Place& place) const {
  std::string path;
  if (place.parent != no_node) path = graph_.place(place.parent, place.field, place.step);
  throw Error(Family::malformed, code, std::move(text),
              {.member = schema_member, .path = std::move(path)});
}

void GraphBuilder::run() {
  graph_.at_.assign(tape_.entries(), no_node);
  const std::size_t nodes = tape_.entries() / 12 + 1;  // a node of JSON text has 11 entries
  graph_.nodes_.reserve(nodes);
  graph_.shared_.reserve(nodes);
  graph_.names_.reserve(32);
  graph_.layouts_.reserve(16);
  open_.reserve(nodes);
  stack_.reserve(16);
  variants_.reserve(32);
  valid_name_.reserve(64);
  read_root();
  visit(Tape::root, {no_node, 0, Tape::none});
  while (!stack_.empty()) step();
}

void GraphBuilder::read_root() {
  const Place root{no_node, 0, Tape::none};
  if (tape_.kind(Tape::root) != JsonKind::object) {
    fail("graph.root", "the schema is not a JSON object", root);
  }
  const Tape::Index protocol = tape_.find(Tape::root, "protocol");
  const bool number = protocol != Tape::none && tape_.kind(protocol) == JsonKind::integer;
  if (!number || tape_.integer(protocol) < 0) {
    fail("graph.protocol", "the schema's 'protocol' is not a number from 0 on", root);
  }
  if (tape_.integer(protocol) > newest_protocol) {
    throw Error(Family::unsupported, "graph.protocol-newer",
                "the file has protocol " + std::to_string(tape_.integer(protocol)) +
                    ", this library knows protocols 0 to " + std::to_string(newest_protocol),
                {.member = schema_member}, "update libskops");
  }
  graph_.protocol_ = static_cast<int>(tape_.integer(protocol));
  const Tape::Index version = tape_.find(Tape::root, "_skops_version");
  if (version != Tape::none && tape_.kind(version) != JsonKind::string) {
    fail("graph.version", "the schema's '_skops_version' is not a string", root);
  }
}

GraphBuilder::Header GraphBuilder::read_header(Tape::Index json) const {
  if (!tape_.numbered(json)) {
    return {tape_.find(json, SchemaKey::loader), tape_.find(json, SchemaKey::module),
            tape_.find(json, SchemaKey::cls), tape_.find(json, SchemaKey::id)};
  }
  Header header;
  const Tape::Index end = tape_.next(json);
  for (Tape::Index key = tape_.first(json); key != end; key = tape_.next(key + 1)) {
    switch (tape_.key(key)) {
      case SchemaKey::id: header.id = key + 1; break;
      case SchemaKey::cls: header.cls = key + 1; break;
      case SchemaKey::module: header.module = key + 1; break;
      case SchemaKey::loader: header.loader = key + 1; break;
      default: break;
    }
  }
  return header;
}

// 0 for a node without id: the values that Python takes for false are never remembered.
std::int64_t GraphBuilder::read_id(Tape::Index id, const Place& place) const {
  if (id == Tape::none) return 0;
  switch (tape_.kind(id)) {
    case JsonKind::null: return 0;
    case JsonKind::boolean:
      if (!tape_.boolean(id)) return 0;
      break;
    case JsonKind::string:
      if (tape_.text(id).empty()) return 0;
      break;
    case JsonKind::integer:
      if (tape_.integer(id) >= 0) return tape_.integer(id);
      break;
    default: break;
  }
  fail("graph.id", "an '__id__' is not an integer between 1 and 2^63 - 1", place);
}

std::uint32_t GraphBuilder::read_name(Tape::Index string, const char* key, Recent& recent,
                                      const Place& place) {
  if (string == Tape::none) {
    fail("graph.missing-field", std::string("a node has no '") + key + "'", place);
  }
  if (tape_.kind(string) != JsonKind::string) {
    fail("graph.wrong-field", std::string("a node's '") + key + "' is not a string", place);
  }
  const std::string_view text = tape_.text(string);
  if (!text.empty() && same_text(text, recent.text)) return recent.number;
  const std::uint32_t number = names_.number(string);
  if (number == valid_name_.size()) valid_name_.push_back(is_dotted_name(text));
  if (!valid_name_[number]) {
    fail("graph.name",
         std::string("a node's '") + key + "' is not a name: '" + printable(text, 80) + "'", place);
  }
  recent = {text, number};
  return number;
}

// For an object whose id is in order: nothing but an id, or a `CachedNode`.
bool GraphBuilder::is_reference(Tape::Index json, const Header& header) const {
  if (tape_.size(json) == 1) return true;
  return header.loader != Tape::none && tape_.kind(header.loader) == JsonKind::string &&
         tape_.text(header.loader) == "CachedNode";
}

void GraphBuilder::visit(Tape::Index json, const Place& place) {
  if (tape_.kind(json) != JsonKind::object)
    fail("graph.wrong-field", "a node is not an object", place);
  const Header header = read_header(json);
  const std::int64_t id = read_id(header.id, place);
  const NodeId seen = id == 0 ? no_node : ids_.find(id);
  if (seen != no_node) return refer(json, header, seen, place);
  if (id != 0 && is_reference(json, header)) {
    fail("graph.dangling-reference",
         "a back reference to the id " + std::to_string(id) + ", which no earlier node has", place);
  }
  add_node(json, header, id, place);
}

void GraphBuilder::refer(Tape::Index json, const Header& header, NodeId target,
                         const Place& place) {
  if (!is_reference(json, header)) {
    if (header.loader == Tape::none) {
      fail("graph.missing-field",
           "a back reference with keys of its own, or a node without '__loader__'", place);
    }
    if (!copies_.same(graph_.nodes_[target].json, json)) {
      fail("graph.id-conflict",
           "two different nodes have the same '__id__'; the other one is at '" +
               graph_.path(target) + "'",
           place);
    }
  }
  graph_.at_[json] = target;
  graph_.shared_[target] = true;
  ++graph_.aliases_;
  if (!open_[target]) return;
  if (!options_.keep_cycles) {
    fail("graph.cycle", "an object that contains itself, which cannot be built", place);
  }
  graph_.cyclic_edges_.push_back({place.parent, json, target});
}

void GraphBuilder::add_node(Tape::Index json, const Header& header, std::int64_t id,
                            const Place& place) {
  budget_.add_nodes(1);
  const NodeId number = graph_.size();
  Node node;
  node.loader = read_name(header.loader, "__loader__", loader_, place);
  node.module = read_name(header.module, "__module__", module_, place);
  node.cls = read_name(header.cls, "__class__", cls_, place);
  node.json = json;
  node.parent = place.parent;
  node.step = place.step;
  node.field = place.field;
  node.layout = choose_layout(node.loader, json, place);
  graph_.nodes_.push_back(node);
  graph_.shared_.push_back(false);
  graph_.at_[json] = number;
  // Remembered before its children, as in released skops: they may refer to it.
  if (id != 0) ids_.add(id, number);

  if (node.layout != Tape::none) {
    const LoaderLayout& layout = *graph_.layouts_[node.layout];
    if (layout.text && (graph_.name(node.module) != "builtins" || graph_.name(node.cls) != "str")) {
      fail("graph.json-name", "a node of JSON text is not named builtins.str", place);
    }
    if (layout.leaf) {  // nothing below to visit
      for (std::uint32_t k = 0; k < layout.fields.size(); ++k) {
        checked_field(layout.fields[k], {number, k, Tape::none});
      }
      open_.push_back(false);
      return;
    }
    open_.push_back(true);
    stack_.push_back({number, 0, Tape::none, Tape::none, 0});
    return;
  }
  open_.push_back(true);
  stack_.push_back({number, 0, tape_.first(json), tape_.next(json), 0});
}

std::uint32_t GraphBuilder::choose_layout(std::uint32_t loader, Tape::Index json,
                                          const Place& place) {
  if (variants_.size() <= loader) variants_.resize(loader + 1);
  Variants& variants = variants_[loader];
  if (!variants.looked_up) {
    variants.looked_up = true;
    variants.first = static_cast<std::uint32_t>(graph_.layouts_.size());
    for (const auto& layout : loaders_.of(graph_.name(loader))) {
      if (!layout->covers(graph_.protocol_)) continue;
      graph_.layouts_.push_back(layout);
      ++variants.count;
    }
  }
  for (std::uint32_t i = variants.first; i != variants.first + variants.count; ++i) {
    const LoaderLayout& layout = *graph_.layouts_[i];
    if (layout.selector.empty()) return i;
    const Tape::Index value = tape_.find(json, layout.selector);
    if (value != Tape::none && tape_.kind(value) == JsonKind::string &&
        tape_.text(value) == layout.value) {
      return i;
    }
  }
  if (variants.count != 0) {
    const std::string& selector = graph_.layouts_[variants.first]->selector;
    fail("graph.variant",
         "the '" + selector + "' of a " + std::string(graph_.name(loader)) +
             " is none of those it may have",
         place);
  }
  return Tape::none;
}

void GraphBuilder::close() {
  open_[stack_.back().node] = false;
  stack_.pop_back();
}

void GraphBuilder::step() {
  Frame& frame = stack_.back();
  const std::uint32_t layout = graph_.nodes_[frame.node].layout;
  if (layout == Tape::none) {
    step_unknown(frame);
  } else {
    step_known(frame, *graph_.layouts_[layout]);
  }
}

void GraphBuilder::step_known(Frame& frame, const LoaderLayout& layout) {
  const std::size_t depth = stack_.size();
  while (true) {
    if (frame.cursor != frame.end) {
      Tape::Index json = frame.cursor;
      Place place{frame.node, frame.field, Tape::none};
      if (layout.fields[frame.field].kind == FieldKind::map) {
        place.step = json++;
      } else {
        place.step = frame.number++;
      }
      frame.cursor = tape_.next(json);
      if (frame.cursor == frame.end) ++frame.field;
      visit(json, place);
    } else if (frame.field != layout.fields.size()) {
      begin_field(frame, layout.fields[frame.field]);
    } else {
      return close();
    }
    // A node with children of its own lies on the stack now, and has moved the frame.
    if (stack_.size() != depth) return;
  }
}

// The value of a field of the node `place.parent`, or Tape::none where there is none to go into.
Tape::Index GraphBuilder::checked_field(const LoaderField& field, const Place& place) const {
  const Tape::Index value = graph_.field(place.parent, field);
  if (value == Tape::none) {
    if (field.required) fail("graph.missing-field", "a node has no '" + field.path + "'", place);
    return Tape::none;
  }
  const JsonKind kind = tape_.kind(value);
  switch (field.kind) {
    case FieldKind::node:
      if (kind == JsonKind::null && !field.required) return Tape::none;
      if (kind == JsonKind::object) return value;
      break;
    case FieldKind::nodes:
      if (kind == JsonKind::array) return value;
      break;
    case FieldKind::map:
      if (kind == JsonKind::object) return value;
      break;
    case FieldKind::json: return value;
    case FieldKind::member:
    case FieldKind::text:
    case FieldKind::name:
      if (kind == JsonKind::string) return value;
      break;
  }
  fail("graph.wrong-field", "a node's '" + field.path + "' is not " + expected(field.kind), place);
}

void GraphBuilder::begin_field(Frame& frame, const LoaderField& field) {
  const Place place{frame.node, frame.field, Tape::none};
  const Tape::Index value = checked_field(field, place);
  frame.cursor = frame.end = Tape::none;
  if (value != Tape::none && (field.kind == FieldKind::nodes || field.kind == FieldKind::map)) {
    frame.number = 0;
    if (tape_.size(value) != 0) {
      frame.cursor = tape_.first(value);
      frame.end = tape_.next(value);
      return;
    }
  }
  ++frame.field;
  if (value != Tape::none && field.kind == FieldKind::node) visit(value, place);
}

// Only the nodes inside matter: whatever looks like one, or refers to one.
bool GraphBuilder::looks_like_node(Tape::Index json) const {
  const std::int64_t id = reference_id(tape_, json);
  if (id != 0) return ids_.find(id) != no_node;
  const Header header = read_header(json);
  return header.loader != Tape::none && header.module != Tape::none && header.cls != Tape::none;
}

void GraphBuilder::step_unknown(Frame& frame) {
  while (frame.cursor != frame.end) {
    const Tape::Index i = frame.cursor;
    if (tape_.kind(i) == JsonKind::object && looks_like_node(i)) {
      frame.cursor = tape_.next(i);
      return visit(i, {frame.node, 0, i});
    }
    ++frame.cursor;
  }
  close();
}

}  // namespace skops
