// Writes files of the user's trust: whole or not at all, writable by nobody else, and one writer at
// a time.
#pragma once

#include <filesystem>
#include <string_view>

namespace skops {

// Holds the folder of a file for one writer, from reading the old content to writing the new one.
// Makes missing folders (0700). Throws skops::Error (input).
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& file);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

// Writes a sibling and renames it; a new file is readable by all and writable by its owner.
void write_user_file(const std::filesystem::path& path, std::string_view text);

}  // namespace skops
