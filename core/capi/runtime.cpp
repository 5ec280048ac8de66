// The C API's runtimes: which plugins may run, and the report on them.
#include "capi/handles.hpp"
#include "skops/locations.hpp"

namespace capi = skops::capi;

namespace {

skops::PluginPolicy policy_of(std::uint32_t given) {
  switch (given) {
    case SKOPS_PLUGINS_PINNED: return skops::PluginPolicy::pinned;
    case SKOPS_PLUGINS_STATIC_ONLY: return skops::PluginPolicy::static_only;
    case SKOPS_PLUGINS_DIRECTORY: return skops::PluginPolicy::directory;
  }
  throw skops::Error(skops::Family::usage, "usage.type",
                     std::to_string(given) + " is no policy for plugins");
}

skops::PluginPin pin_of(const skops_plugin_pin* given) {
  const skops_plugin_pin pin = capi::known(&capi::object(given, "a pin"));
  return {.manifest = capi::text(pin.manifest, "the manifest of a pin"),
          .manifest_sha256 = capi::text(pin.manifest_sha256, "the hash of a pin"),
          .library_sha256 = pin.library_sha256 != nullptr ? pin.library_sha256 : "",
          .accept_proposals = pin.accept_proposals != 0,
          .describes_only = pin.describes_only != 0};
}

// After the caller's own; of an id the first lock file decides.
void add_user_settings(skops::Host::Options& options) {
  const skops::Host::Options user = skops::Locations::of_user().host_options();
  for (const auto& folder : user.installed_directories) {
    options.installed_directories.push_back(folder);
  }
  for (const auto& file : user.lock_files) options.lock_files.push_back(file);
}

skops::Host::Options options_of(const skops_runtime_options* given) {
  const skops_runtime_options options = capi::known(given);
  skops::Host::Options out;
  for (auto& path : capi::texts(options.plugin_directories, options.n_plugin_directories,
                                "a plugin directory")) {
    out.plugin_directories.emplace_back(std::move(path));
  }
  if (options.n_plugins > 0) capi::object(options.plugins, "an array of pins");
  for (std::size_t k = 0; k < options.n_plugins; ++k) {
    out.plugins.push_back(pin_of(options.plugins[k]));
  }
  for (auto& path : capi::texts(options.installed_directories, options.n_installed_directories,
                                "an installed directory")) {
    out.installed_directories.emplace_back(std::move(path));
  }
  for (auto& path : capi::texts(options.lock_files, options.n_lock_files, "a lock file")) {
    out.lock_files.emplace_back(std::move(path));
  }
  out.exclude = capi::texts(options.exclude, options.n_exclude, "an id to exclude");
  out.policy = policy_of(options.policy);
  if (options.user_settings != 0) add_user_settings(out);
  return out;
}

std::vector<skops::PluginStatus> report(const skops::Host& host, std::uint32_t after) {
  switch (after) {
    case SKOPS_PLUGINS_AS_THEY_ARE: return host.plugins();
    case SKOPS_PLUGINS_VERIFY: return host.verify_plugins();
    case SKOPS_PLUGINS_LOAD: return host.load_plugins();
  }
  throw skops::Error(skops::Family::usage, "usage.type",
                     std::to_string(after) + " is nothing to do before a report on plugins");
}

skops_plugin_status item_of(const skops::PluginStatus& row) {
  return {.size = sizeof(skops_plugin_status),
          .id = row.id.c_str(),
          .version = row.version.c_str(),
          .state = row.state.c_str(),
          .code = row.code.c_str(),
          .text = row.text.c_str(),
          .remedy = row.remedy.c_str(),
          .library = row.library.c_str(),
          .manifest = row.manifest.c_str(),
          .pinned_by = row.pinned_by.c_str(),
          .enabled_by = row.enabled_by.c_str(),
          .enabled_at = row.enabled_at.c_str(),
          .accept_proposals = row.accept_proposals ? 1u : 0u,
          .reserved = 0};
}

}  // namespace

skops_runtime* skops_runtime_new(const skops_runtime_options* options, skops_error* error) {
  return capi::guarded(error, static_cast<skops_runtime*>(nullptr),
                       [&] { return new skops_runtime{skops::Host(options_of(options))}; });
}

void skops_runtime_free(skops_runtime* runtime) {
  delete runtime;
}

skops_plugins* skops_runtime_plugins(const skops_runtime* runtime, uint32_t after,
                                     skops_error* error) {
  return capi::guarded(error, static_cast<skops_plugins*>(nullptr), [&] {
    auto out = std::make_unique<skops_plugins>();
    out->rows = report(capi::object(runtime, "the runtime").host, after);
    for (const skops::PluginStatus& row : out->rows) out->items.push_back(item_of(row));
    return out.release();
  });
}

size_t skops_plugins_size(const skops_plugins* plugins) {
  return plugins != nullptr ? plugins->items.size() : 0;
}

const skops_plugin_status* skops_plugins_item(const skops_plugins* plugins, size_t index) {
  return index < skops_plugins_size(plugins) ? &plugins->items[index] : nullptr;
}

void skops_plugins_free(skops_plugins* plugins) {
  delete plugins;
}
