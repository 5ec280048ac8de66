// sklearn.feature_extraction.text.TfidfTransformer: rows of counts to weighted, normalised rows, as
// CSR. float32 stays float32, everything else becomes float64; dense input loses its zeros.
#include "define.hpp"
#include "estimators/feature_extraction/document_analyzer.hpp"
#include "estimators/feature_extraction/tfidf_weights.hpp"
#include "estimators/shared/csr_like.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class TfidfTransformer final : public Estimator {
 public:
  static constexpr std::string_view type_name = "TfidfTransformer";

  explicit TfidfTransformer(const Attributes& self)
      : features_(self), weights_([&](const char* name) { return self.get(name); }) {
    if (weights_.width() != 0) features_.assume(weights_.width());
  }

  std::vector<Method> methods() const override { return {Method::transform}; }

  void call(Method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    if (x.is_float32()) {
      run<float>(x, out);
    } else {
      run<double>(x, out);
    }
  }

 private:
  template <class T>
  void run(const Input& x, Output& out) const {
    if (x.is_csr()) {
      const auto in = features_.csr<T>(x, type_name);
      const auto y = csr_like<T>(in, out);
      std::copy_n(in.data(), in.nnz(), y.data);
      for (std::size_t i = 0; i < in.rows(); ++i) {
        const auto begin = static_cast<std::size_t>(in.indptr()[i]);
        const auto end = static_cast<std::size_t>(in.indptr()[i + 1]);
        weights_.apply(std::span<T>(y.data + begin, end - begin), y.indices + begin);
      }
      return;
    }
    const auto in = features_.rows<T>(x, type_name);
    GrowingRows<T> rows;
    for (std::size_t i = 0; i < in.rows(); ++i) {
      const std::size_t begin = rows.data.size();
      for (std::size_t j = 0; j < in.columns(); ++j) {
        if (in(i, j) == T(0)) continue;
        rows.columns.push_back(static_cast<std::int32_t>(j));
        rows.data.push_back(in(i, j));
      }
      weights_.apply(std::span<T>(rows.data).subspan(begin), rows.columns.data() + begin);
      rows.end_row();
    }
    rows.write(out, in.columns());
  }

  Features features_;
  TfidfWeights weights_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(TfidfTransformer)
