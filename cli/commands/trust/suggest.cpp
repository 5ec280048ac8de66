#include <algorithm>

#include "commands/trust/trust.hpp"
#include "input_file.hpp"
#include "json_text.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

// Whose a name is, as far as anybody says.
std::string owner_of(const skops::AuditedName& name, const std::vector<skops::Library>& known) {
  if (!name.library.empty()) return "declared by the plugin " + name.library;
  const std::string package = name.module.substr(0, name.module.find('.'));
  const bool described =
      std::any_of(known.begin(), known.end(),
                  [&](const skops::Library& library) { return library.id == package; });
  return "of the package " + skops::printable(package) +
         (described ? ", whose plugin does not declare it" : ", which no plugin describes");
}

const char* what_it_does(skops::Effect effect) {
  switch (effect) {
    case skops::Effect::none: return "cannot be built";
    case skops::Effect::data: return "plain data";
    case skops::Effect::refers: return "looked up; whoever uses the object may call it";
    case skops::Effect::wraps: return "wraps what is called later, with arguments of the file";
    case skops::Effect::binds: return "a method that whoever uses the object may call";
    case skops::Effect::creates: return "an instance whose state comes from the file";
    case skops::Effect::calls: return "called with what the file says";
    case skops::Effect::hook: break;
  }
  return "built from its parts by libskops";
}

std::string describe(const skops::AuditedName& name, const std::vector<skops::Library>& known) {
  const bool ascii = std::all_of(name.name.begin(), name.name.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return skops::printable(name.name) + (ascii ? "" : " (not only ASCII letters)") + " (" +
         (name.use.empty() ? std::string("unknown use") : skops::printable(name.use)) + ", " +
         what_it_does(name.effect) + (name.contents_checked ? ", contents checked" : "") + "), " +
         owner_of(name, known);
}

// The file that a suggested or refused name was first met in: that is the one it was taken from.
std::size_t file_of(const skops::AuditedName& name, const std::vector<skops::Audit>& audits) {
  const auto same = [&](const skops::AuditedName& other) {
    return other.decision != skops::Decision::allowed && other.module == name.module &&
           other.cls == name.cls && other.use == name.use;
  };
  const auto found = std::find_if(audits.begin(), audits.end(), [&](const skops::Audit& audit) {
    return std::any_of(audit.names().begin(), audit.names().end(), same);
  });
  return static_cast<std::size_t>(found - audits.begin());
}

// "at Pipeline.steps[0][1].func", and of which file where there are several.
std::string where(const skops::AuditedName& name, const std::vector<std::string>& files,
                  const std::vector<skops::Audit>& audits) {
  const std::size_t file = file_of(name, audits);
  if (name.paths.empty() || file == audits.size()) return {};
  std::string out = "at " + place_of(audits[file], name.paths.front());
  return files.size() < 2 ? out : out + " in " + skops::printable(files[file]);
}

std::string json_of(const skops::AuditedName& name, const std::vector<std::string>& files,
                    const std::vector<skops::Audit>& audits) {
  const std::size_t file = file_of(name, audits);
  if (file == audits.size()) return skops_cli::json_of(name);
  std::string text = skops_cli::json_of(name, &audits[file]);
  text.insert(text.size() - 1, std::string(", \"effect\": \"") + skops::text_of(name.effect) +
                                   "\", \"file\": " + json_string(files[file]));
  return text;
}

void write_json(const skops::Suggestions& found, const std::vector<std::string>& files,
                const std::vector<skops::Audit>& audits, Output& out) {
  std::vector<std::string> rules, allow, refused;
  for (const skops::Suggestion& suggestion : found.rules) {
    std::vector<std::string> names;
    for (const skops::AuditedName& name : suggestion.names) {
      names.push_back(json_of(name, files, audits));
    }
    const bool library = suggestion.rule.kind == skops::Rule::Kind::library;
    const std::string rule = std::string("{\"") + (library ? "library" : "name") +
                             "\": " + json_string(suggestion.rule.name) + "}";
    rules.push_back("{\"rule\": " + rule + ", \"names\": " + json_list(names) + "}");
    allow.push_back(rule);
  }
  for (const skops::AuditedName& name : found.refused) {
    refused.push_back(json_of(name, files, audits));
  }
  out << "{\"suggestions\": " << json_list(rules) << ",\n\"refused\": " << json_list(refused)
      << ",\n\"policy\": {\"version\": 1, \"allow\": " << json_list(allow) << "}}\n";
}

int suggest(const Options& options, Output& out) {
  const skops::Host host(options.locations.host_options());
  const skops::Policy policy = policy_files(options).policy;
  std::vector<skops::Audit> audits;
  bool findings = false;
  for (const std::string& path : options.files) {
    const OpenedFile opened(path);
    audits.push_back(host.audit(opened.file(), policy));
    for (const skops::Finding& finding : audits.back().findings()) findings |= finding.refuses;
  }
  const skops::Suggestions found = skops::suggest_rules(host, audits);
  const int status =
      found.refused.empty() && !findings ? 0 : static_cast<int>(skops::Family::untrusted);
  if (options.json) {
    write_json(found, options.files, audits, out);
    return status;
  }
  const std::vector<skops::Library> known = skops::libraries(host);
  if (found.rules.empty() && found.refused.empty()) out << "no rule is needed\n";
  for (const skops::Suggestion& suggestion : found.rules) {
    out.styled(Style::bold, "libskops trust add " + shell_word(suggestion.rule.text())) << "\n";
    for (const skops::AuditedName& name : suggestion.names) {
      out << "    " << describe(name, known) << "\n";
      const std::string place = where(name, options.files, audits);
      if (!place.empty()) out << "    " << place << "\n";
    }
  }
  for (const skops::AuditedName& name : found.refused) {
    const std::string place = where(name, options.files, audits);
    out.styled(Style::red, "x " + line_of(name)) << (place.empty() ? "" : "; ") << place << "\n";
  }
  if (findings) {
    out.styled(Style::cyan, "! 'libskops audit' tells what else speaks against these files")
        << "\n";
  }
  return status;
}

}  // namespace

void add_trust_suggest(CLI::App& trust, Options& options) {
  auto* command = trust.add_subcommand(
      "suggest", "the fewest rules that these files need, and what each would allow");
  command->add_option("FILE", options.files, ".skops files; - is standard input")
      ->required()
      ->type_name("");
  add_policy_option(*command, options);
  run_as(*command, options, suggest);
}

}  // namespace skops_cli
