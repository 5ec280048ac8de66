#include "policy/safe_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>

#include "plugin/sha256.hpp"
#include "skops/error.hpp"

namespace skops {
namespace {

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

[[noreturn]] void unreadable(const std::filesystem::path& path, int number) {
  throw Error(Family::input, "policy.unreadable", path.string() + ": " + std::strerror(number), {},
              "make the file readable, or remove it");
}

// Why others could have written it; empty where they could not.
std::string written_by_others(const struct stat& status, std::uint32_t owner) {
  if (status.st_uid != 0 && status.st_uid != owner) {
    return "belongs to the user " + std::to_string(status.st_uid);
  }
  const bool sticky_folder = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  if ((status.st_mode & S_IWOTH) != 0 && !sticky_folder) return "can be written by everybody";
  if ((status.st_mode & S_IWGRP) != 0 && !sticky_folder) return "can be written by its group";
  return {};
}

bool is_absent(int number) {
  return number == ENOENT || number == ENOTDIR;
}

std::string read_all(const Descriptor& file, const std::filesystem::path& path,
                     std::uint64_t most) {
  std::string text;
  char block[16384];
  for (;;) {
    const ssize_t n = ::read(file.number, block, sizeof block);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) unreadable(path, errno);
    if (n == 0) return text;
    text.append(block, static_cast<std::size_t>(n));
    if (text.size() > most) {
      throw Error(Family::limit, "limit.policy_bytes",
                  path.string() + " has more than " + std::to_string(most) + " bytes", {},
                  "trust libraries, or prefixes of your own modules");
    }
  }
}

}  // namespace

SafeFile read_safe_file(const std::filesystem::path& path, std::uint32_t owner,
                        std::uint64_t most) {
  SafeFile out;
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const Descriptor inside{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK)};
  if (inside.number < 0) {
    if (is_absent(errno)) return out;
    unreadable(path, errno);
  }
  const Descriptor file{::openat(inside.number, path.filename().c_str(),
                                 O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)};
  const auto refuse = [&](std::string why, std::string remedy) {
    out.outcome = SafeFile::Outcome::unsafe;
    out.why = path.string() + " " + std::move(why);
    out.remedy = std::move(remedy);
    return out;
  };
  if (file.number < 0) {
    if (is_absent(errno)) return out;
    if (errno == ELOOP) return refuse("is a symbolic link", "put the file itself there");
    if (errno == ENXIO) return refuse("is no regular file", "put a regular file there");
    unreadable(path, errno);
  }
  struct stat status {};
  if (::fstat(file.number, &status) != 0) unreadable(path, errno);
  if (!S_ISREG(status.st_mode)) return refuse("is no regular file", "put a regular file there");
  if (const std::string why = written_by_others(status, owner); !why.empty()) {
    return refuse(why, "look at what it says, then chown and chmod go-w " + path.string());
  }
  if (::fstat(inside.number, &status) != 0) unreadable(path, errno);
  if (const std::string why = written_by_others(status, owner); !why.empty()) {
    return refuse("lies in a folder that " + why,
                  "look at what it says, then chown and chmod go-w " + folder.string());
  }
  out.text = read_all(file, path, most);
  out.sha256 = sha256_hex(std::as_bytes(std::span(out.text.data(), out.text.size())));
  out.outcome = SafeFile::Outcome::read;
  return out;
}

}  // namespace skops
