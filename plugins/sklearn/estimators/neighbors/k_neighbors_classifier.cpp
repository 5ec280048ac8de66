// sklearn.neighbors.KNeighborsClassifier.
//
// _y holds the class index of each training row, (n,) or (n, outputs); classes_ one array of
// labels, or a list of them when outputs_2d_. predict: the class with the largest sum of weights,
// the first of equals. predict_proba: sums of weights by class divided by their total, (n, classes)
// float64, a list of these for several outputs.
#include <algorithm>
#include <deque>
#include <vector>

#include "estimators/neighbors/neighbor_index.hpp"
#include "estimators/neighbors/neighbor_weights.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class KNeighborsClassifier final : public Estimator {
 public:
  static constexpr std::string_view type_name = "KNeighborsClassifier";

  explicit KNeighborsClassifier(const Attributes& self)
      : index_(self, type_name), by_distance_(weighs_by_distance(self)) {
    several_ = self.boolean("outputs_2d_", false);
    const Value classes = self["classes_"];
    if (several_) {
      require(classes.is(Kind::list), "classes_ must be a list of arrays");
      for (std::size_t j = 0; j < classes.size(); ++j) classes_.emplace_back(classes.item(j));
      require(!classes_.empty(), "classes_ must not be empty");
      check_dtypes();
    } else {
      classes_.emplace_back(classes);
    }
    const ArrayView y = self["_y"].array();
    const std::size_t outputs = classes_.size();
    require(several_ ? y.ndim() == 2 && y.extent(1) == outputs : y.ndim() == 1,
            "_y must have one column an output");
    require(y.extent(0) == index_.n_samples(), "_y must have one row a training row");
    const auto values = y.to_vector<std::int64_t>();
    y_.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto n = static_cast<std::int64_t>(classes_[i % outputs].size());
      require(values[i] >= 0 && values[i] < n, "_y points outside classes_");
      y_[i] = static_cast<std::uint32_t>(values[i]);
    }
  }

  std::vector<Method> methods() const override {
    return {Method::predict, Method::predict_proba, Method::kneighbors, Method::kneighbors_graph};
  }
  std::uint64_t work_per_row() const override { return index_.work_per_row(); }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    switch (method) {
      case Method::kneighbors: return index_.kneighbors(x, options, out);
      case Method::kneighbors_graph: return index_.kneighbors_graph(x, options, out);
      default: break;
    }
    options.only({});
    // With uniform weights and one output scikit-learn has a search of its own for this.
    const bool by_class = !by_distance_ && !several_;
    Neighbors found = index_.search(x, index_.n_neighbors(), by_class);
    if (by_distance_) {
      for (std::size_t i = 0; i < found.rows; ++i) {
        weights_of_distances(found.distances.data() + i * found.k, found.k);
      }
    }
    if (method == Method::predict) {
      predict(found, out);
    } else {
      probabilities(found, out);
    }
  }

 private:
  // Predictions of several outputs are one array in the dtype of the first.
  void check_dtypes() const {
    const skops_dtype& first = classes_[0].dtype();
    for (const Labels& labels : classes_) {
      if (labels.dtype().kind == first.kind && labels.dtype().itemsize == first.itemsize) continue;
      unsupported("the outputs have labels of different dtypes",
                  "give all outputs labels of one dtype");
    }
  }

  // Sums of weights by class for one row and output.
  void sums(const Neighbors& found, std::size_t row, std::size_t output, double* by_class) const {
    std::fill_n(by_class, classes_[output].size(), 0.0);
    for (std::size_t i = row * found.k; i < (row + 1) * found.k; ++i) {
      by_class[label(found, i, output)] += by_distance_ ? found.distances[i] : 1.0;
    }
  }
  std::uint32_t label(const Neighbors& found, std::size_t i, std::size_t output) const {
    return y_[static_cast<std::size_t>(found.indices[i]) * classes_.size() + output];
  }

  // Like scikit-learn's weighted_mode: each class's weights are summed at their places among the k,
  // zeros elsewhere, in numpy's order.
  std::uint32_t mode(const Neighbors& found, std::size_t row, std::size_t output,
                     std::vector<double>& by_class, std::vector<double>& masked) const {
    const std::size_t n = classes_[output].size(), k = found.k;
    by_class.resize(n);
    sums(found, row, output, by_class.data());
    if (by_distance_ && k >= 8) {
      masked.resize(k);
      for (std::size_t c = 0; c < n; ++c) {
        if (by_class[c] == 0) continue;
        for (std::size_t i = 0; i < k; ++i) {
          masked[i] = label(found, row * k + i, output) == c ? found.distances[row * k + i] : 0.0;
        }
        by_class[c] = numpy_sum(masked.data(), k);
      }
    }
    return static_cast<std::uint32_t>(std::max_element(by_class.begin(), by_class.end()) -
                                      by_class.begin());
  }

  void predict(const Neighbors& found, Output& out) const {
    const std::size_t outputs = classes_.size();
    std::vector<std::uint32_t> chosen(found.rows);
    std::vector<double> by_class, masked;
    const std::int64_t shape[] = {static_cast<std::int64_t>(found.rows),
                                  static_cast<std::int64_t>(outputs)};
    auto* at =
        static_cast<std::byte*>(out.array(classes_[0].dtype(), std::span(shape, several_ ? 2 : 1)));
    for (std::size_t j = 0; j < outputs; ++j) {
      for (std::size_t i = 0; i < found.rows; ++i) {
        chosen[i] = mode(found, i, j, by_class, masked);
      }
      classes_[j].put(at + j * classes_[j].dtype().itemsize, std::span<const std::uint32_t>(chosen),
                      outputs);
    }
  }

  void probabilities(const Neighbors& found, Output& out) const {
    if (several_) out.begin_list();
    for (std::size_t j = 0; j < classes_.size(); ++j) {
      const std::size_t n = classes_[j].size();
      double* y = out.array<double>({found.rows, n});
      for (std::size_t i = 0; i < found.rows; ++i) {
        double* row = y + i * n;
        sums(found, i, j, row);
        const double total = numpy_sum(row, n);
        for (std::size_t c = 0; c < n; ++c) row[c] /= total;
      }
    }
    if (several_) out.end();
  }

  NeighborIndex index_;
  bool by_distance_, several_ = false;
  std::deque<Labels> classes_;
  std::vector<std::uint32_t> y_;  // training rows x outputs
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(KNeighborsClassifier)
