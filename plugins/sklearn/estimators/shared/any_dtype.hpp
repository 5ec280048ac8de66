// Inputs whose dtype an estimator keeps, whatever it is: for steps that move values and never
// compute with them (dtype=None in scikit-learn).
#pragma once

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include "estimators/shared/numeric_input.hpp"
#include "skops/sdk/output.hpp"

namespace skops_sklearn {

// The dtype of the array that NumPy makes of columns: the common one, numbers promoted, else
// objects.
inline skops_dtype common_dtype(const skops::sdk::Input& table) {
  using skops::sdk::dtype_of;
  if (table.columns() == 0) return dtype_of<double>;
  const skops_dtype first = table.column(0).dtype();
  bool same = true, numbers = true;
  std::uint32_t kinds[3] = {};  // widest of i, u, f
  for (std::size_t j = 0; j < table.columns(); ++j) {
    const skops_dtype& type = table.column(j).dtype();
    same = same && type.kind == first.kind && type.itemsize == first.itemsize;
    const std::size_t slot = type.kind == 'i' ? 0 : type.kind == 'u' ? 1 : type.kind == 'f' ? 2 : 3;
    if (type.kind == 'b') continue;  // every number holds bools
    if (slot == 3)
      numbers = false;
    else
      kinds[slot] = std::max(kinds[slot], static_cast<std::uint32_t>(type.itemsize));
  }
  if (same) return first;
  if (!numbers) return dtype_of<skops_cell>;
  const std::uint32_t integer = std::max(kinds[0], kinds[1]);
  if (kinds[2] != 0) return kinds[2] <= 4 && integer <= 2 ? dtype_of<float> : dtype_of<double>;
  // Signed and unsigned: the next wider signed type holds both, float64 beyond 64 bits.
  const std::uint32_t size = kinds[1] >= kinds[0] && kinds[1] != 0 ? 2 * kinds[1] : kinds[0];
  if (size > 8) return dtype_of<double>;
  skops_dtype out = kinds[0] != 0 ? dtype_of<std::int64_t> : dtype_of<std::uint64_t>;
  out.itemsize = kinds[0] == 0 ? kinds[1] : kinds[1] == 0 ? kinds[0] : size;
  return out;
}

// Dense arrays and tables as cells of one dtype.
class AnyRows {
 public:
  explicit AnyRows(const skops::sdk::Input& x) : x_(x) {
    dtype_ = x.is_table() ? common_dtype(x) : x.array().dtype();
    if (dtype_.kind == 'V' || dtype_.n_fields != 0)
      skops::sdk::bad_input("records are no matrix of values");
  }
  std::size_t itemsize() const { return dtype_.itemsize; }

  char* allocate(skops::sdk::Output& out, std::size_t columns) const {
    const std::int64_t shape[] = {static_cast<std::int64_t>(x_.rows()),
                                  static_cast<std::int64_t>(columns)};
    return static_cast<char*>(out.array(dtype_, shape));
  }

  // Value (i, j) to `to`, in the common dtype.
  void copy(std::size_t i, std::size_t j, char* to, skops::sdk::Output& out) const {
    using namespace skops::sdk;
    if (!x_.is_table()) {
      std::memcpy(to, x_.array().at(i, j), dtype_.itemsize);
      return;
    }
    const ArrayView column = x_.column(j);
    if (column.kind() == static_cast<char>(dtype_.kind) && column.itemsize() == dtype_.itemsize) {
      std::memcpy(to, column.at(i), dtype_.itemsize);
    } else if (dtype_.kind == 'O') {
      std::string arena;
      skops_cell cell = cell_at(column, column.at(i), arena);
      if (cell.kind == SKOPS_CELL_STRING && column.kind() == 'U') cell.as.string = out.keep(arena);
      std::memcpy(to, &cell, sizeof cell);
    } else {
      with_type(column.dtype(), [&](auto from) {
        using S = decltype(from);
        const S value = load_as<S>(column.at(i));
        with_type(dtype_, [&](auto sample) {
          using D = decltype(sample);
          const D converted = static_cast<D>(value);
          std::memcpy(to, &converted, sizeof converted);
        });
      });
    }
  }

 private:
  const skops::sdk::Input& x_;
  skops_dtype dtype_{};
};

// f(T{}, R{}) for the element type R of a CSR input; T is what to read it as (bytes for bools).
template <class F>
void with_csr_type(const skops::sdk::Input& x, F&& f) {
  const skops::sdk::ArrayView data(x.csr().data);
  const bool known = skops::sdk::with_type(data.dtype(), [&]<class R>(R) {
    if constexpr (std::is_same_v<R, bool>)
      f(std::uint8_t{}, R{});
    else
      f(R{}, R{});
  });
  if (!known)
    skops::sdk::bad_input("a sparse matrix of dtype '" + data.name() + "' is not supported");
}

// NaN and infinity are refused wherever the dtype can hold them; objects only as NaN, as
// scikit-learn does.
inline void refuse_non_finite_any(const skops::sdk::Input& x, std::string_view estimator) {
  using namespace skops::sdk;
  const auto object_column = [&](const ArrayView& a) {
    a.each([&](const char* p) {
      const auto cell = load_as<skops_cell>(p);
      if (cell.kind == SKOPS_CELL_REAL && std::isnan(cell.as.real)) {
        bad_input(
            "Input X contains NaN; " + std::string(estimator) + " does not accept missing values",
            "impute them first");
      }
    });
  };
  if (x.is_csr()) {
    if (ArrayView(x.csr().data).kind() == 'f') {
      if (ArrayView(x.csr().data).is<float>())
        finite_csr<float>(x, estimator);
      else
        finite_csr<double>(x, estimator);
    }
    return;
  }
  if (x.is_dense()) {
    if (x.array().kind() == 'O')
      object_column(x.array());
    else if (x.array().is<float>())
      finite_rows<float>(x, estimator);
    else if (x.array().kind() == 'f')
      finite_rows<double>(x, estimator);
    return;
  }
  for (std::size_t j = 0; j < x.columns(); ++j) {
    const ArrayView column = x.column(j);
    if (column.kind() == 'O') {
      object_column(column);
    } else if (column.kind() == 'f') {
      const auto values = column.to_vector<double>();
      check_finite(Matrix<double>(values.data(), 1, values.size(), values.size()), Finite::required,
                   estimator);
    }
  }
}

}  // namespace skops_sklearn
