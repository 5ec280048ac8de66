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
    using Order = ColumnScaling::Order;
    if (method == Method::inverse_transform) {
      check_width(x, features_.count(), type_name);
      return scaling_.apply(Order::divide, x, type_name, out);
    }
    features_.check(x, type_name);
    if (x.is_csr()) {
      bad_input("Sparse data was passed, but dense data is required",
                "use '.toarray()' to convert to a dense array");
    }
    scaling_.apply(Order::multiply, x, type_name, out, [&]<class T>(T* row, std::size_t d) {
      const T low = static_cast<T>(low_), high = static_cast<T>(high_);
      // NaN stays NaN.
      for (std::size_t j = 0; clip_ && j < d; ++j) {
        row[j] = row[j] < low ? low : row[j] > high ? high : row[j];
      }
    });
  }

 private:
  Features features_;
  ColumnScaling scaling_;
  bool clip_ = false;
  double low_ = 0, high_ = 1;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(MinMaxScaler)
