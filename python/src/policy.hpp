// The policy of this process: what the files of the system, of the user and of adopted projects
// said when the first file was loaded or audited. Reading them costs a few system calls, once; a
// load costs nothing more for it. The GIL is held wherever this is used.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "skops/policy_files.hpp"
#include "trust/known_names.hpp"

namespace skops_python {

struct ProcessPolicy {
  skops::PolicyFiles files;
  // The names that this policy allows, remembered from load to load; null where it has no rules,
  // since the host remembers what is allowed without.
  std::unique_ptr<const skops::KnownNames> known;
};

// Reads the files the first time. Throws skops::Error, then and until they can be read. Warns of an
// adopted project's file that has been changed; PythonError where warnings are errors.
const ProcessPolicy& process_policy();
// Reads them again, or others; what is under way keeps what it has.
void read_process_policy(const skops::PolicyLocations& where);

// Lifts the standing refusal of this name for all later loads of this process. Throws skops::Error
// where it is no name.
void trust_refused(const std::string& name);

// The rules of a call on top of those of the process, and what it lifts.
skops::Policy policy_of(const std::vector<std::string>& trust,
                        const std::vector<std::string>& deny);

}  // namespace skops_python
