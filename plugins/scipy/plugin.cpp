// SciPy's types: sparse matrices and arrays.
#include "skops/sdk/plugin.hpp"

#include "sparse.hpp"

namespace {

using namespace skops::sdk;

constexpr skops_serializer rows[] = {
    value_loader<&skops_scipy::load_sparse>("SparseMatrixNode"),
};

}  // namespace

SKOPS_EXPORT_PLUGIN("scipy", rows)
