#include "data/documents.hpp"

#include <cstring>
#include <string>

#include "skops/error.hpp"
#include "utf8.hpp"

namespace skops_cli {

std::string_view skip_byte_order_mark(std::string_view bytes, const char* code) {
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) {
    throw skops::Error(skops::Family::input, code, "this is text in UTF-16", {},
                       "save it as UTF-8");
  }
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  return bytes;
}

std::vector<std::string_view> read_documents(std::string_view bytes) {
  bytes = skip_byte_order_mark(bytes, "data.txt");
  std::vector<std::string_view> out;
  while (!bytes.empty()) {
    const void* found = std::memchr(bytes.data(), '\n', bytes.size());
    const std::size_t end =
        found ? static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data())
              : bytes.size();
    std::string_view line = bytes.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (find_invalid_utf8(line) != line.npos) {
      throw skops::Error(skops::Family::input, "data.txt",
                         "line " + std::to_string(out.size() + 1) + " is not valid UTF-8", {},
                         "save the file as UTF-8");
    }
    out.push_back(line);
    bytes.remove_prefix(found ? end + 1 : end);
  }
  return out;
}

}  // namespace skops_cli
