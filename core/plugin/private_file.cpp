#include "plugin/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "skops/error.hpp"

namespace skops {
namespace {

constexpr int reading = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;

[[noreturn]] void refuse(const char* code, std::string text, std::string remedy) {
  throw Error(Family::plugin, code, std::move(text), {}, std::move(remedy));
}

void check_writers(const std::filesystem::path& path, const struct stat& status) {
  if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
    refuse("file.unsafe",
           path.string() + " belongs to user " + std::to_string(status.st_uid) +
               ", neither to root nor to you",
           "make a file or folder of your own, after looking at what it holds");
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    refuse("file.unsafe",
           path.string() + " can be changed by " +
               ((status.st_mode & S_IWOTH) != 0 ? "everybody" : "its group"),
           "look at what it holds, then chmod go-w " + path.string());
  }
}

void check_parents(const std::filesystem::path& folder) {
  for (auto at = folder.parent_path(); !at.empty(); at = at.parent_path()) {
    struct stat status {};
    if (::stat(at.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0 &&
        (status.st_mode & S_ISVTX) == 0) {
      refuse("file.unsafe",
             folder.string() + " lies in " + at.string() + ", where everybody can replace it",
             "look at what it holds, then chmod o-w " + at.string());
    }
    if (at == at.parent_path()) break;
  }
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Descriptor open_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::path absolute = std::filesystem::absolute(folder, error);
  if (error) absolute = folder;
  if (!absolute.has_filename()) absolute = absolute.parent_path();  // "a/b/" is "a/b"
  Descriptor open(::open(absolute.c_str(), reading | O_DIRECTORY));
  if (open.get() < 0) {
    if (errno == ENOENT) return open;
    // O_DIRECTORY makes a link ENOTDIR, too.
    refuse("file.unsafe",
           absolute.string() + (errno == ENOTDIR || errno == ELOOP
                                    ? " is a link or no folder"
                                    : std::string(": ") + std::strerror(errno)),
           "make it a folder of your own");
  }
  struct stat status {};
  if (::fstat(open.get(), &status) != 0) {
    refuse("file.unsafe", absolute.string() + ": " + std::strerror(errno), "");
  }
  check_writers(absolute, status);
  check_parents(absolute);
  return open;
}

namespace {

std::pair<Descriptor, std::uint64_t> checked(Descriptor file, const std::filesystem::path& path,
                                             Writers writers, const Missing& missing) {
  if (file.get() < 0) {
    const std::string why =
        errno == ELOOP ? " is a link" : std::string(": ") + std::strerror(errno);
    refuse(missing.code, path.string() + why, missing.remedy);
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    refuse(missing.code, path.string() + " is not a regular file", missing.remedy);
  }
  if (writers == Writers::owner) check_writers(path, status);
  return {std::move(file), static_cast<std::uint64_t>(status.st_size)};
}

}  // namespace

std::pair<Descriptor, std::uint64_t> open_regular(const std::filesystem::path& path,
                                                  Writers writers, const Missing& missing) {
  if (writers == Writers::anyone) {
    return checked(Descriptor(::open(path.c_str(), reading)), path, writers, missing);
  }
  const Descriptor folder = open_folder(path.has_parent_path() ? path.parent_path() : ".");
  if (folder.get() < 0) refuse(missing.code, path.string() + ": no such folder", missing.remedy);
  Descriptor file(::openat(folder.get(), path.filename().c_str(), reading));
  return checked(std::move(file), path, writers, missing);
}

std::optional<std::pair<Descriptor, std::uint64_t>> open_regular_in(
    const Descriptor& folder, const std::filesystem::path& path, const Missing& missing) {
  Descriptor file(::openat(folder.get(), path.filename().c_str(), reading));
  if (file.get() < 0 && errno == ENOENT) return std::nullopt;
  return checked(std::move(file), path, Writers::owner, missing);
}

bool read_pieces(int descriptor, const std::function<bool(std::span<const std::byte>)>& take) {
  std::vector<std::byte> piece(std::size_t{64} << 10);
  for (;;) {
    const ssize_t n = ::read(descriptor, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    if (n == 0 || !take(std::span(piece).first(static_cast<std::size_t>(n)))) return true;
  }
}

}  // namespace skops
