// Which arrays are deflated unasked, and that it does not matter where the header of one lies.
#include "writer/repetition.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <random>

using namespace skops;

namespace {

std::string header(const std::string& shape) {
  std::string text = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + shape + "), }";
  text.append(117 - text.size(), ' ');
  text += '\n';
  return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + text;
}

std::vector<std::byte> numbers(std::size_t count, unsigned different) {
  std::mt19937 random(1);
  std::vector<double> values(different);
  for (double& value : values) value = static_cast<double>(random());
  std::vector<std::byte> out(8 * count);
  for (std::size_t k = 0; k < count; ++k) {
    std::memcpy(out.data() + 8 * k, &values[random() % different], 8);
  }
  return out;
}

std::span<const std::byte> bytes(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// The answer, which has to be the same for a member in two parts and in one.
bool repeats(const std::string& head, const std::vector<std::byte>& body) {
  const bool parts = repeats_itself({.name = "a", .head = bytes(head), .bytes = body});
  std::vector<std::byte> whole(bytes(head).begin(), bytes(head).end());
  whole.insert(whole.end(), body.begin(), body.end());
  BOOST_TEST(repeats_itself({.name = "a", .head = {}, .bytes = whole}) == parts);
  return parts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(repetition)

BOOST_AUTO_TEST_CASE(long_rows_of_few_numbers_repeat_themselves) {
  BOOST_TEST(repeats(header("40000,"), numbers(40000, 1)));
  BOOST_TEST(repeats(header("40000,"), numbers(40000, 16)));
  BOOST_TEST(!repeats(header("40000,"), numbers(40000, 10000)));
  BOOST_TEST(!repeats(header("4000,"), numbers(4000, 1)));  // short
}

BOOST_AUTO_TEST_CASE(other_members_stay_as_they_are) {
  const auto same = numbers(40000, 1);
  BOOST_TEST(!repeats(header("200, 200"), same));
  BOOST_TEST(!repeats(header(""), same));
  BOOST_TEST(!repeats(header("40000"), same));
  BOOST_TEST(!repeats("", same));
  BOOST_TEST(!repeats("\x93NUMPY", same));
  std::string far = header("40000,");
  far[9] = '\x7f';  // a header longer than what stands before the numbers
  BOOST_TEST(!repeats_itself({.name = "a", .head = bytes(far), .bytes = same}));
}

BOOST_AUTO_TEST_SUITE_END()
