#include "skops/locations.hpp"

#include <pwd.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace skops {
namespace {

// Empty where the database has no absolute path.
std::filesystem::path home_of_user() {
  std::vector<char> buffer(1 << 14);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0 ||
      found == nullptr || found->pw_dir == nullptr || found->pw_dir[0] != '/') {
    return {};
  }
  return found->pw_dir;
}

}  // namespace

Locations Locations::of_user() {
  Locations out{.system_settings = "/etc/libskops",
                .system_plugins = "/usr/lib/libskops/plugins",
                .user_settings = {},
                .user_plugins = {}};
  if (const std::filesystem::path home = home_of_user(); !home.empty()) {
    out.user_settings = home / ".config" / "libskops";
    out.user_plugins = home / ".local" / "share" / "libskops" / "plugins";
  }
  return out;
}

std::filesystem::path Locations::user_lock() const {
  return user_settings.empty() ? user_settings : user_settings / "plugins.lock.json";
}

Host::Options Locations::host_options() const {
  Host::Options out;
  if (!user_plugins.empty()) out.installed_directories.push_back(user_plugins);
  out.installed_directories.push_back(system_plugins);
  if (!user_settings.empty()) out.lock_files.push_back(user_lock());
  out.lock_files.push_back(system_lock());
  return out;
}

}  // namespace skops
