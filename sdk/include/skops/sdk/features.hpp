// What every fitted estimator knows of its input: how many features, and under which names; and the
// check of an input against both, in scikit-learn's words.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "skops/sdk/estimator.hpp"

namespace skops::sdk {

// Whether NaN and infinity may occur in an input; scikit-learn refuses them where an estimator has
// no use for them.
enum class Finite { required, allow_nan, any };

template <class T>
void check_finite(const Matrix<T>& x, Finite finite, std::string_view estimator) {
  if (finite == Finite::any) return;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    const T* row = x.row(i);
    // x - x is 0 for finite numbers and NaN for all others; sums of it vectorise.
    T sum = 0;
    for (std::size_t j = 0; j < x.columns(); ++j) sum += row[j] - row[j];
    if (sum == 0) continue;
    for (std::size_t j = 0; j < x.columns(); ++j) {
      if (std::isnan(row[j]) && finite == Finite::required) {
        bad_input(
            "Input X contains NaN; " + std::string(estimator) + " does not accept missing values",
            "impute them first");
      }
      if (std::isinf(row[j])) {
        bad_input("Input X contains infinity or a value too large for the dtype");
      }
    }
  }
}

template <class T>
void check_finite(const CsrRows<T>& x, Finite finite, std::string_view estimator) {
  check_finite(Matrix<T>(x.data(), 1, x.nnz(), x.nnz()), finite, estimator);
}

class Features {
 public:
  Features() = default;
  // Reads n_features_in_ and feature_names_in_; both may be absent.
  explicit Features(const Attributes& self) {
    if (const Value n = self.get("n_features_in_"); !n.is_none()) {
      const std::int64_t count = n.integer();
      require(count >= 0 && count < (std::int64_t{1} << 32), "n_features_in_ is out of range");
      count_ = static_cast<std::size_t>(count);
      known_ = true;
    }
    if (const Value names = self.get("feature_names_in_"); !names.is_none()) {
      names_ = names.texts();
      require(!known_ || names_.size() == count_,
              "feature_names_in_ and n_features_in_ do not agree");
      count_ = names_.size();
      known_ = true;
    }
  }

  bool known() const { return known_; }
  std::size_t count() const { return count_; }
  const std::vector<std::string>& names() const { return names_; }
  // Where the file does not say (older files), another attribute's width does.
  void assume(std::size_t count) {
    require(!known_ || count_ == count, [&] {
      return "n_features_in_ is " + std::to_string(count_) + ", but " + std::to_string(count) +
             " features are stored";
    });
    count_ = count;
    known_ = true;
  }

  // What an object made from numbers may have left out.
  void save(ObjectWriter& self) const {
    if (known_) self.otherwise("n_features_in_", count_);
  }

  // Number of columns, and names where both sides have them.
  void check(const Input& x, std::string_view estimator) const {
    if (x.is_text()) bad_input(std::string(estimator) + " takes a matrix, not documents");
    if (x.is_dense() && x.array().ndim() != 2) {
      bad_input("Expected 2D array, got " + std::to_string(x.array().ndim()) + "D array instead",
                "reshape the data, one row a sample");
    }
    if (x.is_table() && !names_.empty()) check_names(x);
    if (known_ && x.columns() != count_) {
      bad_input("X has " + std::to_string(x.columns()) + " features, but " +
                std::string(estimator) + " is expecting " + std::to_string(count_) +
                " features as input");
    }
    if (x.rows() == 0) {
      bad_input("Found array with 0 sample(s) while a minimum of 1 is required by " +
                std::string(estimator));
    }
  }

  // The input as rows of T after all checks.
  template <class T>
  Matrix<T> rows(const Input& x, std::string_view estimator, Finite finite = Finite::required,
                 bool densify = false) const {
    check(x, estimator);
    Matrix<T> out = to_matrix<T>(x, densify);
    check_finite(out, finite, estimator);
    return out;
  }
  template <class T>
  CsrRows<T> csr(const Input& x, std::string_view estimator,
                 Finite finite = Finite::required) const {
    check(x, estimator);
    CsrRows<T> out(x.csr());
    check_finite(out, finite, estimator);
    return out;
  }

 private:
  void check_names(const Input& x) const {
    // A table whose columns have no names (numbered, in pandas) is a matrix.
    bool named = false;
    for (std::size_t j = 0; !named && j < x.columns(); ++j) named = !x.column_name(j).empty();
    if (!named) return;
    bool same = x.columns() == names_.size();
    for (std::size_t j = 0; same && j < names_.size(); ++j) same = x.column_name(j) == names_[j];
    if (same) return;
    std::string text = "The feature names should match those that were passed during fit.";
    const auto list = [&](const char* title, const std::vector<std::string>& names) {
      if (names.empty()) return;
      text += title;
      for (std::size_t k = 0; k < names.size() && k < 5; ++k) text += (k ? ", " : " ") + names[k];
      if (names.size() > 5) text += ", ...";
    };
    std::vector<std::string> unseen, missing;
    for (std::size_t j = 0; j < x.columns(); ++j) {
      const std::string name(x.column_name(j));
      if (std::find(names_.begin(), names_.end(), name) == names_.end()) unseen.push_back(name);
    }
    for (const std::string& name : names_) {
      bool found = false;
      for (std::size_t j = 0; !found && j < x.columns(); ++j) found = x.column_name(j) == name;
      if (!found) missing.push_back(name);
    }
    list(" Feature names unseen at fit time:", unseen);
    list(" Feature names seen at fit time, yet now missing:", missing);
    if (unseen.empty() && missing.empty()) text += " They must be in the same order.";
    bad_input(text);
  }

  bool known_ = false;
  std::size_t count_ = 0;
  std::vector<std::string> names_;
};

}  // namespace skops::sdk
