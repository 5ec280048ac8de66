// sklearn.preprocessing.Binarizer: 1 above the threshold, else 0; sparse matrices stay sparse.
#include "define.hpp"
#include "estimators/preprocessing/binarize.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class Binarizer final : public Estimator {
 public:
  static constexpr std::string_view type_name = "Binarizer";

  explicit Binarizer(const Attributes& self)
      : features_(self), threshold_(self["threshold"].real()) {}

  std::vector<Method> methods() const override { return {Method::transform}; }

  void call(Method, const Input& x, const Options& options, Output& out) const override {
    options.only({"copy"});
    features_.check(x, type_name);
    binarize(x, threshold_, type_name, out);
  }

 private:
  Features features_;
  double threshold_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(Binarizer)
