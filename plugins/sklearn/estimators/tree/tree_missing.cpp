#include "estimators/tree/tree_missing.hpp"

#include <algorithm>

#include "estimators/shared/sklearn_version.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

bool takes_missing(const Attributes& tree, bool in_forest) {
  const SklearnVersion version(tree);
  if (version.before(1, in_forest ? 4 : 3)) return false;
  const std::string splitter = tree.text("splitter", "best");
  const bool extremely_random = tree.node().name().starts_with("ExtraTree");
  if (version.before(1, 6) || !extremely_random) {
    if (splitter != "best" && (version.before(1, 6) || splitter != "random")) return false;
  } else if (splitter != "random") {
    return false;
  }
  if (!version.before(1, 9)) return true;
  static constexpr std::string_view placed[] = {"gini",          "log_loss",     "entropy",
                                                "squared_error", "friedman_mse", "poisson"};
  const std::string criterion = tree.text("criterion", "");
  return std::find(std::begin(placed), std::end(placed), criterion) != std::end(placed) &&
         tree.get("monotonic_cst").is_none();
}

}  // namespace skops_sklearn
