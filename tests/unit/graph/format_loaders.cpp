#include "unit/graph/format_loaders.hpp"

namespace skops::tests {
namespace {

using enum FieldKind;
constexpr PathStep none = PathStep::none, state = PathStep::state;

void pandas(LoaderTable& table, const char* loader, std::initializer_list<const char*> pieces) {
  LoaderLayout layout{.loader = loader, .first_protocol = 3};
  for (const char* piece : pieces) {
    layout.fields.push_back({std::string("content.") + piece, node});
  }
  table.add(layout);
}

}  // namespace

LoaderTable format_loaders() {
  LoaderTable table;
  table.add({.loader = "JsonNode", .fields = {{"content", text}}});
  table.add({.loader = "DictNode", .fields = {{"key_types", node}, {"content", map, true, none}}});
  table.add({.loader = "DefaultDictNode",
             .fields = {{"content.main", node, true, none}, {"content.default_factory", node}}});
  table.add({.loader = "_DictWithDeprecatedKeysNode",
             .fields = {{"content.main", node, true, none},
                        {"content._deprecated_key_to_new_key", node}}});
  for (const char* loader : {"ListNode", "SetNode", "TupleNode"}) {
    table.add({.loader = loader, .fields = {{"content", nodes, true, none}}});
  }
  for (const char* loader : {"BytesNode", "BytearrayNode"}) {
    table.add({.loader = loader, .fields = {{"file", member}}});
  }
  table.add({.loader = "SliceNode", .fields = {{"content", json}}});
  table.add({.loader = "TypeNode"});
  table.add({.loader = "FunctionNode",
             .last_protocol = 0,
             .fields = {{"content.module_path", name}, {"content.function", name}}});
  table.add({.loader = "FunctionNode", .first_protocol = 1});
  table.add({.loader = "MethodNode", .fields = {{"content.obj", node}, {"content.func", name}}});
  table.add({.loader = "PartialNode",
             .fields = {{"content.func", node},
                        {"content.args", node},
                        {"content.kwds", node},
                        {"content.namespace", node}}});
  table.add({.loader = "OperatorFuncNode", .last_protocol = 2, .fields = {{"attrs", node}}});
  table.add({.loader = "OperatorFuncNode",
             .first_protocol = 3,
             .fields = {{"attrs", node}, {"kwargs", node, false}}});
  table.add({.loader = "ObjectNode", .fields = {{"content", node, false, state}}});
  table.add({.loader = "ConstructorFromReduceNode", .fields = {{"content", node}}});
  table.add({.loader = "NdArrayNode",
             .selector = "type",
             .value = "numpy",
             .fields = {{"file", member}}});
  table.add({.loader = "NdArrayNode",
             .selector = "type",
             .value = "json",
             .fields = {{"content", nodes, true, none}, {"shape", node}}});
  table.add(
      {.loader = "MaskedArrayNode", .fields = {{"content.data", node}, {"content.mask", node}}});
  table.add({.loader = "DTypeNode", .fields = {{"content", node}}});
  table.add({.loader = "RandomStateNode", .fields = {{"content", node, true, none}}});
  table.add({.loader = "RandomGeneratorNode",
             .last_protocol = 0,
             .fields = {{"content.bit_generator", json}}});
  table.add({.loader = "RandomGeneratorNode",
             .first_protocol = 1,
             .last_protocol = 1,
             .fields = {{"content.bit_generator", node}}});
  table.add({.loader = "RandomGeneratorNode",
             .first_protocol = 2,
             .fields = {{"content.bit_generator", node}, {"content.seed_seq", node}}});
  table.add({.loader = "SparseMatrixNode", .fields = {{"type", name}, {"file", member}}});
  for (const char* loader : {"TreeNode", "LossNode", "SGDNode", "QuantileForestNode"}) {
    table.add(
        {.loader = loader, .fields = {{"content", node, true, state}, {"__reduce__.args", node}}});
  }
  pandas(table, "PandasIndexNode", {"values", "name"});
  pandas(table, "PandasRangeIndexNode", {"start", "stop", "step", "name"});
  pandas(table, "PandasSeriesNode", {"values", "index", "name"});
  pandas(table, "PandasDataFrameNode", {"columns", "index", "data"});
  return table;
}

}  // namespace skops::tests
