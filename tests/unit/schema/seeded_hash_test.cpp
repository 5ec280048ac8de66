// The hash with a secret: what it must not confuse, and that it spreads what differs by little.
#include "schema/seeded_hash.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

using namespace skops;

BOOST_AUTO_TEST_SUITE(seeded_hash)

BOOST_AUTO_TEST_CASE(one_text_has_one_hash_wherever_it_lies) {
  const std::string text = "a key of some words";
  for (std::size_t n = 0; n <= text.size(); ++n) {
    const std::string copy = "x" + text.substr(0, n);  // at another alignment
    BOOST_TEST(SeededHash()(std::string_view(text).substr(0, n)) ==
               SeededHash()(std::string_view(copy).substr(1)));
  }
}

BOOST_AUTO_TEST_CASE(lengths_zeros_and_neighbours_differ) {
  std::set<std::size_t> seen;
  std::size_t texts = 0;
  const auto add = [&](const std::string& text) {
    seen.insert(SeededHash()(text));
    ++texts;
  };
  for (std::size_t n = 0; n < 40; ++n) {
    add(std::string(n, '\0'));
    add(std::string(n, 'a') + "b");
  }
  for (int k = 0; k < 20'000; ++k) add("key" + std::to_string(k));
  BOOST_TEST(seen.size() == texts);
  // Of the lowest bits, which choose the place in a table, each value comes up.
  std::set<std::size_t> low;
  for (const std::size_t hash : seen) low.insert(hash % 64);
  BOOST_TEST(low.size() == 64u);
}

BOOST_AUTO_TEST_SUITE_END()
