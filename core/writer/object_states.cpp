#include "writer/object_states.hpp"

#include "skops/error.hpp"

namespace skops {

Draft::Handle ObjectStates::make_dict(std::string_view module, std::string_view cls) {
  const Draft::Handle dict = draft_.node("DictNode", module, cls);
  const Draft::Handle types = draft_.node("ListNode", "builtins", "list");
  draft_.set_node(dict, "key_types", types);
  dicts_.emplace(dict, Dict{.types = types});
  return dict;
}

void ObjectStates::put(Draft::Handle dict, std::string_view key, Draft::Handle type,
                       Draft::Handle value) {
  Dict& at = dicts_.at(dict);
  if (!at.keys.emplace(key).second) {
    throw Error(Family::plugin, "plugin.field",
                "the attribute or key '" + std::string(key) + "' is set twice", {},
                "report this to the plugin's authors");
  }
  draft_.put_node(dict, "content", key, value);
  draft_.append_node(at.types, "content", type);
}

bool ObjectStates::has(Draft::Handle object, std::string_view name) const {
  draft_.check_handle(object);
  const auto at = by_object_.find(object);
  if (at == by_object_.end()) return false;
  const auto dict = dicts_.find(at->second);
  return dict != dicts_.end() && dict->second.keys.contains(name);
}

void ObjectStates::set(Draft::Handle object, std::string_view name, Draft::Handle value) {
  draft_.check_handle(object);
  draft_.check_handle(value);
  auto at = by_object_.find(object);
  if (at == by_object_.end()) {
    const Draft::Handle made = make_dict("builtins", "dict");
    draft_.set_node(object, "content", made);
    at = by_object_.emplace(object, made).first;
  }
  if (!dicts_.contains(at->second)) {
    throw Error(Family::plugin, "plugin.field",
                "an object without a dict of attributes cannot get '" + std::string(name) + "'", {},
                "report this to the plugin's authors");
  }
  if (text_type_ == 0) text_type_ = draft_.node("TypeNode", "builtins", "str");
  put(at->second, name, text_type_, value);
}

void ObjectStates::finish() {
  for (const auto& [handle, dict] : dicts_) {
    if (!dict.keys.empty()) continue;
    draft_.set_json(handle, "content", "{}");
    draft_.set_json(dict.types, "content", "[]");
  }
}

}  // namespace skops
