// sklearn.preprocessing.Normalizer: each row divided by its norm (l1, l2 or max).
//
// Dense rows with a norm below ten units of rounding are left as they are, sparse rows with a norm
// of zero; this is where scikit-learn itself differs.
#include <cmath>

#include "define.hpp"
#include "estimators/shared/csr_like.hpp"
#include "estimators/shared/numeric_input.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class Normalizer final : public Estimator {
 public:
  static constexpr std::string_view type_name = "Normalizer";

  explicit Normalizer(const Attributes& self) : features_(self) {
    const std::string norm = self.text("norm", "l2");
    require(norm == "l1" || norm == "l2" || norm == "max", "norm is not one of 'l1', 'l2', 'max'");
    norm_ = norm == "l1" ? Norm::l1 : norm == "l2" ? Norm::l2 : Norm::max;
  }

  std::vector<Method> methods() const override { return {Method::transform}; }

  void call(Method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    features_.check(x, type_name);
    if (x.is_float32())
      run<float>(x, out);
    else
      run<double>(x, out);
  }

 private:
  enum class Norm { l1, l2, max };

  template <class T>
  double norm(const T* row, std::size_t n) const {
    double sum = 0;
    for (std::size_t j = 0; j < n; ++j) {
      const double value = static_cast<double>(row[j]);
      if (norm_ == Norm::l2)
        sum += value * value;
      else if (norm_ == Norm::l1)
        sum += std::fabs(value);
      else
        sum = std::max(sum, std::fabs(value));
    }
    return norm_ == Norm::l2 ? std::sqrt(sum) : sum;
  }

  template <class T>
  void run(const Input& x, Output& out) const {
    if (x.is_csr()) return sparse<T>(x, out);
    const auto rows = finite_rows<T>(x, type_name);
    const std::size_t n = rows.rows(), d = rows.columns();
    T* y = out.array<T>({n, d});
    for (std::size_t i = 0; i < n; ++i) {
      const T* row = rows.row(i);
      T size = static_cast<T>(norm(row, d));
      if (size < 10 * std::numeric_limits<T>::epsilon()) size = 1;
      for (std::size_t j = 0; j < d; ++j) y[i * d + j] = row[j] / size;
    }
  }

  template <class T>
  void sparse(const Input& x, Output& out) const {
    const auto rows = finite_csr<T>(x, type_name);
    const auto y = csr_like<T>(rows, out);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const auto begin = static_cast<std::size_t>(rows.indptr()[i]);
      const auto end = static_cast<std::size_t>(rows.indptr()[i + 1]);
      const double size = norm(rows.data() + begin, end - begin);
      for (std::size_t k = begin; k < end; ++k) {
        const T value = rows.data()[k];
        y.data[k] = size == 0 ? value : static_cast<T>(static_cast<double>(value) / size);
      }
    }
  }

  Features features_;
  Norm norm_ = Norm::l2;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(Normalizer)
