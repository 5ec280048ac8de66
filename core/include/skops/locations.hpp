// The folders of the system and of the user that hold settings and installed plugins. For tools
// that act for their user (the `libskops` command, the Python package); a Host knows none of them
// unless its options name them.
#pragma once

#include <filesystem>

#include "skops/host.hpp"

namespace skops {

struct Locations {
  std::filesystem::path system_settings;  // plugins.lock.json, policies
  std::filesystem::path system_plugins;
  std::filesystem::path user_settings;  // empty where the user has no home
  std::filesystem::path user_plugins;   // empty where the user has no home

  // /etc/libskops, /usr/lib/libskops/plugins, ~/.config/libskops, ~/.local/share/libskops/plugins.
  // The home is the one of the effective user in the password database, never $HOME. The system's
  // folders do not depend on where libskops is installed: who unpacks it into a folder of their own
  // has not thereby said which plugins run.
  static Locations of_user();

  std::filesystem::path system_lock() const { return system_settings / "plugins.lock.json"; }
  std::filesystem::path user_lock() const;  // empty where the user has no home
  // A host that takes what the user's lock file and the system's pin; the user's decides first.
  Host::Options host_options() const;
};

}  // namespace skops
