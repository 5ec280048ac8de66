// Every folder of tests/cases/schema is a test: schema.json is read, and case.json says what must
// come out (the nodes with their paths, or the error's code and path).
#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "graph/graph.hpp"
#include "skops/error.hpp"
#include "skops/limits.hpp"
#include "unit/graph/format_loaders.hpp"

using namespace skops;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(file, "cannot read " + path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fs::path(SKOPS_TEST_DATA) / "cases/schema")) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Limits limits_of(const boost::json::object& expected) {
  Limits limits;
  const auto* given = expected.if_contains("limits");
  if (given == nullptr) return limits;
  for (const auto& [key, value] : given->as_object()) {
    const auto most = value.to_number<std::uint64_t>();
    if (key == "nodes") {
      limits.nodes = most;
    } else if (key == "json_values") {
      limits.json_values = most;
    } else if (key == "string_bytes") {
      limits.string_bytes = most;
    } else if (key == "schema_bytes") {
      limits.schema_bytes = most;
    } else {
      BOOST_ERROR("no such limit in this runner: " << key);
    }
  }
  return limits;
}

std::uint64_t number(const boost::json::object& expected, const char* key) {
  const auto* value = expected.if_contains(key);
  return value == nullptr ? 0 : value->to_number<std::uint64_t>();
}

void check_nodes(const Graph& graph, const boost::json::object& expected) {
  std::vector<std::string> found, wanted;
  std::uint64_t unknown = 0;
  for (NodeId id = 0; id < graph.size(); ++id) {
    found.push_back(graph.path(id) + "|" + std::string(graph.loader(id)) + "|" +
                    std::string(graph.module(id)) + "." + std::string(graph.cls(id)));
    unknown += !graph.known(id);
    BOOST_TEST(graph.node_at(graph.node(id).json) == id);
    BOOST_TEST((id == 0 || graph.node(id).parent < id));
  }
  for (const auto& line : expected.at("nodes").as_array()) {
    wanted.emplace_back(line.as_string().c_str());
  }
  BOOST_TEST(found == wanted, boost::test_tools::per_element());
  BOOST_TEST(unknown == number(expected, "unknown"));
  BOOST_TEST(graph.aliases() == number(expected, "aliases"));
  BOOST_TEST(graph.cyclic_edges().size() == number(expected, "cycles"));
  boost::json::array members;
  for (const auto& [a, b] : graph.equal_members()) {
    members.push_back(
        boost::json::array{std::string(graph.tape().text(a)), std::string(graph.tape().text(b))});
  }
  const auto* pairs = expected.if_contains("equal_members");
  BOOST_TEST(members == (pairs == nullptr ? boost::json::array() : pairs->as_array()));
}

}  // namespace

BOOST_DATA_TEST_CASE(schema_case, boost::unit_test::data::make(case_names()), name) {
  const fs::path folder = fs::path(SKOPS_TEST_DATA) / "cases/schema" / name;
  const std::string text = read(folder / "schema.json");
  const auto expected = boost::json::parse(read(folder / "case.json")).as_object();
  const auto* code = expected.if_contains("error");
  BOOST_TEST((name.rfind("accept-", 0) == 0) == (code == nullptr));

  Budget budget(limits_of(expected));
  const bool keep = expected.if_contains("keep_cycles") != nullptr;
  try {
    const Graph graph = Graph::build(text, budget, tests::format_loaders(), {.keep_cycles = keep});
    BOOST_REQUIRE_MESSAGE(code == nullptr, "read, but must be refused");
    check_nodes(graph, expected);
  } catch (const Error& error) {
    BOOST_REQUIRE_MESSAGE(code != nullptr, "must be read, but " << error.what());
    BOOST_TEST(error.code() == code->as_string().c_str());
    BOOST_TEST(error.where().member == "schema.json");
    const auto* path = expected.if_contains("path");
    BOOST_TEST(error.where().path == (path == nullptr ? "" : path->as_string().c_str()));
    const auto* family = expected.if_contains("family");
    const Family wanted = family != nullptr              ? Family::unsupported
                          : name.rfind("limit-", 0) == 0 ? Family::limit
                                                         : Family::malformed;
    BOOST_TEST((error.family() == wanted));
  }
}
