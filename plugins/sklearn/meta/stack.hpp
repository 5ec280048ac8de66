// Putting the results of several transformers side by side, as np.hstack and scipy.sparse.hstack
// do: the common dtype of all, dense or CSR.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "skops/sdk/output.hpp"

namespace skops_sklearn::meta {

struct Piece {
  skops::sdk::Input values;           // dense (rows, columns) or CSR
  std::optional<double> weight = {};  // multiplies the piece
};

// Writes one matrix with `rows` rows. With `sparse`, CSR; otherwise dense. No pieces: (rows, 0)
// float64.
void stack(std::span<const Piece> pieces, std::size_t rows, bool sparse, skops::sdk::Output& out);

// A copy of a dense or CSR input or table, as it is: what 'passthrough' gives.
void pass_through(const skops::sdk::Input& x, skops::sdk::Output& out);

}  // namespace skops_sklearn::meta
