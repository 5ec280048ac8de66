// Which project `trust adopt` and `trust revoke` mean.
#pragma once

#include <filesystem>
#include <string>

#include "commands/trust/trust.hpp"

namespace skops_cli {

// The policy file of the folder, or with an empty one the nearest that the working directory lies
// below. Throws skops::Error (usage) where there is none.
std::filesystem::path project_file(const std::string& folder, const Options& options);

}  // namespace skops_cli
