// sklearn.naive_bayes.BernoulliNB: Σ log p over the features that are there plus Σ log(1 - p) over
// those that are not, plus the class's log prior; dense and CSR.
//
// With n = log(1 - p) this is X (log p - n)ᵀ + Σ n: a linear function of X, which is binarized
// first unless `binarize` is None.
#include <cmath>
#include <optional>

#include "estimators/linear_model/linear_function.hpp"
#include "estimators/naive_bayes/naive_bayes.hpp"
#include "estimators/preprocessing/binarize.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class BernoulliNB final : public NaiveBayes {
 public:
  static constexpr std::string_view type_name = "BernoulliNB";

  explicit BernoulliNB(const Attributes& self) : NaiveBayes(self, type_name) {
    StoredMatrix log_prob = read_matrix(self["feature_log_prob_"], "feature_log_prob_");
    features_.assume(log_prob.columns);
    require(!log_prob.one_dimensional && log_prob.rows == labels_.size(),
            "feature_log_prob_ must have one row per class");
    const Value prior = self["class_log_prior_"];
    require(prior.is(Kind::array) && prior.array().size() == labels_.size(),
            "class_log_prior_ must have one element per class");
    StoredVector bias = read_vector(prior, labels_.size(), "class_log_prior_");
    for (std::size_t k = 0; k < log_prob.rows; ++k) {
      double absent = 0;
      for (std::size_t j = 0; j < log_prob.columns; ++j) {
        double& present = log_prob.values[k * log_prob.columns + j];
        const double without = std::log(1 - std::exp(present));
        present -= without;
        absent += without;
      }
      bias.values[k] += absent;
    }
    function_ = LinearFunction(log_prob, bias);
    const Value threshold = self.get("binarize");
    if (!threshold.is_none()) threshold_ = threshold.real();
  }

  std::uint64_t work_per_row() const override { return function_.inputs() * function_.outputs(); }

 protected:
  bool single(const Input& x) const override { return function_.single(x); }
  void likelihood(const Input& x, double* y) const override { run(x, y); }
  void likelihood(const Input& x, float* y) const override { run(x, y); }

 private:
  template <class T>
  void run(const Input& x, T* y) const {
    if (!threshold_) return function_.apply(x, type_name, y);
    Captured binary;
    binary.fill([&](Output& out) { binarize(x, *threshold_, type_name, out); });
    function_.apply(binary.input(), type_name, y);
  }

  LinearFunction function_;
  std::optional<double> threshold_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(BernoulliNB)
