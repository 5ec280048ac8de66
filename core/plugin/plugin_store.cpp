#include "skops/plugin_store.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "plugin/installed.hpp"
#include "plugin/library.hpp"
#include "plugin/pins.hpp"
#include "plugin/plugin_file.hpp"
#include "plugin/read_pinned.hpp"
#include "plugin/registry.hpp"
#include "plugin/replace_file.hpp"
#include "plugin/sha256.hpp"
#include "skops/error.hpp"

namespace skops {
namespace {

namespace fs = std::filesystem;

constexpr unsigned readable = 0644;

[[noreturn]] void refuse(const char* code, std::string text, std::string remedy) {
  throw Error(Family::plugin, code, std::move(text), {}, std::move(remedy));
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// The files of a plugin, each read once.
struct Files {
  InstalledPlugin plugin;
  std::string manifest;
  std::vector<std::byte> library;
};

Files read_files(const fs::path& path, Writers writers) {
  Files files;
  files.manifest = read_manifest_file(path, writers);
  const Manifest manifest = read_manifest(files.manifest, path.filename().string());
  InstalledPlugin& plugin = files.plugin;
  plugin.id = manifest.id;
  plugin.version = manifest.version;
  plugin.abi_major = manifest.abi_major;
  plugin.abi_minor = manifest.abi_minor;
  plugin.manifest = path;
  plugin.manifest_sha256 = sha256_hex(bytes_of(files.manifest));
  if (const LibraryEntry* library = manifest.library_here()) {
    plugin.library = (path.has_parent_path() ? path.parent_path() : fs::path(".")) / library->file;
    plugin.library_size = library->size;
    plugin.library_sha256 = library->sha256;
    files.library =
        read_library(plugin.library, {library->file, library->size, library->sha256}, writers);
  }
  for (const TypeGroup& group : manifest.types) {
    auto& names = group.trust == Trust::by_default ? plugin.proposals : plugin.opt_in;
    for (const std::string& module : group.modules) {
      for (const std::string& name : group.names) names.push_back(module + "." + name);
    }
  }
  for (auto* names : {&plugin.proposals, &plugin.opt_in}) {
    std::sort(names->begin(), names->end());
    names->erase(std::unique(names->begin(), names->end()), names->end());
  }
  for (const LoaderEntry& loader : manifest.loaders) plugin.loaders.push_back(loader.layout.loader);
  for (const SerializerEntry& entry : manifest.serializers) {
    plugin.classes.push_back(entry.cls.empty() ? entry.loader : entry.module + "." + entry.cls);
  }
  return files;
}

// One change of a lock file, or of a folder of plugins, at a time, among processes, too.
class Turn {
 public:
  explicit Turn(const fs::path& folder) : folder_(open_plugin_folder(folder)) {
    if (folder_.get() < 0) {
      throw Error(Family::input, "file.write", folder.string() + ": no such folder", {},
                  "make the folder");
    }
    while (::flock(folder_.get(), LOCK_EX) != 0) {
      if (errno == EINTR) continue;
      throw Error(Family::input, "file.write",
                  folder.string() + " cannot be locked: " + std::strerror(errno), {},
                  "keep it on a file system with locks");
    }
  }

 private:
  Descriptor folder_;
};

std::string name_of_user() {
  std::vector<char> buffer(1 << 14);
  passwd entry{};
  passwd* found = nullptr;
  const uid_t user = ::getuid();
  if (::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr &&
      found->pw_name != nullptr && std::strlen(found->pw_name) <= 64) {
    return printable(found->pw_name);
  }
  return std::to_string(user);
}

std::string time_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

void write_lock(const fs::path& path, const PluginLock& lock) {
  const std::string text = lock.text();
  PluginLock::parse(text, path.string());  // what no reader takes is not written
  replace_file(path, bytes_of(text), readable);
}

std::string name_of_library(const fs::path& manifest) {
  const Manifest parsed =
      read_manifest(read_manifest_file(manifest, Writers::owner), manifest.filename().string());
  const LibraryEntry* library = parsed.library_here();
  return library != nullptr ? library->file : std::string();
}

// The manifest of another plugin in the folder that names this library, else one that cannot be
// read and might; empty where there is none.
struct Owner {
  fs::path manifest;
  bool surely = false;
};

Owner other_owner(const fs::path& folder, const std::string& library, const fs::path& manifest) {
  Owner owner;
  for (const fs::path& other : manifests_in(folder)) {
    if (other == manifest) continue;
    try {
      if (name_of_library(other) == library) return {other, true};
    } catch (const Error&) {
      owner.manifest = other;
    }
  }
  return owner;
}

// Refuses to write what is another plugin's.
void check_taken(const fs::path& folder, const std::string& library, const fs::path& manifest) {
  const Owner owner = other_owner(folder, library, manifest);
  if (owner.surely) {
    refuse(
        "plugin.taken",
        library + " is the library of " + owner.manifest.string() + ", which is installed already",
        "remove that plugin, or build this one with a library of its own name");
  }
  std::error_code error;
  if (owner.manifest.empty() || !fs::exists(fs::symlink_status(folder / library, error))) return;
  try {
    if (name_of_library(manifest) == library) return;
  } catch (const Error&) {
    // Not installed yet, or not readable either.
  }
  refuse("plugin.taken",
         library + " is there already and may be the library of " + owner.manifest.string() +
             ", which cannot be read",
         "remove that plugin or repair it first");
}

// At most two of those in the folder; none where it cannot be read.
std::vector<fs::path> some_manifests(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (!at->path().filename().string().ends_with(".skops-plugin.json")) continue;
    found.push_back(at->path());
    if (found.size() == 2) break;
  }
  return found;
}

// The folder itself; then where a repository has its manifest that `libskops plugins new` made:
// built with its library, or in the Python package.
std::vector<fs::path> places_in(const fs::path& source) {
  std::vector<fs::path> out{source, source / "build" / "plugins"};
  std::error_code error;
  for (fs::directory_iterator at(source / "src", error), end; !error && at != end;
       at.increment(error)) {
    if (at->is_directory(error)) out.push_back(at->path());
    if (out.size() == 100) break;
  }
  return out;
}

fs::path only_manifest(const fs::path& source) {
  std::error_code error;
  if (!fs::is_directory(source, error)) return source;
  for (const fs::path& folder : places_in(source)) {
    const std::vector<fs::path> found = some_manifests(folder);
    if (found.size() == 1) return found.front();
    if (found.empty()) continue;
    refuse("plugin.source", folder.string() + " holds several manifests",
           "name the plugin's .skops-plugin.json");
  }
  const bool unbuilt = fs::exists(source / "CMakeLists.txt", error);
  refuse("plugin.source",
         source.string() + " holds no manifest" +
             (unbuilt ? ", nor does its build/plugins: it is not built" : ""),
         unbuilt ? "in that folder: cmake -S . -B build -G Ninja && cmake --build build"
                 : "name the plugin's .skops-plugin.json");
}

[[noreturn]] void refuse_not_enabled(std::string_view id, const fs::path& lock_file) {
  refuse("plugin.not-enabled",
         "no plugin " + printable(id) + " is enabled in " + lock_file.string(),
         "libskops plugins list");
}

}  // namespace

PluginStore::PluginStore(Places places) : places_(std::move(places)) {
  if (places_.folders.empty() || places_.folders.front().empty() || places_.lock_file.empty()) {
    refuse("plugin.no-home", "there is no folder for this user's plugins: the user has no home",
           "use the plugins of the system (--system), or name folders in Host::Options");
  }
}

fs::path PluginStore::manifest_of(std::string_view id) const {
  std::error_code error;
  if (is_plugin_id(id)) {
    for (const fs::path& folder : places_.folders) {
      const fs::path path = folder / manifest_file_name(id);
      if (fs::exists(fs::symlink_status(path, error))) return path;
    }
  }
  refuse("plugin.not-installed",
         "no plugin " + printable(id) + " is installed in " + places_.folders.front().string() +
             (places_.folders.size() > 1 ? " or a folder of the system" : ""),
         "libskops plugins install FILE");
}

PluginLock PluginStore::lock() const {
  return PluginLock::read(places_.lock_file);
}

InstalledPlugin PluginStore::find(std::string_view id) const {
  InstalledPlugin plugin;
  try {
    plugin = read_files(manifest_of(id), Writers::owner).plugin;
  } catch (const Error& error) {
    if (error.code() != "library.changed" && error.code() != "library.missing") throw;
    throw Error(error.family(), error.code(), error.text(), error.where(),
                "install the plugin again");
  }
  if (plugin.id != id) {
    refuse("policy.bad-pin",
           plugin.manifest.string() + " is the manifest of " + plugin.id + ", not of " +
               std::string(id),
           "install the plugin again");
  }
  return plugin;
}

// What a host that runs it beside the others would say.
void PluginStore::check(const InstalledPlugin& plugin, const PluginLock& others) const {
  Host::Options options{.installed_directories = places_.folders,
                        .lock_files = places_.other_lock_files};
  options.plugins.push_back({plugin.manifest, plugin.manifest_sha256, plugin.library_sha256});
  for (const PluginLockEntry& entry : others.plugins) {
    if (entry.id != plugin.id) options.plugins.push_back(locate_pin(entry, places_.folders));
  }
  const PluginRegistry registry(built_in_pins(), std::move(options));
  for (const PluginStatus& row : registry.report()) {
    if (row.manifest != plugin.manifest.string() || row.state != "refused") continue;
    throw Error(Family::plugin, row.code, row.text, {.plugin = plugin.id}, row.remedy);
  }
}

InstalledPlugin PluginStore::install(const fs::path& source) const {
  Files files = read_files(only_manifest(source), Writers::anyone);
  InstalledPlugin& plugin = files.plugin;
  check(plugin, {});
  const fs::path& folder = places_.folders.front();
  make_folders(folder);
  const Turn turn(folder);
  const fs::path manifest = folder / manifest_file_name(plugin.id);
  if (!plugin.library.empty()) {
    const std::string name = plugin.library.filename().string();
    check_taken(folder, name, manifest);
    // The library first: a new manifest beside the old library would be the one moment in which
    // the two do not fit and both are complete.
    plugin.library = folder / name;
    replace_file(plugin.library, files.library, readable);
  }
  plugin.manifest = manifest;
  replace_file(plugin.manifest, bytes_of(files.manifest), readable);
  return plugin;
}

PluginLockEntry PluginStore::enable(const InstalledPlugin& plugin, bool accept_proposals) const {
  const bool installed = std::find(places_.folders.begin(), places_.folders.end(),
                                   plugin.manifest.parent_path()) != places_.folders.end();
  if (!installed || plugin.manifest.filename() != manifest_file_name(plugin.id)) {
    refuse("plugin.not-installed", plugin.manifest.string() + " is not installed",
           "libskops plugins install FILE");
  }
  make_folders(places_.lock_file.parent_path());
  const Turn turn(places_.lock_file.parent_path());
  PluginLock lock = PluginLock::read(places_.lock_file);
  check(plugin, lock);
  std::erase_if(lock.plugins, [&](const PluginLockEntry& entry) { return entry.id == plugin.id; });
  const PluginLockEntry entry{.id = plugin.id,
                              .manifest_sha256 = plugin.manifest_sha256,
                              .library_sha256 = plugin.library_sha256,
                              .accept_proposals = accept_proposals,
                              .enabled_by = name_of_user(),
                              .enabled_at = time_now()};
  lock.plugins.push_back(entry);
  write_lock(places_.lock_file, lock);
  return entry;
}

PluginLockEntry PluginStore::disable(std::string_view id) const {
  std::error_code error;
  if (!fs::exists(places_.lock_file.parent_path(), error)) {
    refuse_not_enabled(id, places_.lock_file);
  }
  const Turn turn(places_.lock_file.parent_path());
  PluginLock lock = PluginLock::read(places_.lock_file);
  const PluginLockEntry* found = lock.find(id);
  if (found == nullptr) refuse_not_enabled(id, places_.lock_file);
  const PluginLockEntry entry = *found;
  std::erase_if(lock.plugins, [&](const PluginLockEntry& other) { return other.id == id; });
  write_lock(places_.lock_file, lock);
  return entry;
}

std::vector<fs::path> PluginStore::remove(std::string_view id) const {
  const fs::path folder = places_.folders.front();
  const fs::path manifest = manifest_of(id);
  if (manifest.parent_path() != folder) {
    refuse("plugin.not-installed",
           printable(id) + " is installed in " + manifest.parent_path().string() + ", not in " +
               folder.string(),
           "libskops plugins disable " + printable(id) + ", or remove it there (--system)");
  }
  const Descriptor open = open_plugin_folder(folder);
  std::vector<fs::path> files{manifest};
  try {
    const std::string library = name_of_library(manifest);
    if (!library.empty() && !other_owner(folder, library, manifest).surely) {
      files.push_back(folder / library);
    }
  } catch (const Error&) {
    // A manifest that cannot be read names no library; what lies there stays.
  }
  if (lock().find(id) != nullptr) disable(id);
  std::vector<fs::path> removed;
  for (const fs::path& file : files) {
    if (::unlinkat(open.get(), file.filename().c_str(), 0) == 0) {
      removed.push_back(file);
    } else if (errno != ENOENT) {
      throw Error(Family::input, "file.write",
                  file.string() + " cannot be removed: " + std::strerror(errno), {},
                  "remove it by hand");
    }
  }
  return removed;
}

}  // namespace skops
