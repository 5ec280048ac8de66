#include "estimators/tree/tree_missing.hpp"

#include <algorithm>

#include "estimators/shared/fitted_version.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

bool takes_missing(const Attributes& tree, bool in_forest) {
  if (!fitted_since(tree, 1, in_forest ? 4 : 3)) return false;
  const bool extremely_random = tree.node().name().starts_with("ExtraTree");
  const bool random_too = fitted_since(tree, 1, 6);
  const std::string splitter = tree.text("splitter", "best");
  const bool best = splitter == "best" && !(random_too && extremely_random);
  if (!best && !(random_too && splitter == "random")) return false;
  if (fitted_since(tree, 1, 9)) return true;
  static constexpr std::string_view placed[] = {"gini",          "log_loss",     "entropy",
                                                "squared_error", "friedman_mse", "poisson"};
  const std::string criterion = tree.text("criterion", "");
  return std::find(std::begin(placed), std::end(placed), criterion) != std::end(placed) &&
         tree.get("monotonic_cst").is_none();
}

}  // namespace skops_sklearn
