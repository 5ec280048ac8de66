// sklearn.naive_bayes.GaussianNB: log prior - ½ Σ log(2π var) - ½ Σ (x - theta)² / var.
//
// Where a variance is tiny the sums reach 1e9 and more and their last bits decide the
// probabilities, so rounding and order of summation are NumPy's.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "estimators/naive_bayes/naive_bayes.hpp"
#include "linalg/kernels.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class GaussianNB final : public NaiveBayes {
 public:
  static constexpr std::string_view type_name = "GaussianNB";

  explicit GaussianNB(const Attributes& self) : NaiveBayes(self, type_name) {
    const StoredMatrix theta = read_matrix(self["theta_"], "theta_");
    const StoredMatrix var = read_matrix(self["var_"], "var_");
    const Value stored_prior = self["class_prior_"];
    require(stored_prior.is(Kind::array) && stored_prior.array().size() == labels_.size(),
            "class_prior_ must have one element per class");
    const StoredVector prior = read_vector(stored_prior, labels_.size(), "class_prior_");
    features_.assume(theta.columns);
    require(!theta.one_dimensional && theta.rows == labels_.size(),
            "theta_ must have one row per class");
    require(!var.one_dimensional && var.rows == theta.rows && var.columns == theta.columns,
            "var_ must have the shape of theta_");
    float32_ = theta.float32 && var.float32;
    padded_ = (theta.columns + 7) / 8 * 8;
    theta_.assign(theta.rows * padded_, 0.0);
    var_.assign(theta.rows * padded_, 1.0);
    for (std::size_t k = 0; k < theta.rows; ++k) {
      std::copy_n(&theta.values[k * theta.columns], theta.columns, &theta_[k * padded_]);
      std::copy_n(&var.values[k * theta.columns], theta.columns, &var_[k * padded_]);
    }
    for (const double v : var_) reciprocal_.push_back(1.0 / v);
    for (std::size_t k = 0; k < theta.rows; ++k) {
      double sum = 0;
      for (std::size_t j = 0; j < theta.columns; ++j)
        sum += std::log(2.0 * std::numbers::pi * var.values[k * theta.columns + j]);
      constant_.push_back(-0.5 * sum);
      log_prior_.push_back(std::log(prior.values[k]));
    }
  }

  std::uint64_t work_per_row() const override { return 3 * theta_.size(); }

 protected:
  bool single(const Input& x) const override { return float32_ && within_float32(x); }

  void likelihood(const Input& x, double* y) const override { sums(x, y); }
  void likelihood(const Input& x, float* y) const override {
    std::vector<double> wide(x.rows() * labels_.size());
    sums(x, wide.data());
    for (std::size_t i = 0; i < wide.size(); ++i) y[i] = static_cast<float>(wide[i]);
  }

 private:
  void sums(const Input& x, double* y) const {
    if (x.is_csr()) {
      bad_input("Sparse data was passed, but dense data is required",
                "use '.toarray()' to convert to a dense array");
    }
    const std::size_t m = labels_.size();
    const linalg::Kernels& kernels = linalg::best_kernels();
    bool finite = true;
    for_tiles<double>(
        x, [&](const double* rows, std::size_t count, std::size_t stride, std::size_t first) {
          double* to = y + first * m;
          kernels.scaled_square_sums(rows, count, stride, features_.count(), theta_.data(),
                                     var_.data(), reciprocal_.data(), padded_, m, to);
          for (std::size_t i = 0; i < count; ++i)
            for (std::size_t k = 0; k < m; ++k)
              to[i * m + k] = log_prior_[k] + (constant_[k] - 0.5 * to[i * m + k]);
          finite = finite && linalg::all_finite(to, count * m);
        });
    if (!finite) refuse_non_finite<double>(x, type_name);
  }

  bool float32_ = false;
  std::size_t padded_ = 0;  // columns of theta_ and var_
  std::vector<double> theta_, var_, reciprocal_, constant_, log_prior_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(GaussianNB)
