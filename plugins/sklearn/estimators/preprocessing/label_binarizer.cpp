// sklearn.preprocessing.LabelBinarizer: labels to a matrix of pos_label and neg_label (one column
// where there are two classes), dense or CSR, and back by the largest value or a threshold.
#include <algorithm>
#include <cmath>
#include <set>

#include "define.hpp"
#include "estimators/preprocessing/label_input.hpp"
#include "estimators/shared/fitted_version.hpp"
#include "linalg/elementwise.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class LabelBinarizer final : public Estimator {
 public:
  static constexpr std::string_view type_name = "LabelBinarizer";

  explicit LabelBinarizer(const Attributes& self)
      : labels_(self["classes_"]), classes_(self["classes_"]) {
    const Value neg = self.get("neg_label"), pos = self.get("pos_label");
    neg_ = neg.is_none() ? 0 : neg.integer();
    pos_ = pos.is_none() ? 1 : pos.integer();
    sparse_ = self.boolean("sparse_output", false);
    require(neg_ < pos_, "neg_label must be less than pos_label");
    require(!sparse_ || (neg_ == 0 && pos_ != 0), "sparse output needs neg_label 0");
    require(labels_.size() >= 1 && labels_.size() < (std::size_t{1} << 31), "classes_ is empty");
    type_ = self.text("y_type_", "multiclass");
    require(type_ == "binary" || type_ == "multiclass" || type_ == "multilabel-indicator",
            "y_type_ is none that this class can have");
    sparse_input_ = self.boolean("sparse_input_", false);
    // scikit-learn's 1.8 and later keep the integer dtype of their input.
    keep_ = fitted_since(self, 1, 8);
  }

  std::vector<Method> methods() const override {
    return {Method::transform, Method::inverse_transform};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    if (method == Method::inverse_transform) {
      options.only({"threshold"});
      return inverse(x, options, out);
    }
    options.only({});
    if (x.rows() == 0) bad_input("y has 0 samples");
    const bool is_matrix =
        x.is_csr() || (!x.is_text() && x.columns() > 1 && (x.is_table() || x.array().ndim() == 2));
    if (is_matrix) {
      indicators(x, out);
    } else {
      with_labels(x, [&](const ArrayView& y) { transform(y, out); });
    }
  }

 private:
  // f(T{}) for the integer type of the result.
  template <class F>
  void with_integer(const ArrayView& y, F&& f) const {
    if (keep_ && y.kind() == 'i') {
      with_type(y.dtype(), [&](auto sample) {
        using T = decltype(sample);
        if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) f(T{});
      });
    } else {
      f(std::int64_t{});
    }
  }

  void transform(const ArrayView& y, Output& out) const {
    const std::size_t n = y.extent(0), k = labels_.size();
    std::set<std::string> distinct;  // three are enough to know
    for (std::size_t i = 0; i < n && distinct.size() < 3; ++i) {
      std::string arena;
      const skops_cell cell = cell_at(y, y.at(i), arena);
      if (cell.kind == SKOPS_CELL_REAL && cell.as.real != std::trunc(cell.as.real)) {
        bad_input(std::isnan(cell.as.real)
                      ? "Input y contains NaN."
                      : "Unknown label type: continuous target data is not supported with label "
                        "binarization");
      }
      distinct.insert(repr(cell));
    }
    std::vector<std::int32_t> codes(n);
    classes_.encode(y, codes.data(), 1);
    const bool is_binary = distinct.size() <= 2 && k <= 2;
    if (is_binary && k == 1) std::fill(codes.begin(), codes.end(), kNoCategory);
    // Two classes have one column, that of the second.
    const std::size_t width = is_binary ? 1 : k;
    for (std::int32_t& code : codes) {
      if (is_binary && code != kNoCategory) code = code == 1 ? 0 : kNoCategory;
    }
    if (sparse_) {
      const auto nnz = static_cast<std::size_t>(
          std::count_if(codes.begin(), codes.end(), [](auto c) { return c != kNoCategory; }));
      const auto m = out.csr<std::int64_t>(n, width, nnz);
      std::fill_n(m.data, nnz, pos_);
      std::int32_t at = 0;
      m.indptr[0] = 0;
      for (std::size_t i = 0; i < n; ++i) {
        if (codes[i] != kNoCategory) m.indices[at++] = codes[i];
        m.indptr[i + 1] = at;
      }
      return;
    }
    with_integer(y, [&](auto sample) {
      using T = decltype(sample);
      T* to = out.array<T>({n, width});
      std::fill_n(to, n * width, static_cast<T>(neg_));
      for (std::size_t i = 0; i < n; ++i) {
        if (codes[i] != kNoCategory) {
          to[i * width + static_cast<std::size_t>(codes[i])] = static_cast<T>(pos_);
        }
      }
    });
  }

  // A matrix of zeros and others already is what is wanted, but for the two labels.
  void indicators(const Input& x, Output& out) const {
    if (type_ != "multilabel-indicator") {
      bad_input("The object was not fitted with multilabel input.");
    }
    if (x.columns() != labels_.size()) {
      bad_input("the classes mismatch with the labels found in the data");
    }
    const auto rows = to_matrix<double>(x, true);
    const std::size_t n = rows.rows(), d = rows.columns();
    if (sparse_) {
      std::size_t nnz = 0;
      for (std::size_t i = 0; i < n; ++i) {
        nnz += static_cast<std::size_t>(
            std::count_if(rows.row(i), rows.row(i) + d, [](double v) { return v != 0; }));
      }
      const auto m = out.csr<std::int64_t>(n, d, nnz);
      std::fill_n(m.data, nnz, pos_);
      std::int32_t at = 0;
      m.indptr[0] = 0;
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < d; ++j) {
          if (rows(i, j) != 0) m.indices[at++] = static_cast<std::int32_t>(j);
        }
        m.indptr[i + 1] = at;
      }
      return;
    }
    const ArrayView source = x.is_csr()     ? ArrayView(x.csr().data)
                             : x.is_table() ? x.column(0)
                                            : x.array();
    with_integer(source, [&](auto sample) {
      using T = decltype(sample);
      T* to = out.array<T>({n, d});
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < d; ++j) *to++ = static_cast<T>(rows(i, j) != 0 ? pos_ : neg_);
      }
    });
  }

  double threshold(const Options& options) const {
    const auto given = options.find("threshold");
    if (!given || given->kind == SKOPS_CELL_NONE) {
      return (static_cast<double>(pos_) + static_cast<double>(neg_)) / 2.0;
    }
    return cell_to_real(*given);
  }

  void inverse(const Input& x, const Options& options, Output& out) const {
    if (x.is_text()) bad_input("LabelBinarizer.inverse_transform takes a matrix, not documents");
    if (x.rows() == 0) bad_input("Y has 0 samples");
    const std::size_t n = x.rows();
    const bool is_vector = x.is_dense() && x.array().ndim() == 1;
    if (x.is_dense() && x.array().ndim() > 2) bad_input("Y must have one or two dimensions");
    if (type_ == "multiclass") {
      if (is_vector) bad_input("Y must have two dimensions");
      return inverse_multiclass(x, out);
    }
    const double limit = threshold(options);
    // Before anything is made of the input: how wide it is, only its caller knows.
    const std::size_t d = is_vector ? 1 : x.columns();
    if (type_ == "binary") {
      if (d > 2) bad_input("output_type='binary', but y has more than two columns");
    } else if (d != labels_.size()) {
      bad_input("The number of class is not equal to the number of dimension of y.");
    }
    Matrix<double> rows;
    if (is_vector) {
      auto owned = std::make_unique<double[]>(n);
      copy_column(x.array(), owned.get(), 1);
      rows = Matrix<double>(std::move(owned), n, 1);
    } else {
      rows = to_matrix<double>(x, true);
    }
    if (type_ == "binary") {
      std::vector<std::int32_t> codes(n);
      if (d == 2 || labels_.size() >= 2) {
        for (std::size_t i = 0; i < n; ++i) codes[i] = rows(i, d - 1) > limit ? 1 : 0;
      }
      for (const std::int32_t code : codes) {
        if (static_cast<std::size_t>(code) >= labels_.size()) bad_input("Y has an unknown class");
      }
      return labels_.write(out, std::span<const std::int32_t>(codes));
    }
    if (sparse_input_) {
      GatheredOnes ones;
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < d; ++j) {
          if (rows(i, j) > limit) ones.columns.push_back(static_cast<std::int32_t>(j));
        }
        ones.ends.push_back(ones.columns.size());
      }
      const auto m = out.csr<std::int64_t>(n, d, ones.columns.size());
      std::fill_n(m.data, ones.columns.size(), 1);
      std::copy(ones.columns.begin(), ones.columns.end(), m.indices);
      m.indptr[0] = 0;
      for (std::size_t i = 0; i < n; ++i) m.indptr[i + 1] = static_cast<std::int32_t>(ones.ends[i]);
      return;
    }
    const ArrayView source = x.is_csr()     ? ArrayView(x.csr().data)
                             : x.is_table() ? x.column(0)
                                            : x.array();
    with_integer(source, [&](auto sample) {
      using T = decltype(sample);
      T* to = out.array<T>({n, d});
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < d; ++j) *to++ = static_cast<T>(rows(i, j) > limit);
      }
    });
  }

  struct GatheredOnes {
    std::vector<std::int32_t> columns;
    std::vector<std::size_t> ends;
  };

  // The class of the first largest value; in sparse rows what is not stored is 0.
  void inverse_multiclass(const Input& x, Output& out) const {
    const std::size_t n = x.rows(), d = x.columns();
    if (d == 0) bad_input("Y has no columns");
    std::vector<std::size_t> codes(n);
    if (x.is_csr()) {
      // scikit-learn fails, too, where the largest value is in a column of no class.
      if (d > labels_.size()) bad_input("Y has more columns than there are classes");
      const CsrRows<double> rows(x.csr());
      std::vector<double> row(d);
      for (std::size_t i = 0; i < n; ++i) {
        const auto begin = rows.indptr()[i], end = rows.indptr()[i + 1];
        for (auto k = begin; k < end; ++k) {
          row[static_cast<std::size_t>(rows.indices()[k])] += rows.data()[k];
        }
        linalg::argmax_rows(row.data(), 1, d, &codes[i]);
        for (auto k = begin; k < end; ++k) row[static_cast<std::size_t>(rows.indices()[k])] = 0;
      }
    } else {
      const auto rows = to_matrix<double>(x);
      for (std::size_t i = 0; i < n; ++i) {
        linalg::argmax_rows(rows.row(i), 1, d, &codes[i]);
      }
    }
    for (std::size_t& code : codes) code = std::min(code, labels_.size() - 1);
    labels_.write(out, std::span<const std::size_t>(codes));
  }

  Labels labels_;
  CategoryColumn classes_;
  std::int64_t neg_ = 0, pos_ = 1;
  bool sparse_ = false, sparse_input_ = false, keep_ = false;
  std::string type_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(LabelBinarizer)
