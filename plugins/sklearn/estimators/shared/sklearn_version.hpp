// The release of scikit-learn that fitted an object: `_sklearn_version`, which its state holds.
// Attributes say most of what changed between releases; this is for rules that left no attribute.
#pragma once

#include <charconv>
#include <string>
#include <tuple>

#include "skops/sdk/value.hpp"

namespace skops_sklearn {

struct SklearnVersion {
  int major = 9999, minor = 0;  // newer than all, where the file does not say

  explicit SklearnVersion(const skops::sdk::Attributes& self) {
    const skops::sdk::Value stored = self.get("_sklearn_version");
    if (!stored || !stored.is_string()) return;
    const std::string text = stored.text();
    const char *at = text.data(), *end = at + text.size();
    int first = 0, second = 0;
    const auto dot = std::from_chars(at, end, first);
    if (dot.ec != std::errc() || dot.ptr == end || *dot.ptr != '.') return;
    if (std::from_chars(dot.ptr + 1, end, second).ec != std::errc()) return;
    major = first;
    minor = second;
  }

  bool before(int other_major, int other_minor) const {
    return std::tie(major, minor) < std::tie(other_major, other_minor);
  }
};

}  // namespace skops_sklearn
