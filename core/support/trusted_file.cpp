#include "support/trusted_file.hpp"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <deque>
#include <vector>

namespace skops {
namespace {

namespace fs = std::filesystem;

constexpr int reading = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
constexpr int looking = O_PATH | O_CLOEXEC | O_NOFOLLOW;
constexpr int most_links = 40;  // as the system follows

Error error_of(const FileErrors::Kind& kind, std::string text) {
  return Error(kind.family, kind.code, std::move(text), {}, kind.remedy);
}

Error unsafe(const FileErrors& errors, const fs::path& path, const std::string& why,
             const std::string& remedy) {
  return Error(errors.unsafe.family, errors.unsafe.code, path.string() + " " + why, {},
               "look at what it holds, then " + remedy);
}

[[noreturn]] void unreadable(const FileErrors& errors, const fs::path& path, int number) {
  throw error_of(errors.unreadable, path.string() + ": " + std::strerror(number));
}

struct stat status_of(const Descriptor& open, const fs::path& path, const FileErrors& errors) {
  struct stat status {};
  if (::fstat(open.get(), &status) != 0) unreadable(errors, path, errno);
  return status;
}

bool others_write(const struct stat& status) {
  return (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}
bool is_sticky(const struct stat& status) {
  return S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
}
bool is_users(const struct stat& status, std::uint32_t owner) {
  return status.st_uid == 0 || status.st_uid == owner;
}

void check_writers(const struct stat& status, const fs::path& path, std::uint32_t owner,
                   const FileErrors& errors) {
  if (!is_users(status, owner)) {
    throw unsafe(errors, path,
                 "belongs to user " + std::to_string(status.st_uid) + ", neither to root nor to " +
                     (owner == ::geteuid() ? "you" : "user " + std::to_string(owner)),
                 "chown it, or make one of your own");
  }
  if (others_write(status) && !is_sticky(status)) {
    throw unsafe(errors, path,
                 std::string("can be written by ") +
                     ((status.st_mode & S_IWOTH) != 0 ? "everybody" : "its group"),
                 "chmod go-w " + path.string());
  }
}

void put_in_front(std::deque<std::string>& names, const fs::path& path) {
  std::vector<std::string> parts;
  for (const fs::path& part : path.relative_path()) {
    if (!part.empty() && part != ".") parts.push_back(part.string());
  }
  names.insert(names.begin(), parts.begin(), parts.end());
}

std::string target_of(const Descriptor& link, const fs::path& path, const FileErrors& errors) {
  std::string target(PATH_MAX, '\0');
  const ssize_t n = ::readlinkat(link.get(), "", target.data(), target.size());
  if (n < 0) unreadable(errors, path, errno);
  target.resize(static_cast<std::size_t>(n));
  return target;
}

// Goes to the folder and is there, or nowhere. What is wrong on the way counts once the folder is
// known to be there.
Descriptor walk(const fs::path& folder, std::uint32_t owner, const FileErrors& errors) {
  std::deque<std::string> names;
  put_in_front(names, folder);
  const auto root = [&] {
    Descriptor open(::open("/", looking | O_DIRECTORY));
    if (open.get() < 0) unreadable(errors, "/", errno);
    return open;
  };
  Descriptor at = root();
  fs::path place = "/";
  std::optional<Error> wrong;
  int links = 0;
  while (!names.empty()) {
    const struct stat holder = status_of(at, place, errors);
    if (!wrong && (holder.st_mode & S_IWOTH) != 0 && !is_sticky(holder)) {
      wrong =
          unsafe(errors, folder, "lies in " + place.string() + ", where everybody can replace it",
                 "chmod o-w " + place.string());
    }
    const std::string name = std::move(names.front());
    names.pop_front();
    // As a folder first: that mounts what is mounted when it is needed, a home on a server perhaps.
    Descriptor next(::openat(at.get(), name.c_str(), looking | O_DIRECTORY));
    if (next.get() < 0 && errno == ENOTDIR) {
      next = Descriptor(::openat(at.get(), name.c_str(), looking));
    }
    if (next.get() < 0) {
      if (errno == ENOENT || errno == ENOTDIR) return Descriptor();
      unreadable(errors, folder, errno);
    }
    const struct stat status = status_of(next, place / name, errors);
    if (S_ISLNK(status.st_mode)) {
      const fs::path link = place / name;
      if (names.empty()) {
        throw error_of(errors.irregular, folder.string() + " is a symbolic link");
      }
      if (!wrong && others_write(holder) && !is_users(status, owner)) {
        wrong = unsafe(
            errors, folder,
            "lies behind " + link.string() + ", a link of user " + std::to_string(status.st_uid),
            "name it without the link");
      }
      if (++links > most_links) unreadable(errors, folder, ELOOP);
      const fs::path target = target_of(next, link, errors);
      put_in_front(names, target);
      if (target.is_absolute()) {
        at = root();
        place = "/";
      }
      continue;
    }
    if (!S_ISDIR(status.st_mode)) {
      if (!names.empty()) return Descriptor();
      throw error_of(errors.irregular, folder.string() + " is no folder");
    }
    place = name == ".." ? place.parent_path() : place / name;
    at = std::move(next);
  }
  if (wrong) throw *wrong;
  return at;
}

std::optional<OpenFile> regular(Descriptor file, const fs::path& path, const FileErrors& errors) {
  if (file.get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    if (errno == ELOOP) throw error_of(errors.irregular, path.string() + " is a symbolic link");
    if (errno != ENXIO) unreadable(errors, path, errno);
    throw error_of(errors.irregular, path.string() + " is no regular file");  // a socket
  }
  const struct stat status = status_of(file, path, errors);
  if (!S_ISREG(status.st_mode)) {
    throw error_of(errors.irregular, path.string() + " is no regular file");
  }
  return OpenFile{std::move(file), static_cast<std::uint64_t>(status.st_size)};
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Descriptor open_trusted_folder(const fs::path& folder, std::uint32_t owner,
                               const FileErrors& errors) {
  std::error_code error;
  fs::path absolute = fs::absolute(folder, error);
  if (error) unreadable(errors, folder, error.value());
  if (!absolute.has_filename()) absolute = absolute.parent_path();  // "a/b/" is "a/b"
  const Descriptor there = walk(absolute, owner, errors);
  if (there.get() < 0) return Descriptor();
  check_writers(status_of(there, absolute, errors), absolute, owner, errors);
  Descriptor open(::openat(there.get(), ".", reading | O_DIRECTORY));
  if (open.get() < 0) unreadable(errors, absolute, errno);
  return open;
}

std::optional<OpenFile> open_trusted_file(const Descriptor& folder, const fs::path& path,
                                          std::uint32_t owner, const FileErrors& errors) {
  auto file =
      regular(Descriptor(::openat(folder.get(), path.filename().c_str(), reading)), path, errors);
  if (!file) return file;
  const struct stat status = status_of(file->descriptor, path, errors);
  check_writers(status, path, owner, errors);
  if (status.st_nlink > 1 && others_write(status_of(folder, path.parent_path(), errors))) {
    throw unsafe(errors, path, "has a second name, which others may have given it",
                 "copy it to a folder of your own");
  }
  return file;
}

std::optional<OpenFile> open_trusted_file(const fs::path& path, std::uint32_t owner,
                                          const FileErrors& errors) {
  const Descriptor folder = open_trusted_folder(
      path.has_parent_path() ? path.parent_path() : fs::path("."), owner, errors);
  if (folder.get() < 0) return std::nullopt;
  return open_trusted_file(folder, path, owner, errors);
}

std::optional<OpenFile> open_regular_file(const fs::path& path, const FileErrors& errors) {
  return regular(Descriptor(::open(path.c_str(), reading)), path, errors);
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
