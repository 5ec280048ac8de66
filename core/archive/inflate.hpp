// Decompression of one member into memory of exactly its declared size.
#pragma once

#include <cstddef>
#include <span>

#include "archive/archive.hpp"

namespace skops {

// Fills `out` from all of `in`; throws skops::Error where the stream is broken, ends early or late,
// or would give another number of bytes.
void inflate_member(const Member& member, std::span<const std::byte> in, std::span<std::byte> out);

// Fills `out` from the start of a deflate stream; false where it is broken or shorter.
bool inflate_head(std::span<const std::byte> in, std::span<std::byte> out);

}  // namespace skops
