// The checksums of a list's members, large ones by several threads: a forest of 100 MB would spend a
// tenth of its dump on them.
#pragma once

#include <cstdint>
#include <vector>

#include "writer/node_list.hpp"

namespace skops {

std::uint32_t member_checksum(const NodeList::Member& member);

// By the members' numbers. At most `threads` threads, which end before this does.
std::vector<std::uint32_t> member_checksums(const NodeList& list, unsigned threads);

}  // namespace skops
