#define BOOST_TEST_MODULE schema
#include "schema/tape.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "schema/key_hash.hpp"
#include "schema/surrogates.hpp"
#include "skops/error.hpp"
#include "skops/limits.hpp"

using namespace skops;

namespace {

Tape parse(std::string_view text, Dialect dialect = Dialect::schema, Limits limits = {}) {
  Budget budget(limits);
  return parse_json(text, budget, dialect, "schema.json");
}

// The code of the error that parsing gives, or "" when there is none.
std::string code(std::string_view text, Dialect dialect = Dialect::schema, Limits limits = {}) {
  try {
    parse(text, dialect, limits);
    return "";
  } catch (const Error& error) {
    BOOST_TEST(error.where().member == "schema.json");
    return error.code();
  }
}

std::string object_of(int keys) {
  std::string text = "{";
  for (int i = 0; i < keys; ++i) {
    if (i > 0) text += ',';
    text += "\"key" + std::to_string(i) + "\":" + std::to_string(i);
  }
  return text + "}";
}

}  // namespace

BOOST_AUTO_TEST_CASE(values_lie_in_document_order_and_next_skips_them_whole) {
  const Tape tape = parse(R"({"a": [1, true, null], "b": {"c": "x"}, "d": -2.5})");
  BOOST_TEST((tape.kind(0) == JsonKind::object));
  BOOST_TEST(tape.size(0) == 3u);
  BOOST_TEST(tape.entries() == 12u);
  BOOST_TEST(tape.next(0) == tape.entries());
  const Tape::Index a = tape.find(0, "a");
  BOOST_TEST(a == 2u);
  BOOST_TEST(tape.size(a) == 3u);
  Tape::Index element = tape.first(a);
  BOOST_TEST(tape.integer(element) == 1);
  element = tape.next(element);
  BOOST_TEST(tape.boolean(element));
  element = tape.next(element);
  BOOST_TEST((tape.kind(element) == JsonKind::null));
  BOOST_TEST(tape.next(element) == tape.next(a));
  BOOST_TEST(tape.text(tape.next(a)) == "b");
  BOOST_TEST(tape.text(tape.find(tape.find(0, "b"), "c")) == "x");
  BOOST_TEST(tape.real(tape.find(0, "d")) == -2.5);
  BOOST_TEST(tape.find(0, "e") == Tape::none);
  BOOST_TEST(tape.find(0, "") == Tape::none);
}

BOOST_AUTO_TEST_CASE(strings_without_escapes_are_views_and_others_are_kept) {
  const std::string text = R"(["plain é", "a\"b\\\n\u00e9\ud83d\ude00c", "", "\"gini\""])";
  const Tape tape = parse(text);
  Tape::Index i = tape.first(0);
  BOOST_TEST(tape.text(i) == "plain é");
  BOOST_TEST(
      (tape.text(i).data() >= text.data() && tape.text(i).data() < text.data() + text.size()));
  i = tape.next(i);
  BOOST_TEST(tape.text(i) == "a\"b\\\né😀c");
  i = tape.next(i);
  BOOST_TEST(tape.text(i) == "");
  i = tape.next(i);
  BOOST_TEST(tape.text(i) == "\"gini\"");
}

BOOST_AUTO_TEST_CASE(long_strings_with_escapes_come_together_from_their_pieces) {
  std::string plain, escaped;
  for (int i = 0; i < 20000; ++i) {
    plain += i % 3 ? "x" : "\"";
    escaped += i % 3 ? "x" : "\\\"";
  }
  const std::string text = "{\"" + escaped + "\": \"" + escaped + "\"}";
  const Tape tape = parse(text);
  BOOST_TEST((tape.text(1) == plain));
  BOOST_TEST((tape.text(2) == plain));
  BOOST_TEST(tape.find(0, plain) == 2u);
}

BOOST_AUTO_TEST_CASE(integers_keep_every_digit) {
  const Tape tape = parse(
      "[9223372036854775807, -9223372036854775808, 9223372036854775808, 18446744073709551615,"
      " -9223372036854775809, 123456789012345678901234567890, -0]");
  const auto at = [&](int n) {
    Tape::Index i = tape.first(0);
    while (n-- > 0) i = tape.next(i);
    return i;
  };
  BOOST_TEST(tape.integer(at(0)) == std::numeric_limits<std::int64_t>::max());
  BOOST_TEST(tape.integer(at(1)) == std::numeric_limits<std::int64_t>::min());
  const char* big[] = {"9223372036854775808", "18446744073709551615", "-9223372036854775809",
                       "123456789012345678901234567890"};
  for (int i = 0; i < 4; ++i) {
    BOOST_TEST((tape.kind(at(2 + i)) == JsonKind::big_integer));
    BOOST_TEST(tape.text(at(2 + i)) == big[i]);
  }
  BOOST_TEST(tape.integer(at(6)) == 0);
}

BOOST_AUTO_TEST_CASE(doubles_are_the_nearest_ones) {
  const std::pair<const char*, double> table[] = {
      {"0.1", 0.1},
      {"1.7976931348623157e308", std::numeric_limits<double>::max()},
      {"5e-324", std::numeric_limits<double>::denorm_min()},
      {"2.2250738585072011e-308", 2.2250738585072011e-308},
      {"0.30000000000000004", 0.30000000000000004},
      {"123456789.12345679e-5", 123456789.12345679e-5},
      {"9007199254740993.0", 9007199254740992.0},
      {"1E+2", 100.0},
      {"-0.0", -0.0}};
  for (const auto& [text, value] : table) {
    const Tape tape = parse(text);
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST((tape.kind(0) == JsonKind::real));
      BOOST_TEST(tape.real(0) == value);
      BOOST_TEST(std::signbit(tape.real(0)) == std::signbit(value));
    }
  }
}

BOOST_AUTO_TEST_CASE(pythons_literals_count_only_in_the_python_dialect_and_outside_of_strings) {
  const Tape tape =
      parse(R"([NaN, Infinity, -Infinity, "NaN", {"Infinity": [NaN]}, "\"NaN"])", Dialect::python);
  Tape::Index i = tape.first(0);
  BOOST_TEST(std::isnan(tape.real(i)));
  i = tape.next(i);
  BOOST_TEST(tape.real(i) == std::numeric_limits<double>::infinity());
  i = tape.next(i);
  BOOST_TEST(tape.real(i) == -std::numeric_limits<double>::infinity());
  i = tape.next(i);
  BOOST_TEST(tape.text(i) == "NaN");
  i = tape.next(i);
  BOOST_TEST(std::isnan(tape.real(tape.first(tape.find(i, "Infinity")))));
  i = tape.next(i);
  BOOST_TEST(tape.text(i) == "\"NaN");
  for (const char* text : {"NaN", "[NaN]", "Infinity", "[-Infinity]"}) BOOST_TEST(code(text) != "");
  for (const char* text : {"-NaN", "12NaN", "NaN5", "NaNNaN", "Infinity5", "--Infinity",
                           "+Infinity", "[1Infinity]", "nan", "inf", "Inf", "Infinit", "{NaN: 1}",
                           "1.NaN", "-1Infinity", "NaN.0", "InfinityE3", "0NaN", "NaN null"}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(code(text, Dialect::python) != "");
    }
  }
}

BOOST_AUTO_TEST_CASE(duplicate_keys_are_found_in_small_and_in_large_objects) {
  BOOST_TEST(code(R"({"a": 1, "b": 2, "a": 3})") == "json.duplicate-key");
  BOOST_TEST(code(R"({"a": 1, "\u0061": 3})") == "json.duplicate-key");
  BOOST_TEST(code(R"([{"x": {"a": 1, "b": {"a": 1}, "c": [{"a": 1}]}}])") == "");
  for (const int keys : {11, 12, 13, 14, 100, 5000}) {
    std::string text = object_of(keys);
    const Tape tape = parse(text);
    for (int i = 0; i < keys; ++i) {
      const Tape::Index found = tape.find(0, "key" + std::to_string(i));
      BOOST_REQUIRE(found != Tape::none);
      BOOST_TEST(tape.integer(found) == i);
    }
    BOOST_TEST(tape.find(0, "key") == Tape::none);
    BOOST_TEST(tape.find(0, "key" + std::to_string(keys)) == Tape::none);
    text.back() = ',';
    BOOST_TEST(code(text + "\"key" + std::to_string(keys / 2) + "\": 0}") == "json.duplicate-key");
  }
}

BOOST_AUTO_TEST_CASE(keys_chosen_to_collide_are_sorted) {
  // Of four million keys the two thousand that fall into the same two slots of their table.
  std::vector<std::string> keys;
  for (std::uint64_t k = 0; keys.size() < 2000; ++k) {
    std::string key = std::to_string(k);
    if ((key_hash(key) & 4095) < 2) keys.push_back(std::move(key));
  }
  std::string text = "{";
  for (const std::string& key : keys) text += "\"" + key + "\":" + key + ",";
  text.back() = '}';
  const Tape tape = parse(text);
  for (const std::string& key : keys) {
    const Tape::Index found = tape.find(0, key);
    BOOST_REQUIRE(found != Tape::none);
    BOOST_TEST(std::to_string(tape.integer(found)) == key);
  }
  BOOST_TEST(tape.find(0, "x") == Tape::none);
  text.back() = ',';
  BOOST_TEST(code(text + "\"" + keys[1000] + "\":0}") == "json.duplicate-key");
}

// Counted, not timed: keys that never collide when they are entered, and lie one after the other
// from the place on where a key is looked for that is not among them.
BOOST_AUTO_TEST_CASE(a_missing_key_is_compared_with_few_whatever_the_keys_are) {
  constexpr std::size_t count = 3000, slots = 8192;
  const std::string missing = "__reduce__";
  std::vector<std::string> keys(count);
  for (std::size_t k = 0, left = count; left > 0; ++k) {
    std::string key = std::to_string(k);
    const std::size_t place = (key_hash(key) - key_hash(missing)) & (slots - 1);
    if (place >= count || !keys[place].empty()) continue;
    keys[place] = std::move(key);
    --left;
  }
  std::string text = "{";
  for (const std::string& key : keys) text += "\"" + key + "\":" + key + ",";
  text.back() = '}';
  const Tape tape = parse(text);
  BOOST_TEST(tape.search(0, missing).value == Tape::none);
  BOOST_TEST(tape.search(0, missing).compared <= 128u);
  for (const std::string& key : keys) {
    const Tape::Found found = tape.search(0, key);
    BOOST_REQUIRE(found.value != Tape::none);
    BOOST_TEST(std::to_string(tape.integer(found.value)) == key);
    BOOST_TEST(found.compared <= 128u);
  }
  // As many as fit into the longest way are found, one more is sorted.
  for (const std::size_t colliding : {127, 128, 129, 130}) {
    std::vector<std::string> same;
    for (std::uint64_t k = 0; same.size() < colliding; ++k) {
      std::string key = std::to_string(k);
      if ((key_hash(key) & (slots - 1)) == 5) same.push_back(std::move(key));
    }
    std::string object = "{";
    for (const std::string& key : same) object += "\"" + key + "\":" + key + ",";
    for (std::size_t k = same.size(); k < count; ++k) {
      object += "\"other" + std::to_string(k) + "\":0,";
    }
    object.back() = '}';
    const Tape whole = parse(object);
    for (const std::string& key : same) {
      const Tape::Found found = whole.search(0, key);
      BOOST_REQUIRE(found.value != Tape::none);
      BOOST_TEST(std::to_string(whole.integer(found.value)) == key);
      BOOST_TEST(found.compared <= 128u);
    }
  }
}

BOOST_AUTO_TEST_CASE(limits_are_kept) {
  Limits limits;
  limits.json_depth = 10;
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  BOOST_TEST(code(nested(10), Dialect::schema, limits) == "");
  BOOST_TEST(code(nested(11), Dialect::schema, limits) == "limit.json_depth");
  BOOST_TEST(code(nested(640)) == "");
  BOOST_TEST(code(nested(641)) == "limit.json_depth");
  BOOST_TEST(code(std::string(5'000'000, '[')) == "limit.json_depth");
  limits = {};
  limits.json_depth = UINT64_MAX;
  BOOST_TEST(code(nested(100'000), Dialect::schema, limits) == "limit.json_depth");
  limits = {};
  limits.json_values = 1000;
  BOOST_TEST(code("[" + std::string(1000, ' ') + "1]", Dialect::schema, limits) == "");
  std::string many = "[1";
  for (int i = 0; i < 1000; ++i) many += ",1";
  BOOST_TEST(code(many + "]", Dialect::schema, limits) == "limit.json_values");
  limits = {};
  limits.string_bytes = 100;
  BOOST_TEST(code("\"" + std::string(100, 'x') + "\"", Dialect::schema, limits) == "");
  BOOST_TEST(code("\"" + std::string(101, 'x') + "\"", Dialect::schema, limits) ==
             "limit.string_bytes");
  BOOST_TEST(code("\"\\n" + std::string(100, 'x') + "\"", Dialect::schema, limits) ==
             "limit.string_bytes");
  BOOST_TEST(code("{\"" + std::string(101, 'x') + "\": 1}", Dialect::schema, limits) ==
             "limit.string_bytes");
  limits = {};
  limits.schema_bytes = 100;
  BOOST_TEST(code(std::string(100, ' ') + "1", Dialect::schema, limits) == "limit.schema_bytes");
}

BOOST_AUTO_TEST_CASE(one_budget_counts_the_values_of_all_texts) {
  Limits limits;
  limits.json_values = 10;
  Budget budget(limits);
  for (int i = 0; i < 10; ++i) parse_json("1", budget, Dialect::python, "schema.json");
  BOOST_CHECK_THROW(parse_json("1", budget, Dialect::python, "schema.json"), Error);
}

BOOST_AUTO_TEST_CASE(lone_surrogates_become_bytes_where_a_host_wants_them) {
  const std::pair<std::string, std::string> table[] = {
      {"\"a\"", ""},
      {"\"\\u00e9\\n\"", ""},
      {"\"\\ud83d\\ude00\"", ""},
      {"\"\\\\ud800\"", ""},
      {"\"\\ud800\"", "\"\xed\xa0\x80\""},
      {"[\"\\uDFFF\", 1]", "[\"\xed\xbf\xbf\", 1]"},
      {"\"\\ude00\\ud83d\"", "\"\xed\xb8\x80\xed\xa0\xbd\""},
      {"\"\\ud800\\ud83d\\ude00\"", "\"\xed\xa0\x80\\ud83d\\ude00\""},
      {"\"\\\\\\ud800\\\\\"", "\"\\\\\xed\xa0\x80\\\\\""},
      {"\"\\ud80", ""},
      {"\"\\ud800", "\"\xed\xa0\x80"},
      {"\\ud800\\", "\xed\xa0\x80\\"},
      {"\\ud800\\ude0", "\xed\xa0\x80\\ude0"},
  };
  for (const auto& [text, expected] : table) BOOST_TEST(with_lone_surrogates(text) == expected);
  Budget budget{Limits()};
  const std::string text = with_lone_surrogates("{\"\\ud800\": [\"\\udfffa\\n\"]}");
  const Tape tape = parse_json(text, budget, Dialect::python_texts, "schema.json");
  BOOST_TEST(tape.text(1) == "\xed\xa0\x80");
  BOOST_TEST(tape.text(3) ==
             "\xed\xbf\xbf"
             "a\n");
}

BOOST_AUTO_TEST_CASE(texts_that_are_not_json_are_refused_with_the_reason) {
  using namespace std::string_literals;
  const std::pair<std::string, const char*> table[] = {
      {"", "json.truncated"},
      {" ", "json.truncated"},
      {"{", "json.truncated"},
      {"[1", "json.truncated"},
      {"\"abc", "json.truncated"},
      {"tru", "json.truncated"},
      {"{\"a\"", "json.truncated"},
      {"\xef\xbb\xbf{}", "json.byte-order-mark"},
      {"\xff\xfe{\0}\0"s, "json.utf8"},
      {"{\0}\0"s, "json.utf8"},
      {"\0{\0}"s, "json.utf8"},
      {"\"\xff\"", "json.utf8"},
      {"\"\xc0\x80\"", "json.utf8"},
      {"\"\xed\xa0\x80\"", "json.utf8"},
      {"\"\xf4\x90\x80\x80\"", "json.utf8"},
      {"\"\xf8\x88\x80\x80\x80\"", "json.utf8"},
      {"\"\xe2\x82\"", "json.utf8"},
      {"[\"abcdefghijklmnopqrstuvwxyz\xe2\x82\"]", "json.utf8"},
      {"\"\\ud800\"", "json.surrogate"},
      {"\"\\udc00\"", "json.surrogate"},
      {"\"\\ud800\\ud800\"", "json.surrogate"},
      {"\"\\ud800abcdefghijkl\"", "json.surrogate"},
      {"[\"\\ud800\", \"abcdefghijkl\"]", "json.surrogate"},
      {"{} {}", "json.trailing"},
      {"{}\0"s, "json.trailing"},
      {"1 2", "json.trailing"},
      {"{}]", "json.trailing"},
      {"[1,]", "json.syntax"},
      {"{\"a\":1,}", "json.syntax"},
      {"{a: 1}", "json.syntax"},
      {"{'a': 1}", "json.syntax"},
      {"{1: 1}", "json.syntax"},
      {"[1 2]", "json.syntax"},
      {"[1}", "json.syntax"},
      {"/* x */ 1", "json.syntax"},
      {"1 // x", "json.trailing"},
      {"01", "json.trailing"},
      {"-", "json.truncated"},
      {"+1", "json.syntax"},
      {".5", "json.syntax"},
      {"[1.]", "json.syntax"},
      {"[1e]", "json.syntax"},
      {"0x10", "json.trailing"},
      {"1,5", "json.trailing"},
      {"True", "json.syntax"},
      {"\"a\tb\"", "json.syntax"},
      {"\"a\0b\""s, "json.syntax"},
      {"\"\\x41\"", "json.syntax"},
      {"\"\\u12g4\"", "json.syntax"},
      {"1e400", "json.number"},
      {"-1e400", "json.number"},
      {"1e99999999999999999999", "json.number"},
      {"1e-400", "json.number"},
      {std::string(5000, '1'), "json.number"},
      {"0." + std::string(5000, '0'), "json.number"},
      {"1e" + std::string(400, '9'), "json.number"},
  };
  for (const auto& [text, expected] : table) {
    BOOST_TEST_CONTEXT(text.substr(0, 40)) {
      BOOST_TEST(code(text) == expected);
      BOOST_TEST(code(text, Dialect::python) == expected);
    }
  }
}
