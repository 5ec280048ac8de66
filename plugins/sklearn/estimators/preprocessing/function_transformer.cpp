// sklearn.preprocessing.FunctionTransformer: no function (the input as it is) or a ufunc of NumPy
// or scipy.special, element by element.
//
// The result's dtype is the ufunc's: floats keep theirs, integers of 16 bits become float32 and
// wider ones float64, unless the function keeps integers (absolute, sign, …) or gives booleans.
// Without `validate` the input is not checked, as in scikit-learn.
#include <cmath>

#include "define.hpp"
#include "estimators/preprocessing/named_function.hpp"
#include "estimators/shared/any_dtype.hpp"
#include "estimators/shared/csr_like.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class FunctionTransformer final : public Estimator {
 public:
  static constexpr std::string_view type_name = "FunctionTransformer";

  explicit FunctionTransformer(const Attributes& self)
      : features_(self),
        forward_(read(self, "func", "kw_args")),
        backward_(read(self, "inverse_func", "inv_kw_args")),
        validate_(self.boolean("validate", false)),
        accept_sparse_(self.boolean("accept_sparse", false)) {}

  std::vector<Method> methods() const override {
    return {Method::transform, Method::inverse_transform};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    if (validate_) check(method, x);
    apply(method == Method::transform ? forward_ : backward_, x, out);
  }

 private:
  struct Step {
    const NamedFunction* function = nullptr;  // null: the input as it is
    std::string problem;                      // why it cannot be called
  };

  static Step read(const Attributes& self, const char* function, const char* arguments) {
    Step step;
    const Value value = self.get(function);
    if (value.is_none()) return step;
    if (!value.is(Kind::name)) {
      step.problem = std::string(function) + " is no ufunc of numpy or scipy.special";
      return step;
    }
    step.function = find_function(value.text());
    if (!step.function) step.problem = "there is no native code for the function " + value.text();
    const Value extra = self.get(arguments);
    if (!extra.is_none() && extra.size() > 0)
      step.problem = std::string(arguments) + " are not supported";
    return step;
  }

  void check(Method method, const Input& x) const {
    if (method == Method::transform) features_.check(x, type_name);
    if (x.is_csr() && !accept_sparse_) {
      bad_input("Sparse data was passed, but dense data is required",
                "use '.toarray()' to convert to a dense array");
    }
    if (x.is_text()) bad_input("FunctionTransformer takes a matrix, not documents");
    refuse_non_finite_any(x, type_name);
  }

  void apply(const Step& step, const Input& x, Output& out) const {
    if (!step.problem.empty())
      unsupported("FunctionTransformer: " + step.problem, "load the file in Python");
    if (!step.function) return copy(x, out);
    const NamedFunction& f = *step.function;
    if (x.is_csr()) return sparse(f, x, out);
    if (x.is_text()) bad_input("a function of numbers cannot take documents");
    if (x.is_table()) {
      const skops_dtype type = common_dtype(x);
      if (type.kind == 'O' || type.kind == 'U')
        objects(f, x, out);
      else
        dense(f, type, x, out);
      return;
    }
    if (x.array().kind() == 'O') return objects(f, x, out);
    dense(f, x.array().dtype(), x, out);
  }

  static void copy(const Input& x, Output& out) {
    if (x.is_csr()) {
      with_csr_type(x, [&]<class T, class R>(T, R) {
        const CsrRows<T> rows(x.csr());
        std::copy_n(rows.data(), rows.nnz(), csr_like<R>(rows, out).data);
      });
      return;
    }
    if (x.is_text()) {
      auto* cells = out.array<skops_cell>({x.rows()});
      for (std::size_t i = 0; i < x.rows(); ++i) {
        cells[i].kind = SKOPS_CELL_STRING;
        cells[i].as.string = out.keep(view(x.text()[i]));
      }
      return;
    }
    if (x.is_dense()) {
      const ArrayView a = x.array();
      auto* to = static_cast<char*>(out.array(a.dtype(), a.shape()));
      a.each([&](const char* p) {
        std::memcpy(to, p, a.itemsize());
        to += a.itemsize();
      });
      return;
    }
    const AnyRows rows(x);
    char* to = rows.allocate(out, x.columns());
    for (std::size_t i = 0; i < x.rows(); ++i)
      for (std::size_t j = 0; j < x.columns(); ++j, to += rows.itemsize()) rows.copy(i, j, to, out);
  }

  // Calls g(result type, argument type) for a function of values of dtype `type`.
  template <class G>
  static void with_result(const NamedFunction& f, const skops_dtype& type, G&& g) {
    const bool known = with_type(type, [&]<class S>(S) {
      if (f.result == NamedFunction::Result::boolean) {
        g(bool{}, S{});
      } else if constexpr (std::is_floating_point_v<S>) {
        g(S{}, S{});
      } else if (f.result == NamedFunction::Result::same && !std::is_same_v<S, bool>) {
        g(S{}, S{});
      } else if constexpr (std::is_same_v<S, bool>) {
        if (f.result == NamedFunction::Result::same) return of_bool(f, g);
        floating<S>(f, g);
      } else {
        floating<S>(f, g);
      }
    });
    if (!known) bad_input("a function of numbers cannot take this dtype");
  }

  // Functions that keep the type of numbers keep bools too, or make small integers of them.
  template <class G>
  static void of_bool(const NamedFunction& f, G&& g) {
    if (f.name == "abs" || f.name == "absolute" || f.name == "ceil" || f.name == "floor" ||
        f.name == "trunc") {
      g(bool{}, bool{});
    } else if (f.name == "conj" || f.name == "conjugate" || f.name == "square") {
      g(std::int8_t{}, bool{});
    } else {
      bad_input("there is no " + std::string(f.name) + " of bools");
    }
  }

  // The float type that a function makes of small integers.
  template <class S, class G>
  static void floating(const NamedFunction& f, G&& g) {
    if constexpr (sizeof(S) <= 2) {
      if (f.result == NamedFunction::Result::wide) return g(double{}, S{});
      if (f.result == NamedFunction::Result::narrow) return g(float{}, S{});
      if constexpr (sizeof(S) == 1) {
        bad_input(std::string(f.name) +
                      " of 8-bit integers or bools gives float16, which is not "
                      "supported",
                  "convert the input to float32 first");
      } else {
        g(float{}, S{});
      }
    } else {
      if (f.name == "reciprocal")
        bad_input("the reciprocal of integers is an integer, which is not supported",
                  "convert the input to float64 first");
      g(double{}, S{});
    }
  }

  template <class R, class S>
  static R value(const NamedFunction& f, S x) {
    if constexpr (std::is_integral_v<S> && !std::is_same_v<S, bool>) {
      // Unsigned values beyond the signed range only pass through functions that keep them.
      if (f.integer && f.result == NamedFunction::Result::same) {
        if constexpr (std::is_unsigned_v<S>) {
          if (f.name == "sign") return static_cast<R>(x != 0);
          if (f.name == "abs" || f.name == "absolute") return static_cast<R>(x);
        }
        return static_cast<R>(f.integer(static_cast<long>(x)));
      }
    }
    return static_cast<R>(f.function(static_cast<double>(x)));
  }

  static void dense(const NamedFunction& f, const skops_dtype& type, const Input& x, Output& out) {
    with_result(f, type, [&]<class R, class S>(R, S) {
      if (x.is_dense()) {
        const ArrayView a = x.array();
        R* y = static_cast<R*>(out.array(dtype_of<R>, a.shape()));
        a.each([&](const char* p) {
          if constexpr (std::is_same_v<S, bool>)
            *y++ = value<R>(f, *p != 0);
          else
            *y++ = value<R>(f, load_as<S>(p));
        });
        return;
      }
      using Stored = std::conditional_t<std::is_same_v<S, bool>, std::uint8_t, S>;
      const auto rows = to_matrix<Stored>(x);
      R* y = out.array<R>({rows.rows(), rows.columns()});
      for (std::size_t i = 0; i < rows.rows(); ++i)
        for (std::size_t j = 0; j < rows.columns(); ++j)
          *y++ = value<R>(f, static_cast<S>(rows(i, j)));
    });
  }

  // Python numbers have no ufunc loops of their own: most functions refuse them in NumPy too.
  // Validation makes float64 of them first.
  void objects(const NamedFunction& f, const Input& x, Output& out) const {
    if (!validate_) {
      bad_input(std::string(f.name) + " cannot take an array of Python objects",
                "convert the input to a number type first");
    }
    const auto rows = to_matrix<double>(x);
    double* y = out.array<double>({rows.rows(), rows.columns()});
    for (std::size_t i = 0; i < rows.rows(); ++i)
      for (std::size_t j = 0; j < rows.columns(); ++j) *y++ = f.function(rows(i, j));
  }

  static void sparse(const NamedFunction& f, const Input& x, Output& out) {
    if (!f.sparse)
      bad_input("there is no " + std::string(f.name) + " of a sparse matrix", "pass a dense array");
    const ArrayView data(x.csr().data);
    with_result(f, data.dtype(), [&]<class R, class S>(R, S) {
      using Stored = std::conditional_t<std::is_same_v<S, bool>, std::uint8_t, S>;
      const CsrRows<Stored> rows(x.csr());
      const auto y = csr_like<R>(rows, out);
      for (std::size_t k = 0; k < rows.nnz(); ++k) {
        y.data[k] = value<R>(f, static_cast<S>(rows.data()[k]));
      }
    });
  }

  Features features_;
  Step forward_, backward_;
  bool validate_, accept_sparse_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(FunctionTransformer)
