#include "model/loaded_graph.hpp"

#include <limits>

namespace skops {
namespace {

constexpr ValueStore::Handle in_progress = std::numeric_limits<ValueStore::Handle>::max();
constexpr std::uint64_t most_methods = 1000;

}  // namespace

LoadedGraph::LoadedGraph(std::shared_ptr<const Archive> archive, std::shared_ptr<Budget> budget,
                         ApprovedGraph graph, std::shared_ptr<const SerializerSource> source)
    : archive_(std::move(archive)),
      budget_(std::move(budget)),
      graph_(std::move(graph)),
      source_(std::move(source)),
      values_(*budget_),
      by_node_(this->graph().size(), 0),
      plugin_limits_{sizeof(skops_limits), budget_->limits().npy_header_bytes,
                     budget_->limits().object_cells} {}

skops_status LoadedGraph::report(Error error) {
  const auto family = static_cast<skops_status>(error.family());
  reported_ = std::move(error);
  return family;
}

void LoadedGraph::raise(skops_status status, NodeId node) {
  const Where where{.path = graph().path(node), .plugin = plugin_of(serializer(node))};
  if (!reported_) {
    throw Error(Family::plugin, "plugin.silent",
                "a serializer failed with status " + std::to_string(status) + " without saying why",
                where, "report this to the plugin's authors");
  }
  Error error = *std::exchange(reported_, std::nullopt);
  throw error.with(where);
}

const skops_serializer* LoadedGraph::serializer(NodeId node) {
  if (!graph_.buildable(node)) return nullptr;
  const Node& names = graph().node(node);
  const std::array key = {names.loader, names.module, names.cls};
  const auto at = serializers_.find(key);
  if (at != serializers_.end()) return at->second;
  const skops_serializer* found = source_->find(graph().loader(node), graph().module(node),
                                                graph().cls(node), graph().protocol());
  serializers_.emplace(key, found);
  return found;
}

ValueStore::Handle LoadedGraph::value_of(NodeId node) {
  if (node >= by_node_.size()) {
    throw Error(Family::plugin, "plugin.handle", "a node's handle is forged", {},
                "report this to the plugin's authors");
  }
  if (by_node_[node] == in_progress) {
    throw Error(Family::unsupported, "graph.cycle", "the object contains itself",
                {.path = graph().path(node)}, "native models cannot hold cyclic objects");
  }
  if (by_node_[node] != 0) return by_node_[node];
  if (const auto at = failed_.find(node); at != failed_.end()) throw at->second;

  const skops_serializer* s = serializer(node);
  if (s == nullptr || s->load == nullptr) {
    std::string name(graph().module(node));
    name.append(1, '.').append(graph().cls(node));
    const auto value = values_.make_text(SKOPS_VALUE_INERT, values_.keep(name));
    values_.set_node(value, node + 1);
    return by_node_[node] = value;
  }
  if (depth_ >= budget_->limits().nesting) {
    throw Error(Family::limit, "limit.nesting", "objects are nested too deeply",
                {.path = graph().path(node)});
  }
  by_node_[node] = in_progress;
  ++depth_;
  ValueStore::Handle value = 0;
  try {
    const skops_status status = load(*s, node, value);
    --depth_;
    by_node_[node] = 0;
    if (status != SKOPS_OK) raise(status, node);
    if (value == 0 || value > values_.count()) {
      throw Error(Family::plugin, "plugin.no-value", "a serializer made no value",
                  {.path = graph().path(node), .plugin = plugin_of(s)},
                  "report this to the plugin's authors");
    }
    if (values_.kind(value) == SKOPS_VALUE_OBJECT) check_work(values_.object(value), node);
  } catch (const Error& error) {
    failed_.emplace(node, error);
    throw;
  }
  reported_.reset();
  if (values_.node(value) == 0) values_.set_node(value, node + 1);
  return by_node_[node] = value;
}

LoadedGraph::Made LoadedGraph::made(NodeId node) {
  const ValueStore::Handle value = by_node_[node];
  if (value == 0 || value == in_progress || values_.kind(value) != SKOPS_VALUE_OBJECT) return {};
  if (values_.node(value) != node + 1) return {};
  return {values_.object(value), serializer(node)};
}

// Nothing may throw across the boundary; a plugin that does it all the same is told so.
skops_status LoadedGraph::load(const skops_serializer& s, NodeId node, ValueStore::Handle& value) {
  try {
    return s.load(&host_table(), context(), node + 1, &value);
  } catch (const std::exception& error) {
    return report(Error(Family::plugin, "plugin.exception",
                        std::string("a serializer throws: ") + error.what(), {},
                        "report this to the plugin's authors"));
  } catch (...) {
    return report(Error(Family::plugin, "plugin.exception", "a serializer throws", {},
                        "report this to the plugin's authors"));
  }
}

void LoadedGraph::check_work(const skops_object& object, NodeId node) {
  if (object.type->work_per_row == nullptr) return;
  const std::uint64_t work = object.type->work_per_row(object.state);
  if (work > budget_->limits().work_per_row) {
    throw Error(Family::limit, "limit.work_per_row",
                "one row would cost " + std::to_string(work) + " units of work",
                {.path = graph().path(node)},
                "raise Limits::work_per_row if you trust the origin of the file");
  }
}

ValueStore::Handle LoadedGraph::value_of(ValueStore::Element element) {
  if (element.node != 0) return value_of(static_cast<NodeId>(element.node - 1));
  return element.value;
}

ValueStore::Handle LoadedGraph::attributes(NodeId node) {
  const Tape::Index content = graph().field(node, "content");
  if (content == Tape::none) return 0;
  const NodeId state = graph().node_at(content);
  if (state == no_node) return 0;
  const ValueStore::Handle mapping = value_of(state);
  return values_.kind(mapping) == SKOPS_VALUE_MAPPING ? mapping : 0;
}

ValueStore::Handle LoadedGraph::attribute(NodeId node, std::string_view name) {
  const ValueStore::Handle mapping = attributes(node);
  if (mapping == 0) return 0;
  return value_of(values_.find(mapping, name));
}

std::span<const std::byte> LoadedGraph::member(std::string_view name) {
  const auto index = archive_->find(name);
  if (!index) {
    throw Error(
        Family::malformed, "archive.no-member",
        "the schema names the member '" + std::string(name) + "', which the archive does not have",
        {.member = std::string(name)});
  }
  const auto bytes = archive_->bytes(*index, *budget_);
  values_.add_region(bytes);
  return bytes;
}

std::optional<std::span<const std::byte>> LoadedGraph::inner_member(std::string_view name,
                                                                    std::string_view inner) {
  auto& archive = inner_[std::string(name)];
  if (!archive) archive = Archive::from_memory(member(name), *budget_, std::string(name));
  const auto index = archive->find(inner);
  if (!index) return std::nullopt;
  const auto bytes = archive->bytes(*index, *budget_);
  values_.add_region(bytes);
  return bytes;
}

ValueStore::Handle LoadedGraph::make_name(NodeId node) {
  std::string name(graph().module(node));
  name.append(1, '.').append(graph().cls(node));
  const auto kind = graph_.buildable(node) ? SKOPS_VALUE_NAME : SKOPS_VALUE_INERT;
  const auto value = values_.make_text(kind, values_.keep(name));
  values_.set_node(value, node + 1);
  return value;
}

// Nothing that was put off outlives the building of the root, also where that fails: the helper
// would work on states that are gone.
struct LoadedGraph::Building {
  Building(LoadedGraph& graph, ReadAhead* helper) : graph(graph) {
    graph.helper_ = helper;
    graph.building_ = true;
  }
  ~Building() {
    graph.building_ = false;
    graph.put_off_.clear();
    if (ReadAhead* helper = std::exchange(graph.helper_, nullptr)) helper->clear();
  }
  Building(const Building&) = delete;
  Building& operator=(const Building&) = delete;
  LoadedGraph& graph;
};

void LoadedGraph::build_root(ReadAhead* helper) {
  const Building building(*this, helper);
  build_value();
  while (!put_off_.empty()) finish(put_off_.begin()->first);
}

void LoadedGraph::put_off(ValueStore::Handle object, ReadAhead::Work work, Finish finish,
                          void* state) {
  if (!building_ || work == nullptr || finish == nullptr) {
    throw Error(Family::plugin, "plugin.put-off", "work is put off that cannot be", {},
                "report this to the plugin's authors");
  }
  values_.object(object);  // refuses anything else
  if (!put_off_.emplace(object, PutOff{finish, state}).second) {
    throw Error(Family::plugin, "plugin.put-off", "work is put off twice for one object", {},
                "report this to the plugin's authors");
  }
  if (helper_ != nullptr) helper_->add(work, state);
}

void LoadedGraph::finish(ValueStore::Handle value) {
  const auto at = put_off_.find(value);
  if (at == put_off_.end()) return;
  const PutOff what = at->second;
  put_off_.erase(at);
  const skops_node maker = values_.node(value);
  const skops_status status = what.finish(&host_table(), context(), what.state);
  if (status == SKOPS_OK) return;
  // The node's value is no longer one.
  const NodeId node = maker == 0 ? NodeId{0} : static_cast<NodeId>(maker - 1);
  try {
    raise(status, node);
  } catch (const Error& error) {
    if (by_node_[node] == value) by_node_[node] = 0;
    failed_.emplace(node, error);
    throw;
  }
}

void LoadedGraph::build_value() {
  try {
    const ValueStore::Handle root = value_of(NodeId{0});
    if (values_.kind(root) != SKOPS_VALUE_OBJECT) {
      unavailable_ = Error(
          Family::unsupported, "model.no-methods",
          "the file holds " + std::string(graph().module(0)) + "." + std::string(graph().cls(0)) +
              ", which has no native methods",
          {}, "audit the file before loading it in Python, or add a plugin that has native code");
      return;
    }
    root_object_ = values_.object(root);
    root_serializer_ = serializer(NodeId{0});
    const skops_object_type& type = *root_object_.type;
    const std::uint64_t n = type.method_count ? type.method_count(root_object_.state) : 0;
    const auto broken = [this](const char* text) {
      return Error(Family::plugin, "plugin.methods", text, {.plugin = root_plugin()},
                   "report this to the plugin's authors");
    };
    if (n > most_methods) throw broken("an object has more methods than anything has");
    for (std::uint64_t k = 0; k < n; ++k) {
      const skops_string method = type.method_name(root_object_.state, k);
      if (method.data == nullptr || method.size == 0) throw broken("a method has no name");
      methods_.emplace_back(method.data, method.size);
    }
  } catch (const Error& error) {
    if (error.family() != Family::unsupported) throw;
    unavailable_ = error;
  }
}

}  // namespace skops
