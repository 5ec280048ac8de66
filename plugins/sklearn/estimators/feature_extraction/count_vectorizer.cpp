// sklearn.feature_extraction.text.CountVectorizer: (documents, terms) counts as CSR, columns in
// order, in the dtype of the parameter (int64 by default).
#include "estimators/feature_extraction/counting_vectorizer.hpp"
#include "estimators/shared/dtype_parameter.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class CountVectorizer final : public Estimator {
 public:
  static constexpr std::string_view type_name = "CountVectorizer";

  explicit CountVectorizer(const Attributes& self)
      : counting_(self, type_name), dtype_(read_dtype(self.get("dtype"), dtype_of<std::int64_t>)) {
    if (dtype_.kind == 'O' || (dtype_.kind == 'f' && dtype_.itemsize == 2)) {
      unsupported("counts are not supported as objects or half floats");
    }
  }

  std::vector<Method> methods() const override {
    return {Method::transform, Method::inverse_transform};
  }
  std::uint64_t work_per_row() const override { return counting_.work_per_document(); }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    if (method == Method::inverse_transform) return counting_.inverse_transform(x, out);
    with_type(dtype_, [&](auto sample) {
      using T = decltype(sample);
      if constexpr (std::is_same_v<T, bool>) {
        unsupported("counts are not supported as bools");
      } else {
        GrowingRows<T> rows;
        counting_.count(x, rows, [](auto&&...) {});
        rows.write(out, counting_.n_terms());
      }
    });
  }

 private:
  CountingVectorizer counting_;
  skops_dtype dtype_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(CountVectorizer)
