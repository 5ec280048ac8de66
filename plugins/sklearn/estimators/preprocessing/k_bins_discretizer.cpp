// sklearn.preprocessing.KBinsDiscretizer: the bin of each value, as a number or one-hot (dense or
// CSR), and back to the middle of the bin.
//
// A value's bin is the number of inner edges that are not above it. The nested one-hot encoder
// holds nothing but the numbers of bins; its categories are recomputed from the edges.
#include <algorithm>

#include "define.hpp"
#include "estimators/shared/check_width.hpp"
#include "estimators/shared/numeric_input.hpp"
#include "estimators/shared/object_nodes.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class KBinsDiscretizer final : public Estimator {
 public:
  static constexpr std::string_view type_name = "KBinsDiscretizer";

  explicit KBinsDiscretizer(const Attributes& self) : features_(self) {
    const auto counts = self["n_bins_"].vector<std::int64_t>();
    features_.assume(counts.size());
    const ObjectNodes edges = object_nodes(self, "bin_edges_");
    require(edges.columns == 1 && edges.rows() == counts.size(),
            "bin_edges_ must have one entry per feature");
    for (std::size_t j = 0; j < counts.size(); ++j) {
      edges_.push_back(edges.nodes[j].value().vector<double>());
      const std::vector<double>& e = edges_.back();
      require(e.size() >= 2 && counts[j] == static_cast<std::int64_t>(e.size()) - 1,
              "n_bins_ must be one less than the number of bin edges");
      require(std::is_sorted(e.begin(), e.end()), "bin edges must not decrease");
      first_.push_back(width_);
      width_ += e.size() - 1;
    }
    require(width_ < (std::size_t{1} << 31), "there are too many bins");
    const std::string encode = self.text("encode", "onehot");
    require(encode == "onehot" || encode == "onehot-dense" || encode == "ordinal",
            "encode is not one of 'onehot', 'onehot-dense', 'ordinal'");
    encode_ = encode == "onehot"    ? Encode::sparse
              : encode == "ordinal" ? Encode::ordinal
                                    : Encode::dense;
    const Value dtype = self.get("dtype");
    if (!dtype.is_none()) {
      const std::string name = dtype.text();
      require(name == "numpy.float32" || name == "numpy.float64",
              "dtype is neither float32 nor float64");
      dtype_ = name == "numpy.float32" ? Dtype::float32 : Dtype::float64;
    }
  }

  std::vector<Method> methods() const override {
    return {Method::transform, Method::inverse_transform};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    if (method == Method::inverse_transform) return inverse(x, out);
    features_.check(x, type_name);
    if (dtype_ == Dtype::float32 || (dtype_ == Dtype::input && x.is_float32()))
      transform<float>(x, out);
    else
      transform<double>(x, out);
  }

 private:
  enum class Encode { sparse, dense, ordinal };
  enum class Dtype { input, float32, float64 };

  std::size_t bin_of(std::size_t j, double value) const {
    const double* inner = edges_[j].data() + 1;
    const std::size_t count = edges_[j].size() - 2;
    if (count > 64) {
      return static_cast<std::size_t>(std::upper_bound(inner, inner + count, value) - inner);
    }
    // Counting all of a few edges costs less than guessing where to stop.
    std::size_t below = 0;
    for (std::size_t k = 0; k < count; ++k) below += inner[k] <= value;
    return below;
  }

  template <class T>
  void transform(const Input& x, Output& out) const {
    const auto rows = finite_rows<T>(x, type_name);
    const std::size_t n = rows.rows(), d = rows.columns();
    if (encode_ == Encode::sparse) {
      const auto y = out.csr<T>(n, width_, n * d);
      for (std::size_t i = 0; i < n; ++i) {
        y.indptr[i] = static_cast<std::int32_t>(i * d);
        for (std::size_t j = 0; j < d; ++j) {
          y.indices[i * d + j] =
              static_cast<std::int32_t>(first_[j] + bin_of(j, static_cast<double>(rows(i, j))));
          y.data[i * d + j] = T(1);
        }
      }
      y.indptr[n] = static_cast<std::int32_t>(n * d);
      return;
    }
    const std::size_t m = encode_ == Encode::ordinal ? d : width_;
    T* y = out.array<T>({n, m});
    if (encode_ == Encode::dense) std::fill_n(y, n * m, T(0));
    for (std::size_t i = 0; i < n; ++i, y += m)
      for (std::size_t j = 0; j < d; ++j) {
        const std::size_t bin = bin_of(j, static_cast<double>(rows(i, j)));
        if (encode_ == Encode::ordinal)
          y[j] = static_cast<T>(bin);
        else
          y[first_[j] + bin] = T(1);
      }
  }

  double center(std::size_t j, std::size_t bin) const {
    return (edges_[j][bin + 1] + edges_[j][bin]) * 0.5;
  }

  void inverse(const Input& x, Output& out) const {
    const std::size_t d = edges_.size();
    if (encode_ == Encode::ordinal) {
      check_width(x, d, type_name);
      if (x.is_float32())
        inverse_ordinal<float>(x, out);
      else
        inverse_ordinal<double>(x, out);
      return;
    }
    check_width(x, width_, type_name, true);
    // The category of a feature is the first of its largest columns.
    const auto rows = x.is_csr() ? to_matrix<double>(x, true) : finite_rows<double>(x, type_name);
    // The encoder's categories are float64, or what the encoder was fitted with.
    double* y = out.array<double>({rows.rows(), d});
    for (std::size_t i = 0; i < rows.rows(); ++i)
      for (std::size_t j = 0; j < d; ++j) {
        const double* from = rows.row(i) + first_[j];
        const auto bins = static_cast<std::ptrdiff_t>(edges_[j].size() - 1);
        const double* largest = std::max_element(from, from + bins);
        if (*largest == 0 && std::all_of(from, from + bins, [](double v) { return v == 0; })) {
          bad_input("Samples can not be inverted when all of a feature's columns are zero");
        }
        y[i * d + j] = center(j, static_cast<std::size_t>(largest - from));
      }
  }

  template <class T>
  void inverse_ordinal(const Input& x, Output& out) const {
    const auto rows = finite_rows<T>(x, type_name);
    const std::size_t d = edges_.size();
    T* y = out.array<T>({rows.rows(), d});
    for (std::size_t i = 0; i < rows.rows(); ++i)
      for (std::size_t j = 0; j < d; ++j) {
        const double value = static_cast<double>(rows(i, j));
        const double bins = static_cast<double>(edges_[j].size() - 1);
        // Numbers are cut off towards zero; negative ones count from the last bin.
        const double cut = std::trunc(value);
        if (!(cut >= -bins && cut < bins)) bad_input("a bin is out of range");
        y[i * d + j] =
            static_cast<T>(center(j, static_cast<std::size_t>(cut < 0 ? cut + bins : cut)));
      }
  }

  Features features_;
  std::vector<std::vector<double>> edges_;
  std::vector<std::size_t> first_;  // column of a feature's first bin
  std::size_t width_ = 0;
  Encode encode_ = Encode::sparse;
  Dtype dtype_ = Dtype::input;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(KBinsDiscretizer)
