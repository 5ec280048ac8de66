// sklearn.preprocessing.LabelEncoder: labels to their index among classes_ (int64), and back.
#include "define.hpp"
#include "estimators/preprocessing/label_input.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class LabelEncoder final : public Estimator {
 public:
  static constexpr std::string_view type_name = "LabelEncoder";

  explicit LabelEncoder(const Attributes& self)
      : labels_(self["classes_"]), classes_(self["classes_"]) {}

  std::vector<Method> methods() const override {
    return {Method::transform, Method::inverse_transform};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    with_labels(x, [&](const ArrayView& y) {
      if (y.extent(0) == 0) {
        out.array<double>({0});
      } else if (method == Method::transform) {
        transform(y, out);
      } else {
        inverse(y, out);
      }
    });
  }

 private:
  void transform(const ArrayView& y, Output& out) const {
    const std::size_t n = y.extent(0);
    std::vector<std::int32_t> codes(n);
    classes_.encode(y, codes.data(), 1);
    auto* to = out.array<std::int64_t>({n});
    for (std::size_t i = 0; i < n; ++i) {
      if (codes[i] == kNoCategory) {
        std::string arena;
        bad_input("y contains previously unseen labels: [" + repr(cell_at(y, y.at(i), arena)) +
                  "]");
      }
      to[i] = codes[i];
    }
  }

  void inverse(const ArrayView& y, Output& out) const {
    if (y.kind() != 'i' && y.kind() != 'u') bad_input("y must hold integers");
    const auto codes = y.to_vector<std::int64_t>();
    for (const std::int64_t code : codes) {
      if (code < 0 || static_cast<std::uint64_t>(code) >= labels_.size()) {
        bad_input("y contains previously unseen labels: [" + std::to_string(code) + "]");
      }
    }
    labels_.write(out, std::span<const std::int64_t>(codes));
  }

  Labels labels_;
  CategoryColumn classes_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(LabelEncoder)
