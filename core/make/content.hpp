// What a Part holds, and the way into a draft.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "skops/make.hpp"
#include "skops/plugin.h"
#include "writer/draft.hpp"
#include "writer/graph_copy.hpp"
#include "writer/object_states.hpp"

namespace skops {

class LoadedGraph;

// An array in C order that owns what it describes.
struct OwnArray {
  Dtype dtype;
  bool scalar = false;
  std::vector<std::int64_t> shape = {}, strides = {};
  std::vector<std::byte> bytes = {};
  std::vector<std::string> texts = {};  // of cells
  // Of records.
  struct Field {
    std::string name;
    Dtype dtype;
    std::size_t offset;
  };
  std::vector<Field> fields = {};
};

struct Part::Content {
  enum class Kind { json, sequence, dict, bytes, name, array, object, loaded };
  Kind kind = Kind::json;
  std::string loader = {}, module = {}, cls = {};  // sequence, name, object
  std::string json = {};                           // also the text of a dict's key
  // sequence: items without names; dict: key texts and values; object: attributes.
  std::vector<std::pair<std::string, Part>> items = {};
  std::vector<const char*> key_types = {};                // dict
  std::vector<std::pair<std::string, Part>> fields = {};  // object
  std::vector<std::byte> bytes = {};
  OwnArray array = {};
  std::shared_ptr<LoadedGraph> graph = {};  // loaded
  NodeId node = 0;
  std::uint32_t depth = 0;  // of what is below
};

// Parts become nodes, each once. One thread at a time.
class PartNodes {
 public:
  PartNodes(Draft& draft, ObjectStates& states, const LoaderTable& loaders, const Limits& limits)
      : draft_(draft), states_(states), loaders_(loaders), limits_(limits) {}

  Draft::Handle of(const Part& part);

 private:
  struct Loaded;

  Draft::Handle make(const Part::Content& content);
  Draft::Handle object(const Part::Content& content);
  void check_fields(const Part::Content& content) const;
  Draft::Handle array(const OwnArray& array);
  Draft::Handle loaded(const Part::Content& content);

  Draft& draft_;
  ObjectStates& states_;
  const LoaderTable& loaders_;
  const Limits& limits_;
  std::unordered_map<const Part::Content*, Draft::Handle> made_;
  std::unordered_map<const char*, Draft::Handle> key_types_;
  std::unordered_map<const LoadedGraph*, std::shared_ptr<Loaded>> loaded_;
};

}  // namespace skops
