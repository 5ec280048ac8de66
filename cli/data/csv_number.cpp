#include "data/csv_number.hpp"

#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>

namespace skops_cli {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
bool is_digit(char c) {
  return static_cast<unsigned char>(c - '0') < 10;
}
const char* skip_blanks(const char* p, const char* end) {
  while (p != end && is_blank(*p)) ++p;
  return p;
}

CsvNumber integer(std::int64_t value, const char* p, const char* end) {
  return {CsvNumber::Kind::integer, value, 0, skip_blanks(p, end)};
}

// Powers of ten that a double holds exactly.
constexpr double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                             1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr std::uint64_t most_exact = std::uint64_t{1} << 53;

// `start` is behind a '+', which from_chars does not take.
CsvNumber real(const char* start, const char* end) {
  const char* p = start;
  if (p != end && *p == '-') ++p;
  // from_chars takes "nan(…)" too, which is no number of a CSV file.
  if (p == end || !(is_digit(*p) || *p == '.' || *p == 'i' || *p == 'I')) return {};
  double value = 0;
  const auto [last, error] = std::from_chars(start, end, value);
  if (error == std::errc::invalid_argument) return {};
  // Too large or too small: infinity or zero, as strtod says.
  if (error != std::errc()) value = std::strtod(std::string(start, last).c_str(), nullptr);
  return {CsvNumber::Kind::real, 0, value, skip_blanks(last, end)};
}

}  // namespace

CsvNumber read_csv_number(const char* begin, const char* end) {
  const char* start = skip_blanks(begin, end);
  if (start == end) return {};
  const char* p = start;
  const bool minus = *p == '-';
  if (minus) {
    ++p;
  } else if (*p == '+') {
    start = ++p;
    if (p != end && *p == '-') return {};
  }
  const char* digits = p;
  std::uint64_t value = 0;
  constexpr int most = 18;  // what 64 bits hold for sure
  while (p != end && p - digits < most && is_digit(*p)) {
    value = value * 10 + static_cast<unsigned>(*p++ - '0');
  }
  if (p == digits) return real(start, end);
  if (p != end && is_digit(*p)) {
    std::int64_t exact = 0;
    const auto [last, error] = std::from_chars(start, end, exact);
    const bool ends = last == end || (*last != '.' && *last != 'e' && *last != 'E');
    if (error == std::errc() && ends) return integer(exact, last, end);
    return real(start, end);
  }
  if (p != end && *p == '.') {
    // Few digits: the quotient of two exact numbers is rounded once, so it is the nearest double.
    const char* point = p++;
    while (p != end && p - digits <= most && is_digit(*p)) {
      value = value * 10 + static_cast<unsigned>(*p++ - '0');
    }
    const auto places = static_cast<std::size_t>(p - point - 1);
    const bool goes_on = p != end && (is_digit(*p) || *p == 'e' || *p == 'E');
    if (goes_on || value > most_exact) return real(start, end);
    const double magnitude = static_cast<double>(value) / powers[places];
    return {CsvNumber::Kind::real, 0, minus ? -magnitude : magnitude, skip_blanks(p, end)};
  }
  if (p != end && (*p == 'e' || *p == 'E')) return real(start, end);
  const auto magnitude = static_cast<std::int64_t>(value);
  return integer(minus ? -magnitude : magnitude, p, end);
}

int read_csv_boolean(const char* begin, const char* end) {
  const std::string_view text(begin, static_cast<std::size_t>(end - begin));
  if (text == "True" || text == "true" || text == "TRUE") return 1;
  if (text == "False" || text == "false" || text == "FALSE") return 0;
  return -1;
}

bool is_csv_missing(const char* begin, const char* end) {
  static constexpr std::string_view known[] = {"",         "#N/A", "#N/A N/A", "#NA",    "-1.#IND",
                                               "-1.#QNAN", "-NaN", "-nan",     "1.#IND", "1.#QNAN",
                                               "<NA>",     "N/A",  "NA",       "NULL",   "NaN",
                                               "None",     "n/a",  "nan",      "null"};
  const std::string_view text(begin, static_cast<std::size_t>(end - begin));
  if (text.size() > 8) return false;
  for (const std::string_view word : known) {
    if (text == word) return true;
  }
  return false;
}

}  // namespace skops_cli
