// From an approved graph to Python objects: a pass over the nodes, each of which is made once.
//
//   ApprovedGraph ──► ObjectBuilder::build() ──► the root object
//
// How an object is made is told by the *recipe* of its loader's declaration (manifest/recipe.hpp);
// one file per kind of thing holds the making: build_json, build_containers, build_keys,
// build_array, build_instance, build_hook. Nodes are made in the order in which released skops
// visits them, so a back reference always meets what it refers to, and the depth of calls is that
// of the JSON that holds the nodes. Aliases are the same object.
//
// Nothing is imported but the names of nodes (build_names.hpp), and those only from a graph whose
// whole audit has passed. What the manifests call "checked" is loaded by the plugin's serializer
// first, which refuses values that compiled code would trust; what they list as "checks" is looked
// at once it has been built (build_checks.hpp).
//
// Errors are skops::Error with the path in the object, or PythonError, where an exception is set
// that carries the path as a note. The GIL is held throughout. One builder builds once.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "archive/archive.hpp"
#include "graph/graph.hpp"
#include "model/loaded_graph.hpp"
#include "objects/build_names.hpp"
#include "objects/watch.hpp"
#include "plugin/registry.hpp"
#include "python.hpp"
#include "skops/limits.hpp"
#include "trust/approved_graph.hpp"

namespace skops_python {

class ObjectBuilder {
 public:
  // `plugins`, whose manifests approved the graph under `policy`, check contents.
  ObjectBuilder(std::shared_ptr<const skops::Archive> archive,
                std::shared_ptr<skops::Budget> budget, skops::ApprovedGraph approved,
                std::shared_ptr<const skops::PluginRegistry> plugins, const skops::Policy& policy);
  ~ObjectBuilder();
  ObjectBuilder(const ObjectBuilder&) = delete;
  ObjectBuilder& operator=(const ObjectBuilder&) = delete;

  // Told of each member that is read; may be left out.
  void watch(Watch& watch) { watch_ = &watch; }
  // Of all members, unpacked.
  std::uint64_t bytes() const;

  Ref build() { return node(0); }

 private:
  // What all nodes of one loader, module and class have in common.
  struct Kind {
    const skops::NodeKind* group;
    Ref type;    // what the name names, imported when first needed
    Ref hook;    // the function that builds, of `hook`
    Ref checks;  // what looks at each object, perhaps none
    int has_setstate = -1;
    int can_make = -1;  // whether cls.__new__ and a state make its objects
    bool knows_checks = false;
    bool npz = false;  // the hook wants the arrays of its archive
  };

  Ref node(skops::NodeId id);
  Ref make(skops::NodeId id, Kind& kind);
  void check_contents(skops::NodeId id);
  // An object that its own children may refer to.
  void remember(skops::NodeId id, const Ref& object);
  [[noreturn]] void fail(skops::NodeId id, const char* code, std::string text) const;
  void note_path(skops::NodeId id);

  // Field `number` of the loader's declaration.
  const skops::LoaderField& declared(skops::NodeId id, std::size_t number) const;
  skops::Tape::Index field(skops::NodeId id, std::size_t number) const;
  std::string_view field_text(skops::NodeId id, std::size_t number) const;
  Ref child(skops::NodeId id, std::size_t number);
  // Null where an optional child is missing.
  Ref child_or_null(skops::NodeId id, std::size_t number);
  Ref node_at(skops::NodeId parent, skops::Tape::Index json);
  std::span<const std::byte> member(std::string_view name);

  // build_containers.cpp
  Ref json(skops::NodeId id);
  Ref dict(skops::NodeId id, Kind& kind);
  Ref default_dict(skops::NodeId id, Kind& kind);
  Ref items(skops::NodeId id, std::size_t number);  // a new list
  Ref list(skops::NodeId id, Kind& kind);
  Ref set(skops::NodeId id, Kind& kind);
  Ref tuple(skops::NodeId id, Kind& kind);
  Ref bytes(skops::NodeId id, Kind& kind);
  Ref byte_array(skops::NodeId id);
  Ref slice(skops::NodeId id);

  // build_instance.cpp
  PyTypeObject* type(skops::NodeId id, Kind& kind);
  Ref name(skops::NodeId id, Kind& kind);
  Ref method(skops::NodeId id);
  Ref partial(skops::NodeId id, Kind& kind);
  Ref operator_function(skops::NodeId id, Kind& kind);
  Ref object(skops::NodeId id, Kind& kind);
  Ref call(skops::NodeId id, Kind& kind);
  Ref reduce(skops::NodeId id, Kind& kind);
  void set_state(skops::NodeId id, Kind& kind, PyObject* instance, PyObject* state);
  void check_object(Kind& kind, PyObject* object);

  // build_array.cpp
  Ref array(skops::NodeId id, Kind& kind);
  Ref object_array(skops::NodeId id, Kind& kind);

  // build_hook.cpp
  Ref hook(skops::NodeId id, Kind& kind);
  Ref hook_field(skops::NodeId id, Kind& kind, std::size_t number);

  std::shared_ptr<const skops::Archive> archive_;
  std::shared_ptr<skops::Budget> budget_;
  skops::ApprovedGraph approved_;
  std::shared_ptr<const skops::Graph> graph_owner_;
  const skops::Graph& graph_;
  std::shared_ptr<const skops::PluginRegistry> plugins_;
  ApprovedNames names_;
  std::vector<PyObject*> made_;  // by node; owned
  std::vector<Kind> kinds_;      // as the approved graph's
  std::unique_ptr<skops::LoadedGraph> checker_;
  std::uint64_t depth_ = 0, steps_ = 0;
  bool noted_ = false;
  Watch* watch_ = nullptr;
  std::vector<bool> read_;  // by member, if anybody watches
};

}  // namespace skops_python
