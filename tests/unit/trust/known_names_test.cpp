// The quick way to build objects against the audit: random files under random policies. What
// KnownNames approves, the audit approves, as the same kinds; never more.
#include "trust/known_names.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <random>

#include "skops/error.hpp"
#include "skops/limits.hpp"
#include "trust/approved_graph.hpp"

using namespace skops;

namespace {

std::string declared(const std::string& id) {
  std::ifstream in(SKOPS_TEST_DATA "/../plugins/" + id + "/declarations.json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  BOOST_REQUIRE(!text.empty());
  return text.substr(text.find('{') + 1);
}

Manifest manifest(const std::string& id, const std::string& declarations) {
  return read_manifest(
      R"({"manifest_version": 1, "id": ")" + id +
          R"(", "version": "1", "abi": [1, 0], "library": [], "serializers": [],)" + declarations,
      id);
}

// Two of the host's, and one of a package with hooks, whose proposals count here.
const std::vector<Manifest>& manifests() {
  static const std::vector<Manifest> all = [] {
    std::vector<Manifest> out;
    for (const char* id : {"builtins", "numpy"}) out.push_back(manifest(id, declared(id)));
    out.push_back(manifest("acme", R"("releases": ["1.0", "1.5"], "hooks": "acme.hooks",
      "loaders": [{"loader": "AcmeNode", "protocols": [0, 3], "use": "acme", "fields": [],
                   "recipe": {"make": "hook", "of": ["acme.Table"]}}],
      "types": [{"trust": "opt-in", "uses": ["object", "acme"], "modules": ["acme"],
                 "names": ["Model", "Table"]},
                {"trust": "default", "uses": ["acme"], "modules": ["acme"], "names": ["Usual"]}]})"));
    return out;
  }();
  return all;
}

using Random = std::mt19937;

template <class List>
std::string one_of(Random& random, const List& list) {
  return list[random() % std::size(list)];
}

constexpr const char* names[][2] = {
    {"builtins", "list"},
    {"builtins", "int"},
    {"builtins", "str"},
    {"builtins", "eval"},
    {"builtins", "dict"},
    {"builtins", "map"},
    {"numpy", "add"},
    {"numpy", "float64"},
    {"numpy", "ndarray"},
    {"numpy", "matrix"},
    {"numpy", "mean"},
    {"numpy", "load"},
    {"acme", "Model"},
    {"acme", "Table"},
    {"acme", "Usual"},
    {"acme", "Table.made"},
    {"acme.Table", "made"},
    {"acme.deep", "Thing"},
    {"os", "system"},
    {"", "list"},
    {"builtins", ""},
    {"functools", "partial"},
    {"operator", "attrgetter"},
    {"numpy.random", "PCG64"},
    {"numpy.random", "Generator"},
    {"other", "Model"},
};

std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

std::string node(Random& random, int depth) {
  static constexpr const char* loaders[] = {
      "ListNode",     "TupleNode",           "TypeNode",
      "FunctionNode", "ObjectNode",          "JsonNode",
      "MethodNode",   "NdArrayNode",         "OperatorFuncNode",
      "AcmeNode",     "RandomGeneratorNode", "NoNode"};
  // Mostly what is allowed, so that whole files are.
  if (random() % 4 != 0) {
    static const std::vector<std::string> usual = {
        R"({"__loader__": "JsonNode", "__module__": "builtins", "__class__": "str", "content": "1"})",
        R"({"__loader__": "TypeNode", "__module__": "numpy", "__class__": "float64"})",
        R"({"__loader__": "ObjectNode", "__module__": "acme", "__class__": "Model"})",
        R"({"__loader__": "AcmeNode", "__module__": "acme", "__class__": "Usual"})",
        R"({"__loader__": "ObjectNode", "__module__": "other", "__class__": "Model"})",
    };
    return one_of(random, usual);
  }
  const std::string loader = one_of(random, loaders);
  const auto& name = names[random() % std::size(names)];
  const auto& brought = names[random() % std::size(names)];
  std::string out = R"({"__loader__": )" + quoted(loader) + R"(, "__module__": )" +
                    quoted(name[0]) + R"(, "__class__": )" + quoted(name[1]);
  const auto child = [&] {
    return depth == 0 ? R"({"__loader__": "TupleNode", "__module__": "builtins",
      "__class__": "tuple", "content": []})"
                      : node(random, depth - 1);
  };
  if (loader == "ListNode" || loader == "TupleNode") {
    out += R"(, "content": [)" + child() + ", " + child() + "]";
  } else if (loader == "ObjectNode" && random() % 2 != 0) {
    out += R"(, "content": )" + child();
  } else if (loader == "FunctionNode") {
    out += R"(, "content": {"module_path": )" + quoted(brought[0]) + R"(, "function": )" +
           quoted(brought[1]) + "}";
  } else if (loader == "MethodNode") {
    out += R"(, "content": {"obj": )" + child() + R"(, "func": )" + quoted(brought[1]) + "}";
  } else if (loader == "JsonNode") {
    out += R"(, "content": "1")";
  } else if (loader == "OperatorFuncNode") {
    out += R"(, "attrs": )" + child();
  } else if (loader == "NdArrayNode") {
    out += random() % 2 != 0 ? R"(, "type": "numpy", "file": "1.npy")"
                             : R"(, "type": "json", "content": [], "shape": )" + child();
  } else if (loader == "RandomGeneratorNode") {
    out += R"(, "content": {"bit_generator": {"bit_generator": )" + quoted(brought[1]) + "}}";
  }
  return out + "}";
}

std::string file(Random& random) {
  std::string out = R"({"__loader__": "ListNode", "__module__": "builtins", "__class__": "list",
    "_skops_version": "0.16.0", "protocol": )" +
                    std::to_string(random() % 4) + R"(, "content": [)";
  const std::size_t count = 1 + random() % 4;
  for (std::size_t k = 0; k < count; ++k) out += (k == 0 ? "" : ", ") + node(random, 2);
  return out + "]}";
}

void add_rules(Random& random, Policy& policy, std::size_t most) {
  static constexpr const char* rules[] = {
      "acme",        "acme.Model", "acme.*",          "acme.Table", "acme.Usual",
      "other.Model", "other.*",    "builtins.eval",   "numpy.mean", "numpy.*",
      "numpy",       "os.*",       "acme.Table.made", "unheard"};
  for (std::size_t k = random() % (most + 1); k > 0; --k) {
    const std::string rule = one_of(random, rules);
    switch (random() % 8) {
      case 0: policy.deny(rule); break;
      case 1: policy.trust_refused("builtins.eval"); break;
      case 2:
        policy.add({.name = "acme",
                    .kind = Rule::Kind::library,
                    .origin = "test",
                    .version = random() % 2 != 0 ? ">=1,<2" : "<1.2"});
        break;
      default: policy.trust(rule);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_known_names_approve_an_audit_approves) {
  LoaderTable table;
  for (const Manifest& manifest : manifests()) {
    for (const LoaderLayout& layout : manifest.layouts()) table.add(layout);
  }
  Random random(20);
  std::size_t quick = 0, both_refuse = 0, left = 0;
  for (int round = 0; round < 150; ++round) {
    Policy own;
    add_rules(random, own, 3);
    const KnownNames known(manifests(), own);  // remembers from file to file
    for (int k = 0; k < 40; ++k) {
      Policy policy = own;
      if (k % 2 != 0) add_rules(random, policy, 2);
      const std::string text = file(random);
      Budget budget{Limits{}};
      std::shared_ptr<const Graph> graph;
      try {
        graph = std::make_shared<const Graph>(Graph::build(text, budget, table));
      } catch (const Error&) {
        continue;  // an empty name
      }
      const bool undeclared = random() % 2 != 0;
      const auto approved = known.approve(
          graph, policy,
          undeclared ? KnownNames::Undeclared::allowed : KnownNames::Undeclared::left_to_audit);
      const Audit audit = audit_graph(*graph, manifests(), policy);
      if (!approved) {
        ++(audit.ok() ? left : both_refuse);
        continue;
      }
      ++quick;
      BOOST_TEST_CONTEXT(text) {
        BOOST_TEST(audit.ok());
        if (!audit.ok()) continue;
        const ApprovedGraph slow = approve_objects(graph, audit);
        for (const AuditedName& name : audit.names()) {
          BOOST_TEST((undeclared || !name.library.empty()));
        }
        for (NodeId id = 0; id < graph->size(); ++id) {
          const NodeKind& a = approved->kinds()[approved->kind_of(id)];
          const NodeKind& b = slow.kinds()[slow.kind_of(id)];
          BOOST_TEST((a.entry == b.entry && a.manifest == b.manifest));
          BOOST_TEST(a.contents_checked == b.contents_checked);
          BOOST_TEST(approved->buildable(id));
          BOOST_TEST(a.manifest->hooks.empty());  // which ask for more than a name that is allowed
        }
      }
    }
  }
  BOOST_TEST_MESSAGE(quick << " quick, " << left << " left to an audit that allows, " << both_refuse
                           << " refused");
  BOOST_TEST(quick > 500u);
  BOOST_TEST(both_refuse > 500u);
}
