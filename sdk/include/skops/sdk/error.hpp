// How plugin code reports what is wrong: it throws `Failure`, and the generated barrier at the
// boundary turns it into the host's `fail`. Nothing else may be thrown on purpose; what is thrown
// anyway (std::bad_alloc, a bug) becomes an error of the plugin.
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>

#include "skops/plugin.h"

namespace skops::sdk {

inline std::string_view view(skops_string text) {
  return text.data ? std::string_view(text.data, static_cast<std::size_t>(text.size))
                   : std::string_view();
}
inline skops_string str(std::string_view text) {
  return {text.data(), text.size()};
}

class Failure : public std::exception {
 public:
  Failure(skops_status family, std::string code, std::string text, std::string remedy = {})
      : family(family), code(std::move(code)), text(std::move(text)), remedy(std::move(remedy)) {}
  const char* what() const noexcept override { return text.c_str(); }

  skops_status family;
  std::string code, text, remedy;
};

// Thrown where a host function failed: the host already knows why.
class Reported : public std::exception {
 public:
  explicit Reported(skops_status status) : status(status) {}
  const char* what() const noexcept override { return "the host reported the error"; }

  skops_status status;
};

inline void check(skops_status status) {
  if (status != SKOPS_OK) throw Reported(status);
}

// The file breaks a rule, or lies: `require(is_sorted(x), "indptr decreases")`.
[[noreturn]] inline void malformed(std::string text) {
  throw Failure(SKOPS_MALFORMED, "model.malformed", std::move(text));
}
inline void require(bool holds, const char* text) {
  if (!holds) malformed(text);
}
template <class Text>
requires requires(Text text) {
  std::string(text());
}
inline void require(bool holds, Text&& text) {
  if (!holds) malformed(text());
}

// Honest, but nothing here can do it.
[[noreturn]] inline void unsupported(std::string text, std::string remedy = {}) {
  throw Failure(SKOPS_UNSUPPORTED, "model.unsupported", std::move(text), std::move(remedy));
}

// An attribute that fitting makes is not there.
[[noreturn]] inline void unfitted(std::string_view attribute) {
  throw Failure(SKOPS_UNSUPPORTED, "model.unfitted",
                "the attribute '" + std::string(attribute) + "' is missing",
                "fit the estimator before saving it");
}

// The data given to a method is wrong, in scikit-learn's words where it has some.
[[noreturn]] inline void bad_input(std::string text, std::string remedy = {}) {
  throw Failure(SKOPS_INPUT, "input.invalid", std::move(text), std::move(remedy));
}

// rows * columns of an input, where `bytes` for each of them stay below `bound`. Whoever calls a
// method chooses both, and a view with strides of 0 or a sparse matrix costs nothing: 4 rows of
// 2^62 columns are 0 elements once the product has wrapped.
inline std::size_t area(std::size_t rows, std::size_t columns, std::size_t bytes,
                        std::size_t bound = std::size_t{1} << 47) {
  std::size_t n = 0, size = 0;
  if (__builtin_mul_overflow(rows, columns, &n) || __builtin_mul_overflow(n, bytes, &size) ||
      size > bound) {
    bad_input("an input of " + std::to_string(rows) + " rows and " + std::to_string(columns) +
                  " columns does not fit into memory",
              "pass fewer rows at a time");
  }
  return n;
}

}  // namespace skops::sdk
