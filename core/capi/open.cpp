// The C API up to the audit: files, policies, audits.
#include <unistd.h>

#include "capi/handles.hpp"
#include "skops/policy_files.hpp"

namespace capi = skops::capi;

namespace skops::capi {

Policy policy_of(const skops_policy* given) {
  Policy out;
  const skops_policy rules = known(given);
  // In the order of the command: the files of the user, those that are named, the call.
  if (rules.user_settings != 0) {
    out.add(read_policy_files(PolicyLocations::of_this_user()).policy);
  }
  for (const std::string& path : texts(rules.files, rules.n_files, "a policy file")) {
    out.add(read_policy_file(path, ::geteuid()));
  }
  for (const std::string& rule : texts(rules.trust, rules.n_trust, "a rule")) out.trust(rule);
  for (const std::string& rule : texts(rules.deny, rules.n_deny, "a rule")) out.deny(rule);
  return out;
}

}  // namespace skops::capi

skops_file* skops_file_open(const char* path, skops_error* error) {
  return capi::guarded(error, static_cast<skops_file*>(nullptr), [&] {
    return new skops_file{skops::File::open(capi::text(path, "the path"))};
  });
}

skops_file* skops_file_from_memory(const void* bytes, size_t size, skops_error* error) {
  return capi::guarded(error, static_cast<skops_file*>(nullptr), [&] {
    if (size > 0) capi::object(static_cast<const char*>(bytes), "the memory");
    return new skops_file{skops::File::from_memory({static_cast<const std::byte*>(bytes), size})};
  });
}

void skops_file_free(skops_file* file) {
  delete file;
}

skops_audit* skops_audit_new(const skops_runtime* runtime, const skops_file* file,
                             const skops_policy* policy, skops_error* error) {
  return capi::guarded(error, static_cast<skops_audit*>(nullptr), [&] {
    skops::Audit audit =
        capi::object(runtime, "the runtime")
            .host.audit(capi::object(file, "the file").file, capi::policy_of(policy));
    std::vector<std::string> untrusted = audit.untrusted();
    return new skops_audit{std::move(audit), std::move(untrusted)};
  });
}

int32_t skops_audit_ok(const skops_audit* audit) {
  return audit != nullptr && audit->audit.ok() ? 1 : 0;
}

size_t skops_audit_n_untrusted(const skops_audit* audit) {
  return audit != nullptr ? audit->untrusted.size() : 0;
}

const char* skops_audit_untrusted(const skops_audit* audit, size_t index) {
  if (audit == nullptr || index >= audit->untrusted.size()) return nullptr;
  return audit->untrusted[index].c_str();
}

const char* skops_audit_report(skops_audit* audit, int32_t format, skops_error* error) {
  return capi::guarded(error, static_cast<const char*>(nullptr), [&] {
    skops_audit& self = capi::object(audit, "the audit");
    const auto index = static_cast<std::uint32_t>(format);
    if (index >= self.reports.size()) {
      throw skops::Error(skops::Family::usage, "usage.type",
                         std::to_string(format) + " is no SKOPS_REPORT_ constant");
    }
    using Format = skops::Audit::Format;
    constexpr Format formats[] = {Format::text, Format::json, Format::sarif, Format::html};
    std::string& out = self.reports[index];
    if (out.empty()) out = self.audit.report(formats[index]);
    return out.c_str();
  });
}

void skops_audit_free(skops_audit* audit) {
  delete audit;
}
