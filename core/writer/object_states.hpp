// The attributes of the objects of a draft: the items under text keys of the dict that is the
// content of an object's node, which some set one at a time, in any order.
//
// A dict of a draft is a map and a list of key types that have to agree; this keeps them so. One
// thread at a time.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "writer/draft.hpp"

namespace skops {

class ObjectStates {
 public:
  explicit ObjectStates(Draft& draft) : draft_(draft) {}

  // An empty dict, to be filled by `put`.
  Draft::Handle make_dict(std::string_view module, std::string_view cls);
  // `type` is the node of the key's type. Throws (plugin, "plugin.field") for a key that is there.
  void put(Draft::Handle dict, std::string_view key, Draft::Handle type, Draft::Handle value);

  // Makes the dict the state of the object. `set` of an object without one makes it.
  void give(Draft::Handle object, Draft::Handle dict) { by_object_[object] = dict; }
  bool has(Draft::Handle object, std::string_view name) const;
  void set(Draft::Handle object, std::string_view name, Draft::Handle value);

  // Writes what is empty; nothing may be set afterwards.
  void finish();

 private:
  struct Dict {
    Draft::Handle types = 0;
    std::set<std::string, std::less<>> keys = {};
  };

  Draft& draft_;
  Draft::Handle text_type_ = 0;
  std::unordered_map<Draft::Handle, Dict> dicts_;
  std::unordered_map<Draft::Handle, Draft::Handle> by_object_;
};

}  // namespace skops
