// libskops plugins validate: runs the checks of cli/validator and says what they found.
#include "validator/validate.hpp"

#include <algorithm>
#include <memory>

#include "commands/plugins/subcommands.hpp"
#include "json_text.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

using skops_validator::Result;
using skops_validator::State;
using skops_validator::Subject;
namespace fs = std::filesystem;

struct Asked {
  std::string path, corpus;
  skops_validator::Settings settings;
  bool list = false;
};

int list_checks(const Options& options, const std::vector<std::string>& patterns, Output& out) {
  const char* separator = "";
  if (options.json) out << "{\"checks\": [";
  for (const auto& check : skops_validator::check_texts()) {
    if (!skops_validator::selected(check.id, patterns)) continue;
    if (options.json) {
      out << separator << "\n {\"id\": " << json_string(check.id)
          << ", \"sentence\": " << json_string(check.sentence)
          << ", \"reason\": " << json_string(check.reason) << "}";
      separator = ",";
    } else {
      out.styled(Style::bold, check.id) << ": " << check.sentence << " " << check.reason << "\n";
    }
  }
  if (options.json) out << "]}\n";
  return 0;
}

std::vector<fs::path> files_of(const std::string& folder) {
  std::vector<fs::path> out;
  if (folder.empty()) return out;
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    throw skops::Error(skops::Family::input, "file.unreadable", folder + " is no folder");
  }
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (entry.path().extension() == ".skops") out.push_back(fs::absolute(entry.path(), error));
  }
  if (out.empty()) {
    throw skops::Error(skops::Family::input, "file.unreadable", folder + " holds no .skops file");
  }
  std::sort(out.begin(), out.end());
  return out;
}

Style style_of(State state) {
  switch (state) {
    case State::passed: return Style::green;
    case State::warning: return Style::yellow;
    case State::failed: return Style::red;
    case State::skipped: return Style::dim;
  }
  return Style::none;
}

void print(const Result& result, Output& out) {
  out << "  ";
  out.styled(style_of(result.state), skops_validator::name_of(result.state))
      << " " << result.id << "\n";
  for (const std::string& text : result.details) {
    out << "      " << skops::printable(text, 1000) << "\n";
  }
  out.flush();
}

void print_json(const Result& result, const char* separator, Output& out) {
  out << separator << "\n   {\"id\": " << json_string(result.id)
      << ", \"result\": " << json_string(skops_validator::name_of(result.state))
      << ", \"details\": [";
  const char* comma = "";
  for (const std::string& text : result.details) {
    out << comma << json_string(text);
    comma = ", ";
  }
  out << "]}";
}

int validate(const Options& options, const Asked& asked, Output& out) {
  if (asked.list) return list_checks(options, asked.settings.patterns, out);
  if (asked.path.empty()) {
    throw skops::Error(skops::Family::usage, "usage.options", "a MANIFEST or a folder is required",
                       {}, "libskops plugins validate --help");
  }
  const auto texts = skops_validator::check_texts();
  for (const std::string& pattern : asked.settings.patterns) {
    const bool any = std::any_of(texts.begin(), texts.end(), [&](const auto& check) {
      return skops_validator::selected(check.id, {pattern});
    });
    if (any) continue;
    throw skops::Error(skops::Family::usage, "usage.options", "no check is called " + pattern, {},
                       "libskops plugins validate --list");
  }
  const auto corpus = files_of(asked.corpus);
  std::size_t count[4] = {};
  const char* plugin_separator = "";
  if (options.json) out << "{\"plugins\": [";
  for (const fs::path& path : Subject::manifests_at(asked.path)) {
    Subject subject = Subject::read(path);
    subject.corpus = corpus;
    const std::string id = subject.manifest_id();
    const char* separator = "";
    if (options.json) {
      out << plugin_separator << "\n {\"plugin\": " << json_string(id)
          << ", \"manifest\": " << json_string(path.string()) << ", \"checks\": [";
      plugin_separator = ",";
    } else {
      out.styled(Style::bold, skops::printable(id)) << "\n";
      out.flush();
    }
    skops_validator::validate(subject, asked.settings, [&](const Result& result) {
      ++count[static_cast<std::size_t>(result.state)];
      if (options.json) {
        print_json(result, separator, out);
        separator = ",";
      } else {
        print(result, out);
      }
    });
    if (options.json) out << "]}";
  }
  const std::size_t failed = count[static_cast<std::size_t>(State::failed)];
  if (options.json) {
    out << "]}\n";
  } else {
    out << std::to_string(count[0]) << " passed, " << std::to_string(count[1]) << " warnings, "
        << std::to_string(failed) << " failed, " << std::to_string(count[3]) << " skipped\n";
  }
  return failed != 0 ? static_cast<int>(skops::Family::plugin) : 0;
}

}  // namespace

void add_plugins_validate(CLI::App& plugins, Options& options) {
  const auto asked = std::make_shared<Asked>();
  auto* command = plugins.add_subcommand(
      "validate", "run the checks for plugins, each in a process of its own");
  command->add_option("MANIFEST", asked->path, "a *.skops-plugin.json, or a folder of them")
      ->type_name("");
  command
      ->add_option("--check", asked->settings.patterns,
                   "only these: an id, a group (robustness) or a pattern (*.save); repeatable")
      ->type_name("PATTERN")
      ->take_all()
      ->expected(1);
  command->add_option("--corpus", asked->corpus, "a folder of .skops files to load and save")
      ->type_name("DIR");
  command
      ->add_option("--time", asked->settings.limits.cpu_seconds,
                   "seconds of processor time that one check may use")
      ->capture_default_str()
      ->type_name("S")
      ->check(CLI::Range(1, 3600));
  command
      ->add_option("--seed", asked->settings.random.seed,
                   "which random nodes robustness.random makes")
      ->capture_default_str()
      ->type_name("N");
  command
      ->add_option("--graphs", asked->settings.random.graphs,
                   "how many of them each serializer gets")
      ->capture_default_str()
      ->type_name("N");
  command->add_flag("--list", asked->list, "say what the checks are, and run none");
  run_as(*command, options, asked, validate);
}

}  // namespace skops_cli
