// SHA-256 (FIPS 180-4) of a block of memory, as lower-case hexadecimal digits.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace skops {

std::string sha256_hex(std::span<const std::byte> bytes);

}  // namespace skops
