// sklearn.preprocessing.OrdinalEncoder: the number of each value's category, and back.
#include <cmath>
#include <optional>

#include "estimators/preprocessing/feature_encoder.hpp"
#include "estimators/shared/check_width.hpp"
#include "estimators/shared/dtype_parameter.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class OrdinalEncoder final : public Estimator {
 public:
  static constexpr std::string_view type_name = "OrdinalEncoder";

  explicit OrdinalEncoder(const Attributes& self) : encoder_(self, type_name, true) {
    const std::string unknown = self.text("handle_unknown", "error");
    require(unknown == "error" || unknown == "use_encoded_value",
            "handle_unknown is not one of 'error', 'use_encoded_value'");
    refuse_unknown_ = unknown == "error";
    dtype_ = read_dtype(self.get("dtype"), dtype_of<double>);
    if (dtype_.kind == 'O' || dtype_.kind == 'b' || (dtype_.kind == 'f' && dtype_.itemsize == 2)) {
      unsupported("codes as objects, bools or half floats are not supported");
    }
    if (!refuse_unknown_) unknown_ = self["unknown_value"].real();
    if (const Value missing = self.get("encoded_missing_value"); !missing.is_none()) {
      missing_ = missing.real();
    }
    bool any_nan = false;
    std::size_t largest = 0;
    for (std::size_t j = 0; j < encoder_.n_features(); ++j) {
      any_nan |= encoder_.feature(j).categories.nan_index() != kNoCategory;
      largest = std::max(largest, encoder_.feature(j).categories.size());
    }
    with_type(dtype_, [&](auto sample) {
      decltype(sample) code{};
      require(refuse_unknown_ || convert(unknown_, code), "dtype cannot hold unknown_value");
      require(!any_nan || convert(missing_, code), "dtype cannot hold encoded_missing_value");
      require(convert(static_cast<std::int64_t>(largest), code), "dtype cannot hold the codes");
    });
  }

  std::vector<Method> methods() const override {
    return {Method::transform, Method::inverse_transform};
  }
  std::uint64_t work_per_row() const override { return 10 * encoder_.n_features() + 1; }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    if (method == Method::inverse_transform) return inverse(x, out);
    with_type(dtype_, [&](auto sample) { transform<decltype(sample)>(x, out); });
  }

 private:
  template <class T>
  void transform(const Input& x, Output& out) const {
    const std::vector<std::int32_t> codes = encoder_.encode(x, refuse_unknown_);
    const std::size_t n = x.rows(), d = encoder_.n_features();
    T* const y = out.array<T>({n, d});
    T unknown{}, missing{};
    if (!refuse_unknown_) convert(unknown_, unknown);
    convert(missing_, missing);
    for (std::size_t j = 0; j < d; ++j) {
      const EncodedFeature& feature = encoder_.feature(j);
      const std::int32_t nan = feature.categories.nan_index();
      for (std::size_t k = j; k < n * d; k += d) {
        const std::int32_t code = codes[k];
        y[k] = code == kNoCategory ? unknown
               : code == nan       ? missing
                             : static_cast<T>(feature.grouping[static_cast<std::size_t>(code)]);
      }
    }
  }

  static bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

  // The category of a code, size() for the infrequent one, kNoCategory for an unknown value.
  std::int32_t invert(std::size_t j, double label, const std::vector<std::int32_t>& kept) const {
    const EncodedFeature& feature = encoder_.feature(j);
    const auto n = static_cast<std::int32_t>(feature.categories.size());
    const std::int32_t nan = feature.categories.nan_index();
    if (nan != kNoCategory && same(label, missing_)) label = nan;
    if (feature.grouped &&
        label == static_cast<double>(n) - static_cast<double>(feature.n_infrequent)) {
      return n;
    }
    if (!refuse_unknown_ && same(label, unknown_)) return kNoCategory;
    const double size = static_cast<double>(kept.size());
    double index = std::trunc(label);
    if (index < 0) index += size;  // counted from the end, as NumPy does
    if (!(index >= 0 && index < size)) {
      bad_input("a code of column " + std::to_string(j) + " is out of bounds for " +
                std::to_string(kept.size()) + " categories");
    }
    return kept[static_cast<std::size_t>(index)];
  }

  void inverse(const Input& x, Output& out) const {
    check_width(x, encoder_.n_features(), type_name);
    const auto rows = to_matrix<double>(x);
    check_finite(rows, Finite::allow_nan, type_name);
    const std::size_t n = rows.rows(), d = encoder_.n_features();
    std::vector<std::int32_t> chosen(n * d);
    std::vector<skops_dtype> dtypes;
    bool as_objects = !refuse_unknown_;
    for (std::size_t j = 0; j < d; ++j) {
      const EncodedFeature& feature = encoder_.feature(j);
      dtypes.push_back(feature.categories.dtype());
      as_objects |= feature.grouped;
      std::vector<std::int32_t> kept;
      for (std::size_t k = 0; k < feature.categories.size(); ++k) {
        if (!feature.grouped || !feature.infrequent[k])
          kept.push_back(static_cast<std::int32_t>(k));
      }
      for (std::size_t i = 0; i < n; ++i) chosen[i * d + j] = invert(j, rows(i, j), kept);
    }
    encoder_.write_values(chosen, n, result_type(dtypes), as_objects, out);
  }

  FeatureEncoder encoder_;
  bool refuse_unknown_ = true;
  double unknown_ = 0, missing_ = std::nan("");
  skops_dtype dtype_{};
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(OrdinalEncoder)
