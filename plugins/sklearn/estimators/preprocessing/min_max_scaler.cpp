// sklearn.preprocessing.MinMaxScaler: X scale_ + min_, kept within feature_range if clip.
#include "define.hpp"
#include "estimators/preprocessing/column_scaling.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class MinMaxScaler final : public Estimator {
 public:
  static constexpr std::string_view type_name = "MinMaxScaler";

  explicit MinMaxScaler(const Attributes& self) : features_(self) {
    auto shift = feature_vector(self, "min_", features_);
    auto scale = feature_vector(self, "scale_", features_);
    require(!shift.empty() && shift.size() == scale.size(), "min_ or scale_ is missing");
    clip_ = self.boolean("clip", false);
    if (clip_) {
      const auto range = self["feature_range"].vector<double>(2, "feature_range");
      low_ = range[0];
      high_ = range[1];
      require(low_ < high_, "feature_range must increase");
    }
    scaling_ = ColumnScaling(std::move(shift), std::move(scale));
  }

  std::vector<Method> methods() const override {
    return {Method::transform, Method::inverse_transform};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    if (method == Method::transform)
      features_.check(x, type_name);
    else
      check_width(x, features_.count(), type_name);
    if (x.is_float32())
      run<float>(method, x, out);
    else
      run<double>(method, x, out);
  }

 private:
  template <class T>
  void run(Method method, const Input& x, Output& out) const {
    using Order = ColumnScaling::Order;
    const auto rows = finite_rows<T>(x, type_name, Finite::allow_nan);
    T* y = out.array<T>({rows.rows(), rows.columns()});
    if (method == Method::inverse_transform) {
      return scaling_.dense(Order::divide, rows, y, [](T*, std::size_t) {});
    }
    const T low = static_cast<T>(low_), high = static_cast<T>(high_);
    scaling_.dense(Order::multiply, rows, y, [&](T* row, std::size_t d) {
      // NaN stays NaN.
      for (std::size_t j = 0; clip_ && j < d; ++j) {
        row[j] = row[j] < low ? low : row[j] > high ? high : row[j];
      }
    });
  }

  Features features_;
  ColumnScaling scaling_;
  bool clip_ = false;
  double low_ = 0, high_ = 1;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(MinMaxScaler)
