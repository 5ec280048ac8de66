// What the command line asks for. Parsing is strict: an unknown option, a missing argument or a
// value out of range is skops::Error (family usage), one line that ends with where help is.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "locations.hpp"
#include "output.hpp"
#include "skops/audit.hpp"
#include "skops/policy.hpp"

namespace skops_cli {

enum class Command { audit, show, predict, plugins, trust };
enum class Format { by_name, npy, npz, csv, arrow, txt };

struct Options {
  Command command = Command::audit;
  Locations locations;             // of settings and plugins; not from the command line
  std::vector<std::string> files;  // "-" is standard input
  bool json = false;
  skops::Policy policy;                   // of --trust and --deny; when a command runs, all of it
  std::vector<std::string> policy_files;  // of --policy

  // audit
  skops::Audit::Format report = skops::Audit::Format::text;

  // show
  bool schema = false, all = false;
  std::optional<std::uint32_t> depth;

  // predict
  std::string data, method = "predict", out = "-";
  Format data_format = Format::by_name, out_format = Format::by_name;
  unsigned threads = 0;  // 0: as many as the machine has

  // plugins and trust: the subcommand that was given
  std::function<int(const Options&, Output&)> subcommand;
};

// Help or the version: what to print instead of running anything.
struct Printed {
  std::string text;
};

// Fills `options`; or gives what the user asked to read.
std::optional<Printed> parse_options(int argc, char** argv, Options& options);

}  // namespace skops_cli
