// Reads a file that decides about trust, and nothing that another user could have put there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace skops {

struct SafeFile {
  enum class Outcome { absent, unsafe, read };
  Outcome outcome = Outcome::absent;
  std::string text;         // the bytes
  std::string why, remedy;  // where it is unsafe
  std::string sha256;
};

// At most `most` bytes, through one descriptor that is checked, read and hashed. Nothing is waited
// for. Throws skops::Error: limit ("limit.policy_bytes"), or input ("policy.unreadable").
SafeFile read_safe_file(const std::filesystem::path& path, std::uint32_t owner, std::uint64_t most);

}  // namespace skops
