// sklearn.feature_extraction.text.TfidfVectorizer: counts, then what its own TfidfTransformer does
// to them, row by row.
#include "estimators/feature_extraction/counting_vectorizer.hpp"
#include "estimators/feature_extraction/tfidf_weights.hpp"
#include "estimators/shared/dtype_parameter.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class TfidfVectorizer final : public Estimator {
 public:
  static constexpr std::string_view type_name = "TfidfVectorizer";

  explicit TfidfVectorizer(const Attributes& self)
      : counting_(self, type_name),
        weights_([tfidf = self["_tfidf"]](const char* name) { return tfidf.get(name); }) {
    require(weights_.width() == 0 || weights_.width() == counting_.n_terms(),
            "vocabulary_ and idf_ do not agree");
    const skops_dtype dtype = read_dtype(self.get("dtype"), dtype_of<double>);
    if (dtype.kind == 'f' && dtype.itemsize == 2) {
      unsupported("half floats are not supported");
    }
    float32_ = dtype.kind == 'f' && dtype.itemsize == 4;
  }

  std::vector<Method> methods() const override {
    return {Method::transform, Method::inverse_transform};
  }
  std::uint64_t work_per_row() const override { return counting_.work_per_document(); }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    if (method == Method::inverse_transform) return counting_.inverse_transform(x, out);
    if (float32_) {
      run<float>(x, out);
    } else {
      run<double>(x, out);
    }
  }

 private:
  template <class T>
  void run(const Input& x, Output& out) const {
    GrowingRows<T> rows;
    counting_.count(x, rows, [&](std::span<T> row, const std::int32_t* columns) {
      weights_.apply(row, columns);
    });
    rows.write(out, counting_.n_terms());
  }

  CountingVectorizer counting_;
  TfidfWeights weights_;
  bool float32_ = false;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(TfidfVectorizer)
