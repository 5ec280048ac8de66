// sklearn.neighbors.KNeighborsRegressor: the mean of the neighbours' targets, or their mean
// weighted by 1 / distance. Result (n,) or (n, outputs) as _y is; float64, but float32 for uniform
// weights and float32 targets.
#include <cmath>
#include <vector>

#include "estimators/neighbors/neighbor_index.hpp"
#include "estimators/neighbors/neighbor_weights.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class KNeighborsRegressor final : public Estimator {
 public:
  static constexpr std::string_view type_name = "KNeighborsRegressor";

  explicit KNeighborsRegressor(const Attributes& self)
      : index_(self, type_name), by_distance_(weighs_by_distance(self)) {
    const ArrayView y = self["_y"].array();
    require(y.ndim() == 1 || y.ndim() == 2, "_y must have one or two dimensions");
    require(y.extent(0) == index_.n_samples(), "_y must have one row a training row");
    matrix_ = y.ndim() == 2;
    outputs_ = matrix_ ? y.extent(1) : 1;
    require(outputs_ >= 1, "_y must have an output");
    narrow_ = y.is<float>();
    y_ = y.to_vector<double>();
  }

  std::vector<Method> methods() const override {
    return {Method::predict, Method::kneighbors, Method::kneighbors_graph};
  }
  std::uint64_t work_per_row() const override {
    return index_.work_per_row() + index_.n_neighbors() * outputs_;
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    if (method == Method::kneighbors) return index_.kneighbors(x, options, out);
    if (method == Method::kneighbors_graph) return index_.kneighbors_graph(x, options, out);
    options.only({});
    Neighbors found = index_.search(x, index_.n_neighbors());
    if (by_distance_) {
      weighted(found, array<double>(out, found.rows));
    } else if (narrow_) {
      means(found, array<float>(out, found.rows));
    } else {
      means(found, array<double>(out, found.rows));
    }
  }

 private:
  template <class T>
  T* array(Output& out, std::size_t rows) const {
    return matrix_ ? out.array<T>({rows, outputs_}) : out.array<T>({rows});
  }
  double target(const Neighbors& found, std::size_t i, std::size_t j) const {
    return y_[static_cast<std::size_t>(found.indices[i]) * outputs_ + j];
  }

  template <class T>
  void means(const Neighbors& found, T* y) const {
    std::vector<T> values(found.k);
    for (std::size_t r = 0; r < found.rows; ++r) {
      for (std::size_t j = 0; j < outputs_; ++j) {
        for (std::size_t i = 0; i < found.k; ++i) {
          values[i] = static_cast<T>(target(found, r * found.k + i, j));
        }
        // numpy adds along a strided axis one by one, along a contiguous one in partial sums.
        T sum = 0;
        if (outputs_ == 1) {
          sum = numpy_sum(values.data(), found.k);
        } else {
          for (const T value : values) sum += value;
        }
        y[r * outputs_ + j] = sum / static_cast<T>(found.k);
      }
    }
  }

  void weighted(Neighbors& found, double* y) const {
    std::vector<double> values(found.k);
    for (std::size_t r = 0; r < found.rows; ++r) {
      double* weights = found.distances.data() + r * found.k;
      weights_of_distances(weights, found.k);
      const double total = numpy_sum(weights, found.k);
      for (std::size_t j = 0; j < outputs_; ++j) {
        for (std::size_t i = 0; i < found.k; ++i) {
          values[i] = target(found, r * found.k + i, j) * weights[i];
        }
        y[r * outputs_ + j] = numpy_sum(values.data(), found.k) / total;
      }
    }
  }

  NeighborIndex index_;
  bool by_distance_, matrix_ = false, narrow_ = false;
  std::size_t outputs_ = 1;
  std::vector<double> y_;  // training rows x outputs
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(KNeighborsRegressor)
