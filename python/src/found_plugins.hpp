// Plugins that installed Python packages bring (libskops/_found.py says how they are found).
//
// What is found only describes: its names are "opt-in", nothing of the package is imported, and its
// native code stays outside. It is looked for once in a process, when a file or an object first
// needs more than the plugins of this host describe.
//
// An installed package must not get in the way of what works without it: what claims an id, a
// loader or a class of a plugin of this host is refused by itself; two that claim the same one of a
// third library are both refused. What is refused is a row of the report and a finding of the
// audits that looked for more. The GIL protects everything here.
#pragma once

#include <string>
#include <vector>

#include "skops/audit.hpp"
#include "skops/host.hpp"
#include "skops/policy.hpp"

namespace skops_python {

// The host that knows the found plugins, too; null where there are none. Throws PythonError.
const skops::Host* found_host();
// Whether it is known already that there are none.
bool nothing_found();
// What was found and what was refused. Looks for them where nobody has yet.
std::vector<skops::PluginStatus> found_plugins();

// Whether an audit met something that no manifest of its host declares.
bool needs_more(const skops::Audit& audit);
// Whether a policy names a library that this host does not know.
bool needs_more(const skops::Policy& policy, const skops::Host& host);
// The audit, with what was refused as findings.
skops::Audit with_refused(const skops::Audit& audit);

// Throws skops::Error (untrusted) where objects of the audited graph would be built by hooks of a
// found plugin that the policy does not trust by its name: trusted names alone let in no other
// code.
void check_hooks(const skops::Audit& audit, const skops::Policy& policy);

}  // namespace skops_python
