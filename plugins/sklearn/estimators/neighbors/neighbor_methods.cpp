// kneighbors and kneighbors_graph of the neighbour estimators: keyword arguments and results.
#include <algorithm>
#include <limits>
#include <string>

#include "estimators/neighbors/neighbor_index.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

namespace {

std::size_t asked_for(const Options& options, std::size_t otherwise) {
  const std::int64_t k = options.integer("n_neighbors", static_cast<std::int64_t>(otherwise));
  if (k <= 0) bad_input("Expected n_neighbors > 0. Got " + std::to_string(k));
  return static_cast<std::size_t>(k);
}

}  // namespace

// A tuple of distances (float64, seldom float32) and indices (int64, seldom int32), both (n, k);
// the indices alone with return_distance=False.
void NeighborIndex::kneighbors(const Input& x, const Options& options, Output& out) const {
  options.only({"n_neighbors", "return_distance"});
  const std::size_t k = asked_for(options, n_neighbors_);
  const bool with_distances = options.boolean("return_distance", true);
  const Neighbors found = search(x, k);
  if (with_distances) {
    out.begin_tuple();
    if (found.float32_distances) {
      std::transform(found.distances.begin(), found.distances.end(),
                     out.array<float>({found.rows, k}),
                     [](double d) { return static_cast<float>(d); });
    } else {
      std::copy(found.distances.begin(), found.distances.end(), out.array<double>({found.rows, k}));
    }
  }
  if (found.int32_indices) {
    std::transform(found.indices.begin(), found.indices.end(),
                   out.array<std::int32_t>({found.rows, k}),
                   [](std::int64_t i) { return static_cast<std::int32_t>(i); });
  } else {
    std::copy(found.indices.begin(), found.indices.end(), out.array<std::int64_t>({found.rows, k}));
  }
  if (with_distances) out.end();
}

void NeighborIndex::kneighbors_graph(const Input& x, const Options& options, Output& out) const {
  options.only({"n_neighbors", "mode"});
  const std::size_t k = asked_for(options, n_neighbors_);
  std::string mode = "connectivity";
  if (const auto cell = options.find("mode"); cell && cell->kind == SKOPS_CELL_STRING) {
    mode = std::string(view(cell->as.string));
  }
  if (mode != "connectivity" && mode != "distance") {
    bad_input("Unsupported mode, must be one of \"connectivity\", or \"distance\" but got \"" +
              mode + "\" instead");
  }
  write_graph(search(x, k), mode == "distance", out);
}

// A CSR matrix (n, training rows) with k entries a row in the order of their distances; the values
// are 1, or the distances.
void NeighborIndex::write_graph(const Neighbors& found, bool distances, Output& out) const {
  const std::size_t nnz = found.rows * found.k;
  const auto fill = [&](auto sparse) {
    using T = std::remove_pointer_t<decltype(sparse.data)>;
    for (std::size_t i = 0; i < nnz; ++i) {
      sparse.data[i] = distances ? static_cast<T>(found.distances[i]) : T(1);
      sparse.indices[i] = static_cast<std::int32_t>(found.indices[i]);
    }
    for (std::size_t i = 0; i <= found.rows; ++i) {
      sparse.indptr[i] = static_cast<std::int32_t>(i * found.k);
    }
  };
  if (distances && found.float32_distances) {
    fill(out.csr<float>(found.rows, n_, nnz));
  } else {
    fill(out.csr<double>(found.rows, n_, nnz));
  }
}

}  // namespace skops_sklearn
