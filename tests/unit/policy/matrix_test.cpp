// Every layer × rule kind × name kind, against a model of the rules that shares no code with the
// policy: which rule meets which name is written down below, and the decision follows from four
// sentences of docs/trust.md.
#include <array>
#include <boost/test/unit_test.hpp>
#include <random>

#include "scratch.hpp"
#include "skops/error.hpp"
#include "skops/limits.hpp"
#include "trust/approved_graph.hpp"

using namespace skops;

namespace {

// Two libraries: `lib` says which releases it describes, `old_lib` does not.
constexpr const char* lib =
    R"({"manifest_version": 1, "id": "lib", "version": "1", "abi": [1, 0], "library": [],
     "releases": ["2.0", "3.1"], "serializers": [],
     "loaders": [{"loader": "ObjectNode", "protocols": [0, 3], "use": "object", "fields":
                  [{"name": "content", "kind": "node", "required": false}]},
                 {"loader": "TypeNode", "protocols": [0, 3], "use": "type", "fields": []},
                 {"loader": "ListNode", "protocols": [0, 3], "use": "list", "fields":
                  [{"name": "content", "kind": "nodes"}]}],
     "types": [{"trust": "default", "uses": ["object"], "modules": ["lib.core"], "names": ["Free"]},
               {"trust": "default", "uses": ["list"], "modules": ["builtins"], "names": ["list"]},
               {"trust": "opt-in", "uses": ["object"], "modules": ["lib.core"],
                "names": ["Model"]}]})";
constexpr const char* old_lib =
    R"({"manifest_version": 1, "id": "old_lib", "version": "1", "abi": [1, 0], "library": [],
     "serializers": [], "loaders": [],
     "types": [{"trust": "opt-in", "uses": ["object"], "modules": ["old"], "names": ["Thing"]}]})";

// The name kinds, by letters; each is one node of the file.
struct Name {
  char letter;
  const char *loader, *module, *cls;
};
constexpr std::array names = {
    Name{'F', "ObjectNode", "lib.core", "Free"},          // trusted by default
    Name{'M', "ObjectNode", "lib.core", "Model"},         // declared, to opt in
    Name{'T', "TypeNode", "lib.core", "Model"},           // declared, but for another use
    Name{'O', "ObjectNode", "old", "Thing"},              // declared by the one without releases
    Name{'U', "ObjectNode", "mine.models", "Unit"},       // of the user's own modules
    Name{'D', "ObjectNode", "mine.models.deep", "Unit"},  // deeper
    Name{'L', "ObjectNode", "mine.models_x", "Unit"},     // looks alike
    Name{'R', "TypeNode", "os", "system"},                // always refused
    Name{'C', "ObjectNode", "mine.models", "A.B"},        // a class with a dot in it
};

// Which names a rule speaks about where it allows, and where it denies.
struct Kind {
  const char *text, *version, *allows, *denies;
};
constexpr std::array kinds = {
    Kind{"lib.core.Free", "", "F", "F"},
    Kind{"lib.core.Model", "", "MT", "MT"},
    Kind{"mine.models.Unit", "", "U", "U"},
    Kind{"mine.models.A.B", "", "", "C"},
    Kind{"os.system", "", "", "R"},
    Kind{"nobody.Knows", "", "", ""},
    Kind{"lib", "", "M", "FMT"},
    Kind{"lib", ">=2,<4", "M", "FMT"},  // holds all releases
    Kind{"lib", ">=2.5", "", "FMT"},    // holds some
    Kind{"lib", "<2", "", ""},          // holds none
    Kind{"lib", "==2.0", "", "FMT"},
    Kind{"old_lib", "", "O", "O"},
    Kind{"old_lib", ">=0", "", "O"},  // nobody says of which release
    Kind{"unheard_of", "", "", ""},
    Kind{"mine.models.*", "", "UD", "UDC"},
    Kind{"mine.*", "", "UDL", "UDLC"},
    Kind{"lib.*", "", "MT", "FMT"},
    Kind{"os.*", "", "", "R"},
};

enum Layers { system_file, user_file, adopted, not_adopted, edited, call_file, call, layers };

struct Placed {
  int layer;
  std::size_t kind;
  bool denies;
};

bool counts(const Placed& rule) {
  return rule.layer != not_adopted && rule.layer != edited;
}

bool speaks_about(const Placed& rule, char letter) {
  const Kind& kind = kinds[rule.kind];
  return std::string_view(rule.denies ? kind.denies : kind.allows).find(letter) !=
         std::string_view::npos;
}

Decision expected(const std::vector<Placed>& rules, char letter) {
  bool allowed = letter == 'F';
  for (const Placed& rule : rules) {
    if (!counts(rule) || !speaks_about(rule, letter)) continue;
    if (rule.denies) return Decision::denied;  // deny beats allow, in every layer
    allowed = true;
  }
  if (letter == 'R') return Decision::denied;     // no rule lifts a standing refusal
  if (letter == 'C') return Decision::undecided;  // no rule can mean it
  return allowed ? Decision::allowed : Decision::undecided;
}

const std::vector<Manifest>& manifests() {
  static const std::vector<Manifest> all = {read_manifest(lib, "lib"),
                                            read_manifest(old_lib, "old_lib")};
  return all;
}

// A file with one node for each name.
struct Subject {
  std::string text;
  std::unique_ptr<const Graph> graph;

  Subject() {
    std::string items;
    for (const Name& name : names) {
      items += std::string(items.empty() ? "" : ", ") + R"({"__loader__": ")" + name.loader +
               R"(", "__module__": ")" + name.module + R"(", "__class__": ")" + name.cls + "\"}";
    }
    text = R"({"__loader__": "ListNode", "__module__": "builtins", "__class__": "list",
            "protocol": 2, "_skops_version": "0.16.0", "content": [)" +
           items + "]}";
    LoaderTable table;
    for (const Manifest& manifest : manifests()) {
      for (const LoaderLayout& layout : manifest.layouts()) table.add(layout);
    }
    Budget budget{Limits{}};
    graph = std::make_unique<const Graph>(Graph::build(text, budget, table));
  }

  std::vector<Decision> decisions(const Policy& policy) const {
    const Audit audit = audit_graph(*graph, manifests(), policy);
    std::vector<Decision> out;
    for (const AuditedName& name : audit.names()) {
      if (name.name != "builtins.list") out.push_back(name.decision);
    }
    BOOST_REQUIRE(out.size() == names.size());
    return out;
  }
};

std::string json_of(const std::vector<Placed>& rules, int layer) {
  std::string allow, deny;
  for (const Placed& rule : rules) {
    if (rule.layer != layer) continue;
    const Kind& kind = kinds[rule.kind];
    std::string& list = rule.denies ? deny : allow;
    list += list.empty() ? "" : ", ";
    list += *kind.version == '\0' ? "\"" + std::string(kind.text) + "\""
                                  : R"({"library": ")" + std::string(kind.text) +
                                        R"(", "version": ")" + kind.version + "\"}";
  }
  return R"({"version": 1, "allow": [)" + allow + R"(], "deny": [)" + deny + "]}";
}

Rule rule_of(const Placed& placed) {
  Rule rule =
      make_rule(placed.denies ? Rule::Effect::deny : Rule::Effect::allow, kinds[placed.kind].text);
  rule.version = kinds[placed.kind].version;
  return rule;
}

// As the command does it: files of all layers, read from the disk, then the call.
Policy through_files(const Scratch& scratch, const std::vector<Placed>& rules) {
  const auto at = [&](int layer) {
    return std::any_of(rules.begin(), rules.end(),
                       [&](const Placed& r) { return r.layer == layer; });
  };
  namespace fs = std::filesystem;
  const fs::path other = scratch.folder / "project/src/.libskops";
  const fs::path given = scratch.folder / "user/given.json";
  for (const fs::path& path : {scratch.where.system, scratch.where.user, scratch.where.adopted,
                               scratch.project(), other / "policy.json"}) {
    fs::remove(path);
  }
  if (at(system_file)) write(scratch.where.system, json_of(rules, system_file));
  if (at(user_file)) write(scratch.where.user, json_of(rules, user_file));
  if (at(adopted)) {
    write(scratch.project(), json_of(rules, adopted));
    adopt_project(scratch.where, scratch.project());
  }
  fs::create_directories(other);
  if (at(not_adopted)) write(other / "policy.json", json_of(rules, not_adopted));
  if (at(edited)) {
    write(other / "policy.json", R"({"version": 1})");
    adopt_project(scratch.where, other / "policy.json");
    write(other / "policy.json", json_of(rules, edited));
  }
  Policy policy = read_policy_files(scratch.where).policy;
  if (at(call_file)) {
    write(given, json_of(rules, call_file));
    policy.add(read_policy_file(given, scratch.where.owner));
  }
  for (const Placed& rule : rules) {
    if (rule.layer == call) policy.add(rule_of(rule));
  }
  return policy;
}

void compare(const Subject& subject, const Policy& policy, const std::vector<Placed>& rules) {
  const std::vector<Decision> found = subject.decisions(policy);
  for (std::size_t k = 0; k < names.size(); ++k) {
    const Decision wanted = expected(rules, names[k].letter);
    if (found[k] == wanted) continue;
    std::string said;
    for (const Placed& rule : rules) {
      said += " layer " + std::to_string(rule.layer) + (rule.denies ? " deny " : " allow ") +
              kinds[rule.kind].text + ' ' + kinds[rule.kind].version + ';';
    }
    BOOST_ERROR(names[k].letter << " is " << text_of(found[k]) << ", expected " << text_of(wanted)
                                << " by" << said);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_layer_rule_and_name) {
  const Subject subject;
  const Scratch scratch;
  compare(subject, through_files(scratch, {}), {});
  for (int layer = 0; layer < layers; ++layer) {
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
      for (const bool denies : {false, true}) {
        const std::vector<Placed> rules = {{layer, kind, denies}};
        compare(subject, through_files(scratch, rules), rules);
      }
    }
  }
}

// Each pair of rules, in layers that go round, so that each pair of layers meets hundreds of them.
BOOST_AUTO_TEST_CASE(every_pair_of_rules) {
  const Subject subject;
  const Scratch scratch;
  int turn = 0;
  for (std::size_t first = 0; first < 2 * kinds.size(); ++first) {
    for (std::size_t second = 0; second < 2 * kinds.size(); ++second, ++turn) {
      const int one = turn % layers, other = turn / layers % layers;
      if ((one == not_adopted && other == edited) || (one == edited && other == not_adopted)) {
        continue;  // one file cannot be both
      }
      const std::vector<Placed> rules = {{one, first / 2, first % 2 == 1},
                                         {other, second / 2, second % 2 == 1}};
      compare(subject, through_files(scratch, rules), rules);
    }
  }
}

// Random policies: one more rule, wherever it stands, never frees what is denied, and one that
// denies never allows anything.
BOOST_AUTO_TEST_CASE(more_rules_never_widen_what_is_denied) {
  const Subject subject;
  std::mt19937 random(20);
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  // In the order of the layers, as files are read.
  const auto policy_of = [](const std::vector<Placed>& rules) {
    Policy policy;
    for (int layer = 0; layer < layers; ++layer) {
      for (const Placed& rule : rules) {
        if (rule.layer == layer && counts(rule)) policy.add(rule_of(rule));
      }
    }
    return policy;
  };
  std::size_t denied = 0, kept = 0;
  for (int round = 0; round < 5000; ++round) {
    std::vector<Placed> rules;
    for (std::size_t n = pick(8); n > 0; --n) {
      rules.push_back({static_cast<int>(pick(layers)), pick(kinds.size()), pick(3) == 0});
    }
    const auto before = subject.decisions(policy_of(rules));
    compare(subject, policy_of(rules), rules);
    const Placed more{static_cast<int>(pick(layers)), pick(kinds.size()), pick(2) == 0};
    rules.insert(rules.begin() + static_cast<std::ptrdiff_t>(pick(rules.size() + 1)), more);
    const auto after = subject.decisions(policy_of(rules));
    for (std::size_t k = 0; k < names.size(); ++k) {
      if (before[k] == Decision::denied) {
        ++denied;
        kept += after[k] == Decision::denied;
      }
      if (more.denies && after[k] == Decision::allowed) {
        BOOST_TEST((before[k] == Decision::allowed));
      }
      if (!more.denies) BOOST_TEST((after[k] != Decision::denied || before[k] == after[k]));
    }
  }
  BOOST_TEST(denied > 10000u);
  BOOST_TEST(kept == denied);
}
