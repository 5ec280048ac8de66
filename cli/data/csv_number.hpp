// Numbers in cells of a CSV file, as pandas.read_csv recognises them: blanks around, an optional
// sign, "inf" and "infinity"; no hexadecimal, no thousands separators.
#pragma once

#include <cstdint>

namespace skops_cli {

struct CsvNumber {
  enum class Kind { none, integer, real };
  Kind kind = Kind::none;
  std::int64_t integer = 0;
  double real = 0;
  const char* end = nullptr;  // behind the number and the blanks that follow it
};

// What begins at `begin`; integers beyond 64 bits are reals.
CsvNumber read_csv_number(const char* begin, const char* end);

// "true", "True", "TRUE" and so on: 1, 0, or -1 for neither.
int read_csv_boolean(const char* begin, const char* end);

// The texts that stand for a missing value.
bool is_csv_missing(const char* begin, const char* end);

}  // namespace skops_cli
