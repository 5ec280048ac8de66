// NumPy's types. A DTypeNode or masked array is data that no native method needs yet: it stays
// inert, and its parts can be read.
#include "skops/sdk/plugin.hpp"

#include "ndarray.hpp"
#include "random_state.hpp"

namespace {

using namespace skops::sdk;

constexpr skops_serializer rows[] = {
    value_loader<&skops_numpy::load_ndarray>("NdArrayNode"),
    value_loader<&skops_numpy::load_random_state>("RandomStateNode"),
    value_loader<&skops_numpy::load_random_generator>("RandomGeneratorNode"),
};

}  // namespace

SKOPS_EXPORT_PLUGIN("numpy", rows)
