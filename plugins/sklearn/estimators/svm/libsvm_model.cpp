#include "estimators/svm/libsvm_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace skops_sklearn {

using namespace skops::sdk;
using kernels::SvmKernel;

namespace {

SvmKernel kernel_of(const Attributes& self) {
  const Value kernel = self["kernel"];
  if (!kernel.is_string()) {
    unsupported("a kernel that is a function cannot be computed without Python",
                "use one of scikit-learn's kernels, or kernel='precomputed'");
  }
  const std::string name = kernel.text();
  if (name == "linear") return SvmKernel::kLinear;
  if (name == "poly") return SvmKernel::kPoly;
  if (name == "rbf") return SvmKernel::kRbf;
  if (name == "sigmoid") return SvmKernel::kSigmoid;
  if (name == "precomputed") return SvmKernel::kPrecomputed;
  malformed("'" + name + "' is not a kernel of libsvm");
}

std::vector<double> finite_numbers(std::vector<double> v, const char* what) {
  const bool all = std::all_of(v.begin(), v.end(), [](double x) { return std::isfinite(x); });
  require(all, [&] { return std::string(what) + " holds a number that is not finite"; });
  return v;
}

// A matrix of numbers as C-ordered float64; a sparse one is spread out, which callers allow only
// for dual coefficients, of which every cell is stored.
struct Dense {
  std::size_t rows = 0, columns = 0;
  std::vector<double> values;
};
Dense read_matrix(const Value& value, const char* what) {
  Dense out;
  if (value.is(Kind::sparse)) {
    const SortedCsr csr(value.sparse());
    const auto view = csr.view();
    out.rows = view.n_rows;
    out.columns = view.n_cols;
    // Each of its cells is stored in an honest file, so spreading it out costs what was read.
    require(
        view.values.size() == out.rows * out.columns || out.columns <= view.values.size() + 4096,
        [&] { return std::string(what) + " is wider than what it stores"; });
    require(out.rows <= 4096, [&] { return std::string(what) + " has too many rows"; });
    out.values.assign(out.rows * out.columns, 0.0);
    for (std::size_t r = 0; r < out.rows; ++r) {
      const auto columns = view.row_columns(r);
      const auto values = view.row_values(r);
      for (std::size_t k = 0; k < columns.size(); ++k) {
        out.values[r * out.columns + static_cast<std::size_t>(columns[k])] = values[k];
      }
    }
  } else {
    const ArrayView a = value.array();
    require(a.ndim() == 2, [&] { return std::string(what) + " must have two dimensions"; });
    out.rows = a.extent(0);
    out.columns = a.extent(1);
    out.values = a.to_vector<double>();
  }
  out.values = finite_numbers(std::move(out.values), what);
  return out;
}

}  // namespace

LibsvmModel::LibsvmModel(const Attributes& self, std::string_view estimator, std::size_t n_classes)
    : estimator_(estimator), features_(self), sparse_(self.boolean("_sparse", false)) {
  kernels::SvmSource source;
  source.kernel = kernel_of(self);
  source.classifier = n_classes != 0;
  source.gamma = self["_gamma"].real();
  source.coef0 = self["coef0"].real();
  const Value degree_value = self["degree"];
  const std::int64_t degree =
      degree_value.is(Kind::real)
          ? static_cast<std::int64_t>(std::clamp(degree_value.real(), -1.0, 1e9))
          : degree_value.integer();
  require(degree >= 0 && degree <= std::numeric_limits<int>::max(), "degree is out of range");
  source.degree = static_cast<int>(degree);
  require(std::isfinite(source.coef0), "coef0 is not finite");
  const bool uses_gamma =
      source.kernel != SvmKernel::kLinear && source.kernel != SvmKernel::kPrecomputed;
  require(std::isfinite(source.gamma) && (source.gamma > 0 || !uses_gamma),
          "_gamma must be finite and positive");

  // The numbers that must agree: support vectors, their indices, their coefficients. Without
  // classes _n_support says nothing: sparse machines of older versions left it as the memory was.
  const auto support = self["support_"].vector<std::int64_t>();
  const std::size_t n_sv = support.size();
  if (n_classes == 0) {
    source.class_sizes.push_back(n_sv);
  } else {
    const auto counts = self["_n_support"].vector<std::int64_t>(n_classes, "_n_support");
    std::size_t total = 0;
    for (const std::int64_t count : counts) {
      require(count >= 0 && count <= std::numeric_limits<std::int32_t>::max(),
              "_n_support is out of range");
      source.class_sizes.push_back(static_cast<std::size_t>(count));
      total += source.class_sizes.back();
    }
    require(total == n_sv, "_n_support does not add up to the support vectors");
  }
  const Dense coef = read_matrix(self["_dual_coef_"], "_dual_coef_");
  // A sparse machine without any support vector stores a (1, 0) matrix whatever its classes.
  const std::size_t coef_rows = n_classes == 0 ? 1 : n_classes - 1;
  require(coef.columns == n_sv && (coef.rows == coef_rows || n_sv == 0),
          "_dual_coef_ must have one column a support vector and one row less than classes");
  source.dual_coef = coef.values;
  const std::size_t pairs = n_classes == 0 ? 1 : n_classes * (n_classes - 1) / 2;
  intercept_ =
      finite_numbers(self["_intercept_"].vector<double>(pairs, "_intercept_"), "_intercept_");
  source.intercept = intercept_;

  std::vector<double> dense;
  std::unique_ptr<SortedCsr> sparse;
  kernels::CsrView view;
  if (source.kernel == SvmKernel::kPrecomputed) {
    require(!sparse_, "a precomputed kernel is never sparse");
    const auto shape = self["shape_fit_"].vector<std::int64_t>();
    require(shape.size() == 2 && shape[0] >= 0, "shape_fit_ must hold two sizes");
    features_.assume(static_cast<std::size_t>(shape[0]));
    for (const std::int64_t i : support) {
      require(i >= 0 && i < shape[0], "support_ points outside the fitted samples");
    }
    source.support = support;
  } else if (self["support_vectors_"].is(Kind::sparse)) {
    require(sparse_, "support_vectors_ is sparse, but the machine is not");
    sparse = std::make_unique<SortedCsr>(self["support_vectors_"].sparse());
    view = sparse->view();
    require(view.n_rows == n_sv, "support_vectors_ must have one row a support vector");
    for (const double v : view.values) require(std::isfinite(v), "support_vectors_ is not finite");
    features_.assume(view.n_cols);
    source.sparse = &view;
  } else {
    Dense vectors = read_matrix(self["support_vectors_"], "support_vectors_");
    require(vectors.rows == n_sv, "support_vectors_ must have one row a support vector");
    features_.assume(vectors.columns);
    dense = std::move(vectors.values);
    source.dense = dense;
  }
  source.dim = features_.count();
  read_probability(self, pairs);
  machine_ = std::make_unique<const kernels::SvmMachine>(source);
}

void LibsvmModel::read_probability(const Attributes& self, std::size_t pairs) {
  if (!self.has("_probA") || !self.has("_probB")) return;
  prob_a_ = self["_probA"].vector<double>();
  prob_b_ = self["_probB"].vector<double>();
  require(prob_a_.size() == prob_b_.size() && (prob_a_.empty() || prob_a_.size() == pairs),
          "_probA and _probB must have one entry for each pair of classes");
}

std::uint64_t LibsvmModel::work_per_row() const {
  return static_cast<std::uint64_t>(std::min(machine_->row_cost(), 1e18)) + 1;
}

LibsvmModel::Rows LibsvmModel::rows(const Input& x) const {
  Rows out;
  if (!x.is_csr()) {
    out.dense = features_.rows<double>(x, estimator_);
    out.count = out.dense.rows();
    return out;
  }
  if (!sparse_) {
    bad_input("cannot use sparse input in '" + std::string(estimator_) + "' trained on dense data",
              "use '.toarray()' to convert to a dense array");
  }
  out.sparse = std::make_unique<const SortedCsr>(features_.csr<double>(x, estimator_));
  out.count = out.sparse->rows();
  return out;
}

void LibsvmModel::decisions(const Rows& rows, std::size_t first, std::size_t n, double* out) const {
  if (rows.sparse) {
    machine_->decisions(rows.sparse->view(), first, n, out);
  } else {
    machine_->decisions(rows.dense.row(first), rows.dense.stride(), n, out);
  }
}

}  // namespace skops_sklearn
