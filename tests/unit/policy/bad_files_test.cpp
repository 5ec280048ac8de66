// tests/cases/policy/bad.json: what is refused, with code and place. The same table is compared
// with the schema by tests/python/test_policy_schema.py.
#include <boost/json.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "scratch.hpp"
#include "skops/error.hpp"

using namespace skops;
namespace data = boost::unit_test::data;

namespace {

struct Row {
  std::string name, text, code, place;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.name;
}

std::vector<Row> rows() {
  const std::string text = read(SKOPS_TEST_DATA "/cases/policy/bad.json");
  std::vector<Row> out;
  const boost::json::value all = boost::json::parse(text);
  for (const boost::json::value& value : all.as_array()) {
    const auto part = [&](const char* key) {
      return std::string(value.at(key).as_string().c_str(), value.at(key).as_string().size());
    };
    out.push_back({part("name"), part("text"), part("code"), part("place")});
  }
  return out;
}

}  // namespace

BOOST_DATA_TEST_CASE(bad_files_are_refused_with_their_place, data::make(rows()), row) {
  BOOST_CHECK_EXCEPTION(read_policy_text(row.text, "p.json"), Error, [&](const Error& error) {
    BOOST_TEST(error.code() == row.code);
    BOOST_TEST(error.text().starts_with("p.json:" + row.place + ":"), error.text());
    return true;
  });
}

// Every byte of a good file replaced, removed or cut: an error of this library or a policy, and
// nothing else happens.
BOOST_AUTO_TEST_CASE(damaged_files_are_refused_or_read) {
  const std::string good =
      "{ // a\n\"version\": 1, /* b */ \"allow\": [\"a.b\", {\"library\": \"x\", \"version\": "
      "\">=2,<4\", \"reason\": \"\\u00e9\"}],\n\"deny\": [\"m.*\"]}";
  BOOST_TEST(read_policy_text(good, "p").rules().size() == 3u);
  std::size_t refused = 0, taken = 0;
  const auto attempt = [&](const std::string& text) {
    try {
      (void)read_policy_text(text, "p");
      ++taken;
    } catch (const Error&) {
      ++refused;
    }
  };
  const std::string bytes("\0\x01\t\n\"\\/*{}[],:0eE-.ax\x7f\x80\xc3\xff", 25);
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char byte : bytes) attempt(std::string(good).replace(at, 1, 1, byte));
    attempt(std::string(good).erase(at, 1));
    attempt(good.substr(0, at));
  }
  BOOST_TEST(refused > 2500u);
  BOOST_TEST(taken > 100u);  // inside comments, names and reasons
}

BOOST_AUTO_TEST_CASE(good_files_say_where_their_rules_stand) {
  const Policy policy = read_policy_text(
      "// the team's\n{\n \"version\": 1,\n \"allow\": [\"a.B\", \"xgboost\", // ours\n"
      "  {\"library\": \"light-gbm\", \"version\": \" >= 2 , < 4 \", \"reason\": \"why\"}],\n"
      " \"deny\": [{\"prefix\": \"m.n.*\"}, {\"name\": \"caf\xc3\xa9.B\"}]} /* end */",
      "p.json", Layer::project);
  const auto& rules = policy.rules();
  BOOST_REQUIRE(rules.size() == 5u);
  const char* origins[] = {"p.json:4", "p.json:4", "p.json:5", "p.json:6", "p.json:6"};
  for (std::size_t k = 0; k < 5; ++k) {
    BOOST_TEST(rules[k].origin == origins[k]);
    BOOST_TEST((rules[k].layer == Layer::project));
    BOOST_TEST((rules[k].effect == (k < 3 ? Rule::Effect::allow : Rule::Effect::deny)));
  }
  BOOST_TEST(rules[2].text() == "light-gbm  >= 2 , < 4 ");
  BOOST_TEST(rules[2].reason == "why");
  BOOST_TEST(rules[3].text() == "m.n.*");
  BOOST_TEST((rules[1].kind == Rule::Kind::library));
}

BOOST_AUTO_TEST_CASE(limits_let_pass_what_is_just_within) {
  const Scratch scratch;
  std::string rules;
  for (int k = 0; k < 10000; ++k) rules += std::string(k ? "," : "") + "\"a.b\"";
  BOOST_TEST(read_policy_text("{\"version\": 1, \"allow\": [" + rules + "]}", "p").rules().size() ==
             10000u);
  BOOST_CHECK_EXCEPTION(
      read_policy_text("{\"version\": 1, \"allow\": [" + rules + "], \"deny\": [\"a.b\"]}", "p"),
      Error, [](const Error& e) { return e.code() == "limit.policy_rules"; });
  const std::string reason(1000, 'x');
  (void)read_policy_text(
      "{\"version\": 1, \"allow\": [{\"name\": \"a.b\", \"reason\": \"" + reason + "\"}]}", "p");
  const std::size_t most = PolicyLimits{}.policy_bytes;
  write(scratch.where.user, "{\"version\": 1}" + std::string(most - 14, ' '));
  BOOST_TEST(read_policy_files(scratch.where).policy.rules().empty());
  write(scratch.where.user, "{\"version\": 1}" + std::string(most - 13, ' '));
  BOOST_CHECK_EXCEPTION(read_policy_files(scratch.where), Error,
                        [](const Error& e) { return e.code() == "limit.policy_bytes"; });
}
