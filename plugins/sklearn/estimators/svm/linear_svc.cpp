// sklearn.svm.LinearSVC: labels by sign or largest score; no probabilities.
#include "estimators/linear_model/linear_classifier.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class LinearSVC final : public LinearClassifierBase {
 public:
  static constexpr std::string_view type_name = "LinearSVC";

  explicit LinearSVC(const Attributes& self)
      : LinearClassifierBase(self, self["classes_"], type_name, Probability::none) {}
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(LinearSVC)
