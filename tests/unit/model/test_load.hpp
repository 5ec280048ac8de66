// A load whose serializers are functions of the test: the core's side of the ABI without a library.
//
//   TestLoad load(R"({"__class__": "Thing", …})");
//   load.on("ObjectNode", "Thing", [](const skops_host& host, skops_context* context, …) { … });
//   load.graph().build_root();
//
// The loaders JsonNode, ListNode, DictNode and BytesNode have honest serializers from the start,
// written against the ABI alone.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/loaded_graph.hpp"
#include "skops/limits.hpp"
#include "skops/model.hpp"
#include "skops/plugin.h"

namespace skops_test {

using LoadFunction =
    std::function<skops_status(const skops_host&, skops_context*, skops_node, skops_value*)>;
using SaveFunction = std::function<skops_status(const skops_writer&, skops_context*,
                                                const skops_object&, skops_node*)>;

// A node of class test.NAME with this JSON as its content.
std::string object_node(const std::string& name, const std::string& content = "null",
                        const std::string& more = "");
std::string list_node(const std::vector<std::string>& items, const std::string& more = "");
std::string json_node(const std::string& text);

class TestLoad {
 public:
  using Members = std::vector<std::pair<std::string, std::string>>;
  explicit TestLoad(const std::string& schema, const skops::Limits& limits = {},
                    const Members& members = {});
  ~TestLoad();

  void on(const std::string& loader, const std::string& name, LoadFunction function);
  // How all objects are saved.
  void on_save(SaveFunction function);
  skops::LoadedGraph& graph() { return *graph_; }
  const skops_host& host() const { return skops::host_table(); }
  skops_context* context() { return graph_->context(); }
  const skops::LoaderTable& loaders() const { return loaders_; }
  // What the last failure said: "code: text".
  std::string build_error();
  // How often a serializer ran for a class.
  int runs(const std::string& name) const;

 private:
  struct Source;
  std::string archive_;
  skops::LoaderTable loaders_;
  std::shared_ptr<Source> source_;
  std::shared_ptr<skops::LoadedGraph> graph_;
};

inline skops_string str(std::string_view s) {
  return {s.data(), s.size()};
}

}  // namespace skops_test
