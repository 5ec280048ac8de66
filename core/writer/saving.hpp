// One save: the draft of an object's file, the objects that are in it so far, and the services that
// the C ABI offers to serializers that save (skops_writer).
//
// Recursion and sharing belong here, as in loading: an object is saved once however often it is
// asked for, and one that asks for itself is refused. An object that was loaded gets the node that
// it came from, copied with all that nobody builds; its serializer may add to it. Nothing of the
// draft is trusted: the graph is made from it by the same code that reads files from strangers,
// before the first byte is written.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "skops/error.hpp"
#include "skops/plugin.h"
#include "skops/save.hpp"
#include "writer/draft.hpp"
#include "writer/graph_copy.hpp"
#include "writer/object_states.hpp"
#include "skops/output.hpp"

namespace skops {

class LoadedGraph;

// The archive of what a draft's root describes, in the compact form of docs/format.md.
void write_draft(Draft& draft, Draft::Handle root, const LoaderTable& loaders, const Limits& limits,
                 const SaveOptions& options, Output& out);

class Saving {
 public:
  // The serializer of an object; null where nobody has one that saves.
  using FindSerializer = std::function<const skops_serializer*(const skops_object&)>;

  Saving(const LoaderTable& loaders, const Limits& limits, FindSerializer find)
      : loaders_(loaders),
        limits_(limits),
        find_(std::move(find)),
        draft_(loaders_, limits_),
        states_(draft_) {}
  Saving(const Saving&) = delete;
  Saving& operator=(const Saving&) = delete;

  // Saves the object and everything that it asks for. Throws what the serializer reported.
  void write(const skops_object& object, const SaveOptions& options, Output& out);
  // Saves what was loaded: the objects that its serializers have made so far by these serializers,
  // as far as they save, and all other nodes as they are. `loaded` must outlive this; once only.
  void write(LoadedGraph& loaded, const SaveOptions& options, Output& out);

  Draft& draft() { return draft_; }
  ObjectStates& states() { return states_; }
  skops_node node_of(const skops_object& object);
  // The copy of the node that the object was loaded from; 0 where it was not.
  skops_node origin_of(const skops_object& object);
  // The JSON text of an attribute that such a node had from the start; empty where it is none.
  std::string_view origin_json(skops_node node, std::string_view name) const;

  // What a plugin said before it failed, for the status that it returns next.
  skops_status report(Error error);
  skops_context* context() { return reinterpret_cast<skops_context*>(this); }
  static Saving& of(skops_context* context) { return *reinterpret_cast<Saving*>(context); }

 private:
  skops_status run(const skops_serializer& serializer, const skops_object& object,
                   skops_node& made);

  const LoaderTable& loaders_;
  const Limits limits_;
  FindSerializer find_;
  Draft draft_;
  ObjectStates states_;
  // Of what was loaded: the node of each object and its serializer.
  struct Origin {
    NodeId node;
    const skops_serializer* serializer;
    bool copied = false;
  };
  std::map<std::pair<const void*, const void*>, Origin> origins_;
  const LoadedGraph* loaded_ = nullptr;
  const Graph* origin_ = nullptr;
  std::optional<GraphCopy> copy_;
  std::map<skops_node, NodeId> origin_nodes_;
  // By type and state: the node, or nothing while it is being made.
  std::map<std::pair<const void*, const void*>, std::optional<skops_node>> saved_;
  std::optional<Error> reported_;
  std::uint64_t depth_ = 0;
};

// The table of writer functions of the C ABI; `context` is Saving::context().
const skops_writer& writer_table();

}  // namespace skops
