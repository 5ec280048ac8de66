// Releases, ranges, and library rules that have one.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "manifest/manifest.hpp"
#include "manifest/version_range.hpp"
#include "skops/error.hpp"
#include "skops/policy.hpp"

using namespace skops;
namespace data = boost::unit_test::data;

namespace {

struct Case {
  const char *range, *release;
  bool holds;
};
std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.range << " of " << c.release;
}

const std::vector<Case> cases = {
    {">=2,<4", "2", true},       {">=2,<4", "2.0.0", true}, {">=2,<4", "1.99.9", false},
    {">=2,<4", "3.999", true},   {">=2,<4", "4", false},    {">=2,<4", "4.0.1", false},
    {">=2.0", "2", true},        {">2", "2.0", false},      {">2", "2.0.1", true},
    {"<=2", "2.0", true},        {"<=2", "2.0.1", false},   {"==1.7", "1.7.0", true},
    {"==1.7", "1.7.1", false},   {"<1.10", "1.9", true},    {">1.9", "1.10", true},
    {" >= 1 , < 2 ", "1", true}, {">=1,<=1", "1.0", true},  {">=2,<1", "1.5", false},
    {"<1", "0", true},           {"<0", "0", false},        {">=999999999", "999999999", true},
};

struct Touch {
  const char *range, *first, *last;
  bool touches;
};
std::ostream& operator<<(std::ostream& out, const Touch& c) {
  return out << c.range << " of " << c.first << " to " << c.last;
}
const std::vector<Touch> touches = {
    {"<2", "2", "3", false},    {"<=2", "2", "3", true},        {">3", "2", "3", false},
    {">=3", "2", "3", true},    {"==2.5", "2", "3", true},      {"==3.1", "2", "3", false},
    {">=1,<9", "2", "3", true}, {">=2.1,<2.2", "2", "3", true}, {"<1,>4", "2", "3", false},
};

}  // namespace

BOOST_DATA_TEST_CASE(ranges_hold_releases, data::make(cases), c) {
  BOOST_TEST(VersionRange::parse(c.range)->holds(*Release::parse(c.release)) == c.holds);
}

BOOST_DATA_TEST_CASE(ranges_touch_releases, data::make(touches), c) {
  BOOST_TEST(VersionRange::parse(c.range)->touches(*Release::parse(c.first),
                                                   *Release::parse(c.last)) == c.touches);
}

BOOST_DATA_TEST_CASE(what_is_no_release,
                     data::make({"", ".", "1.", ".1", "1..2", "a", "1a", "1.0rc1", "-1", "+1", " 1",
                                 "1 ", "1.2.3.4.5.6.7", "1234567890", "1,2", "v1"}),
                     text) {
  BOOST_TEST(!Release::parse(text));
}

BOOST_AUTO_TEST_CASE(rules_have_a_range_where_it_means_something) {
  const auto refused = [](const char* text, const char* version) {
    Rule rule = make_rule(Rule::Effect::deny, text, "p.json:3");
    rule.version = version;
    try {
      Policy().add(rule);
      return std::string();
    } catch (const Error& error) {
      BOOST_TEST(error.text().find("p.json:3") != std::string::npos);
      return error.code();
    }
  };
  BOOST_TEST(refused("lib", ">=1") == "");
  for (const char* text : {"a.B", "a.*"}) BOOST_TEST(refused(text, ">=1") == "policy.bad-rule");
  for (const char* range : {"1", "", " ", ">=1,", "!=1"}) {
    BOOST_TEST(refused("lib", range) == (*range == '\0' ? "" : "policy.bad-rule"));
  }
}

BOOST_DATA_TEST_CASE(manifests_say_which_releases_they_describe,
                     data::make({R"([])", R"(["1"])", R"(["1", "2", "3"])", R"(["2", "1"])",
                                 R"(["1", "2rc1"])", R"([1, 2])", R"("1")", R"({"first": "1"})"}),
                     releases) {
  const auto manifest = [](const std::string& value) {
    return read_manifest(R"({"manifest_version": 1, "id": "a", "version": "1", "abi": [1, 0],
      "library": [], "loaders": [], "types": [], "serializers": [], "releases": )" +
                             value + "}",
                         "a");
  };
  BOOST_TEST(manifest(R"(["1.0", "2"])").last_release == "2");
  BOOST_CHECK_EXCEPTION(manifest(releases), Error,
                        [](const Error& e) { return e.code() == "manifest.malformed"; });
}
