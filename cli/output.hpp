// Standard output and standard error: buffered, checked, and coloured where a terminal reads them
// and NO_COLOR is not set.
#pragma once

#include <string>
#include <string_view>

namespace skops_cli {

// The SGR codes in use; `none` prints as it is.
enum class Style { none, bold, dim, red, green, yellow, cyan };

class Output {
 public:
  // `descriptor` 1 or 2.
  explicit Output(int descriptor);

  bool colours() const { return colours_; }
  Output& operator<<(std::string_view text);
  Output& styled(Style style, std::string_view text);
  // Writes what is left. Throws skops::Error (input) where it cannot be written.
  void flush();

 private:
  int descriptor_;
  bool colours_;
  std::string buffer_;
};

// All of `bytes` to a descriptor; false where that fails (errno says why).
bool write_all(int descriptor, std::string_view bytes);

}  // namespace skops_cli
