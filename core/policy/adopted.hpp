// The record of adopted projects, adopted.json beside the user's policy:
//
//   {"version": 1, "projects": [{"path": "/home/user/p/.libskops/policy.json", "sha256":
//   "5d1c..."}]}
//
// Read as strictly as a policy. Paths are absolute and free of links; one that is no UTF-8 cannot
// be recorded.
#pragma once

#include <string>
#include <vector>

#include "skops/policy_files.hpp"

namespace skops {

struct AdoptedProject {
  std::string path, sha256;
};

std::vector<AdoptedProject> read_adopted(const PolicyLocations& where);
void write_adopted(const PolicyLocations& where, const std::vector<AdoptedProject>& projects);

}  // namespace skops
