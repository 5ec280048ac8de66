// acme_outliers.MadDetector: how far a row is from the medians, in median absolute deviations.
#include <cmath>
#include <skops/sdk/features.hpp>
#include <skops/sdk/plugin.hpp>

namespace {

using namespace skops::sdk;

class MadDetector final : public Estimator {
 public:
  static constexpr std::string_view type_name = "MadDetector";

  // Reads and checks all that `call` uses: after this, no input may make it fault.
  explicit MadDetector(const Attributes& self)
      : features_(self),
        center_(self["center_"].vector<double>()),
        scale_(self["scale_"].vector<double>(center_.size(), "scale_")),
        threshold_(self["threshold"].real()) {
    features_.assume(center_.size());
    for (const double s : scale_) {
      require(std::isfinite(s) && s > 0, "scale_ holds a number that cannot divide");
    }
    require(std::isfinite(threshold_), "threshold is not finite");
  }

  std::vector<Method> methods() const override {
    return {Method::score_samples, Method::decision_function, Method::predict};
  }
  std::uint64_t work_per_row() const override { return center_.size(); }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    const Matrix<double> rows = features_.rows<double>(x, type_name);
    const std::size_t n = rows.rows();
    if (method == Method::predict) {
      auto* labels = out.array<std::int64_t>({n});
      for (std::size_t i = 0; i < n; ++i) labels[i] = score(rows.row(i)) + threshold_ >= 0 ? 1 : -1;
      return;
    }
    const double shift = method == Method::decision_function ? threshold_ : 0;
    auto* scores = out.array<double>({n});
    for (std::size_t i = 0; i < n; ++i) scores[i] = score(rows.row(i)) + shift;
  }

 private:
  double score(const double* row) const {
    double worst = 0;
    for (std::size_t j = 0; j < center_.size(); ++j) {
      worst = std::max(worst, std::abs(row[j] - center_[j]) / scale_[j]);
    }
    return -worst;
  }

  Features features_;
  std::vector<double> center_, scale_;
  double threshold_;
};

constexpr skops_serializer rows[] = {
    estimator<MadDetector>("acme_outliers", "MadDetector"),
};

}  // namespace

SKOPS_EXPORT_PLUGIN("acme_outliers", rows)
