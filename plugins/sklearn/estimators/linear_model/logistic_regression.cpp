// sklearn.linear_model.LogisticRegression: softmax of the scores, or one-versus-rest.
//
// Up to 1.8 the parameter multi_class decides: "ovr" (and "auto" with two classes or liblinear) is
// one-versus-rest, everything else softmax, also for two classes. Since 1.9 there is no such
// parameter: two classes take the logistic function, more the softmax.
#include "estimators/linear_model/linear_classifier.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class LogisticRegression final : public LinearClassifierBase {
 public:
  static constexpr std::string_view type_name = "LogisticRegression";

  explicit LogisticRegression(const Attributes& self)
      : LinearClassifierBase(self, self["classes_"], type_name, Probability::expit) {
    const std::string multi_class = self.text("multi_class", "deprecated");
    require(multi_class == "ovr" || multi_class == "multinomial" || multi_class == "auto" ||
                multi_class == "deprecated" || multi_class == "warn",
            "multi_class is not one of 'auto', 'ovr', 'multinomial'");
    bool ovr = multi_class == "ovr" || multi_class == "warn";
    if (multi_class == "auto" || multi_class == "deprecated") {
      const bool chosen_by_solver =
          self.has("multi_class") && self.text("solver", "lbfgs") == "liblinear";
      ovr = class_count() <= 2 || chosen_by_solver;
    }
    if (!ovr) set_probability(Probability::softmax);
  }

  // Every version takes "auto" as this class does; the default of those before 1.8 would be another
  // function of two classes for those before 1.5.
  void save(ObjectWriter& self) const override {
    if (!self.has("_sklearn_version")) self.otherwise("multi_class", "auto");
    LinearClassifierBase::save(self);
  }
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(LogisticRegression)
