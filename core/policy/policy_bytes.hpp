// Reads a file that decides about trust, and nothing that another user could have put there
// (support/trusted_file.hpp).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace skops {

struct PolicyBytes {
  std::string text, sha256;
};

// At most `most` bytes, through one descriptor that is checked, read and hashed; nothing where the
// file is not there. Throws skops::Error: usage (`policy.unsafe-file`), limit
// (`limit.policy_bytes`), or input (`policy.unreadable`).
std::optional<PolicyBytes> read_policy_bytes(const std::filesystem::path& path, std::uint32_t owner,
                                             std::uint64_t most);

}  // namespace skops
