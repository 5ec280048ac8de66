// sklearn.svm.SVR, NuSVR and OneClassSVM: one decision value a row.
//
// SVR, NuSVR: predict gives it, (n,) float64. OneClassSVM: decision_function gives it,
// score_samples adds offset_, predict is its sign as +1 (above 0) or -1, int64.
#include <algorithm>
#include <cmath>

#include "estimators/svm/libsvm_model.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class SupportVectorRegressor : public Estimator {
 public:
  SupportVectorRegressor(const Attributes& self, std::string_view name) : model_(self, name, 0) {}
  std::vector<Method> methods() const override { return {Method::predict}; }
  std::uint64_t work_per_row() const override { return model_.work_per_row(); }
  void call(Method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    const auto rows = model_.rows(x);
    model_.decisions(rows, 0, rows.count, out.array<double>({rows.count}));
  }

 private:
  LibsvmModel model_;
};

struct SVR final : SupportVectorRegressor {
  static constexpr std::string_view type_name = "SVR";
  explicit SVR(const Attributes& self) : SupportVectorRegressor(self, type_name) {}
};
struct NuSVR final : SupportVectorRegressor {
  static constexpr std::string_view type_name = "NuSVR";
  explicit NuSVR(const Attributes& self) : SupportVectorRegressor(self, type_name) {}
};

class OneClassSVM final : public Estimator {
 public:
  static constexpr std::string_view type_name = "OneClassSVM";

  explicit OneClassSVM(const Attributes& self) : model_(self, type_name, 0) {
    const auto offset = self["offset_"].vector<double>(1, "offset_");
    require(std::isfinite(offset[0]), "offset_ is not finite");
    offset_ = offset[0];
  }
  std::vector<Method> methods() const override {
    return {Method::predict, Method::decision_function, Method::score_samples};
  }
  std::uint64_t work_per_row() const override { return model_.work_per_row(); }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    const auto rows = model_.rows(x);
    if (method == Method::predict) {
      auto* y = out.array<std::int64_t>({rows.count});
      model_.each_block(rows, [&](std::size_t first, std::size_t n, const double* values) {
        for (std::size_t i = 0; i < n; ++i) y[first + i] = values[i] > 0 ? 1 : -1;
      });
      return;
    }
    double* y = out.array<double>({rows.count});
    model_.decisions(rows, 0, rows.count, y);
    if (method != Method::score_samples) return;
    for (std::size_t i = 0; i < rows.count; ++i) y[i] += offset_;
  }

 private:
  LibsvmModel model_;
  double offset_ = 0;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(SVR)
SKOPS_DEFINE(NuSVR)
SKOPS_DEFINE(OneClassSVM)
