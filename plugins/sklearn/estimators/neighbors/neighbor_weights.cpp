#include "estimators/neighbors/neighbor_weights.hpp"

#include <cmath>

namespace skops_sklearn {

using namespace skops::sdk;

bool weighs_by_distance(const Attributes& self) {
  const Value weights = self.get("weights");
  if (weights.is_none()) return false;
  if (!weights.is_string()) {
    unsupported("weights that are a function cannot be computed without Python",
                "use weights='uniform' or weights='distance'");
  }
  const std::string name = weights.text();
  require(name == "uniform" || name == "distance", "weights must be 'uniform' or 'distance'");
  return name == "distance";
}

void weights_of_distances(double* distances, std::size_t k) {
  bool any = false;
  for (std::size_t i = 0; i < k; ++i) {
    distances[i] = 1.0 / distances[i];
    any = any || std::isinf(distances[i]);
  }
  if (!any) return;
  for (std::size_t i = 0; i < k; ++i) distances[i] = std::isinf(distances[i]) ? 1.0 : 0.0;
}

}  // namespace skops_sklearn
