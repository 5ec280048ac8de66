// sklearn.pipeline.FeatureUnion: the results of several transformers side by side.
#include <deque>

#include "define.hpp"
#include "meta/stack.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class FeatureUnion final : public Estimator {
 public:
  static constexpr std::string_view type_name = "FeatureUnion";

  explicit FeatureUnion(const Attributes& self) {
    const Value list = self["transformer_list"], weights = self.get("transformer_weights");
    for (std::size_t k = 0, n = list.size(); k < n; ++k) {
      const Value pair = list.item(k), step = pair.item(1);
      Part part;
      if (step.is_string()) {
        const std::string text = step.text();
        if (text == "drop") continue;
        require(text == "passthrough", "a transformer is neither an object nor 'drop'");
      } else if (!step.is_none()) {
        part.transformer = EstimatorRef(step);
        if (!part.transformer.has(Method::transform)) {
          unsupported("'" + pair.item(0).text() + "' has no native 'transform'");
        }
      } else {
        continue;
      }
      if (!weights.is_none()) {
        if (const Value w = weights.find(pair.item(0).text()); !w.is_none()) part.weight = w.real();
      }
      parts_.push_back(part);
    }
  }

  std::vector<Method> methods() const override { return {Method::transform}; }

  void call(Method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    std::deque<Captured> results;
    std::vector<meta::Piece> pieces;
    bool sparse = false;
    for (const Part& part : parts_) {
      Input piece = x;
      if (part.transformer) {
        part.transformer.call(Method::transform, x, options, results.emplace_back());
        piece = results.back().input();
      }
      sparse |= piece.is_csr();
      pieces.push_back({piece, part.weight});
    }
    meta::stack(pieces, x.rows(), sparse, out);
  }

  std::uint64_t work_per_row() const override {
    std::uint64_t work = 1;
    for (const Part& part : parts_) {
      if (!part.transformer) continue;
      if (__builtin_add_overflow(work, part.transformer.work_per_row(), &work)) return UINT64_MAX;
    }
    return work;
  }

 private:
  struct Part {
    EstimatorRef transformer;  // none: the input as it is
    std::optional<double> weight;
  };
  std::vector<Part> parts_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(FeatureUnion)
