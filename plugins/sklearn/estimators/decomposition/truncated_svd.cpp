// sklearn.decomposition.TruncatedSVD: X components_ᵀ and back; dense results, dense and CSR input.
#include "define.hpp"
#include "estimators/decomposition/projection.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class TruncatedSVD final : public Estimator {
 public:
  static constexpr std::string_view type_name = "TruncatedSVD";

  explicit TruncatedSVD(const Attributes& self) : features_(self) {
    const StoredMatrix components = read_matrix(self["components_"], "components_");
    require(!components.one_dimensional, "components_ must be a matrix");
    features_.assume(components.columns);
    forward_ = LinearFunction(components, {});
    backward_ = LinearFunction(transposed(components), {});
  }

  std::vector<Method> methods() const override {
    return {Method::transform, Method::inverse_transform};
  }
  std::uint64_t work_per_row() const override { return forward_.inputs() * forward_.outputs(); }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    if (method == Method::transform) {
      features_.check(x, type_name);
      project(forward_, x, type_name, forward_.single(x), out);
    } else {
      check_width(x, backward_.inputs(), type_name);
      project(backward_, x, type_name, backward_.single(x), out);
    }
  }

 private:
  Features features_;
  LinearFunction forward_, backward_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(TruncatedSVD)
