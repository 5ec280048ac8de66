// sklearn.neural_network.MLPRegressor: (rows,) for one output, (rows, outputs) for more.
#include "estimators/neural_network/multilayer_perceptron.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class MLPRegressor final : public Estimator {
 public:
  static constexpr std::string_view type_name = "MLPRegressor";

  explicit MLPRegressor(const Attributes& self) : features_(self), network_(self, features_) {}

  std::vector<Method> methods() const override { return {Method::predict}; }
  std::uint64_t work_per_row() const override { return network_.work_per_row(); }

  void call(Method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    features_.check(x, type_name);
    const auto run = [&]<class T>(T) {
      const std::size_t n = x.rows(), m = network_.outputs();
      network_.forward(x, type_name, m == 1 ? out.array<T>({n}) : out.array<T>({n, m}));
    };
    if (network_.single(x))
      run(float{});
    else
      run(double{});
  }

 private:
  Features features_;
  MultilayerPerceptron network_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(MLPRegressor)
