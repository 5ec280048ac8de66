#include "options.hpp"

#include <CLI/CLI.hpp>

#include "commands/plugins/plugins.hpp"
#include "commands/trust/trust.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

constexpr const char* description =
    "Audits, shows and scores models in the .skops format, without running their code.";
constexpr const char* statuses =
    "\nExit status: 0 done and nothing to decide; 1 a decision is needed; 2 wrong usage;\n"
    "3 malformed or hostile file; 4 a limit; 5 not supported; 6 a plugin; 7 input or output.\n"
    "docs/command.md says more.\n";

struct Names {
  std::string file;  // of the commands that take exactly one
  std::vector<std::string> trust, deny;
};

const std::map<std::string, Format> formats = {{"npy", Format::npy},
                                               {"npz", Format::npz},
                                               {"csv", Format::csv},
                                               {"arrow", Format::arrow},
                                               {"txt", Format::txt}};

const std::map<std::string, skops::Audit::Format> reports = {{"text", skops::Audit::Format::text},
                                                             {"json", skops::Audit::Format::json},
                                                             {"sarif", skops::Audit::Format::sarif},
                                                             {"html", skops::Audit::Format::html}};

// The names and nothing else (CLI11's own takes the numbers behind them, too), and an error that
// says which there are.
template <class Value>
CLI::Validator one_of(const std::map<std::string, Value>& known, bool shown_in_help) {
  std::string names;
  for (const auto& [name, value] : known) names += (names.empty() ? "" : ", ") + name;
  const auto number = [&known, names](std::string& text) {
    const auto found = known.find(text);
    if (found == known.end()) return "'" + text + "' is none of " + names;
    text = std::to_string(static_cast<int>(found->second));
    return std::string();
  };
  return CLI::Validator(number, shown_in_help ? names : std::string());
}

void add_json(CLI::App& command, Options& options) {
  command.add_flag("--json", options.json, "write JSON on standard output");
}

void add_policy(CLI::App& command, Options& options, Names& names) {
  add_policy_option(command, options);
  command
      .add_option(
          "--trust", names.trust,
          "allow a library (xgboost), a type (pkg.module.Class) or pkg.module.*; repeatable")
      ->type_name("NAME")
      ->take_all()
      ->expected(1);
  command
      .add_option("--deny", names.deny, "refuse a type or what lies below pkg.module.*; repeatable")
      ->type_name("NAME")
      ->take_all()
      ->expected(1);
}

CLI::App* add_audit(CLI::App& app, Options& options, Names& names) {
  auto* command = app.add_subcommand(
      "audit", "every name in a file, why it is allowed or not, and what would allow it");
  command->add_option("FILE", options.files, ".skops files; - is standard input")
      ->required()
      ->type_name("");
  add_policy(*command, options, names);
  add_json(*command, options);
  command
      ->add_option(
          "--format", options.report,
          "text, json (as --json), sarif (2.1.0, one log for all files) or html (one page)")
      ->type_name("FORMAT")
      ->transform(one_of(reports, false))
      ->excludes("--json");
  return command;
}

CLI::App* add_show(CLI::App& app, Options& options, Names& names) {
  auto* command =
      app.add_subcommand("show", "the object as a tree: parameters, attributes, shapes");
  command->add_option("FILE", names.file, "a .skops file; - is standard input")
      ->required()
      ->type_name("");
  command->add_flag("--schema", options.schema, "print the raw graph, schema.json, instead");
  command->add_flag("--all", options.all, "all items of long containers, not the first few");
  command->add_option("--depth", options.depth, "at most so many levels")
      ->type_name("N")
      ->check(CLI::Range(0, 1000000));
  add_json(*command, options);
  return command;
}

CLI::App* add_predict(CLI::App& app, Options& options, Names& names) {
  auto* command = app.add_subcommand("predict", "run a method of the model on data");
  command->add_option("FILE", names.file, "a .skops file; - is standard input")
      ->required()
      ->type_name("");
  command
      ->add_option(
          "DATA", options.data,
          ".npy, .npz (sparse), .csv (with a header), .arrow or .txt (a document a line); - is "
          "standard input")
      ->required()
      ->type_name("");
  command->add_option("-m,--method", options.method, "the method to call")
      ->capture_default_str()
      ->type_name("METHOD");
  command->add_option("-o,--out", options.out, "where to write: .npy, .npz, .csv, .arrow or .txt")
      ->type_name("OUT");
  command->add_option("--from", options.data_format, "format of DATA where its name does not say")
      ->type_name("FORMAT")
      ->transform(one_of(formats, true));
  command->add_option("--to", options.out_format, "format of OUT where its name does not say")
      ->type_name("FORMAT")
      ->transform(one_of(formats, true));
  command->add_option("--threads", options.threads, "at most so many; 0: as the machine has")
      ->type_name("N")
      ->check(CLI::Range(0, 4096));
  add_policy(*command, options, names);
  add_json(*command, options);
  return command;
}

[[noreturn]] void refuse(const CLI::App& app, const CLI::ParseError& error) {
  std::string name = "libskops";
  for (const CLI::App* used = &app; !used->get_subcommands().empty();) {
    used = used->get_subcommands().front();
    name += ' ' + used->get_name();
  }
  throw skops::Error(skops::Family::usage, "usage.options", error.what(), {}, name + " --help");
}

}  // namespace

std::optional<Printed> parse_options(int argc, char** argv, Options& options) {
  CLI::App app(description, "libskops");
  Names names;
  app.require_subcommand(1);
  app.footer(statuses);
  app.set_version_flag("--version", "libskops " SKOPS_VERSION);
  auto* audit = add_audit(app, options, names);
  auto* show = add_show(app, options, names);
  auto* predict = add_predict(app, options, names);
  add_plugins(app, options);
  auto* trust = add_trust(app, options);
  const auto is_named = [&](const CLI::App* command) { return command->check_name(argv[1]); };
  if (argc > 1 && argv[1][0] != '-' && app.get_subcommands(is_named).empty()) {
    throw skops::Error(skops::Family::usage, "usage.command",
                       std::string("there is no command '") + argv[1] + "'", {}, "libskops --help");
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Printed{app.help()};
  } catch (const CLI::CallForVersion&) {
    return Printed{"libskops " SKOPS_VERSION "\n"};
  } catch (const CLI::ParseError& error) {
    refuse(app, error);
  }
  options.command = audit->parsed()     ? Command::audit
                    : show->parsed()    ? Command::show
                    : predict->parsed() ? Command::predict
                    : trust->parsed()   ? Command::trust
                                        : Command::plugins;
  if (!audit->parsed() && !names.file.empty()) options.files = {names.file};
  if (options.json) options.report = skops::Audit::Format::json;
  for (const std::string& name : names.trust) options.policy.trust(name, "--trust");
  for (const std::string& name : names.deny) options.policy.deny(name, "--deny");
  return std::nullopt;
}

}  // namespace skops_cli
