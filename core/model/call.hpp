// Crossing the boundary with one call of a method: the caller's input and sink in the terms of the
// C ABI, and back to exceptions.
#pragma once

#include <span>

#include "skops/model.hpp"
#include "skops/plugin.h"

namespace skops {

class LoadedGraph;

// Runs method number `method` of the root object. Throws skops::Error: what the method reported,
// with its plugin, `input` where a CSR input is inconsistent, or what the sink threw.
void call_method(const LoadedGraph& graph, std::uint64_t method, const Input& x,
                 std::span<const Option> options, unsigned threads, Sink& sink);

}  // namespace skops
