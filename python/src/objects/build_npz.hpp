// A member that is itself an archive of arrays, as numpy.savez and scipy.sparse.save_npz write it:
// a dict of arrays by their names without ".npy". Read by the same strict archive reader and
// charged to the same budget as the file around it.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "python.hpp"
#include "skops/limits.hpp"

namespace skops_python {

// Throws skops::Error or PythonError; `label` names the member in errors.
Ref read_npz(std::span<const std::byte> bytes, skops::Budget& budget, const std::string& label);

}  // namespace skops_python
