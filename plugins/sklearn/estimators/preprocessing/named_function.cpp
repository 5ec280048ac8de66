#include "estimators/preprocessing/named_function.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numbers>

namespace skops_sklearn {
namespace {

using Result = NamedFunction::Result;

constexpr double pi = std::numbers::pi;

double sign(double x) {
  return x > 0 ? 1.0 : x < 0 ? -1.0 : x == 0 ? 0.0 : x;
}
double expit(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}
double logit(double x) {
  // Around one half log(x / (1 - x)) loses digits.
  if (x < 0.3 || x > 0.65) return std::log(x / (1.0 - x));
  const double s = 2.0 * (x - 0.5);
  return std::log1p(s) - std::log1p(-s);
}
double log_expit(double x) {
  return x < 0 ? x - std::log1p(std::exp(x)) : -std::log1p(std::exp(-x));
}
double entropy(double x) {
  return x > 0 ? -x * std::log(x) : x == 0 ? 0.0 : std::isnan(x) ? x : -INFINITY;
}
double normal_cdf(double x) {
  return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}
double gamma(double x) {
  if (x == 0) return std::copysign(INFINITY, x);
  return std::tgamma(x);
}
double log_gamma(double x) {
  return x == -INFINITY ? x : std::lgamma(x);
}
double softplus(double x) {
  if (std::isnan(x)) return x;
  return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x)));
}
// Angles in degrees: reduced first, so that multiples of 90 come out exact.
double sin_degrees(double x) {
  if (std::isinf(x)) return 0;  // SciPy's answer
  double r = std::remainder(x, 360.0);
  if (std::fabs(r) > 90) r = std::copysign(180.0, r) - r;
  return std::sin(r * (pi / 180.0));
}
double cos_degrees(double x) {
  return std::isinf(x) ? 0.0 : sin_degrees(90.0 - std::fabs(std::remainder(x, 360.0)));
}
double tan_degrees(double x) {
  if (std::isinf(x)) return 0;
  const double r = std::remainder(x, 180.0);
  return std::fabs(r) == 90.0 ? INFINITY : std::tan(r * (pi / 180.0));
}

constexpr Result floating = Result::floating, wide = Result::wide, narrow = Result::narrow,
                 same = Result::same, boolean = Result::boolean;

#define SKOPS_MATH(f) [](double x) -> double { return std::f(x); }

// Sorted by name, so that a look-up is a binary search.
constexpr NamedFunction numpy_functions[] = {
    {"abs", SKOPS_MATH(fabs), same, true, [](long x) { return x < 0 ? -x : x; }},
    {"absolute", SKOPS_MATH(fabs), same, true, [](long x) { return x < 0 ? -x : x; }},
    {"acos", SKOPS_MATH(acos)},
    {"acosh", SKOPS_MATH(acosh)},
    {"arccos", SKOPS_MATH(acos)},
    {"arccosh", SKOPS_MATH(acosh)},
    {"arcsin", SKOPS_MATH(asin), floating, true},
    {"arcsinh", SKOPS_MATH(asinh), floating, true},
    {"arctan", SKOPS_MATH(atan), floating, true},
    {"arctanh", SKOPS_MATH(atanh), floating, true},
    {"asin", SKOPS_MATH(asin), floating, true},
    {"asinh", SKOPS_MATH(asinh), floating, true},
    {"atan", SKOPS_MATH(atan), floating, true},
    {"atanh", SKOPS_MATH(atanh), floating, true},
    {"cbrt", SKOPS_MATH(cbrt)},
    {"ceil", SKOPS_MATH(ceil), same, true, [](long x) { return x; }},
    {"conj", [](double x) { return x; }, same, true, [](long x) { return x; }},
    {"conjugate", [](double x) { return x; }, same, true, [](long x) { return x; }},
    {"cos", SKOPS_MATH(cos)},
    {"cosh", SKOPS_MATH(cosh)},
    {"deg2rad", [](double x) { return x * (pi / 180.0); }, floating, true},
    {"degrees", [](double x) { return x * (180.0 / pi); }},
    {"exp", SKOPS_MATH(exp)},
    {"exp2", SKOPS_MATH(exp2)},
    {"expm1", SKOPS_MATH(expm1), floating, true},
    {"fabs", SKOPS_MATH(fabs)},
    {"floor", SKOPS_MATH(floor), same, true, [](long x) { return x; }},
    {"isfinite", [](double x) { return std::isfinite(x) ? 1.0 : 0.0; }, boolean},
    {"isinf", [](double x) { return std::isinf(x) ? 1.0 : 0.0; }, boolean},
    {"isnan", [](double x) { return std::isnan(x) ? 1.0 : 0.0; }, boolean},
    {"log", SKOPS_MATH(log)},
    {"log10", SKOPS_MATH(log10)},
    {"log1p", SKOPS_MATH(log1p), floating, true},
    {"log2", SKOPS_MATH(log2)},
    {"logical_not", [](double x) { return x == 0 ? 1.0 : 0.0; }, boolean},
    {"negative", [](double x) { return -x; }, same, true,
     [](long x) { return static_cast<long>(0UL - static_cast<unsigned long>(x)); }},
    {"positive", [](double x) { return x; }, same, false, [](long x) { return x; }},
    {"rad2deg", [](double x) { return x * (180.0 / pi); }, floating, true},
    {"radians", [](double x) { return x * (pi / 180.0); }},
    {"reciprocal", [](double x) { return 1.0 / x; }},
    {"rint", SKOPS_MATH(nearbyint), floating, true},
    {"sign", sign, same, true, [](long x) { return static_cast<long>((x > 0) - (x < 0)); }},
    {"signbit", [](double x) { return std::signbit(x) ? 1.0 : 0.0; }, boolean},
    {"sin", SKOPS_MATH(sin), floating, true},
    {"sinh", SKOPS_MATH(sinh), floating, true},
    {"sqrt", SKOPS_MATH(sqrt), floating, true},
    {"square", [](double x) { return x * x; }, same, false,
     [](long x) {
       return static_cast<long>(static_cast<unsigned long>(x) * static_cast<unsigned long>(x));
     }},
    {"tan", SKOPS_MATH(tan), floating, true},
    {"tanh", SKOPS_MATH(tanh), floating, true},
    {"trunc", SKOPS_MATH(trunc), same, true, [](long x) { return x; }},
};

constexpr NamedFunction scipy_functions[] = {
    {"cbrt", SKOPS_MATH(cbrt), wide},   {"cosdg", cos_degrees, wide},
    {"entr", entropy, narrow},          {"erf", SKOPS_MATH(erf), wide},
    {"erfc", SKOPS_MATH(erfc), wide},   {"exp10", [](double x) { return std::pow(10.0, x); }, wide},
    {"exp2", SKOPS_MATH(exp2), wide},   {"expit", expit, wide},
    {"expm1", SKOPS_MATH(expm1), wide}, {"gamma", gamma, wide},
    {"gammaln", log_gamma, wide},       {"log1p", SKOPS_MATH(log1p), wide},
    {"log_expit", log_expit, wide},     {"logit", logit, wide},
    {"ndtr", normal_cdf, wide},         {"round", SKOPS_MATH(nearbyint), narrow},
    {"sindg", sin_degrees, wide},       {"softplus", softplus, wide},
    {"tandg", tan_degrees, wide},
};
#undef SKOPS_MATH

template <std::size_t size>
const NamedFunction* find(const NamedFunction (&table)[size], std::string_view name) {
  const auto* at = std::lower_bound(
      std::begin(table), std::end(table), name,
      [](const NamedFunction& f, std::string_view wanted) { return f.name < wanted; });
  return at != std::end(table) && at->name == name ? at : nullptr;
}

}  // namespace

const NamedFunction* find_function(std::string_view full) {
  const std::size_t dot = full.rfind('.');
  if (dot == std::string_view::npos) return nullptr;
  const std::string_view module = full.substr(0, dot), name = full.substr(dot + 1);
  static constexpr std::string_view numpy[] = {"numpy", "numpy.core._multiarray_umath",
                                               "numpy._core._multiarray_umath", "numpy.core.umath",
                                               "numpy._core.umath"};
  static constexpr std::string_view scipy[] = {"scipy.special", "scipy.special._ufuncs",
                                               "scipy.special._special_ufuncs"};
  if (std::find(std::begin(numpy), std::end(numpy), module) != std::end(numpy))
    return find(numpy_functions, name);
  if (std::find(std::begin(scipy), std::end(scipy), module) != std::end(scipy))
    return find(scipy_functions, name);
  return nullptr;
}

}  // namespace skops_sklearn
