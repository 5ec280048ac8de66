// sklearn.linear_model.RidgeClassifier: labels by sign or largest score, or a 0/1 matrix for
// multi-label targets.
//
// classes_ is an attribute since 1.9; before, it is the fitted LabelBinarizer's, which also knows
// whether the targets were multi-label.
#include "estimators/linear_model/linear_classifier.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class RidgeClassifier final : public LinearClassifierBase {
 public:
  static constexpr std::string_view type_name = "RidgeClassifier";

  explicit RidgeClassifier(const Attributes& self)
      : LinearClassifierBase(self, classes_of(self), type_name, Probability::none,
                             is_multilabel(self)) {}

 private:
  static Value classes_of(const Attributes& self) {
    const Value classes = self.get("classes_");
    return classes.is_none() ? self["_label_binarizer"]["classes_"] : classes;
  }
  static bool is_multilabel(const Attributes& self) {
    const Value binarizer = self.get("_label_binarizer");
    if (binarizer.is_none()) return false;
    const Value type = binarizer.get("y_type_");
    return !type.is_none() && type.text().starts_with("multilabel");
  }
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(RidgeClassifier)
