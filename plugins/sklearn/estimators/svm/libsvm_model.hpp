// What SVC, NuSVC, SVR, NuSVR and OneClassSVM store, read and checked; their decision values.
//
// Attributes (scikit-learn 1.2 to 1.9): kernel, degree, coef0, _gamma (the number that `gamma`
// stood for), _sparse, support_, support_vectors_ (n_sv, n_features; (0, 0) for precomputed),
// _n_support (a class each; nothing to go by for regressors), _dual_coef_ (classes - 1 or 1,
// n_sv), _intercept_, _probA, _probB, shape_fit_. Machines fitted on sparse data hold CSR matrices.
// Whatever libsvm would index with is checked here, since it checks nothing itself.
#pragma once

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "define.hpp"
#include "estimators/shared/sorted_csr.hpp"
#include "kernels/svm_machine.hpp"

namespace skops_sklearn {

class LibsvmModel {
 public:
  // n_classes: 0 for regressors and OneClassSVM.
  LibsvmModel(const skops::sdk::Attributes& self, std::string_view estimator,
              std::size_t n_classes);

  // An input after scikit-learn's checks, in the form that the machine takes.
  struct Rows {
    skops::sdk::Matrix<double> dense;
    std::unique_ptr<const SortedCsr> sparse;
    std::size_t count = 0;
  };
  Rows rows(const skops::sdk::Input& x) const;

  // Decision values of rows [first, first + n) in libsvm's order and sign, n_decisions() a row.
  void decisions(const Rows& rows, std::size_t first, std::size_t n, double* out) const;
  // Calls f(first row, number of rows, their decision values) for blocks of bounded size.
  template <class F>
  void each_block(const Rows& rows, F f) const {
    const std::size_t block = std::clamp<std::size_t>(kBlockValues / n_decisions(), 12, 4096);
    std::vector<double> values(std::min(block, rows.count) * n_decisions());
    for (std::size_t first = 0; first < rows.count; first += block) {
      const std::size_t n = std::min(block, rows.count - first);
      decisions(rows, first, n, values.data());
      f(first, n, values.data());
    }
  }

  std::size_t n_decisions() const { return machine_->n_decisions(); }
  std::uint64_t work_per_row() const;
  // Platt's coefficients, one a pair; empty where the model has none.
  const std::vector<double>& prob_a() const { return prob_a_; }
  const std::vector<double>& prob_b() const { return prob_b_; }
  const std::vector<double>& intercept() const { return intercept_; }

 private:
  static constexpr std::size_t kBlockValues = std::size_t{1} << 15;

  void read_probability(const skops::sdk::Attributes& self, std::size_t pairs);

  std::string_view estimator_;
  skops::sdk::Features features_;
  bool sparse_ = false;
  std::unique_ptr<const kernels::SvmMachine> machine_;
  std::vector<double> prob_a_, prob_b_, intercept_;
};

}  // namespace skops_sklearn
