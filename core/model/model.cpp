#include "skops/model.hpp"

#include <algorithm>

#include "model/attribute.hpp"
#include "model/call.hpp"
#include "model/loaded_graph.hpp"
#include "model/result_sink.hpp"

namespace skops {

Model::Model(std::shared_ptr<LoadedGraph> graph) : graph_(std::move(graph)) {}
Model::~Model() = default;
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;

std::string Model::type() const {
  const Graph& graph = graph_->graph();
  return std::string(graph.module(0)) + "." + std::string(graph.cls(0));
}

const std::vector<std::string>& Model::methods() const { return graph_->methods(); }

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
  call_method(graph_->root_object(), static_cast<std::uint64_t>(method), x, options, threads, sink);
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

// The value under a dotted name, or 0.
ValueStore::Handle find_attribute(LoadedGraph& graph, std::string_view name) {
  NodeId node = 0;
  while (true) {
    const std::size_t dot = name.find('.');
    const ValueStore::Handle value = graph.attribute(node, name.substr(0, dot));
    if (value == 0 || dot == std::string_view::npos) return value;
    const skops_node next = graph.values().node(value);
    if (next == 0) return 0;
    node = static_cast<NodeId>(next - 1);
    name.remove_prefix(dot + 1);
  }
}

}  // namespace

Value Model::attribute(std::string_view name) const {
  const std::lock_guard lock(graph_->mutex());
  const ValueStore::Handle value = find_attribute(*graph_, name);
  if (value == 0) {
    throw Error(Family::unsupported, "model.no-attribute",
                type() + " has no attribute '" + std::string(name) + "'");
  }
  return read_value(*graph_, value);
}

bool Model::has_attribute(std::string_view name) const {
  const std::lock_guard lock(graph_->mutex());
  return find_attribute(*graph_, name) != 0;
}

std::vector<std::string> Model::attributes() const {
  const std::lock_guard lock(graph_->mutex());
  std::vector<std::string> out;
  const ValueStore::Handle mapping = graph_->attributes(0);
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
