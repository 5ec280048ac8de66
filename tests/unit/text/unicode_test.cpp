// Strings and single code points against Python's own answers.
#include "text/unicode.hpp"

#include <boost/test/unit_test.hpp>

#include "case_table.hpp"
#include "text/murmur_hash.hpp"
#include "text/preprocess.hpp"
#include "text/utf8.hpp"

namespace text = skops_sklearn::text;

namespace {

std::string converted(const std::string& operation, const std::string& in) {
  std::string out;
  if (operation == "lower") {
    text::append_lower(in, out);
  } else {
    text::append_without_accents(
        in, operation == "ascii" ? text::Accents::ascii : text::Accents::unicode, out);
  }
  return out;
}

std::string of_point(const std::string& operation, char32_t c) {
  std::string s;
  text::append_point(s, c);
  const auto flag = [&](int bit) {
    return std::string(text::CharTables::get().flags(c) & bit ? "1" : "0");
  };
  if (operation == "word") return flag(text::kWord);
  if (operation == "space") return flag(text::kSpace);
  if (operation == "digit") return flag(text::kDigit);
  if (operation == "sigma") return converted("lower", "A" + s + "Σ" + s + "a");
  return converted(operation, s);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(unicode)

BOOST_AUTO_TEST_CASE(strings) {
  for (const auto& row : read_cases("strings.tsv")) {
    BOOST_TEST(converted(row[0], row[1]) == row[2], row[0] << " of " << row[1]);
  }
}

BOOST_AUTO_TEST_CASE(all_code_points) {
  for (const auto& row : read_cases("digests.tsv")) {
    std::uint64_t h = 0xcbf29ce484222325u;
    for (char32_t c = 0; c < 0x110000; ++c) {
      if (c >= 0xd800 && c < 0xe000) continue;
      for (const char byte : of_point(row[0], c) + '\0') {
        h = (h ^ static_cast<unsigned char>(byte)) * 0x100000001b3u;
      }
    }
    BOOST_TEST(std::to_string(h) == row[1], row[0]);
  }
}

BOOST_AUTO_TEST_CASE(murmur) {
  for (const auto& row : read_cases("murmur.tsv")) {
    BOOST_TEST(std::to_string(text::murmur_hash(row[0])) == row[1], row[0]);
  }
  BOOST_TEST(text::hashed_column(INT32_MIN, 10) == 8u);  // 2^31 modulo 10
}

// The bytes that bytes.decode() replaces together: b.decode('utf-8', 'replace').
BOOST_AUTO_TEST_CASE(invalid_bytes) {
  const std::string r = "\xef\xbf\xbd";
  const std::pair<std::string, std::string> cases[] = {
      {"a\xff"
       "b",
       "a" + r + "b"},
      {"\xed\xa0\x80", r + r + r},
      {"\xe2\x82", r},
      {"\xe2\x82"
       "x",
       r + "x"},
      {"\xf0\x90\x80\xe9z", r + r + "z"},
      {"\xc0\x80", r + r},
      {"\xf4\x90\x80\x80", r + r + r + r},
      {"\x80ok", r + "ok"},
  };
  for (const auto& [in, expected] : cases) {
    std::string out;
    BOOST_TEST((text::decode(in, text::DecodeError::strict, out) == text::Decoded::refused));
    BOOST_TEST((text::decode(in, text::DecodeError::replace, out) == text::Decoded::repaired));
    BOOST_TEST(out == expected);
  }
}

BOOST_AUTO_TEST_SUITE_END()
