#include "writer/node_types.hpp"

#include "skops/error.hpp"
#include "writer/json_text.hpp"

namespace skops {

NodeTypes::Number NodeTypes::number(std::string_view loader, std::string_view module,
                                    std::string_view cls, std::string_view variant, int protocol) {
  std::string text(loader);
  text.append(1, '\n').append(module).append(1, '\n').append(cls).append(1, '\n').append(variant);
  text.append(1, '\n').append(std::to_string(protocol));
  const auto [known, added] = by_text_.emplace(std::move(text), static_cast<Number>(types_.size()));
  if (!added) return known->second;

  const LoaderLayout* layout = nullptr;
  for (const LoaderLayout* candidate : loaders_.find(loader, protocol)) {
    if (candidate->value == variant) layout = candidate;
  }
  if (layout == nullptr) {
    by_text_.erase(known);
    throw Error(Family::unsupported, "save.unknown-loader",
                "no plugin describes the loader " + std::string(loader), {},
                "add a plugin that describes it");
  }
  Type type;
  type.loader = loader;
  type.module = module;
  type.cls = cls;
  type.first_protocol = layout->first_protocol;
  type.header = "\"__class__\":";
  append_json_string(type.header, cls);
  type.header += ",\"__module__\":";
  append_json_string(type.header, module);
  type.header += ",\"__loader__\":";
  append_json_string(type.header, loader);
  if (!layout->selector.empty()) {
    type.header += ',';
    append_json_string(type.header, layout->selector);
    type.header += ':';
    append_json_string(type.header, layout->value);
  }
  for (const LoaderField& field : layout->fields) {
    const std::size_t dot = field.path.find('.');
    Field made;
    if (dot == std::string::npos) {
      made.key = field.path;
    } else {
      made.group = field.path.substr(0, dot);
      made.key = field.path.substr(dot + 1);
    }
    made.kind = field.kind;
    for (const LoaderLayout::InPlace& read : layout->in_place) {
      if (read.field == field.path) made.in_place = read.key;
    }
    type.fields.push_back(std::move(made));
  }
  type.holds_items = layout->use == "list" || layout->use == "dict" || layout->use == "tuple";
  if (layout->fields.empty() && (layout->use == "type" || layout->use == "function")) {
    type.role = Role::name;
  } else if (module == "builtins" && layout->use == "list" && cls == "list") {
    type.role = Role::list;
  } else if (module == "builtins" && layout->use == "dict" && cls == "dict") {
    type.role = Role::dict;
  }
  types_.push_back(std::move(type));
  return known->second;
}

}  // namespace skops
