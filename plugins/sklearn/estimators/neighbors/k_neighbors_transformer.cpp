// sklearn.neighbors.KNeighborsTransformer: transform gives the graph of the nearest training rows,
// with mode='distance' of one more than n_neighbors, as the row itself is expected among them.
#include <string>

#include "estimators/neighbors/neighbor_index.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class KNeighborsTransformer final : public Estimator {
 public:
  static constexpr std::string_view type_name = "KNeighborsTransformer";

  explicit KNeighborsTransformer(const Attributes& self) : index_(self, type_name) {
    const std::string mode = self["mode"].text();
    require(mode == "distance" || mode == "connectivity",
            "mode must be 'distance' or 'connectivity'");
    distances_ = mode == "distance";
  }

  std::vector<Method> methods() const override {
    return {Method::transform, Method::kneighbors, Method::kneighbors_graph};
  }
  std::uint64_t work_per_row() const override { return index_.work_per_row(); }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    if (method == Method::kneighbors) return index_.kneighbors(x, options, out);
    if (method == Method::kneighbors_graph) return index_.kneighbors_graph(x, options, out);
    options.only({});
    index_.write_graph(index_.search(x, index_.n_neighbors() + (distances_ ? 1 : 0)), distances_,
                       out);
  }

 private:
  NeighborIndex index_;
  bool distances_ = true;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(KNeighborsTransformer)
