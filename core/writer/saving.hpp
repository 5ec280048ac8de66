// One save: the draft of an object's file, the objects that are in it so far, and the services that
// the C ABI offers to serializers that save (skops_writer).
//
// Recursion and sharing belong here, as in loading: an object is saved once however often it is asked
// for, and one that asks for itself is refused. Nothing of the draft is trusted: the graph is made
// from it by the same code that reads files from strangers, before the first byte is written.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "skops/error.hpp"
#include "skops/plugin.h"
#include "skops/save.hpp"
#include "writer/draft.hpp"
#include "writer/output.hpp"

namespace skops {

class Saving {
 public:
  // The serializer of an object; null where nobody has one that saves.
  using FindSerializer = std::function<const skops_serializer*(const skops_object&)>;

  Saving(const LoaderTable& loaders, const Limits& limits, FindSerializer find)
      : loaders_(loaders), limits_(limits), find_(std::move(find)), draft_(loaders_, limits_) {}
  Saving(const Saving&) = delete;
  Saving& operator=(const Saving&) = delete;

  // Saves the object and everything that it asks for. Throws what the serializer reported.
  void write(const skops_object& object, const SaveOptions& options, Output& out);

  Draft& draft() { return draft_; }
  skops_node node_of(const skops_object& object);

  // What a plugin said before it failed, for the status that it returns next.
  skops_status report(Error error);
  skops_context* context() { return reinterpret_cast<skops_context*>(this); }
  static Saving& of(skops_context* context) { return *reinterpret_cast<Saving*>(context); }

 private:
  const LoaderTable& loaders_;
  const Limits limits_;
  FindSerializer find_;
  Draft draft_;
  // By type and state: the node, or nothing while it is being made.
  std::map<std::pair<const void*, const void*>, std::optional<skops_node>> saved_;
  std::optional<Error> reported_;
  std::uint64_t depth_ = 0;
};

// The table of writer functions of the C ABI; `context` is Saving::context().
const skops_writer& writer_table();

}  // namespace skops
