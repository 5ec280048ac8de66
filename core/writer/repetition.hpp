// Which arrays are deflated although nobody asked for it: long rows of few different numbers, such
// as the `idf_` of a vectoriser, where most terms are in one, two or three documents. They become
// many times smaller, and take less time to inflate than the rest of their file to read.
//
// Looked at are the array's header and a few dozen numbers, so that asking costs nothing. Arrays of
// several dimensions (the values of trees, weights) stay where they can be mapped.
#pragma once

#include "writer/member_names.hpp"

namespace skops {

bool repeats_itself(const NamedMember& member);

}  // namespace skops
