// Halves of surrogate pairs that stand alone, as `"\ud800"`: Python's texts and json.dumps have
// them, UTF-8 has not.
//
// parse_json refuses them. A host whose texts can hold them (Python) replaces them first by the
// three bytes that UTF-8 would give them, and parses what comes out with Dialect::python_texts.
#pragma once

#include <string>
#include <string_view>

namespace skops {

// `json` with its lone surrogates replaced; empty where there are none. Linear, and never longer.
std::string with_lone_surrogates(std::string_view json);

}  // namespace skops
