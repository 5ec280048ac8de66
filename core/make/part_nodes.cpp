#include <algorithm>
#include <cstring>

#include "make/array_node.hpp"
#include "make/content.hpp"
#include "model/loaded_graph.hpp"
#include "skops/error.hpp"
#include "skops/model.hpp"

namespace skops {
namespace {

using Kind = Part::Content::Kind;

[[noreturn]] void bad_field(const Part::Content& content, const std::string& text,
                            const std::string& remedy) {
  throw Error(Family::usage, "make.field",
              printable(content.module + "." + content.cls) + " (" + printable(content.loader) +
                  ") " + text,
              {}, remedy);
}

}  // namespace

Part Part::of(const Model& model, std::uint64_t object) {
  if (object > model.graph_->graph().size()) {
    throw Error(Family::usage, "model.object", "no such object number");
  }
  return Part(std::make_shared<const Content>(
      Content{.kind = Kind::loaded,
              .graph = model.graph_,
              .node = object == 0 ? NodeId{0} : static_cast<NodeId>(object - 1)}));
}

Draft::Handle PartNodes::of(const Part& part) {
  const Part::Content& content = part.content();
  const auto at = made_.find(&content);
  if (at != made_.end()) return at->second;
  const Draft::Handle made = make(content);
  made_.emplace(&content, made);
  return made;
}

Draft::Handle PartNodes::make(const Part::Content& content) {
  switch (content.kind) {
    case Kind::json: return draft_.plain(content.json);
    case Kind::name: return draft_.node(content.loader, content.module, content.cls);
    case Kind::array: return array(content.array);
    case Kind::object: return object(content);
    case Kind::loaded: return loaded(content);
    case Kind::bytes: {
      const Draft::Handle out = draft_.node("BytesNode", "builtins", "bytes");
      draft_.set_member(out, "file", ".bin", content.bytes);
      return out;
    }
    case Kind::sequence: {
      const Draft::Handle out = draft_.node(content.loader, content.module, content.cls);
      if (content.items.empty()) draft_.set_json(out, "content", "[]");
      for (const auto& item : content.items) draft_.append_node(out, "content", of(item.second));
      return out;
    }
    case Kind::dict: break;
  }
  const Draft::Handle out = states_.make_dict("builtins", "dict");
  for (std::size_t k = 0; k < content.items.size(); ++k) {
    Draft::Handle& type = key_types_[content.key_types[k]];
    if (type == 0) type = draft_.node("TypeNode", "builtins", content.key_types[k]);
    states_.put(out, content.items[k].first, type, of(content.items[k].second));
  }
  return out;
}

// The fields that are given are those that the loader reads, and none is missing.
void PartNodes::check_fields(const Part::Content& content) const {
  const auto layouts = loaders_.find(content.loader, Draft::protocol);
  if (layouts.empty()) {
    throw Error(Family::usage, "make.loader",
                "no plugin describes the loader '" + printable(content.loader) + "'", {},
                "most objects have the loader ObjectNode; or pin the plugin that describes it");
  }
  const bool variants = layouts.size() > 1;
  const std::vector<LoaderField>& known = layouts.front()->fields;
  if (variants || layouts.front()->selector != "") {
    bad_field(content, "has variants", "use the functions of Part for arrays and matrices");
  }
  const auto is_known = [&](std::string_view name) {
    return std::any_of(known.begin(), known.end(), [&](const auto& f) { return f.path == name; });
  };
  std::string list;
  for (const LoaderField& field : known) list += (list.empty() ? "" : ", ") + field.path;
  for (const auto& [name, value] : content.fields) {
    if (!is_known(name)) {
      bad_field(content, "has no field '" + printable(name) + "'",
                list.empty() ? "its loader has no fields" : "its loader has: " + list);
    }
  }
  const auto given = [&](std::string_view name) {
    return std::any_of(content.fields.begin(), content.fields.end(),
                       [&](const auto& f) { return f.first == name; });
  };
  const bool state = std::any_of(known.begin(), known.end(), [](const auto& f) {
    return f.path == "content" && f.kind == FieldKind::node;
  });
  if (!content.items.empty() && (!state || given("content"))) {
    bad_field(content, state ? "has attributes and a field 'content'" : "has no attributes",
              "the attributes are the content");
  }
  for (const LoaderField& field : known) {
    const bool from_attributes = field.path == "content" && !content.items.empty();
    if (field.required && !given(field.path) && !from_attributes) {
      bad_field(content, "lacks the field '" + field.path + "'", "its loader has: " + list);
    }
  }
}

Draft::Handle PartNodes::object(const Part::Content& content) {
  check_fields(content);
  const std::vector<LoaderField>& known =
      loaders_.find(content.loader, Draft::protocol).front()->fields;
  const Draft::Handle out = draft_.node(content.loader, content.module, content.cls);
  for (const auto& [name, value] : content.items) states_.set(out, name, of(value));
  for (const auto& [name, value] : content.fields) {
    const auto field =
        std::find_if(known.begin(), known.end(), [&](const auto& f) { return f.path == name; });
    const Part::Content& given = value.content();
    switch (field->kind) {
      case FieldKind::node: draft_.set_node(out, name, of(value)); break;
      case FieldKind::nodes:
        if (given.kind != Kind::sequence) bad_field(content, "takes a list as '" + name + "'", "");
        if (given.items.empty()) draft_.set_json(out, name, "[]");
        for (const auto& item : given.items) draft_.append_node(out, name, of(item.second));
        break;
      case FieldKind::map:
        if (given.kind != Kind::dict) bad_field(content, "takes a dict as '" + name + "'", "");
        if (given.items.empty()) draft_.set_json(out, name, "{}");
        for (const auto& [key, item] : given.items) draft_.put_node(out, name, key, of(item));
        break;
      case FieldKind::member:
        if (given.kind != Kind::bytes) bad_field(content, "takes bytes as '" + name + "'", "");
        draft_.set_member(out, name, ".bin", given.bytes);
        break;
      default:
        if (given.kind != Kind::json) bad_field(content, "takes plain data as '" + name + "'", "");
        draft_.set_json(out, name, given.json);
    }
  }
  return out;
}

Draft::Handle PartNodes::array(const OwnArray& own) {
  const auto abi = [](Dtype d) {
    return skops_dtype{
        sizeof(skops_dtype), static_cast<std::uint32_t>(d.kind), 0, d.itemsize, 0, nullptr};
  };
  skops_dtype dtype = abi(own.dtype);
  std::vector<skops_dtype> dtypes;
  std::vector<skops_field> fields;
  std::vector<const skops_field*> pointers;
  for (const OwnArray::Field& field : own.fields) dtypes.push_back(abi(field.dtype));
  for (std::size_t k = 0; k < own.fields.size(); ++k) {
    const OwnArray::Field& field = own.fields[k];
    fields.push_back(
        {sizeof(skops_field), {field.name.data(), field.name.size()}, field.offset, &dtypes[k]});
  }
  for (const skops_field& field : fields) pointers.push_back(&field);
  dtype.n_fields = pointers.size();
  dtype.fields = pointers.data();
  skops_array array{sizeof(skops_array), own.bytes.data(), &dtype,
                    own.shape.size(),    own.shape.data(), own.strides.data()};
  std::vector<skops_cell> cells;
  if (own.dtype.kind == 'O') {
    cells.resize(own.bytes.size() / sizeof(skops_cell));
    for (std::size_t k = 0; k < cells.size(); ++k) {
      std::memcpy(&cells[k], own.bytes.data() + k * sizeof(skops_cell), sizeof(skops_cell));
      if (cells[k].kind != SKOPS_CELL_STRING) continue;
      const std::string& text = own.texts[static_cast<std::size_t>(cells[k].as.integer)];
      cells[k].as.string = {text.data(), text.size()};
    }
    array.data = cells.data();
  }
  return array_node(draft_, array, own.scalar);
}

struct PartNodes::Loaded {
  Loaded(LoadedGraph& graph, const LoaderTable& loaders, const Limits& limits, Draft& draft,
         ObjectStates& states)
      : budget(graph.budget()),
        members(graph.archive(), budget),
        copy(graph.graph(), members, loaders, limits, draft, states) {}
  Budget budget;
  ArchiveMembers members;
  GraphCopy copy;
};

Draft::Handle PartNodes::loaded(const Part::Content& content) {
  auto& copy = loaded_[content.graph.get()];
  if (!copy) {
    copy = std::make_shared<Loaded>(*content.graph, loaders_, limits_, draft_, states_);
  }
  return copy->copy.node(content.node);
}

}  // namespace skops
