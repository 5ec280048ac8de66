// What a check is: data (check_table.cpp) and a function that runs in a child.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "validator/random.hpp"
#include "validator/subject.hpp"
#include "validator/trial.hpp"

namespace skops_validator {

struct Context {
  const Subject& subject;
  // By serializer; found by the search that every validation begins with. Empty for a manifest
  // alone and where the search was impossible.
  const std::vector<Base>& bases;
  const Random& random;
  Report& report;
};

struct Check {
  std::string_view id, sentence, reason;
  void (*run)(const Context& context);
  bool needs_library;
};

// In the order in which they run.
std::span<const Check> checks();

// For checks of what was found: calls f(serializer, base) for each, with the library mapped.
template <class F>
void for_each_base(const Context& context, F&& f) {
  const skops_plugin* plugin = map(context.subject, context.report);
  if (plugin == nullptr) return;
  for (const Base& base : context.bases) {
    if (base.serializer >= plugin->n_serializers) continue;
    f(*plugin->serializers[base.serializer], base);
  }
}

}  // namespace skops_validator
