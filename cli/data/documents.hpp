// A text file as documents: a document a line. Lines end with \n or \r\n; the last need not.
#pragma once

#include <string_view>
#include <vector>

namespace skops_cli {

// Views of `bytes`. Throws skops::Error (input, code "data.txt") with the line that is not UTF-8.
std::vector<std::string_view> read_documents(std::string_view bytes);

// The bytes after a byte order mark of UTF-8; UTF-16 is refused under `code`.
std::string_view skip_byte_order_mark(std::string_view bytes, const char* code);

}  // namespace skops_cli
