// The value that stands for "missing": NaN, None, pandas.NA, a number or a text; and whether a
// value equals it, as sklearn.utils._mask decides it.
#pragma once

#include <cmath>
#include <string>

#include "skops/sdk/input.hpp"
#include "skops/sdk/value.hpp"

namespace skops_sklearn {

class MissingValue {
 public:
  MissingValue() = default;
  explicit MissingValue(const skops::sdk::Value& value) {
    using namespace skops::sdk;
    if (!value || value.is_none()) {
      kind_ = Kind_::none;
    } else if (value.is_number()) {
      number_ = value.real();
      kind_ = std::isnan(number_) ? Kind_::nan : Kind_::number;
    } else if (value.is_string() || value.is(Kind::array)) {
      text_ = value.text();
      kind_ = Kind_::text;
    } else if (value.is(Kind::inert) && value.text().find("pandas") == 0) {
      kind_ = Kind_::pandas;
    } else {
      unsupported("missing_values is neither a number, a text nor None");
    }
  }

  bool is_nan() const { return kind_ == Kind_::nan; }
  // Whether NaN may occur in the input.
  bool allows_nan() const { return kind_ == Kind_::nan || kind_ == Kind_::pandas; }
  bool is_number() const { return kind_ == Kind_::number || kind_ == Kind_::nan; }
  double number() const { return number_; }

  template <class T>
  bool matches(T value) const {
    if constexpr (std::is_floating_point_v<T>) {
      if (allows_nan()) return value != value;
    }
    return kind_ == Kind_::number && static_cast<double>(value) == number_;
  }
  bool matches(const skops_cell& cell) const {
    switch (kind_) {
      case Kind_::none: return cell.kind == SKOPS_CELL_NONE || cell.kind == SKOPS_CELL_MISSING;
      case Kind_::nan:
        return cell.kind == SKOPS_CELL_MISSING ||
               (cell.kind == SKOPS_CELL_REAL && std::isnan(cell.as.real));
      case Kind_::pandas:
        return cell.kind == SKOPS_CELL_MISSING || cell.kind == SKOPS_CELL_NONE ||
               (cell.kind == SKOPS_CELL_REAL && std::isnan(cell.as.real));
      case Kind_::number:
        if (cell.kind == SKOPS_CELL_REAL) return cell.as.real == number_;
        return (cell.kind == SKOPS_CELL_INTEGER || cell.kind == SKOPS_CELL_BOOL) &&
               static_cast<double>(cell.as.integer) == number_;
      case Kind_::text:
        return cell.kind == SKOPS_CELL_STRING && skops::sdk::view(cell.as.string) == text_;
    }
    return false;
  }

 private:
  enum class Kind_ : std::uint8_t { nan, none, pandas, number, text };
  Kind_ kind_ = Kind_::nan;
  double number_ = std::nan("");
  std::string text_;
};

}  // namespace skops_sklearn
