#include "plugin/replace_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "plugin/plugin_file.hpp"
#include "skops/error.hpp"

namespace skops {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int number) {
  throw Error(Family::input, "file.write",
              printable(path.string()) + " cannot be written: " + std::strerror(number), {},
              "check who may write there");
}

bool write_all(int fd, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

void make_folders(const std::filesystem::path& folder) {
  if (folder.empty() || folder == folder.parent_path()) return;
  if (::mkdir(folder.c_str(), 0755) == 0 || errno == EEXIST) return;
  if (errno != ENOENT) fail(folder, errno);
  make_folders(folder.parent_path());
  if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) fail(folder, errno);
}

void replace_file(const std::filesystem::path& path, std::span<const std::byte> bytes,
                  unsigned mode) {
  const Descriptor folder = open_plugin_folder(path.parent_path());
  if (folder.get() < 0) fail(path, ENOENT);
  const std::string name = path.filename().string();
  std::string temporary;
  Descriptor file;
  for (int k = 0; file.get() < 0; ++k) {
    temporary = "." + name + "." + std::to_string(::getpid()) + "-" + std::to_string(k);
    file = Descriptor(::openat(folder.get(), temporary.c_str(),
                               O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
    if (file.get() < 0 && (errno != EEXIST || k == 100)) fail(path, errno);
  }
  const bool done = write_all(file.get(), bytes) && ::fchmod(file.get(), mode) == 0 &&
                    ::fsync(file.get()) == 0 &&
                    ::renameat(folder.get(), temporary.c_str(), folder.get(), name.c_str()) == 0;
  if (!done) {
    const int number = errno;
    ::unlinkat(folder.get(), temporary.c_str(), 0);
    fail(path, number);
  }
  ::fsync(folder.get());  // some file systems cannot; the rename has happened
}

}  // namespace skops
