#include "estimators/shared/object_nodes.hpp"

#include <string>

namespace skops_sklearn {

using namespace skops::sdk;

namespace {

bool is_sequence(const Node& node) {
  const std::string_view loader = node.loader();
  return loader == "ListNode" || loader == "TupleNode";
}

// Appends the items of a list's or array's content; says how many.
std::size_t append_items(const Node& node, std::vector<Node>& out) {
  const auto items = node["content"].items();
  for (const auto& [key, item] : items) out.push_back(item.node());
  return items.size();
}

// Rows can be aliases of one: few bytes of a file that stand for many objects. Charged as what an
// ensemble keeps of each.
void charge_objects(const Node& node, std::size_t rows, std::size_t columns) {
  std::size_t bytes = 256;
  require(!__builtin_mul_overflow(bytes, rows, &bytes) &&
              !__builtin_mul_overflow(bytes, columns, &bytes),
          "an array of objects has too many of them");
  check(node.loading().host->charge(node.loading().context, bytes));
}

Node attribute_node(const Attributes& self, std::string_view attribute) {
  const Node state = self.node()["content"].node();
  const Json item = state.field("content." + std::string(attribute));
  if (!item) unfitted(attribute);
  return item.node();
}

}  // namespace

ObjectNodes object_nodes(const Attributes& self, std::string_view attribute) {
  const Node node = attribute_node(self, attribute);
  ObjectNodes out;
  if (is_sequence(node)) {
    append_items(node, out.nodes);
    return out;
  }
  const Json type = node.field("type");
  if (node.loader() != "NdArrayNode" || !type || type.text() != "json") {
    malformed("'" + std::string(attribute) + "' must be a list or an array of objects");
  }
  const auto shape = node.value("shape").vector<std::int64_t>();
  std::vector<Node> rows;
  const std::size_t n = append_items(node, rows);
  require(!shape.empty() && shape.size() <= 2 && shape[0] == static_cast<std::int64_t>(n),
          "an array of objects has another shape than its content");
  if (shape.size() == 1) {
    out.nodes = std::move(rows);
    return out;
  }
  out.columns = n == 0 ? 0 : static_cast<std::size_t>(shape[1]);
  charge_objects(node, n, out.columns);
  for (const Node& row : rows) {
    require(is_sequence(row) && append_items(row, out.nodes) == out.columns,
            "an array of objects has another shape than its content");
  }
  return out;
}

void require_class(const Node& node, std::string_view module, std::string_view name) {
  require(node.loader() == "ObjectNode" && node.module() == module && node.name() == name, [&] {
    return std::string(module) + "." + std::string(name) + " is expected, not " +
           std::string(node.module()) + "." + std::string(node.name());
  });
}

}  // namespace skops_sklearn
