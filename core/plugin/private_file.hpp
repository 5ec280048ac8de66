// Files that decide what runs in this process, opened so that nobody but root and the user can have
// written them.
//
// The folder is opened first, the file relative to it, neither through a link; both must belong to
// root or to the effective user and must not be writable by group or others. What is checked is
// what is open, so nothing can be swapped in between. Folders above are the owner's business, but
// for one thing: one that everybody may rename things in (without the sticky bit) is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>

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

enum class Writers {
  anyone,  // the content is pinned by value: who can write it does not matter
  owner,   // root or the effective user alone
};

// What to say of a file that is not there, or is no regular one: a code of the family plugin.
struct Missing {
  const char* code;
  std::string remedy;
};

// The open file and its size. Throws skops::Error (plugin): `missing.code`, `file.unsafe`.
std::pair<Descriptor, std::uint64_t> open_regular(const std::filesystem::path& path,
                                                  Writers writers, const Missing& missing);

// The same for a file that only its owner may write, in an open folder (open_folder); nothing where
// the file is not there.
std::optional<std::pair<Descriptor, std::uint64_t>> open_regular_in(
    const Descriptor& folder, const std::filesystem::path& path, const Missing& missing);

// Gives the next bytes until the end, or until `take` says false. False where reading fails.
bool read_pieces(int descriptor, const std::function<bool(std::span<const std::byte>)>& take);

// Throws `file.unsafe` where others may write into the folder, or it belongs to somebody else, or
// is a link. Gives the open folder; -1 where there is none.
Descriptor open_folder(const std::filesystem::path& folder);

}  // namespace skops
