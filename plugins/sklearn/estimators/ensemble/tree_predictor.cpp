// sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor by itself: one histogram tree of
// a boosting model. Its estimator reads the records in its own way; here they are only checked, for
// hosts that build the real object, whose compiled code walks them unchecked.
#include <limits>

#include "define.hpp"
#include "estimators/tree/fitted_tree.hpp"
#include "trees/check.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

std::size_t bitset_rows(const Value& array) {
  const ArrayView a = array.array();
  require(a.ndim() == 2 && a.is<std::uint32_t>() && a.extent(1) == 8,
          "the bitsets of a histogram tree must be uint32 of shape (k, 8)");
  return a.extent(0);
}

class TreePredictor final : public Estimator {
 public:
  static constexpr std::string_view type_name = "TreePredictor";

  explicit TreePredictor(const Attributes& self) {
    std::vector<trees::Field> fields;
    const trees::RecordArray array = record_array(self["nodes"].array(), fields);
    check(self.node().loading().host->charge(self.node().loading().context, array.count * 4));
    std::size_t bitsets = 0;
    if (const Value raw = self.get("raw_left_cat_bitsets"); !raw.is_none()) {
      bitsets = bitset_rows(raw);
      require(bitset_rows(self["binned_left_cat_bitsets"]) == bitsets,
              "the two kinds of bitsets of a histogram tree differ in number");
    }
    // How many features there are is known to the estimator alone.
    constexpr auto any = std::numeric_limits<std::uint32_t>::max();
    checked([&] { return trees::check_predictor(trees::PredictorRecords(array), any, bitsets); });
  }

  std::vector<Method> methods() const override { return {}; }
  void call(Method, const Input&, const Options&, Output&) const override {}
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(TreePredictor)
