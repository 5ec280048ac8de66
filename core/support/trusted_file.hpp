// Files that decide about trust, opened so that nobody but root and one user can have written them.
//
// One set of rules, for policies, lock files, and the manifests and libraries of plugins:
//
// - The file is a regular one, no link; it belongs to root or to the user, and neither its group
//   nor others can write it.
// - The same holds of its folder, but that others may write into one with the sticky bit: what the
//   user wrote there they can neither change nor replace, and what they wrote is theirs. A second
//   name for another file of the user's they might make; so a file there has one name.
// - On the way to the folder, none lets everybody rename what is in it, and where others can make
//   links, the links are the user's. What else happens above is the business of the folders'
//   owners.
// - Where the folder is not there, or cannot be because a file is in its way, there is no file.
//
// The way is walked folder by folder, each opened in the one before, and what is checked is what is
// open: nothing can be swapped in between. Nothing is waited for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "skops/error.hpp"

namespace skops {

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int get() const { return fd_; }
  int keep() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// What the errors are called for one kind of file.
struct FileErrors {
  struct Kind {
    Family family;
    const char* code;
    std::string remedy = {};
  };
  Kind unsafe;      // others could have written it; the remedy says what to look at and to change
  Kind irregular;   // a link, a pipe, a folder, …
  Kind unreadable;  // whatever else opening or reading it says
};

struct OpenFile {
  Descriptor descriptor;
  std::uint64_t size = 0;
};

// The open folder; -1 where there is none.
Descriptor open_trusted_folder(const std::filesystem::path& folder, std::uint32_t owner,
                               const FileErrors& errors);

// The file of this name in an open folder, or in the folder of its path; nothing where it is not
// there.
std::optional<OpenFile> open_trusted_file(const Descriptor& folder,
                                          const std::filesystem::path& path, std::uint32_t owner,
                                          const FileErrors& errors);
std::optional<OpenFile> open_trusted_file(const std::filesystem::path& path, std::uint32_t owner,
                                          const FileErrors& errors);

// A regular file that anybody may have written, no link: for content that is pinned by value.
std::optional<OpenFile> open_regular_file(const std::filesystem::path& path,
                                          const FileErrors& errors);

// Gives the next bytes until the end, or until `take` says false. False where reading fails.
bool read_pieces(int descriptor, const std::function<bool(std::span<const std::byte>)>& take);

}  // namespace skops
