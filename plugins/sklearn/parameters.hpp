// The constructor's parameters of scikit-learn's classes with their defaults (parameters.inc): what
// an object that was made from numbers lacks, and what get_params, clone and repr of the Python
// object ask for.
#pragma once

#include <string_view>

#include "skops/sdk/writer.hpp"

namespace skops_sklearn {

// Adds the parameters of the class that the object has not, and `_sklearn_version`. An object that
// says its version gets that version's parameters, and none where the version is older than the
// table; one that does not gets those of all versions, the newest defaults first, so that each can
// read it.
void add_parameters(skops::sdk::ObjectWriter& self, std::string_view cls);

// Whether attributes that every version of the table has may be missing, so that a `save` may add
// them: not in the objects of older versions, which had others.
bool may_be_completed(const skops::sdk::ObjectWriter& self);

}  // namespace skops_sklearn
