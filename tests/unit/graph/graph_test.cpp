// What the cases of tests/cases/schema cannot say: handles and fields, values of JsonNodes, costs
// of files made to be expensive, and that any damaged schema gives a graph or an error.
#define BOOST_TEST_MODULE graph
#include "graph/graph.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "graph/json_value.hpp"
#include "skops/error.hpp"
#include "skops/limits.hpp"
#include "unit/graph/format_loaders.hpp"

using namespace skops;
namespace fs = std::filesystem;

namespace {

std::string node(const std::string& loader, const std::string& name, const std::string& fields,
                 std::int64_t id = 0) {
  std::string text = "{\"__class__\": \"" + name + "\", \"__module__\": \"builtins\", " +
                     "\"__loader__\": \"" + loader + "\"" + fields;
  if (id != 0) text += ", \"__id__\": " + std::to_string(id);
  return text + "}";
}

std::string json_node(const std::string& content, std::int64_t id = 0) {
  return node("JsonNode", "str", ", \"content\": \"" + content + "\"", id);
}

std::string list_node(const std::string& items, std::int64_t id = 0) {
  return node("ListNode", "list", ", \"content\": [" + items + "]", id);
}

std::string root(std::string text) {
  text.insert(1, "\"protocol\": 2, \"_skops_version\": \"0.16.0\", ");
  return text;
}

const LoaderTable& loaders() {
  static const LoaderTable table = tests::format_loaders();
  return table;
}

Graph build(std::string_view text, Limits limits = {}) {
  Budget budget(limits);
  return Graph::build(text, budget, loaders());
}

double seconds(const std::chrono::steady_clock::time_point& start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> honest_schemas() {
  std::vector<std::string> texts;
  for (const auto& entry : fs::directory_iterator(fs::path(SKOPS_TEST_DATA) / "data/schemas")) {
    texts.push_back(read(entry.path()));
  }
  for (const auto& entry : fs::directory_iterator(fs::path(SKOPS_TEST_DATA) / "cases/schema")) {
    if (entry.path().filename().string().rfind("accept-", 0) == 0) {
      texts.push_back(read(entry.path() / "schema.json"));
    }
  }
  BOOST_REQUIRE(texts.size() > 20);
  return texts;
}

// Everything that a consumer may ask of a graph.
std::size_t use(const Graph& graph, Budget& budget) {
  std::size_t sum = graph.skops_version().size() + static_cast<std::size_t>(graph.protocol());
  for (NodeId id = 0; id < graph.size(); ++id) {
    sum += graph.path(id).size() + graph.loader(id).size() + graph.module(id).size();
    sum += graph.field(id, "content.main") != Tape::none;
    if (has_json_value(graph, id)) {
      try {
        sum += json_value(graph, id, budget).entries();
      } catch (const Error& error) {
        BOOST_TEST(error.where().member == "schema.json");
      }
    }
  }
  return sum;
}

}  // namespace

BOOST_AUTO_TEST_CASE(fields_and_nodes_are_found_by_their_place_in_the_json) {
  const std::string text =
      root(list_node(json_node("1", 5) + ", {\"__id__\": 5}, " + list_node("", 6)));
  const Graph graph = build(text);
  BOOST_TEST(graph.size() == 3u);
  BOOST_TEST(graph.protocol() == 2);
  BOOST_TEST(graph.skops_version() == "0.16.0");
  const Tape& tape = graph.tape();
  const Tape::Index content = graph.field(0, "content");
  const Tape::Index first = tape.first(content);
  const Tape::Index second = tape.next(first), third = tape.next(second);
  BOOST_TEST(graph.node_at(Tape::root) == 0u);
  BOOST_TEST(graph.node_at(first) == 1u);
  BOOST_TEST(graph.node_at(second) == 1u);
  BOOST_TEST(graph.node_at(third) == 2u);
  BOOST_TEST(graph.node_at(content) == no_node);
  BOOST_TEST(graph.node(2).parent == 0u);
  BOOST_TEST(tape.text(graph.field(1, "content")) == "1");
  BOOST_TEST(graph.field(1, "missing") == Tape::none);
  BOOST_TEST(graph.field(1, "content.main") == Tape::none);
  BOOST_TEST(graph.layout(2)->loader == "ListNode");
  BOOST_TEST((graph.node(0).loader == graph.node(2).loader));
}

BOOST_AUTO_TEST_CASE(a_json_node_gives_its_value_when_asked) {
  const std::string text = root(list_node(json_node("[1.5, NaN, {\\\"a\\\": null}]") + "," +
                                          json_node("[1") + "," + list_node("")));
  const Graph graph = build(text);
  Budget budget{Limits{}};
  const Tape value = json_value(graph, 1, budget);
  BOOST_TEST(value.size(0) == 3u);
  BOOST_TEST(std::isnan(value.real(2)));
  BOOST_CHECK_EXCEPTION(json_value(graph, 2, budget), Error, [](const Error& error) {
    return error.code() == "json.truncated" && error.where().path == "[1]";
  });
  BOOST_TEST(!has_json_value(graph, 3));
  BOOST_CHECK_EXCEPTION(json_value(graph, 3, budget), Error, [](const Error& error) {
    return error.code() == "graph.not-plain" && error.where().path == "[2]";
  });
}

BOOST_AUTO_TEST_CASE(a_graph_can_be_moved) {
  std::string name = "na\\u006de";  // with an escape: the tape keeps this name itself
  const std::string text = root(node("TypeNode", name, ""));
  Graph graph = build(text);
  const Graph moved = std::move(graph);
  BOOST_TEST(moved.cls(0) == "name");
  BOOST_TEST(moved.module(0) == "builtins");
}

BOOST_AUTO_TEST_CASE(aliases_that_would_be_a_tree_of_2_to_the_60_are_handles) {
  std::string text = json_node("1", 1);
  for (int i = 2; i < 62; ++i) {
    text = list_node(text + ", {\"__id__\": " + std::to_string(i - 1) + "}", i);
  }
  text = root(text);
  const Graph graph = build(text);
  BOOST_TEST(graph.size() == 61u);
  BOOST_TEST(graph.aliases() == 60u);
}

BOOST_AUTO_TEST_CASE(many_copies_cost_their_own_size) {
  std::string items;
  for (int i = 0; i < 200; ++i) items += (i ? "," : "") + json_node("1", 1000 + i);
  std::string text;
  for (int i = 0; i < 500; ++i) text += (i ? "," : "") + list_node(items, 9);
  text = root(list_node(text));
  const auto start = std::chrono::steady_clock::now();
  const Graph graph = build(text);
  BOOST_TEST(graph.size() == 202u);
  BOOST_TEST(graph.aliases() == 499u);
  BOOST_TEST(seconds(start) < 5);
}

BOOST_AUTO_TEST_CASE(ids_chosen_to_collide_cost_a_logarithm) {
  // The inverse of the table's multiplier, so that all ids fall into one slot.
  std::uint64_t inverse = 1;
  for (int i = 0; i < 6; ++i) inverse *= 2 - 0x9e3779b97f4a7c15u * inverse;
  std::vector<std::int64_t> ids;
  for (std::uint64_t k = 1; ids.size() < 50'000; ++k) {
    const auto id = static_cast<std::int64_t>((k << 32 | k) * inverse);
    if (id > 0) ids.push_back(id);
  }
  std::string text;
  for (const std::int64_t id : ids) text += (text.empty() ? "" : ",") + json_node("1", id);
  for (const std::int64_t id : ids) text += ",{\"__id__\":" + std::to_string(id) + "}";
  text = root(list_node(text));
  const auto start = std::chrono::steady_clock::now();
  const Graph graph = build(text);
  BOOST_TEST(graph.size() == ids.size() + 1);
  BOOST_TEST(graph.aliases() == ids.size());
  const Tape& tape = graph.tape();
  Tape::Index at = tape.first(graph.field(0, "content"));
  for (std::size_t i = 0; i < 2 * ids.size(); ++i, at = tape.next(at)) {
    BOOST_REQUIRE(graph.node_at(at) == 1 + i % ids.size());
  }
  BOOST_TEST(seconds(start) < 5);
}

BOOST_AUTO_TEST_CASE(names_without_end_cost_a_logarithm) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) {
    text += (i ? "," : "") + node("TypeNode", "name" + std::to_string(i), "");
  }
  text = root(list_node(text));
  const auto start = std::chrono::steady_clock::now();
  const Graph graph = build(text);
  BOOST_TEST(graph.names() == 50'004u);
  BOOST_TEST(graph.cls(50'000) == "name49999");
  BOOST_TEST(seconds(start) < 5);
}

BOOST_AUTO_TEST_CASE(one_loader_is_described_once) {
  LoaderTable table;
  table.add({.loader = "A", .first_protocol = 0, .last_protocol = 1});
  table.add({.loader = "A", .first_protocol = 2});
  table.add({.loader = "B", .selector = "type", .value = "x"});
  table.add({.loader = "B", .selector = "type", .value = "y"});
  BOOST_TEST(table.find("A", 1).size() == 1u);
  BOOST_TEST(table.find("B", 1).size() == 2u);
  BOOST_TEST(table.find("C", 1).empty());
  const auto refused = [](const Error& error) { return error.code() == "graph.loader-conflict"; };
  BOOST_CHECK_EXCEPTION(table.add({.loader = "A", .first_protocol = 1, .last_protocol = 1}), Error,
                        refused);
  BOOST_CHECK_EXCEPTION(table.add({.loader = "B", .selector = "type", .value = "x"}), Error,
                        refused);
  BOOST_CHECK_EXCEPTION(table.add({.loader = "B"}), Error, refused);
}

BOOST_AUTO_TEST_CASE(honest_schemas_have_only_known_loaders) {
  for (const auto& entry : fs::directory_iterator(fs::path(SKOPS_TEST_DATA) / "data/schemas")) {
    BOOST_TEST_CONTEXT(entry.path().filename().string()) {
      const std::string text = read(entry.path());
      const Graph graph = build(text);
      Budget budget{Limits{}};
      BOOST_TEST(use(graph, budget) > 0u);
      for (NodeId id = 0; id < graph.size(); ++id) {
        BOOST_TEST(graph.known(id));
        if (has_json_value(graph, id)) BOOST_CHECK_NO_THROW(json_value(graph, id, budget));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_damaged_schema_gives_a_graph_or_an_error) {
  const char* const pieces[] = {"{",
                                "}",
                                "[",
                                "]",
                                ",",
                                ":",
                                "\"",
                                "\\",
                                "null",
                                "true",
                                "NaN",
                                "1e999",
                                "-",
                                "{\"__id__\": 5}",
                                "\\ud800",
                                "\xff",
                                "\xed\xa0\x80",
                                "0",
                                "\"\"",
                                "1",
                                "[[[[",
                                "\"__id__\"",
                                "\"__loader__\"",
                                "\"content\"",
                                "\"ListNode\"",
                                "\"CachedNode\"",
                                "\"file\"",
                                "9223372036854775808",
                                "{\"__class__\": \"a\"}",
                                "protocol"};
  std::mt19937_64 random(20261124);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  std::size_t read_well = 0, refused = 0;
  for (const std::string& honest : honest_schemas()) {
    const int rounds = honest.size() > 20'000 ? 60 : 400;
    for (int round = 0; round < rounds; ++round) {
      std::string text = honest;
      for (std::size_t n = 1 + below(3); n > 0; --n) {
        const std::size_t at = below(text.size());
        switch (below(6)) {
          case 0: text[at] = static_cast<char>(random()); break;
          case 1: text[at] = static_cast<char>(text[at] ^ (1 << below(8))); break;
          case 2: text.erase(at, 1 + below(20)); break;
          case 3: text.insert(at, pieces[below(std::size(pieces))]); break;
          case 4: text.insert(at, text.substr(below(text.size()), below(300))); break;
          default: {
            // One string for another: names, loaders, keys and ids change places.
            const std::size_t from = text.find('"', at), other = text.find('"', below(text.size()));
            if (from == text.npos || other == text.npos) break;
            const std::size_t end = text.find('"', from + 1), stop = text.find('"', other + 1);
            if (end == text.npos || stop == text.npos) break;
            text.replace(from, end - from, text.substr(other, stop - other));
          }
        }
        if (text.empty()) text = " ";
      }
      Budget budget{Limits{}};
      try {
        const Graph graph = Graph::build(text, budget, loaders());
        use(graph, budget);
        ++read_well;
      } catch (const Error& error) {
        BOOST_REQUIRE(error.where().member == "schema.json");
        ++refused;
      }
    }
  }
  BOOST_TEST(read_well > 500u);
  BOOST_TEST(refused > 500u);
}
