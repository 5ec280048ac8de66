#include "estimators/neighbors/neighbor_index.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "estimators/neighbors/stored_tree.hpp"
#include "estimators/shared/fitted_version.hpp"
#include "linalg/inverse.hpp"

namespace skops_sklearn {

using namespace skops::sdk;
using neighbors::HeapSort;
using neighbors::MetricKind;
using neighbors::Ties;

namespace {

// Metrics for which ArgKmin has code; boolean ones and hamming have too many equal distances.
bool argkmin_knows(MetricKind kind) {
  switch (kind) {
    case MetricKind::kEuclidean:
    case MetricKind::kSqEuclidean:
    case MetricKind::kManhattan:
    case MetricKind::kChebyshev:
    case MetricKind::kMinkowski:
    case MetricKind::kStandardizedEuclidean:
    case MetricKind::kCanberra:
    case MetricKind::kBrayCurtis:
    case MetricKind::kHaversine: return true;
    default: return false;
  }
}

bool sparse_metric(MetricKind kind) {
  return kind == MetricKind::kEuclidean || kind == MetricKind::kManhattan ||
         kind == MetricKind::kCosine;
}

std::vector<double> inverted(const Value& covariance) {
  const ArrayView a = covariance.array();
  // The inverse takes n^3 steps.
  require(a.ndim() == 2 && a.extent(0) == a.extent(1) && a.extent(0) <= 2048,
          "the metric's V must be a square matrix");
  linalg::Inverse inverse = linalg::invert(a.to_vector<double>(), a.extent(0));
  require(!inverse.singular, "the metric's V has no inverse");
  return std::move(inverse.values);
}

// Sparse training rows up to this many cells are spread out, which is faster.
constexpr std::size_t kSpreadCells = std::size_t{1} << 22;
// Queries whose results are made between two looks at memory limits.
constexpr std::size_t kSparseBlock = 64;

}  // namespace

NeighborIndex::NeighborIndex(const Attributes& self, std::string_view estimator)
    : estimator_(estimator), features_(self) {
  const std::int64_t k = self["n_neighbors"].integer();
  require(k >= 1, "n_neighbors must be positive");
  n_neighbors_ = static_cast<std::size_t>(k);
  const std::string method = self["_fit_method"].text();
  require(method == "brute" || method == "kd_tree" || method == "ball_tree",
          "_fit_method must be brute, kd_tree or ball_tree");
  method_ = method == "brute"     ? Method::kBrute
            : method == "kd_tree" ? Method::kKdTree
                                  : Method::kBallTree;
  sort_ = fitted_since(self, 1, 9) ? HeapSort::kIntrosort : HeapSort::kQuicksort;
  sparse_by_numpy_ = fitted_since(self, 1, 4, 1);
  mixed_by_numpy_ = !fitted_since(self, 1, 3);
  single_ = fitted_since(self, 1, 4) ? neighbors::Formula::kSingle
                                     : neighbors::Formula::kSingleDifferences;
  read_metric(self);
  read_rows(self);
  if (method_ != Method::kPrecomputed) build(self);
}

void NeighborIndex::read_metric(const Attributes& self) {
  const Value effective = self["effective_metric_"];
  if (!effective.is_string()) {
    unsupported("a metric that is a function cannot be computed without Python",
                "use one of scikit-learn's named metrics");
  }
  const std::string name = effective.text();
  if (name == "precomputed") {
    require(method_ == Method::kBrute, "a precomputed metric needs no tree");
    method_ = Method::kPrecomputed;
    return;
  }
  const auto kind = neighbors::metric_kind(name);
  if (!kind) unsupported("there is no native code for the metric '" + name + "'");
  metric_.kind = *kind;
  argkmin_metric_ = argkmin_knows(*kind);
  const Value params = self.get("effective_metric_params_");
  const auto param = [&](std::string_view key) {
    return params && params.is(Kind::mapping) ? params.find(key) : Value();
  };
  if (*kind == MetricKind::kMinkowski) {
    const Value p = param("p");
    metric_.p = p.is_none() ? 2.0 : p.real();
    require(std::isfinite(metric_.p) && metric_.p > 0, "the metric's p must be positive");
    if (const Value w = param("w"); !w.is_none()) {
      metric_.weights = w.vector<double>();
      for (const double v : metric_.weights) {
        require(std::isfinite(v) && v >= 0, "the metric's weights must not be negative");
      }
    }
  }
  if (*kind == MetricKind::kStandardizedEuclidean || *kind == MetricKind::kMahalanobis) {
    const bool squares = *kind == MetricKind::kStandardizedEuclidean;
    const Value scale = param(squares ? "V" : "VI");
    // Trees invert a covariance themselves.
    const Value covariance = squares ? Value() : param("V");
    if (scale.is_none() && !covariance.is_none() && method_ == Method::kBallTree) {
      metric_.scale = inverted(covariance);
      return;
    }
    if (scale.is_none()) {
      unsupported(
          "the metric '" + name + "' is stored without its parameter " + (squares ? "V" : "VI"),
          "pass it in metric_params when fitting");
    }
    metric_.scale = scale.vector<double>();
  }
}

void NeighborIndex::read_rows(const Attributes& self) {
  const Value fitted = self["_fit_X"];
  std::size_t dim = 0;
  if (fitted.is(Kind::sparse)) {
    fit_sparse_ = true;
    const skops_csr& csr = fitted.sparse();
    n_ = static_cast<std::size_t>(csr.rows);
    dim = static_cast<std::size_t>(csr.columns);
    const ArrayView data(csr.data);
    fit_kind_ = data.kind();
    fit_itemsize_ = data.itemsize();
    require(method_ == Method::kBrute || method_ == Method::kPrecomputed,
            "trees hold no sparse data");
  } else {
    const ArrayView a = fitted.array();
    require(a.ndim() == 2, "_fit_X must have two dimensions");
    n_ = a.extent(0);
    dim = a.extent(1);
    fit_kind_ = a.kind();
    fit_itemsize_ = a.itemsize();
  }
  require(n_ >= 1 && dim >= 1 && n_ < (std::size_t{1} << 31), "_fit_X must hold rows");
  if (const Value count = self.get("n_samples_fit_"); !count.is_none()) {
    require(count.integer() == static_cast<std::int64_t>(n_),
            "n_samples_fit_ is not the number of rows of _fit_X");
  }
  features_.assume(dim);
  require(metric_.weights.empty() || metric_.weights.size() == dim,
          "the metric's weights must have one entry a feature");
  const bool matrix = metric_.kind == MetricKind::kMahalanobis;
  require(metric_.scale.empty() ||
              (matrix ? metric_.scale.size() / dim == dim && metric_.scale.size() % dim == 0
                      : metric_.scale.size() == dim),
          "the metric's scale does not fit the features");
  require(metric_.kind != MetricKind::kHaversine || dim == 2,
          "the haversine metric takes two features");
}

void NeighborIndex::build(const Attributes& self) {
  const std::size_t dim = features_.count();
  const Value fitted = self["_fit_X"];
  if (fit_sparse_) {
    require(sparse_metric(metric_.kind), "the metric is not defined for sparse data");
    const SortedCsr csr(fitted.sparse());
    const auto view = csr.view();
    for (const double v : view.values) require(std::isfinite(v), "_fit_X is not finite");
    if (dim > kSpreadCells / n_) {
      sparse_ = std::make_unique<const neighbors::SparseBruteForce>(metric_, view);
      return;
    }
    rows_.assign(n_ * dim, 0.0);
    for (std::size_t i = 0; i < n_; ++i) {
      const auto columns = view.row_columns(i);
      const auto values = view.row_values(i);
      for (std::size_t k = 0; k < columns.size(); ++k) {
        rows_[i * dim + static_cast<std::size_t>(columns[k])] = values[k];
      }
    }
  } else {
    rows_ = fitted.array().to_vector<double>();
    const bool missing = metric_.kind == MetricKind::kNanEuclidean;
    for (const double v : rows_) {
      require(std::isfinite(v) || (missing && std::isnan(v)), "_fit_X is not finite");
    }
  }
  if (method_ == Method::kBrute) {
    brute_ = std::make_unique<const neighbors::BruteForce>(metric_, rows_, dim, fit_sparse_);
    return;
  }
  const std::int64_t leaf = self["leaf_size"].integer();
  require(leaf >= 1, "leaf_size must be positive");
  const auto order = stored_order(self.get("_tree"));
  try {
    tree_ = std::make_unique<const neighbors::BinaryTree>(
        method_ == Method::kKdTree ? neighbors::TreeKind::kKd : neighbors::TreeKind::kBall, metric_,
        rows_, dim, static_cast<std::size_t>(leaf), order);
  } catch (const std::invalid_argument& e) {
    malformed(e.what());
  }
  rows_ = {};
}

std::uint64_t NeighborIndex::work_per_row() const {
  if (method_ == Method::kPrecomputed) return n_;
  if (sparse_) return sparse_->stored() + n_;
  return n_ * features_.count();
}

bool NeighborIndex::argkmin_runs(const Input& x) const {
  if (method_ != Method::kBrute || !argkmin_metric_) return false;
  // Euclidean distances with sparse rows on one side or on both went other ways in some releases.
  if (metric_.kind == MetricKind::kEuclidean || metric_.kind == MetricKind::kSqEuclidean) {
    if (fit_sparse_ && x.is_csr() && sparse_by_numpy_) return false;
    if (fit_sparse_ != x.is_csr() && mixed_by_numpy_) return false;
  }
  if (fit_kind_ != 'f' || (fit_itemsize_ != 4 && fit_itemsize_ != 8)) return false;
  if (!x.is_dense() && !x.is_csr()) return fit_itemsize_ == 8 && !x.is_float32();
  const ArrayView values = x.is_csr() ? ArrayView(x.csr().data) : x.array();
  return values.kind() == 'f' && values.itemsize() == fit_itemsize_;
}

Ties NeighborIndex::ties(const Input& x, bool by_class) const {
  if (!argkmin_runs(x)) return Ties::kIndex;
  return by_class ? Ties::kHeap : neighbors::argkmin_ties(x.rows(), n_, sort_);
}

// ArgKmin's loops run on data of one dtype; scipy computes what ArgKmin does not.
neighbors::Formula NeighborIndex::formula(const Input& x) const {
  using neighbors::Formula;
  if (!argkmin_runs(x)) return Formula::kScipy;
  return fit_itemsize_ == 8 ? Formula::kDouble : single_;
}

void NeighborIndex::check_k(std::size_t k, std::size_t rows) const {
  if (k <= n_) return;
  bad_input("Expected n_neighbors <= n_samples_fit, but n_neighbors = " + std::to_string(k) +
            ", n_samples_fit = " + std::to_string(n_) + ", n_samples = " + std::to_string(rows));
}

Neighbors NeighborIndex::search(const Input& x, std::size_t k, bool by_class) const {
  check_k(k, x.rows());
  Neighbors found;
  found.rows = x.rows();
  found.k = k;
  std::size_t cells = 0;
  if (__builtin_mul_overflow(found.rows, k, &cells)) throw std::bad_alloc();
  found.distances.resize(cells);
  found.indices.resize(cells);
  if (method_ == Method::kPrecomputed) {
    search_precomputed(x, found);
    return found;
  }
  if (sparse_) {
    search_sparse(x, by_class, found);
  } else {
    search_dense(x, by_class, found);
  }
  // ArgKmin turns float32 data's reduced distances into distances as float32.
  const bool single = !tree_ && argkmin_runs(x) && fit_itemsize_ == 4;
  for (double& d : found.distances) {
    if (single) d = static_cast<float>(d);
    d = neighbors::distance_of_reduced(metric_, d);
    if (single && single_ == neighbors::Formula::kSingle) d = static_cast<float>(d);
  }
  const bool narrow = x.is_float32() && fit_kind_ == 'f' && fit_itemsize_ == 4;
  const bool keeps = metric_.kind == MetricKind::kEuclidean ||
                     metric_.kind == MetricKind::kCosine ||
                     metric_.kind == MetricKind::kNanEuclidean;
  found.float32_distances = narrow && keeps && !tree_ && !argkmin_runs(x);
  return found;
}

void NeighborIndex::search_dense(const Input& x, bool by_class, Neighbors& found) const {
  const Finite finite =
      metric_.kind == MetricKind::kNanEuclidean ? Finite::allow_nan : Finite::required;
  if (tree_) {
    if (x.is_csr()) {
      const std::string name = method_ == Method::kKdTree ? "kd_tree" : "ball_tree";
      bad_input(name +
                " does not work with sparse matrices. Densify the data, or set "
                "algorithm='brute'");
    }
    const auto rows = features_.rows<double>(x, estimator_);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      tree_->query(rows.row(i), found.k, sort_, found.distances.data() + i * found.k,
                   found.indices.data() + i * found.k);
    }
    return;
  }
  if (x.is_csr() && !sparse_metric(metric_.kind) && !argkmin_runs(x)) {
    bad_input("the metric of this model is not defined for sparse data",
              "use '.toarray()' to convert to a dense array");
  }
  const auto rows = features_.rows<double>(x, estimator_, finite, true);
  brute_->query(rows.data(), rows.stride(), rows.rows(), found.k, ties(x, by_class),
                {formula(x), x.is_csr()}, found.distances.data(), found.indices.data());
}

void NeighborIndex::search_sparse(const Input& x, bool by_class, Neighbors& found) const {
  const Ties order = ties(x, by_class);
  const auto search_rows = [&](const kernels::CsrView& rows, std::size_t first) {
    for (std::size_t i = 0; i < rows.n_rows; ++i) {
      sparse_->query(rows, i, found.k, order, found.distances.data() + (first + i) * found.k,
                     found.indices.data() + (first + i) * found.k);
    }
  };
  if (x.is_csr()) {
    const SortedCsr rows(features_.csr<double>(x, estimator_));
    search_rows(rows.view(), 0);
    return;
  }
  const auto rows = features_.rows<double>(x, estimator_);
  std::vector<double> values;
  std::vector<std::int32_t> columns;
  std::vector<std::int64_t> indptr;
  for (std::size_t first = 0; first < rows.rows(); first += kSparseBlock) {
    const std::size_t n = std::min(kSparseBlock, rows.rows() - first);
    values.clear();
    columns.clear();
    indptr.assign(1, 0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t f = 0; f < rows.columns(); ++f) {
        if (rows(first + i, f) == 0) continue;
        values.push_back(rows(first + i, f));
        columns.push_back(static_cast<std::int32_t>(f));
      }
      indptr.push_back(static_cast<std::int64_t>(values.size()));
    }
    search_rows({n, rows.columns(), values, columns, indptr}, first);
  }
}

// The input holds distances to the training rows; of a sparse one, only stored values count.
void NeighborIndex::search_precomputed(const Input& x, Neighbors& found) const {
  const auto check_sign = [](double v) {
    if (v < 0) bad_input("Negative values in data passed to precomputed distance matrix.");
  };
  found.float32_distances =
      x.is_float32() && (x.is_csr() || (fit_kind_ == 'f' && fit_itemsize_ == 4));
  if (!x.is_csr()) {
    const auto rows = features_.rows<double>(x, estimator_);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      for (std::size_t j = 0; j < n_; ++j) check_sign(rows(i, j));
      neighbors::select_nearest(rows.row(i), n_, found.k, Ties::kIndex,
                                found.distances.data() + i * found.k,
                                found.indices.data() + i * found.k);
    }
    return;
  }
  const auto rows = features_.csr<double>(x, estimator_);
  found.int32_indices = ArrayView(x.csr().indices).itemsize() == 4;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const auto begin = static_cast<std::size_t>(rows.indptr()[i]);
    const std::size_t n = static_cast<std::size_t>(rows.indptr()[i + 1]) - begin;
    if (n < found.k) {
      bad_input(std::to_string(found.k) +
                " neighbors per samples are required, but some samples have only " +
                std::to_string(n) +
                " neighbors in precomputed graph matrix. Decrease number of neighbors used or "
                "recompute the graph with more neighbors.");
    }
    order.resize(n);
    std::iota(order.begin(), order.end(), begin);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return rows.data()[a] < rows.data()[b]; });
    for (const std::size_t at : order) check_sign(rows.data()[at]);
    for (std::size_t j = 0; j < found.k; ++j) {
      found.distances[i * found.k + j] = rows.data()[order[j]];
      found.indices[i * found.k + j] = rows.indices()[order[j]];
    }
  }
}

}  // namespace skops_sklearn
