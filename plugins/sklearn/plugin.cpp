// The table of all classes that this plugin builds. A class is written in one file under
// estimators/ and ends with SKOPS_DEFINE (define.hpp), which gives it the loader named here.
#include "skops/sdk/plugin.hpp"

#define SKOPS_ESTIMATOR(MODULE, NAME)                                                              \
  namespace skops_sklearn {                                                                        \
  skops_status load_##NAME(const skops_host*, skops_context*, skops_node, skops_value*);           \
  skops_status save_##NAME(const skops_writer*, skops_context*, const skops_object*, skops_node*); \
  }
#define SKOPS_LOADER(LOADER, NAME) SKOPS_ESTIMATOR("", NAME)
#include "table.inc"
#undef SKOPS_ESTIMATOR
#undef SKOPS_LOADER

namespace {

constexpr skops_string text(std::string_view s) {
  return {s.data(), s.size()};
}

using Load = skops_status (*)(const skops_host*, skops_context*, skops_node, skops_value*);
using Save = skops_status (*)(const skops_writer*, skops_context*, const skops_object*,
                              skops_node*);

constexpr skops_serializer row(std::string_view loader, std::string_view module,
                               std::string_view name, Load load, Save save) {
  return {sizeof(skops_serializer), text(loader), text(module), text(name), 0, 3, load, save};
}

#define SKOPS_ESTIMATOR(MODULE, NAME) \
  row("ObjectNode", MODULE, #NAME, &skops_sklearn::load_##NAME, &skops_sklearn::save_##NAME),
#define SKOPS_LOADER(LOADER, NAME) \
  row(LOADER, "", "", &skops_sklearn::load_##NAME, &skops_sklearn::save_##NAME),
constexpr skops_serializer rows[] = {
#include "table.inc"
};
#undef SKOPS_ESTIMATOR
#undef SKOPS_LOADER

}  // namespace

SKOPS_EXPORT_PLUGIN("sklearn", rows)
