// sklearn.feature_extraction.text.HashingVectorizer: the column of a term is its MurmurHash3 modulo
// n_features, its sign that of the hash. Entries whose signs cancel stay, as explicit zeros.
#include "estimators/feature_extraction/document_analyzer.hpp"
#include "estimators/feature_extraction/text_input.hpp"
#include "estimators/shared/dtype_parameter.hpp"
#include "text/murmur_hash.hpp"
#include "text/weighting.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class HashSink final : public text::TermSink {
 public:
  HashSink(text::RowCounter& counter, std::uint32_t columns, bool alternate)
      : counter_(counter), columns_(columns), alternate_(alternate) {}
  void take(const char* text, std::span<const text::Term> terms) override {
    for (const text::Term& term : terms) {
      const std::int32_t hash = text::murmur_hash({text + term.begin, term.size});
      counter_.add(text::hashed_column(hash, columns_), alternate_ && hash < 0 ? -1 : 1);
    }
  }

 private:
  text::RowCounter& counter_;
  std::uint32_t columns_;
  bool alternate_;
};

class HashingVectorizer final : public Estimator {
 public:
  static constexpr std::string_view type_name = "HashingVectorizer";

  explicit HashingVectorizer(const Attributes& self) {
    const Value n = self.get("n_features");
    const std::int64_t columns = n.is_none() ? std::int64_t{1} << 20 : n.integer();
    require(columns >= 1 && columns <= INT32_MAX, "n_features is out of range");
    columns_ = static_cast<std::uint32_t>(columns);
    alternate_ = self.boolean("alternate_sign", true);
    binary_ = self.boolean("binary", false);
    if (!self.has("norm")) {
      norm_ = text::Norm::l2;
    } else if (const Value norm = self.get("norm"); !norm.is_none()) {
      const std::string name = norm.text();
      require(name == "l1" || name == "l2", "norm is not one of 'l1', 'l2', None");
      norm_ = name == "l1" ? text::Norm::l1 : text::Norm::l2;
    }
    dtype_ = read_dtype(self.get("dtype"), dtype_of<double>);
    if (dtype_.kind != 'f' || dtype_.itemsize == 2) {
      // Integers are normalised as float64 by scikit-learn, and stay integers without a norm.
      if (dtype_.kind != 'i' || norm_ != text::Norm::none) {
        unsupported("hashing into this dtype is not supported", "use float64 or float32");
      }
    }
    const auto options = read_analyzer_options(self);
    try {
      analyzer_ = std::make_unique<const text::Analyzer>(options);
    } catch (const text::PatternError& error) {
      unsupported(std::string("token_pattern '") + options.token_pattern +
                      "' is not supported: " + error.what(),
                  "use a pattern without look-around, back references and flags");
    }
  }

  std::vector<Method> methods() const override { return {Method::transform}; }
  std::uint64_t work_per_row() const override { return 1000; }

  void call(Method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    with_type(dtype_, [&](auto sample) {
      using T = decltype(sample);
      if constexpr (std::is_floating_point_v<T> || (std::is_signed_v<T> && sizeof(T) >= 4)) {
        run<T>(x, out);
      } else {
        unsupported("hashing into this dtype is not supported");
      }
    });
  }

 private:
  template <class T>
  void run(const Input& x, Output& out) const {
    GrowingRows<T> rows;
    ScratchPool::Lease lease(pool_);
    auto& scratch = *lease;
    scratch.counter.resize(columns_);
    rows.ends.reserve(x.rows());
    for_documents(x, type_name, [&](std::string_view document) {
      HashSink sink(scratch.counter, columns_, alternate_);
      analyze(*analyzer_, document, scratch.analyzer, sink);
      const std::size_t begin = rows.data.size();
      scratch.counter.drain([&](std::uint32_t column, std::int32_t count) {
        rows.columns.push_back(static_cast<std::int32_t>(column));
        rows.data.push_back(static_cast<T>(binary_ ? 1 : count));
      });
      if constexpr (std::is_floating_point_v<T>) {
        text::normalize(std::span<T>(rows.data).subspan(begin), norm_);
      }
      rows.end_row();
    });
    lease.done();
    rows.write(out, columns_);
  }

  std::uint32_t columns_ = 0;
  bool alternate_ = true, binary_ = false;
  text::Norm norm_ = text::Norm::none;
  skops_dtype dtype_{};
  std::unique_ptr<const text::Analyzer> analyzer_;
  mutable ScratchPool pool_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(HashingVectorizer)
