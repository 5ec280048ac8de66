// The bytes of a data file: mapped where it is a regular file, read where it is a pipe. "-" is
// standard input. A mapped file must not be cut while it is in use.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace skops_cli {

class DataFile {
 public:
  // Throws skops::Error (input, code "file.unreadable"): missing, a directory, no permission.
  explicit DataFile(const std::string& path);
  ~DataFile();
  DataFile(const DataFile&) = delete;
  DataFile& operator=(const DataFile&) = delete;

  std::string_view bytes() const { return bytes_; }

 private:
  void* mapped_ = nullptr;
  std::size_t mapped_size_ = 0;
  std::vector<char> read_;
  std::string_view bytes_;
};

}  // namespace skops_cli
