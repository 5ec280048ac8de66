// Releases of a Python library, and ranges of them.
//
// A release is up to six numbers with dots: `2`, `1.19.5`. `2` and `2.0` are equal. A range is up
// to eight clauses joined by commas, all of which must hold: `>=2,<4`, `==1.7.3`; the signs are
// `>=`,
// `>`, `<=`, `<` and `==`. There is no `!=`, so that a range has no holes: it holds all releases
// between two that it holds. Pre-releases and local versions are no releases here.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace skops {

class Release {
 public:
  static std::optional<Release> parse(std::string_view text);
  // -1, 0 or 1: this one is older, equal, or newer.
  int compare(const Release& other) const;

 private:
  std::vector<std::uint32_t> numbers_;  // without zeros at the end
};

class VersionRange {
 public:
  static std::optional<VersionRange> parse(std::string_view text);
  bool holds(const Release& release) const;
  // Whether it holds any release of those from `first` to `last`, that may or may not exist.
  bool touches(const Release& first, const Release& last) const;

 private:
  enum class Sign { less, at_most, equal, at_least, greater };
  struct Clause {
    Sign sign;
    Release release;
  };
  std::vector<Clause> clauses_;
};

}  // namespace skops
