// @id@.Clipper: keeps the values of each column inside the range that was seen while fitting.
#include <algorithm>
#include <cmath>
#include <skops/sdk/features.hpp>
#include <skops/sdk/plugin.hpp>

namespace {

using namespace skops::sdk;

class Clipper final : public Estimator {
 public:
  static constexpr std::string_view type_name = "Clipper";

  // Load: reads and checks all that `call` uses. After this, no input may make it fault.
  explicit Clipper(const Attributes& self)
      : features_(self),
        lower_(self["lower_"].vector<double>()),
        upper_(self["upper_"].vector<double>(lower_.size(), "upper_")) {
    features_.assume(lower_.size());
    for (std::size_t j = 0; j < lower_.size(); ++j) {
      require(lower_[j] <= upper_[j], "the lower bound of a column is above its upper one");
    }
  }

  std::vector<Method> methods() const override { return {Method::transform}; }

  // Any number of threads on one object; writes into memory of the caller.
  void call(Method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    const Matrix<double> rows = features_.rows<double>(x, type_name);
    double* to = out.array<double>({rows.rows(), lower_.size()});
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      for (std::size_t j = 0; j < lower_.size(); ++j) {
        *to++ = std::clamp(rows.row(i)[j], lower_[j], upper_[j]);
      }
    }
  }

  // Save: what the Python class needs and an object that was made from numbers may lack. Nothing is
  // added to one that Python saved.
  void save(ObjectWriter& self) const override { features_.save(self); }

 private:
  Features features_;
  std::vector<double> lower_, upper_;
};

constexpr skops_serializer rows[] = {
    estimator<Clipper>("@id@", "Clipper"),
};

}  // namespace

SKOPS_EXPORT_PLUGIN("@id@", rows)
