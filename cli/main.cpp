// libskops COMMAND FILE… [options]: see docs/command.md.
#include <new>
#include <string>

#include "commands/commands.hpp"
#include "skops/error.hpp"

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

namespace {

int run(const Options& options, Output& out) {
  switch (options.command) {
    case Command::audit: return audit(options, out);
    case Command::show: return show(options, out);
    case Command::predict: return predict(options, out);
    case Command::plugins: return plugins(options, out);
  }
  return static_cast<int>(skops::Family::usage);
}

int main(int argc, char** argv) {
  Options options;
  options.locations = Locations::of_user();
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
    const bool one = options.files.size() == 1 && options.command != Command::predict;
    return report_error(error, one ? options.files.front() : std::string());
  }
}

}  // namespace
}  // namespace skops_cli

int main(int argc, char** argv) {
  return skops_cli::main(argc, argv);
}
