// `libskops plugins new NAME --kind manifest|hook|native [--output DIR]`: a repository from a
// template, whose own test passes at once.
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "commands/plugins/subcommands.hpp"
#include "commands/plugins/templates.hpp"
#include "json_text.hpp"
#include "skops/error.hpp"
#include "skops/host.hpp"

namespace skops_cli {
namespace {

namespace fs = std::filesystem;

struct Wanted {
  std::string name, kind, output;
};

[[noreturn]] void refuse_name(const std::string& name, const std::string& why) {
  throw skops::Error(skops::Family::usage, "usage.plugin-name",
                     "'" + skops::printable(name) + "' cannot be the name of a plugin: " + why, {},
                     "take lower-case letters, digits and _, for example acme_outliers");
}

// What Python keeps for itself.
constexpr std::string_view keywords[] = {
    "and",    "as",   "assert", "async",  "await",  "break",   "class",    "continue",
    "def",    "del",  "elif",   "else",   "except", "finally", "for",      "from",
    "global", "if",   "import", "in",     "is",     "lambda",  "nonlocal", "not",
    "or",     "pass", "raise",  "return", "try",    "while",   "with",     "yield",
    "match",  "case", "type",   "test",   "tests",  "self"};

// The name is the plugin's id, a Python package and a C++ target at once.
void check_name(const std::string& name) {
  if (name.empty() || name.size() > 40) refuse_name(name, "it has 1 to 40 letters");
  if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos) {
    refuse_name(name, "it holds something else than lower-case letters, digits and _");
  }
  if (name.front() < 'a' || name.front() > 'z' || name.back() == '_' ||
      name.find("__") != std::string::npos) {
    refuse_name(name, "it begins with a letter, and _ stands between others");
  }
  if (std::find(std::begin(keywords), std::end(keywords), name) != std::end(keywords)) {
    refuse_name(name, "Python has another meaning for it");
  }
  for (const skops::PluginStatus& row : skops::Host().known_plugins()) {
    if (row.id == name) refuse_name(name, "a plugin of libskops is called so");
  }
  if (name == "libskops" || name == "skops" || name == "unit") refuse_name(name, "it is taken");
}

// "acme_outliers" as "AcmeOutliers".
std::string camel(const std::string& name) {
  std::string out;
  bool upper = true;
  for (const char c : name) {
    if (c == '_') {
      upper = true;
      continue;
    }
    out += upper && c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return out;
}

std::string filled(std::string_view text, const std::string& name) {
  std::string out(text);
  for (const auto& [from, to] : {std::pair<std::string, std::string>("@id@", name),
                                 std::pair<std::string, std::string>("@Camel@", camel(name))}) {
    for (std::size_t at = 0; (at = out.find(from, at)) != std::string::npos; at += to.size()) {
      out.replace(at, from.size(), to);
    }
  }
  return out;
}

[[noreturn]] void refuse_output(const fs::path& path, const std::string& why) {
  throw skops::Error(skops::Family::input, "output.write",
                     skops::printable(path.string(), 1000) + ": " + why, {},
                     "name a folder that is not there yet");
}

void write(const fs::path& path, const std::string& text, bool executable) {
  fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) refuse_output(path, std::strerror(errno));
  if (executable) {
    fs::permissions(path, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                    fs::perm_options::add);
  }
}

int make_new(const Options& options, const Wanted& wanted, Output& out) {
  check_name(wanted.name);
  const fs::path folder = wanted.output.empty() ? fs::path(wanted.name) : fs::path(wanted.output);
  std::error_code error;
  if (folder.has_parent_path()) {
    fs::create_directories(folder.parent_path(), error);
    if (error) refuse_output(folder.parent_path(), error.message());
  }
  // Ours from its first moment: what is there already is never written into.
  if (::mkdir(folder.c_str(), 0777) != 0) {
    refuse_output(folder, errno == EEXIST ? "it is there already" : std::strerror(errno));
  }
  std::vector<std::string> made;
  try {
    for (const Template& file : templates()) {
      if (!file.path.starts_with(wanted.kind + "/")) continue;
      std::string path = filled(file.path.substr(wanted.kind.size() + 1), wanted.name);
      if (path == "gitignore") path = ".gitignore";
      write(folder / path, filled(file.text, wanted.name), path.starts_with("ci/"));
      made.push_back(path);
    }
  } catch (const fs::filesystem_error& failed) {
    refuse_output(folder, failed.code().message());
  }
  if (options.json) {
    out << "{\"folder\": " << json_string(folder.string()) << ", \"files\": [";
    for (std::size_t k = 0; k < made.size(); ++k) out << (k ? ", " : "") << json_string(made[k]);
    out << "]}\n";
    return 0;
  }
  for (const std::string& path : made) {
    out << skops::printable((folder / path).string(), 1000) << "\n";
  }
  out << "\nnext: cd " << skops::printable(folder.string(), 1000) << " && ci/test\n";
  return 0;
}

}  // namespace

void add_plugins_new(CLI::App& plugins, Options& options) {
  const auto wanted = std::make_shared<Wanted>();
  auto* command = plugins.add_subcommand("new", "a repository for a plugin of one's own");
  command->add_option("NAME", wanted->name, "the plugin's id and its Python package's name")
      ->required()
      ->type_name("");
  command
      ->add_option(
          "--kind", wanted->kind,
          "manifest: one file for a library of pure Python; hook: and Python code for what "
          "no recipe covers; native: a shared library in C++")
      ->required()
      ->type_name("KIND")
      ->check(CLI::IsMember({"manifest", "hook", "native"}));
  command->add_option("--output", wanted->output, "the folder to make; NAME if not given")
      ->type_name("DIR");
  run_as(*command, options, wanted, make_new);
}

}  // namespace skops_cli
