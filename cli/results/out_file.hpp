// The file that a command writes: whole or not at all.
//
// What is written goes to a temporary file beside it, which takes the name at `commit`; without a
// commit it is removed. Standard output ("-") and what is no regular file (a pipe, a device) are
// written as they are. An existing file keeps its permissions, a symbolic link stays one.
#pragma once

#include <string>
#include <string_view>

namespace skops_cli {

class OutFile {
 public:
  // Throws skops::Error (input, code "output.write"), as everything here does.
  explicit OutFile(const std::string& path);
  ~OutFile();
  OutFile(const OutFile&) = delete;
  OutFile& operator=(const OutFile&) = delete;

  void write(std::string_view bytes) {
    if (buffer_.size() + bytes.size() > room) flush();
    if (bytes.size() > room) return write_through(bytes);
    buffer_ += bytes;
  }
  void commit();
  bool is_terminal() const;

 private:
  static constexpr std::size_t room = std::size_t{256} << 10;
  [[noreturn]] void fail(int number) const;
  void flush();
  void write_through(std::string_view bytes);
  void create(const std::string& path);

  std::string label_, target_, temporary_;
  int descriptor_ = -1;
  std::string buffer_;
};

}  // namespace skops_cli
