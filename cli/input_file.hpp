// Files that the command line names, "-" being standard input.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "skops/file.hpp"

namespace skops_cli {

// All bytes of a file. Throws skops::Error: `input` where it is missing, a directory or cannot be
// read; `limit` beyond Limits::file_bytes.
std::vector<std::byte> read_file(const std::string& path);

// An opened model; owns the bytes where they came through standard input.
class OpenedFile {
 public:
  explicit OpenedFile(const std::string& path);
  const skops::File& file() const { return file_; }

 private:
  std::vector<std::byte> bytes_;
  skops::File file_;
};

}  // namespace skops_cli
