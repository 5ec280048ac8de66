#include "policy.hpp"

#include <algorithm>

#include "host.hpp"
#include "plugin/registry.hpp"
#include "python.hpp"
#include "skops/error.hpp"

namespace skops_python {
namespace {

// Earlier ones stay: a load that is under way may hold a reference.
std::vector<std::unique_ptr<const ProcessPolicy>>& policies() {
  static std::vector<std::unique_ptr<const ProcessPolicy>> all;
  return all;
}

std::vector<std::string>& lifted() {
  static std::vector<std::string> all;
  return all;
}

}  // namespace

void trust_refused(const std::string& name) {
  skops::Policy().trust_refused(name);  // throws where it is no name
  if (std::find(lifted().begin(), lifted().end(), name) == lifted().end()) {
    lifted().push_back(name);
  }
}

void read_process_policy(const skops::PolicyLocations& where) {
  auto policy = std::make_unique<ProcessPolicy>();
  policy->files = skops::read_policy_files(where);
  if (!policy->files.policy.rules().empty()) {
    policy->known = std::make_unique<const skops::KnownNames>(host().registry()->manifests(),
                                                              policy->files.policy);
  }
  // Loads look at no findings, and what such a file denied is allowed now.
  for (const skops::PolicyFile& file : policy->files.files) {
    if (file.state != skops::PolicyFile::State::changed) continue;
    const std::string text = skops::printable(file.path.string(), 1000) + ": " + file.text;
    if (PyErr_WarnEx(PyExc_UserWarning, text.c_str(), 1) != 0) throw PythonError();
  }
  policies().push_back(std::move(policy));
}

const ProcessPolicy& process_policy() {
  if (policies().empty()) read_process_policy(skops::PolicyLocations::of_this_user());
  return *policies().back();
}

skops::Policy policy_of(const std::vector<std::string>& trust,
                        const std::vector<std::string>& deny) {
  skops::Policy policy = process_policy().files.policy;
  for (const std::string& name : trust) policy.trust(name);
  for (const std::string& name : deny) policy.deny(name);
  for (const std::string& name : lifted()) policy.trust_refused(name);
  return policy;
}

}  // namespace skops_python
