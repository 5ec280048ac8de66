// One load: the approved graph, the values that serializers have made of its nodes so far, and the
// services that the C ABI offers them.
//
// Recursion, memory of what has been built, cycles and nesting belong here; a plugin asks for the
// value of a child and never walks the graph. Each node is built at most once, aliases share it. A
// name that the audit did not approve for native use has the value "inert".
#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "archive/archive.hpp"
#include "archive/read_ahead.hpp"
#include "graph/graph.hpp"
#include "model/value_store.hpp"
#include "skops/error.hpp"
#include "skops/limits.hpp"
#include "trust/approved_graph.hpp"

namespace skops {

// Where serializers come from: the host's plugins.
class SerializerSource {
 public:
  virtual ~SerializerSource() = default;
  // The serializer for exactly this loader and class, or for the loader alone; null where no
  // opted-in plugin has one. May map a library; throws skops::Error (plugin) where that fails.
  virtual const skops_serializer* find(std::string_view loader, std::string_view module,
                                       std::string_view name, int protocol) const = 0;
  // The id of the plugin that has this serializer; empty where nobody knows.
  virtual std::string plugin_of(const skops_serializer&) const { return {}; }
};

class LoadedGraph {
 public:
  LoadedGraph(std::shared_ptr<const Archive> archive, std::shared_ptr<Budget> budget,
              ApprovedGraph graph, std::shared_ptr<const SerializerSource> source);
  LoadedGraph(const LoadedGraph&) = delete;
  LoadedGraph& operator=(const LoadedGraph&) = delete;

  const Graph& graph() const { return *graph_.graph(); }
  const Archive& archive() const { return *archive_; }
  Budget& budget() { return *budget_; }
  ValueStore& values() { return values_; }

  // Builds the root; an `unsupported` error is kept instead of thrown, so that attributes stay
  // readable. `helper` takes what serializers put off.
  void build_root(ReadAhead* helper = nullptr);
  // `type` is null where the root is no native object.
  const skops_object& root_object() const { return root_object_; }
  const std::vector<std::string>& methods() const { return methods_; }
  const std::optional<Error>& unavailable() const { return unavailable_; }

  // The id of the plugin that has made the root, for errors.
  std::string root_plugin() const { return plugin_of(root_serializer_); }
  std::string plugin_of(const skops_serializer* serializer) const {
    return serializer == nullptr ? std::string() : source_->plugin_of(*serializer);
  }

  // The value of a node, made now or before. Throws what the serializer reported, with the path and
  // its plugin.
  ValueStore::Handle value_of(NodeId node);
  // The object that a serializer has made of the node so far, and that serializer; nulls where it
  // has made none. An object belongs to one node.
  struct Made {
    skops_object object = {sizeof(skops_object), nullptr, nullptr};
    const skops_serializer* serializer = nullptr;
  };
  Made made(NodeId node);
  // The serializer that builds the node; null where none does.
  const skops_serializer* serializer(NodeId node);
  // The value of an element of a container; 0 stays 0.
  ValueStore::Handle value_of(ValueStore::Element element);
  // The attribute of the object that a node describes: an item of the mapping that is its content.
  ValueStore::Handle attribute(NodeId node, std::string_view name);
  // All of them; 0 where the content is no mapping.
  ValueStore::Handle attributes(NodeId node);

  std::span<const std::byte> member(std::string_view name);
  // The bytes of `inner` in the archive that member `name` is; empty optional where there is none.
  std::optional<std::span<const std::byte>> inner_member(std::string_view name,
                                                         std::string_view inner);
  // The value for the name audited on this node.
  ValueStore::Handle make_name(NodeId node);

  // The service "skops.later/1", offered while the root is being built: what is put off is over,
  // and its errors are reported, when build_root returns.
  bool building() const { return building_; }
  using Finish = skops_status (*)(const skops_host*, skops_context*, void*);
  void put_off(ValueStore::Handle object, ReadAhead::Work work, Finish finish, void* state);
  // Ends what was put off for this value, if anything was, and throws what was found.
  void finish(ValueStore::Handle value);

  // What a plugin said before it failed, for the status that it returns next.
  skops_status report(Error error);
  // The service "skops.limits/1".
  const skops_limits& plugin_limits() const { return plugin_limits_; }
  skops_context* context() { return reinterpret_cast<skops_context*>(this); }
  static LoadedGraph& of(skops_context* context) {
    return *reinterpret_cast<LoadedGraph*>(context);
  }

  // Held while values are made after load (reading attributes).
  std::mutex& mutex() { return mutex_; }

 private:
  [[noreturn]] void raise(skops_status status, NodeId node);
  skops_status load(const skops_serializer& s, NodeId node, ValueStore::Handle& value);
  void check_work(const skops_object& object, NodeId node);
  void build_value();
  struct Building;
  struct PutOff {
    Finish finish;
    void* state;
  };

  std::shared_ptr<const Archive> archive_;
  std::shared_ptr<Budget> budget_;
  ApprovedGraph graph_;
  std::shared_ptr<const SerializerSource> source_;
  ValueStore values_;
  std::vector<ValueStore::Handle> by_node_;
  std::unordered_map<NodeId, Error> failed_;
  // By loader, module and class, as the graph numbers them.
  std::map<std::array<std::uint32_t, 3>, const skops_serializer*> serializers_;
  std::unordered_map<std::string, std::shared_ptr<const Archive>> inner_;
  std::optional<Error> reported_;
  std::optional<Error> unavailable_;
  std::map<ValueStore::Handle, PutOff> put_off_;
  ReadAhead* helper_ = nullptr;
  bool building_ = false;
  std::uint64_t depth_ = 0;
  skops_limits plugin_limits_ = {};
  skops_object root_object_ = {sizeof(skops_object), nullptr, nullptr};
  const skops_serializer* root_serializer_ = nullptr;
  std::vector<std::string> methods_;
  std::mutex mutex_;
};

// The table of host functions of the C ABI; `context` is LoadedGraph::context().
const skops_host& host_table();

}  // namespace skops
