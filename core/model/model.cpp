#include "skops/model.hpp"

#include <algorithm>
#include <charconv>

#include "model/attribute.hpp"
#include "model/call.hpp"
#include "model/loaded_graph.hpp"
#include "model/result_sink.hpp"

namespace skops {

Model::Model(std::shared_ptr<LoadedGraph> graph) : graph_(std::move(graph)) {}
Model::~Model() = default;
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;

namespace {

NodeId node_of(const LoadedGraph& graph, std::uint64_t object) {
  if (object == 0) return 0;
  if (object > graph.graph().size()) {
    throw Error(Family::usage, "model.object", "no such object number");
  }
  return static_cast<NodeId>(object - 1);
}

}  // namespace

std::string Model::type() const {
  return type(0);
}

std::string Model::type(std::uint64_t object) const {
  const Graph& graph = graph_->graph();
  const NodeId node = node_of(*graph_, object);
  return std::string(graph.module(node)) + "." + std::string(graph.cls(node));
}

const std::vector<std::string>& Model::methods() const {
  return graph_->methods();
}

int Model::find_method(std::string_view name) const {
  const auto& names = methods();
  const auto at = std::find(names.begin(), names.end(), name);
  return at == names.end() ? -1 : static_cast<int>(at - names.begin());
}

void Model::call(int method, const Input& x, Sink& sink, std::span<const Option> options,
                 unsigned threads) const {
  if (method < 0 || static_cast<std::size_t>(method) >= methods().size()) {
    throw Error(Family::usage, "model.method", "no such method number");
  }
  call_method(*graph_, static_cast<std::uint64_t>(method), x, options, threads, sink);
}

Result Model::call(std::string_view method, const Input& x, std::span<const Option> options,
                   unsigned threads) const {
  const int index = find_method(method);
  if (index < 0) {
    if (graph_->unavailable()) throw *graph_->unavailable();
    std::string list;
    for (const std::string& name : methods()) list += (list.empty() ? "" : ", ") + name;
    throw Error(Family::unsupported, "model.no-method",
                type() + " has no method '" + std::string(method) + "'", {}, "it has: " + list);
  }
  ResultSink sink;
  call(index, x, sink, options, threads);
  return sink.take();
}

Array Model::array(std::string_view method, const Input& x) const {
  Result result = call(method, x);
  if (result.kind != Result::Kind::array) {
    throw Error(Family::usage, "model.result",
                std::string(method) + " of this model does not give one dense array", {},
                "use Model::call");
  }
  return std::move(result.array);
}

namespace {

// Item `index` of a list or tuple, from the end where it is negative; 0 where there is none.
ValueStore::Handle find_item(LoadedGraph& graph, ValueStore::Handle list, std::string_view index) {
  ValueStore& values = graph.values();
  const std::uint32_t kind = values.kind(list);
  if (kind != SKOPS_VALUE_LIST && kind != SKOPS_VALUE_TUPLE) return 0;
  std::int64_t k = 0;
  const auto [end, error] = std::from_chars(index.data(), index.data() + index.size(), k);
  if (error != std::errc() || end != index.data() + index.size()) return 0;
  const auto size = static_cast<std::int64_t>(values.size(list));
  if (k < -size || k >= size) return 0;
  return graph.value_of(values.item(list, static_cast<std::uint64_t>(k < 0 ? k + size : k)));
}

// The value under a name such as "coef_", "tree_.nodes" or "steps[-1][1].classes_", or 0.
ValueStore::Handle find_attribute(LoadedGraph& graph, std::string_view name, std::uint64_t object) {
  NodeId node = node_of(graph, object);
  while (true) {
    const std::size_t stop = std::min(name.find_first_of(".["), name.size());
    ValueStore::Handle value = graph.attribute(node, name.substr(0, stop));
    name.remove_prefix(stop);
    while (value != 0 && name.starts_with('[')) {
      const std::size_t close = name.find(']');
      if (close == std::string_view::npos) return 0;
      value = find_item(graph, value, name.substr(1, close - 1));
      name.remove_prefix(close + 1);
    }
    if (value == 0 || name.empty()) return value;
    if (!name.starts_with('.')) return 0;
    const skops_node next = graph.values().node(value);
    if (next == 0) return 0;
    node = static_cast<NodeId>(next - 1);
    name.remove_prefix(1);
  }
}

}  // namespace

Value Model::attribute(std::string_view name, std::uint64_t object) const {
  const std::lock_guard lock(graph_->mutex());
  const ValueStore::Handle value = find_attribute(*graph_, name, object);
  if (value == 0) {
    throw Error(Family::unsupported, "model.no-attribute",
                type(object) + " has no attribute '" + std::string(name) + "'");
  }
  return read_value(*graph_, value);
}

bool Model::has_attribute(std::string_view name, std::uint64_t object) const {
  const std::lock_guard lock(graph_->mutex());
  return find_attribute(*graph_, name, object) != 0;
}

std::vector<std::string> Model::attributes(std::uint64_t object) const {
  const std::lock_guard lock(graph_->mutex());
  std::vector<std::string> out;
  const ValueStore::Handle mapping = graph_->attributes(node_of(*graph_, object));
  if (mapping == 0) return out;
  ValueStore& values = graph_->values();
  for (std::uint64_t k = 0, n = values.size(mapping); k < n; ++k) {
    const ValueStore::Handle key = values.key(mapping, k);
    if (values.kind(key) == SKOPS_VALUE_STRING) out.emplace_back(values.text(key));
  }
  return out;
}

std::string Model::unavailable() const {
  return graph_->unavailable() ? graph_->unavailable()->what() : std::string();
}

}  // namespace skops
