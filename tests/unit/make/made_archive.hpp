// What an archive in memory holds, for comparisons.
#pragma once

#include <map>
#include <span>
#include <string>

#include "archive/archive.hpp"

namespace skops_test {

// Names and contents of the members.
inline std::map<std::string, std::string> members(std::span<const std::byte> bytes) {
  skops::Budget budget{skops::Limits{}};
  const auto archive = skops::Archive::from_memory(bytes, budget, "made");
  std::map<std::string, std::string> out;
  for (std::uint32_t k = 0; k < archive->size(); ++k) {
    const auto content = archive->bytes(k, budget);
    out.emplace((*archive)[k].name,
                std::string(reinterpret_cast<const char*>(content.data()), content.size()));
  }
  return out;
}

}  // namespace skops_test
