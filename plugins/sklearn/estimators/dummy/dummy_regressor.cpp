// sklearn.dummy.DummyRegressor: the mean, median or quantile of the targets it was fitted on, or a
// constant, whatever it is asked.
#include "define.hpp"
#include "estimators/dummy/constant_response.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class DummyRegressor final : public Estimator {
 public:
  static constexpr std::string_view type_name = "DummyRegressor";

  explicit DummyRegressor(const Attributes& self) {
    const Value constant = self["constant_"];
    const std::int64_t outputs = self["n_outputs_"].integer();
    require(outputs >= 1, "n_outputs_ must be at least 1");
    numbers_ =
        constant.is_number() ? std::vector<double>{constant.real()} : constant.vector<double>();
    require(numbers_.size() == static_cast<std::uint64_t>(outputs),
            "constant_ must have n_outputs_ elements");
    // The dtype of an answer is that of the constant.
    if (constant.is(Kind::integer)) {
      integers_ = {constant.integer()};
    } else if (constant.is(Kind::array)) {
      const ArrayView a = constant.array();
      float32_ = a.is<float>();
      if (a.is<std::int64_t>()) integers_ = a.to_vector<std::int64_t>();
      require(a.is<double>() || float32_ || a.is<std::int64_t>(),
              "constant_ must hold float64, float32 or int64");
    }
  }

  std::vector<Method> methods() const override { return {Method::predict}; }

  void call(Method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    if (!integers_.empty()) return fill<std::int64_t>(integers_, x.rows(), out);
    if (float32_) return fill<float>(numbers_, x.rows(), out);
    fill<double>(numbers_, x.rows(), out);
  }

  std::uint64_t work_per_row() const override { return numbers_.size(); }
  const void* part(std::string_view name) const override {
    return name == "constant response" ? &numbers_ : nullptr;
  }

 private:
  template <class T, class Stored>
  static void fill(const std::vector<Stored>& row, std::size_t n, Output& out) {
    const std::size_t d = row.size();
    T* y = d == 1 ? out.array<T>({n}) : out.array<T>({n, d});
    for (std::size_t k = 0; k < n * d; ++k) y[k] = static_cast<T>(row[k % d]);
  }

  std::vector<double> numbers_;
  std::vector<std::int64_t> integers_;  // where the answer is of integers
  bool float32_ = false;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(DummyRegressor)
