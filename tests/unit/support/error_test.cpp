#define BOOST_TEST_MODULE support
#include "skops/error.hpp"

#include <boost/test/unit_test.hpp>

#include "skops/limits.hpp"

using namespace skops;

BOOST_AUTO_TEST_CASE(printable_escapes_what_moves_or_hides_text) {
  BOOST_TEST(printable("plain é 漢") == "plain é 漢");
  BOOST_TEST(printable("\x1b[31mred\n") == "\\x1b[31mred\\x0a");
  BOOST_TEST(printable("a\xe2\x80\xae"
                       "b") == "a\\u202eb");
  BOOST_TEST(printable("SVC\xe3\x85\xa4") == "SVC\\u3164");  // a letter that shows nothing
  BOOST_TEST(printable("\xff\xc0\x80") == "\\xff\\xc0\\x80");
  BOOST_TEST(printable(std::string("nul\0", 4)) == "nul\\x00");
  BOOST_TEST(printable("abcdef", 3) == "abc...");
}

BOOST_AUTO_TEST_CASE(the_message_says_what_where_and_what_to_do) {
  const Error error(Family::malformed, "archive.crc", "the checksum differs",
                    {.member = "3.npy", .path = "coef_"}, "copy the file again");
  BOOST_TEST(error.what() ==
             std::string("the checksum differs (member 3.npy, at coef_); copy the file again "
                         "[archive.crc]"));
}

BOOST_AUTO_TEST_CASE(with_fills_only_what_is_empty) {
  const Error error(Family::limit, "limit.nodes", "too many", {.member = "schema.json"});
  const Error outer = error.with({.member = "other", .path = "steps"});
  BOOST_TEST(outer.where().member == "schema.json");
  BOOST_TEST(outer.where().path == "steps");
}

BOOST_AUTO_TEST_CASE(a_budget_refuses_before_it_wraps) {
  Budget budget(Limits{}, 100);
  budget.allocate(std::uint64_t{4} << 30);
  BOOST_CHECK_THROW(budget.allocate(1), Error);
  BOOST_CHECK_THROW(budget.add_nodes(UINT64_MAX), Error);
  Limits limits;
  limits.inflated_base = 10;
  Budget small(limits, 1);
  small.inflate(1110);
  BOOST_CHECK_EXCEPTION(small.inflate(1), Error,
                        [](const Error& e) { return e.code() == "limit.inflated_ratio"; });
}
