#include "commands/plugins/plugin_text.hpp"

#include "json_text.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

constexpr std::size_t most_names = 12;
constexpr std::size_t wide = 4096;  // paths are printed whole

std::string shown(const std::filesystem::path& path) {
  return skops::printable(path.string(), wide);
}

std::string few(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t k = 0; k < names.size() && k < most_names; ++k) {
    out += (k == 0 ? "" : ", ") + skops::printable(names[k]);
  }
  if (names.size() > most_names) {
    out += " and " + std::to_string(names.size() - most_names) + " more (--json lists all)";
  }
  return out.empty() ? "none" : out;
}

std::string json_list(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const std::string& item : items) {
    out += (out.size() == 1 ? "" : ", ") + json_string(item);
  }
  return out + "]";
}

// One member of an object, with the comma before it.
std::string member(const char* key, const std::string& text) {
  return std::string(", \"") + key + "\": " + json_string(text);
}

}  // namespace

skops::PluginStore plugin_store(const Options& options, bool system) {
  const Locations& at = options.locations;
  if (system) {
    return skops::PluginStore({.folders = {at.system_plugins}, .lock_file = at.system_lock()});
  }
  return skops::PluginStore({.folders = {at.user_plugins, at.system_plugins},
                             .lock_file = at.user_lock(),
                             .other_lock_files = {at.system_lock()}});
}

void add_id(CLI::App& command, std::string& id) {
  command.add_option("ID", id, "the plugin's id, as `libskops plugins` lists it")
      ->required()
      ->type_name("");
}

void add_system(CLI::App& command, bool& system) {
  command.add_flag("--system", system, "for all users of this system, instead of for yourself");
}

void write_files(const skops::InstalledPlugin& plugin, Output& out) {
  out.styled(Style::bold, plugin.id + " " + plugin.version) << "\n";
  out << "  manifest " << shown(plugin.manifest) << "\n  SHA-256 " << plugin.manifest_sha256
      << "\n";
}

void write_code(const skops::InstalledPlugin& plugin, const std::string& verb, Output& out) {
  out << "1. Native code";
  if (plugin.library.empty()) {
    out << ": it has none.\n";
    return;
  }
  out << " that " << verb << " in the process of whoever loads a file that needs it:\n   "
      << shown(plugin.library) << "\n   " << std::to_string(plugin.library_size) << " bytes, ABI "
      << std::to_string(plugin.abi_major) << "." << std::to_string(plugin.abi_minor) << ", SHA-256 "
      << plugin.library_sha256 << "\n   builds " << few(plugin.classes) << "\n";
}

void write_names(const skops::InstalledPlugin& plugin, bool accepted, Output& out) {
  out << "2. Names that need no rule: ";
  if (plugin.proposals.empty()) {
    out << "it proposes none.\n";
  } else if (accepted) {
    out << "accepted as proposed: " << few(plugin.proposals) << "\n";
  } else {
    out << "none. It proposes " << few(plugin.proposals) << "\n   to accept them: libskops plugins "
        << "enable " << plugin.id << " --accept-proposals\n";
  }
  out << "   to trust what it declares in one load: --trust " << plugin.id << "\n";
  const char* also = plugin.proposals.empty() ? "" : "also ";
  if (!plugin.opt_in.empty()) out << "   which " << also << "covers " << few(plugin.opt_in) << "\n";
}

std::string json_of(const skops::InstalledPlugin& plugin) {
  std::string out = "{\"id\": " + json_string(plugin.id);
  out += member("version", plugin.version);
  out += ", \"abi\": [" + std::to_string(plugin.abi_major) + ", " +
         std::to_string(plugin.abi_minor) + "]";
  out += member("manifest", plugin.manifest.string());
  out += member("manifest_sha256", plugin.manifest_sha256);
  out += member("library", plugin.library.string());
  out += ", \"library_size\": " + std::to_string(plugin.library_size);
  out += member("library_sha256", plugin.library_sha256);
  out += ", \"proposals\": " + json_list(plugin.proposals);
  out += ", \"opt_in\": " + json_list(plugin.opt_in);
  out += ", \"loaders\": " + json_list(plugin.loaders);
  out += ", \"classes\": " + json_list(plugin.classes);
  return out + "}";
}

std::string json_of(const skops::PluginLockEntry& entry) {
  std::string out = "{\"id\": " + json_string(entry.id);
  out += member("manifest_sha256", entry.manifest_sha256);
  out += member("library_sha256", entry.library_sha256);
  out += std::string(", \"accept_proposals\": ") + (entry.accept_proposals ? "true" : "false");
  out += member("enabled_by", entry.enabled_by);
  out += member("enabled_at", entry.enabled_at);
  return out + "}";
}

std::string json_of(const skops::PluginStatus& row) {
  std::string out = "{\"id\": " + json_string(row.id);
  out += member("version", row.version);
  out += member("state", row.state);
  out += member("library", row.library);
  out += member("manifest", row.manifest);
  out += member("pinned_by", row.pinned_by);
  out += std::string(", \"accept_proposals\": ") + (row.accept_proposals ? "true" : "false");
  out += member("enabled_by", row.enabled_by);
  out += member("enabled_at", row.enabled_at);
  out += member("code", row.code);
  out += member("text", row.text);
  out += member("remedy", row.remedy);
  return out + "}";
}

std::string json_of(const std::vector<skops::PluginStatus>& rows) {
  std::string out = "[";
  for (const skops::PluginStatus& row : rows)
    out += (out.size() == 1 ? "\n " : ",\n ") + json_of(row);
  return out + "]";
}

}  // namespace skops_cli
