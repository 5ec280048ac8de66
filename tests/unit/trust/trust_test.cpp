#define BOOST_TEST_MODULE trust
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fstream>
#include <iterator>

#include "skops/error.hpp"
#include "skops/limits.hpp"
#include "trust/approved_graph.hpp"
#include "trust/audit_detail.hpp"
#include "trust/refused_names.hpp"

using namespace skops;
namespace data = boost::unit_test::data;

namespace {

std::string manifest_text(const std::string& id) {
  std::ifstream in(SKOPS_TEST_DATA "/../plugins/" + id + "/declarations.json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  BOOST_REQUIRE(!text.empty());
  std::string serializers;
  if (id == "sklearn") {
    serializers = R"({"loader": "ObjectNode", "module": "sklearn.svm._classes", "class": "SVC"})";
  }
  if (id == "scipy") serializers = R"({"loader": "SparseMatrixNode", "module": "", "class": ""})";
  if (id == "pandas") {
    serializers = R"({"loader": "PandasSeriesNode", "module": "pandas", "class": "Series"})";
  }
  return R"({"manifest_version": 1, "id": ")" + id +
         R"(", "version": "1", "abi": [1, 0], "library": [], "serializers": [)" + serializers +
         "]," + text.substr(text.find('{') + 1);
}

const std::vector<Manifest>& manifests() {
  static const std::vector<Manifest> all = [] {
    std::vector<Manifest> out;
    for (const char* id : {"builtins", "numpy", "scipy", "sklearn", "pandas"}) {
      out.push_back(read_manifest(manifest_text(id), id));
    }
    return out;
  }();
  return all;
}

struct Audited {
  std::shared_ptr<std::string> text;
  std::shared_ptr<const Graph> graph;
  Audit audit;
};

// The node with `fields` as a file of one node.
Audited audit(const std::string& loader, const std::string& module, const std::string& cls,
              const std::string& fields, const Policy& policy = {}, int protocol = 2) {
  LoaderTable table;
  for (const Manifest& manifest : manifests()) {
    for (const LoaderLayout& layout : manifest.layouts()) table.add(layout);
  }
  auto text = std::make_shared<std::string>(
      R"({"__loader__": ")" + loader + R"(", "__module__": ")" + module + R"(", "__class__": ")" +
      cls + R"(", "_skops_version": "0.16.0", "protocol": )" + std::to_string(protocol) +
      (fields.empty() ? "" : ", " + fields) + "}");
  Budget budget{Limits{}};
  auto graph = std::make_shared<Graph>(Graph::build(*text, budget, table));
  Audit result = audit_graph(*graph, manifests(), policy);
  return {text, graph, result};
}

std::string node(const std::string& loader, const std::string& module, const std::string& cls,
                 const std::string& fields) {
  return R"({"__loader__": ")" + loader + R"(", "__module__": ")" + module +
         R"(", "__class__": ")" + cls + "\"" + (fields.empty() ? "" : ", " + fields) + "}";
}

std::string json(const std::string& text) {
  return node("JsonNode", "builtins", "str", R"("content": ")" + text + "\"");
}

const AuditedName& find(const Audit& audit, const std::string& name) {
  for (const AuditedName& known : audit.names()) {
    if (known.name == name) return known;
  }
  throw std::runtime_error("not audited: " + name);
}

struct Case {
  const char *loader, *module, *cls, *fields;
  Decision decision;
};
std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.loader << ' ' << c.module << '.' << c.cls;
}

constexpr auto allowed = Decision::allowed, denied = Decision::denied,
               undecided = Decision::undecided;
const char* npz = R"("type": "scipy", "file": "1.npz")";
const char* npy = R"("type": "numpy", "file": "1.npy")";

const std::vector<Case> defaults = {
    {"TypeNode", "builtins", "int", "", allowed},
    {"TypeNode", "builtins", "map", "", allowed},
    {"TypeNode", "builtins", "dict", "", undecided},
    {"TypeNode", "builtins", "object", "", undecided},
    {"TypeNode", "collections", "OrderedDict", "", undecided},
    {"TypeNode", "numpy", "float64", "", allowed},
    {"TypeNode", "numpy", "bool_", "", allowed},
    {"TypeNode", "numpy", "bool", "", allowed},
    {"TypeNode", "sklearn.svm._classes", "SVC", "", undecided},
    {"TypeNode", "builtins", "eval", "", denied},
    {"TypeNode", "os.path", "join", "", denied},
    {"TypeNode", "osx", "join", "", undecided},
    {"FunctionNode", "numpy", "add", "", allowed},
    {"FunctionNode", "numpy.core._multiarray_umath", "add", "", allowed},
    {"FunctionNode", "numpy._core._multiarray_umath", "add", "", allowed},
    {"FunctionNode", "scipy.special._ufuncs", "expit", "", allowed},
    {"FunctionNode", "numpy", "mean", "", undecided},
    {"FunctionNode", "numpy", "load", "", denied},
    {"FunctionNode", "numpy", "float64", "", undecided},
    {"FunctionNode", "builtins", "len", "", undecided},
    {"FunctionNode", "builtins", "getattr", "", denied},
    {"ObjectNode", "sklearn.svm._classes", "SVC", "", allowed},
    {"ObjectNode", "sklearn.svm", "_classes.SVC", "", undecided},
    {"ObjectNode", "sklearn._loss.loss", "HalfBinomialLoss", "", allowed},
    {"ObjectNode", "sklearn.ensemble._hist_gradient_boosting.predictor", "TreePredictor", "",
     allowed},
    {"ObjectNode", "sklearn.metrics._scorer", "_Scorer", "", undecided},
    {"ObjectNode", "joblib", "load", "", denied},
    {"NdArrayNode", "numpy", "ndarray", npy, allowed},
    {"NdArrayNode", "numpy", "float32", npy, allowed},
    {"NdArrayNode", "numpy", "matrix", npy, undecided},
    {"SparseMatrixNode", "scipy.sparse._csr", "csr_matrix", npz, allowed},
    {"SparseMatrixNode", "scipy.sparse.csr", "csr_matrix", npz, allowed},
    {"SparseMatrixNode", "scipy.sparse._csc", "csc_array", npz, allowed},
    {"SparseMatrixNode", "scipy.sparse", "spmatrix", npz, denied},
    {"SparseMatrixNode", "scipy.sparse._matrix", "spmatrix", npz, denied},
    {"SparseMatrixNode", "os", "system", npz, denied},
    {"JsonNode", "builtins", "str", R"("content": "1")", allowed},
    {"SliceNode", "os", "system", R"("content": {})", denied},
    {"TupleNode", "builtins", "tuple", R"("content": [])", allowed},
    {"TupleNode", "os", "stat_result", R"("content": [])", denied},
    {"TupleNode", "mine", "Point", R"("content": [])", undecided},
    {"NobodyKnowsNode", "numpy", "ndarray", "", undecided},
};

const char* bad_rules[] = {
    "",      "*",    ".*",   "*.x", "a.*.b", "a*", "a.b*", " ",
    "a b.c", "a..b", "a.b.", ".a",  "a.*.*", "A",  "a\n",  "a.b\xe2\x80\xae"};

}  // namespace

BOOST_DATA_TEST_CASE(names_are_decided_per_use, data::make(defaults), c) {
  const Audited a = audit(c.loader, c.module, c.cls, c.fields);
  const AuditedName& name = a.audit.names().at(0);
  BOOST_TEST(static_cast<int>(name.decision) == static_cast<int>(c.decision), name.rule);
  BOOST_TEST(a.audit.ok() == (c.decision == allowed));
  BOOST_TEST(name.paths.size() == 1u);
}

BOOST_DATA_TEST_CASE(rules_that_make_no_sense_are_refused, data::make(bad_rules), text) {
  BOOST_CHECK_EXCEPTION(Policy().trust(text), Error,
                        [](const Error& e) { return e.code() == "policy.bad-rule"; });
  BOOST_CHECK_THROW(Policy().deny(text), Error);
}

BOOST_AUTO_TEST_CASE(rules_allow_what_they_name_and_no_more) {
  const auto decision = [](const char* rule, const char* module, const char* cls) {
    return audit("ObjectNode", module, cls, "", Policy().trust(rule)).audit.names()[0].decision;
  };
  BOOST_TEST((decision("a.b.C", "a.b", "C") == allowed));
  BOOST_TEST((decision("a.b.C", "a", "b.C") == undecided));  // joins to the same text
  BOOST_TEST((decision("a.*", "a", "b.C") == undecided));
  BOOST_TEST((decision("a.b.C", "a.b", "C2") == undecided));
  BOOST_TEST((decision("my.*", "my", "C") == allowed));
  BOOST_TEST((decision("my.*", "my.deep.er", "C") == allowed));
  BOOST_TEST((decision("my.*", "my_fake", "C") == undecided));
  BOOST_TEST((decision("builtins.*", "builtins", "eval") == denied));
  BOOST_TEST((decision("os.system", "os", "system") == denied));
  BOOST_TEST((decision("sklearn", "sklearn.unknown", "C") == undecided));
}

BOOST_AUTO_TEST_CASE(deny_beats_allow) {
  for (const char* rule : {"sklearn.svm._classes.SVC", "sklearn.*", "sklearn"}) {
    const auto a = audit("ObjectNode", "sklearn.svm._classes", "SVC", "",
                         Policy().deny(rule, "policy.json:3").trust("sklearn.svm._classes.SVC"));
    const AuditedName& name = a.audit.names()[0];
    BOOST_TEST((name.decision == denied));
    BOOST_TEST(name.rule == std::string("deny ") + rule + " (policy.json:3)");
    BOOST_CHECK_EXCEPTION(approve_native(a.graph, a.audit), Error,
                          [](const Error& e) { return e.code() == "trust.denied"; });
  }
}

BOOST_AUTO_TEST_CASE(a_standing_refusal_needs_host_code_to_lift) {
  Policy policy;
  policy.trust("os.getcwd").trust_refused("os.getcwd");
  BOOST_TEST(audit("FunctionNode", "os", "getcwd", "", policy).audit.ok());
  BOOST_TEST(
      !audit("FunctionNode", "os", "getcwd", "", Policy().trust_refused("os.getcwd")).audit.ok());
  BOOST_TEST(refused_reason("numpy.testing.runstring") != "");
  BOOST_TEST(refused_reason("numpy.test") == "");
  BOOST_TEST(refused_reason(std::string(100000, 'a')) == "");
}

BOOST_AUTO_TEST_CASE(libraries_are_opted_in_by_name) {
  const std::string fields = R"("content": {"values": )" + json("1") + R"(, "index": )" +
                             json("1") + R"(, "name": )" + json("1") + "}";
  auto a = audit("PandasSeriesNode", "pandas", "Series", fields, {}, 3);
  BOOST_TEST((find(a.audit, "pandas.Series").decision == undecided));
  BOOST_TEST(!find(a.audit, "pandas.Series").native);
  BOOST_TEST(!approve_native(a.graph, a.audit).buildable(0));
  BOOST_TEST(a.audit.report().find("--trust pandas\n") != std::string::npos);
  a = audit("PandasSeriesNode", "pandas", "Series", fields, Policy().trust("pandas"), 3);
  BOOST_TEST(a.audit.ok());
  BOOST_TEST(find(a.audit, "pandas.Series").native);
  a = audit("TypeNode", "pandas", "Series", "", Policy().trust("pandas"));
  BOOST_TEST(!a.audit.ok());
  a = audit("TypeNode", "builtins", "int", "", Policy().trust("nobody"));
  BOOST_TEST(a.audit.findings().at(0).code == "policy.unknown-library");
  BOOST_TEST(a.audit.ok());
}

BOOST_AUTO_TEST_CASE(native_loads_leave_unknown_names_as_data) {
  auto a = audit("ObjectNode", "evil", "Thing", "");
  BOOST_TEST(!approve_native(a.graph, a.audit).buildable(0));
  BOOST_CHECK_THROW(approve_objects(a.graph, a.audit), Error);
  a = audit("FunctionNode", "os", "system", "");
  BOOST_TEST(!approve_native(a.graph, a.audit).buildable(0));
  a = audit("ObjectNode", "sklearn.svm._classes", "SVC", "");
  BOOST_TEST(approve_native(a.graph, a.audit).buildable(0));
  BOOST_TEST(approve_objects(a.graph, a.audit).buildable(0));
  a = audit("SparseMatrixNode", "scipy.sparse", "spmatrix", npz);
  BOOST_CHECK_THROW(approve_native(a.graph, a.audit), Error);
}

BOOST_AUTO_TEST_CASE(an_audit_approves_its_own_graph_only) {
  const auto a = audit("ObjectNode", "evil", "Thing", "");
  const auto b = audit("ObjectNode", "sklearn.svm._classes", "SVC", "");
  BOOST_CHECK_EXCEPTION(approve_native(a.graph, b.audit), Error,
                        [](const Error& e) { return e.code() == "trust.other-graph"; });
}

BOOST_AUTO_TEST_CASE(methods_bring_their_name) {
  const auto method = [](const std::string& owner, const std::string& name, const Policy& policy) {
    return audit("MethodNode", "a", "C",
                 R"("content": {"func": ")" + name + R"(", "obj": )" +
                     node("ObjectNode", "a", owner, "") + "}",
                 policy);
  };
  const Policy policy = Policy().trust("a.C").trust("a.C.run").trust("a.C.__getitem__");
  BOOST_TEST(method("C", "run", policy).audit.ok());
  BOOST_TEST(method("C", "walk", policy).audit.untrusted() == std::vector<std::string>{"a.C.walk"},
             boost::test_tools::per_element());
  BOOST_TEST(method("C", "__getitem__", policy).audit.denied());
  const auto lie = method("D", "run", Policy(policy).trust("a.D"));
  BOOST_TEST(!lie.audit.ok());
  BOOST_TEST(lie.audit.findings().at(0).code == "audit.method-owner");
  BOOST_TEST(!method("C", "run.x", policy).audit.ok());
  BOOST_TEST(!method("C", "", policy).audit.ok());
}

BOOST_AUTO_TEST_CASE(operators_are_looked_at_for_what_they_are_given) {
  const auto given = [](const char* cls, const std::vector<std::string>& texts,
                        Policy policy = {}) {
    std::string items;
    for (const std::string& text : texts) {
      items += (items.empty() ? "" : ", ") +
               (text.starts_with('{') ? text : json("\\\"" + text + "\\\""));
    }
    policy.trust("operator.*");
    return audit(
        "OperatorFuncNode", "operator", cls,
        "\"attrs\": " + node("TupleNode", "builtins", "tuple", "\"content\": [" + items + "]"),
        policy);
  };
  BOOST_TEST(given("methodcaller", {"round", "eval"}).audit.ok());  // eval is an argument
  BOOST_TEST(given("attrgetter", {"real", "a.eval"}).audit.ok());
  BOOST_TEST(given("itemgetter", {"__class__"}).audit.ok());
  for (const auto& bad :
       {given("methodcaller", {"eval"}), given("methodcaller", {"__reduce__"}),
        given("methodcaller", {"to_csv", "/tmp/x"}), given("methodcaller", {"unheard_of"}),
        given("methodcaller", {}), given("attrgetter", {"real", "a.__globals__"}),
        given("attrgetter", {"__class__"}), given("attrgetter", {""}),
        given("attrgetter", std::vector<std::string>(33, "a")),
        given("methodcaller", {std::string(301, 'a')}),
        // What is no plain text could be one all the same once it is built.
        given("attrgetter", {node("NdArrayNode", "numpy", "str_", npy)}),
        given("methodcaller", {node("ListNode", "builtins", "list", "\"content\": []")})}) {
    BOOST_TEST(!bad.audit.ok());
    BOOST_TEST(bad.audit.findings().at(0).code == "audit.operator");
    BOOST_TEST(bad.audit.findings()[0].refuses);
  }
  BOOST_TEST(given("attrgetter", std::vector<std::string>(32, "a")).audit.ok());
  for (const char* lifted : {"__len__", "eval", "to_csv"}) {
    BOOST_TEST(given("methodcaller", {lifted}, Policy().trust_refused("operator.methodcaller"))
                   .audit.ok());
  }
}

BOOST_AUTO_TEST_CASE(operators_that_are_handed_on_are_refused) {
  for (const char* loader : {"TypeNode", "FunctionNode", "ObjectNode"}) {
    for (const char* cls : {"methodcaller", "attrgetter"}) {
      const std::string name = std::string("operator.") + cls;
      Policy policy = Policy().trust("operator.*").trust(name);
      BOOST_TEST(audit(loader, "operator", cls, "", policy).audit.denied(), loader << name);
      BOOST_TEST(audit(loader, "operator", cls, "", policy.trust_refused(name)).audit.ok());
    }
    BOOST_TEST(
        audit(loader, "operator", "itemgetter", "", Policy().trust("operator.*")).audit.ok());
  }
}

BOOST_AUTO_TEST_CASE(methods_of_the_list_stay_refused) {
  const auto method = [](const char* cls, const char* name) {
    return audit("MethodNode", "pandas.core.frame", cls,
                 R"("content": {"func": ")" + std::string(name) + R"(", "obj": )" +
                     node("ObjectNode", "pandas.core.frame", cls, "") + "}",
                 Policy().trust("pandas.*"));
  };
  BOOST_TEST(method("DataFrame", "round").audit.ok());
  for (const char* bad : {"eval", "query", "agg", "apply", "to_pickle"}) {
    BOOST_TEST(method("DataFrame", bad).audit.denied(), bad);
  }
}

BOOST_AUTO_TEST_CASE(old_functions_bring_the_name_of_their_content) {
  const auto function = [](const char* module, const char* name) {
    return audit("FunctionNode", "numpy", "ufunc",
                 std::string(R"("content": {"module_path": ")") + module + R"(", "function": ")" +
                     name + "\"}",
                 {}, 0);
  };
  BOOST_TEST(function("scipy.special", "expit").audit.ok());
  BOOST_TEST(!function("numpy", "add").audit.ok());  // only SciPy's were ever trusted there
  BOOST_TEST(function("os", "system").audit.denied());
}

BOOST_AUTO_TEST_CASE(generators_bring_the_class_that_the_resolved_node_names) {
  const auto generator = [](const std::string& name) {
    const std::string dict =
        node("DictNode", "builtins", "dict",
             R"("__id__": 7, "key_types": )" +
                 node("ListNode", "builtins", "list",
                      R"("content": [)" + node("TypeNode", "builtins", "str", "") + "]") +
                 R"(, "content": {"bit_generator": )" + json(name) + "}");
    return audit("RandomGeneratorNode", "numpy.random._generator", "Generator",
                 R"("content": {"bit_generator": )" + dict + R"(, "seed_seq": {"__id__": 7}})");
  };
  BOOST_TEST(generator("\\\"PCG64\\\"").audit.ok());
  for (const char* bad : {"\\\"seed\\\"", "\\\"test\\\"", "\\\"a.b\\\"", "1", "\\\"\\\""}) {
    const auto a = generator(bad);
    BOOST_TEST(!a.audit.ok(), bad);
    BOOST_TEST(!approve_native(a.graph, a.audit).buildable(0), bad);
  }
}

BOOST_AUTO_TEST_CASE(reports_print_nothing_that_moves_the_cursor) {
  const auto a =
      audit("ObjectNode", "evil", "Thing", R"("content": )" + node("FutureNode", "x", "Y", ""));
  const std::string text = a.audit.report();
  BOOST_TEST(text.find("--trust evil.Thing") != std::string::npos);
  BOOST_TEST(text.find("audit.unknown-loader") != std::string::npos);
  const std::string machine = a.audit.report(Audit::Format::json);
  BOOST_TEST(machine.find("\"ok\":false") != std::string::npos);
  const std::string page = a.audit.report(Audit::Format::html);
  BOOST_TEST(page.find("--trust evil.Thing") != std::string::npos);
  BOOST_TEST(page.find("audit.unknown-loader") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(pages_hold_the_names_of_a_file_as_text) {
  const std::string hostile = "<img src=x onerror='a&b'>\x1b[2J";
  Policy policy;
  const auto a = audit("FutureNode", "evil", "Thing", R"("content": )" + json("1"), policy);
  auto detail = std::make_shared<Audit::Detail>(a.audit.detail());
  for (AuditedName& name : detail->names) name.name = name.rule = hostile;
  for (AuditedName& name : detail->names) name.paths = {hostile};
  for (Finding& finding : detail->findings) finding.text = finding.path = hostile;
  const std::string page = Audit(detail).report(Audit::Format::html);
  BOOST_TEST(page.find("<img") == std::string::npos);
  BOOST_TEST(page.find('\x1b') == std::string::npos);
  BOOST_TEST(page.find("&lt;img src=x onerror=&#39;a&amp;b&#39;&gt;") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_large_audit_is_quick) {
  std::string items = node("ObjectNode", "sklearn.svm._classes", "SVC", "");
  for (int k = 1; k < 55000; ++k) items += "," + json("1");
  const auto a = audit("ListNode", "builtins", "list", R"("content": [)" + items + "]");
  const auto start = std::chrono::steady_clock::now();
  const Audit again = audit_graph(*a.graph, manifests(), {});
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  BOOST_TEST_MESSAGE("audit of 55,001 nodes: " << took.count() << " ms");
  BOOST_TEST(again.ok());
  BOOST_TEST(find(again, "builtins.str").count == 54999u);
  BOOST_TEST(took.count() < 200);
}
