// sklearn.naive_bayes.MultinomialNB: X feature_log_prob_ᵀ + class_log_prior_, dense and CSR.
#include "estimators/linear_model/linear_function.hpp"
#include "estimators/naive_bayes/naive_bayes.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class MultinomialNB final : public NaiveBayes {
 public:
  static constexpr std::string_view type_name = "MultinomialNB";

  explicit MultinomialNB(const Attributes& self) : NaiveBayes(self, type_name) {
    const StoredMatrix log_prob = read_matrix(self["feature_log_prob_"], "feature_log_prob_");
    features_.assume(log_prob.columns);
    require(!log_prob.one_dimensional && log_prob.rows == labels_.size(),
            "feature_log_prob_ must have one row per class");
    const Value prior = self["class_log_prior_"];
    require(prior.is(Kind::array) && prior.array().size() == labels_.size(),
            "class_log_prior_ must have one element per class");
    function_ = LinearFunction(log_prob, read_vector(prior, labels_.size(), "class_log_prior_"));
  }

  std::uint64_t work_per_row() const override { return function_.inputs() * function_.outputs(); }

 protected:
  bool single(const Input& x) const override { return function_.single(x); }
  void likelihood(const Input& x, double* y) const override { function_.apply(x, type_name, y); }
  void likelihood(const Input& x, float* y) const override { function_.apply(x, type_name, y); }

 private:
  LinearFunction function_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(MultinomialNB)
