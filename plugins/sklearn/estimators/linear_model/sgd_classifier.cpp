// sklearn.linear_model.SGDClassifier: probabilities only for loss="log_loss" ("log" before 1.1) and
// "modified_huber".
#include "estimators/linear_model/linear_classifier.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class SGDClassifier final : public LinearClassifierBase {
 public:
  static constexpr std::string_view type_name = "SGDClassifier";

  explicit SGDClassifier(const Attributes& self)
      : LinearClassifierBase(self, self["classes_"], type_name, Probability::none) {
    const std::string loss = self.text("loss", "hinge");
    if (loss == "log_loss" || loss == "log") {
      set_probability(Probability::expit);
    } else if (loss == "modified_huber") {
      set_probability(Probability::modified_huber);
    } else {
      static constexpr std::string_view known[] = {
          "hinge",        "squared_hinge", "perceptron",          "squared_error",
          "squared_loss", "huber",         "epsilon_insensitive", "squared_epsilon_insensitive"};
      require(std::find(std::begin(known), std::end(known), loss) != std::end(known),
              "loss is not one of SGDClassifier's");
    }
  }
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(SGDClassifier)
