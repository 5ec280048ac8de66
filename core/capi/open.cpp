// The C API up to the audit: runtimes, files, policies, audits.
#include "capi/handles.hpp"

namespace capi = skops::capi;

namespace skops::capi {

Policy policy_of(const skops_policy* given) {
  Policy out;
  const skops_policy rules = known(given);
  for (std::size_t k = 0; k < rules.n_trust; ++k) out.trust(text(rules.trust[k], "a rule"));
  for (std::size_t k = 0; k < rules.n_deny; ++k) out.deny(text(rules.deny[k], "a rule"));
  return out;
}

}  // namespace skops::capi

skops_runtime* skops_runtime_new(const skops_runtime_options* given, skops_error* error) {
  return capi::guarded(error, static_cast<skops_runtime*>(nullptr), [&] {
    const skops_runtime_options options = capi::known(given);
    skops::Host::Options out;
    for (std::size_t k = 0; k < options.n_plugin_directories; ++k) {
      out.plugin_directories.emplace_back(
          capi::text(options.plugin_directories[k], "a plugin directory"));
    }
    for (std::size_t k = 0; k < options.n_plugins; ++k) {
      const skops_plugin_pin pin = capi::known(options.plugins[k]);
      out.plugins.push_back({capi::text(pin.manifest, "the manifest of a pin"),
                             capi::text(pin.manifest_sha256, "the hash of a pin"),
                             pin.library_sha256 != nullptr ? pin.library_sha256 : ""});
    }
    return new skops_runtime{skops::Host(std::move(out))};
  });
}

void skops_runtime_free(skops_runtime* runtime) {
  delete runtime;
}

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
    return new skops_audit{std::move(audit), std::move(untrusted), {}, {}};
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

const char* skops_audit_report(skops_audit* audit, int32_t json, skops_error* error) {
  return capi::guarded(error, static_cast<const char*>(nullptr), [&] {
    skops_audit& self = capi::object(audit, "the audit");
    std::string& out = json != 0 ? self.json : self.text;
    if (out.empty()) {
      out = self.audit.report(json != 0 ? skops::Audit::Format::json : skops::Audit::Format::text);
    }
    return out.c_str();
  });
}

void skops_audit_free(skops_audit* audit) {
  delete audit;
}
