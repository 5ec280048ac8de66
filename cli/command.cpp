#include "command.hpp"

#include <new>
#include <string>

#include "commands/commands.hpp"
#include "skops/error.hpp"
#include "skops/policy_files.hpp"

namespace skops_cli {

int report_error(const std::exception& error, const std::string& file) {
  std::string text = error.what();
  if (!file.empty() && text.find(file) == std::string::npos) {
    text = skops::printable(file) + ": " + text;
  }
  Output out(2);
  const auto* known = dynamic_cast<const skops::Error*>(&error);
  const bool memory = dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
  if (known == nullptr) {
    text = memory ? "out of memory; give less data or a smaller model [limit.memory]"
                  : skops::printable(text) + "; please report this [internal]";
  }
  try {
    out.styled(Style::red, "libskops: ") << text << "\n";
    out.flush();
  } catch (const skops::Error&) {
    // Nobody listens; the status still tells.
  }
  if (known != nullptr) return static_cast<int>(known->family());
  return static_cast<int>(memory ? skops::Family::limit : skops::Family::unsupported);
}

void warn_of_refused(const skops::Host& host) {
  for (const skops::PluginStatus& row : host.known_plugins()) {
    if (row.state != "refused") continue;
    report_error(
        skops::Error(skops::Family::plugin, row.code, row.text, {.plugin = row.id}, row.remedy));
  }
}

namespace {

// The rules of the files come first, then those of --policy, then --trust and --deny.
void read_policies(Options& options) {
  const auto where = skops::PolicyLocations::in(options.locations);
  skops::Policy policy = skops::read_policy_files(where).policy;
  for (const std::string& path : options.policy_files) {
    policy.add(skops::read_policy_file(path, where.owner));
  }
  policy.add(options.policy);
  options.policy = std::move(policy);
}

int run(Options& options, Output& out) {
  // Showing a file builds nothing, and the commands on policies read them their own way.
  if (options.command == Command::audit || options.command == Command::predict) {
    try {
      read_policies(options);
    } catch (const skops::Error& error) {
      return report_error(error, {});  // no matter of the file that is audited
    }
  }
  switch (options.command) {
    case Command::audit: return audit(options, out);
    case Command::show: return show(options, out);
    case Command::predict: return predict(options, out);
    case Command::plugins: return plugins(options, out);
    case Command::trust: return options.subcommand(options, out);
  }
  return static_cast<int>(skops::Family::usage);
}

}  // namespace

int command(int argc, char** argv, const Locations& locations) {
  Options options;
  options.locations = locations;
  try {
    Output out(1);
    if (const auto printed = parse_options(argc, argv, options)) {
      out << printed->text;
      out.flush();
      return 0;
    }
    const int status = run(options, out);
    out.flush();
    return status;
  } catch (const std::exception& error) {
    // What is wrong with the command line is no matter of the file.
    const auto* known = dynamic_cast<const skops::Error*>(&error);
    const bool usage = known != nullptr && known->family() == skops::Family::usage;
    const bool one = options.files.size() == 1 && options.command != Command::predict && !usage;
    return report_error(error, one ? options.files.front() : std::string());
  }
}

}  // namespace skops_cli
