#include "output.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "skops/error.hpp"

namespace skops_cli {
namespace {

constexpr std::size_t buffered = std::size_t{1} << 16;

bool wants_colours(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  if (isatty(descriptor) == 0) return false;
  const char* term = std::getenv("TERM");
  return term != nullptr && std::strcmp(term, "dumb") != 0;
}

std::string_view code_of(Style style) {
  switch (style) {
    case Style::bold: return "\x1b[1m";
    case Style::dim: return "\x1b[2m";
    case Style::red: return "\x1b[31m";
    case Style::green: return "\x1b[32m";
    case Style::yellow: return "\x1b[33m";
    case Style::cyan: return "\x1b[36m";
    case Style::none: break;
  }
  return {};
}

}  // namespace

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

Output::Output(int descriptor) : descriptor_(descriptor), colours_(wants_colours(descriptor)) {}

Output& Output::operator<<(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= buffered) flush();
  return *this;
}

Output& Output::styled(Style style, std::string_view text) {
  if (!colours_ || style == Style::none) return *this << text;
  return *this << code_of(style) << text << "\x1b[0m";
}

void Output::flush() {
  const bool done = write_all(descriptor_, buffer_);
  buffer_.clear();
  if (done) return;
  throw skops::Error(skops::Family::input, "output.write",
                     std::string("standard output cannot be written: ") + std::strerror(errno), {},
                     "check where the output goes");
}

}  // namespace skops_cli
