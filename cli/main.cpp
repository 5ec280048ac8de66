// libskops COMMAND FILE… [options]: see docs/command.md.
#include "command.hpp"

int main(int argc, char** argv) {
  return skops_cli::command(argc, argv, skops_cli::Locations::of_user());
}
