#include "estimators/neighbors/stored_tree.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

StoredTree::StoredTree(const Attributes& self) {
  const Value state = self.node().value("content");
  require(state.is(Kind::tuple) && state.size() >= 2, "a tree's state must be a tuple");
  order_ = state.item(1).vector<std::int64_t>();
}

namespace {

struct KDTree final : StoredTree {
  static constexpr std::string_view type_name = "KDTree";
  using StoredTree::StoredTree;
};
struct BallTree final : StoredTree {
  static constexpr std::string_view type_name = "BallTree";
  using StoredTree::StoredTree;
};

}  // namespace

std::vector<std::int64_t> stored_order(const Value& tree) {
  if (!tree || tree.kind() != Kind::object) return {};
  const skops_object object = tree.object();
  if (const auto* kd = same_plugin<KDTree>(object)) return kd->order();
  if (const auto* ball = same_plugin<BallTree>(object)) return ball->order();
  return {};
}

}  // namespace skops_sklearn

SKOPS_DEFINE(KDTree)
SKOPS_DEFINE(BallTree)
