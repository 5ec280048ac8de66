// Where an archive or a result is written to: memory, or a file that becomes visible whole or not
// at all.
//
// A file is written under no name (O_TMPFILE) in the folder of its target, flushed to the disk,
// then linked to a temporary name and renamed over the target; the folder is flushed last. Whoever
// is killed before that leaves the old file and nothing else. Where the file system has no nameless
// files, the temporary name (`.libskops-<process>-<number>`) exists from the start, and a kill may
// leave it behind. An existing file keeps its permissions, a symbolic link stays one. What is no
// regular file (a pipe, a device) is written as it is.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace skops {

class Output {
 public:
  virtual ~Output() = default;
  // Throws skops::Error (input, "file.write") where the bytes cannot be written.
  virtual void write(std::span<const std::byte> bytes) = 0;
};

class MemoryOutput final : public Output {
 public:
  void write(std::span<const std::byte> bytes) override {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

class FileOutput final : public Output {
 public:
  // `mode` is what a new file gets, less the umask.
  explicit FileOutput(const std::filesystem::path& path, unsigned mode = 0666);
  ~FileOutput() override;
  FileOutput(const FileOutput&) = delete;
  FileOutput& operator=(const FileOutput&) = delete;

  void write(std::span<const std::byte> bytes) override;
  // Makes what was written the content of the target. Without it the target stays as it was.
  void commit();
  bool is_terminal() const;

 private:
  [[noreturn]] void fail(int number) const;
  void create(unsigned mode);
  void flush();
  void write_through(std::span<const std::byte> bytes);
  void link_name();
  void flush_folder() const;

  std::string label_;      // as the caller named it
  std::string target_;     // empty for what is no regular file
  std::string folder_;     // of the target
  std::string temporary_;  // empty as long as the new file has no name
  bool nameless_ = false;
  int descriptor_ = -1;
  std::vector<std::byte> buffer_;
};

}  // namespace skops
