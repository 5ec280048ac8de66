#include "policy/user_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>

#include "skops/error.hpp"
#include "skops/output.hpp"

namespace skops {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int number) {
  throw Error(Family::input, "file.write",
              path.string() + " cannot be written: " + std::strerror(number), {},
              "check the folder of your policy");
}

void make_folders(const std::filesystem::path& folder) {
  std::filesystem::path made;
  for (const std::filesystem::path& part : folder) {
    made /= part;
    if (::mkdir(made.c_str(), 0700) != 0 && errno != EEXIST && errno != EISDIR) {
      struct stat status {};
      const int number = errno;  // of a read-only system, for a folder that is there
      if (::stat(made.c_str(), &status) != 0) fail(made, number);
    }
  }
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& file) {
  if (file.empty()) {
    throw Error(Family::usage, "policy.no-place", "there is no place for a policy of this user", {},
                "give the user a home folder in the password database");
  }
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  make_folders(folder);
  descriptor_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor_ < 0) fail(folder, errno);
  while (::flock(descriptor_, LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    const int number = errno;
    ::close(descriptor_);
    fail(folder, number);
  }
}

FolderLock::~FolderLock() {
  ::close(descriptor_);
}

void write_user_file(const std::filesystem::path& path, std::string_view text) {
  FileOutput out(path, 0644);
  out.write(std::as_bytes(std::span(text.data(), text.size())));
  out.commit();
}

}  // namespace skops
