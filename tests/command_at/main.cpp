// libskops_at FOLDER COMMAND…: the command `libskops`, with FOLDER/etc, FOLDER/plugins,
// FOLDER/user and FOLDER/user-plugins in place of the folders of the system and of the user.
#include <filesystem>

#include "command.hpp"

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::filesystem::path folder = std::filesystem::absolute(argv[1]);
  skops_cli::Locations locations;
  locations.system_settings = folder / "etc";
  locations.system_plugins = folder / "plugins";
  locations.user_settings = folder / "user";
  locations.user_plugins = folder / "user-plugins";
  argv[1] = argv[0];
  return skops_cli::command(argc - 1, argv + 1, locations);
}
