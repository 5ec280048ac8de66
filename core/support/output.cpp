#include "skops/output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "skops/error.hpp"

namespace skops {
namespace {

constexpr std::size_t room = std::size_t{256} << 10;
constexpr std::size_t most_at_once = std::size_t{1} << 30;  // the system takes at most 2 GiB

const char* remedy_of(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR: return "make the folder first";
    case ENOSPC:
    case EDQUOT: return "make room on the device, or write elsewhere";
    case EISDIR: return "name a file, not a folder";
    default: return "check where the file is to be written";
  }
}

// The name under which this process finds its open file.
std::string path_of(int descriptor) {
  return "/proc/self/fd/" + std::to_string(descriptor);
}

}  // namespace

void FileOutput::fail(int number) const {
  throw Error(Family::input, "file.write",
              printable(label_) + " cannot be written: " + std::strerror(number), {},
              remedy_of(number));
}

FileOutput::FileOutput(const std::filesystem::path& path, unsigned mode) : label_(path.string()) {
  struct stat status {};
  const bool exists = ::stat(label_.c_str(), &status) == 0;
  if (!exists && (errno != ENOENT || label_.empty())) fail(errno);
  if (exists && S_ISDIR(status.st_mode)) fail(EISDIR);
  if (exists && !S_ISREG(status.st_mode)) {
    descriptor_ = ::open(label_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail(errno);
    return;
  }
  target_ = label_;
  if (exists) {
    // A file that may not be written is not replaced either, though its folder would allow it.
    if (::access(label_.c_str(), W_OK) != 0) fail(errno);
    char* real = ::realpath(label_.c_str(), nullptr);
    if (real == nullptr) fail(errno);
    target_ = real;
    std::free(real);
  }
  const std::size_t slash = target_.rfind('/');
  folder_ = slash == std::string::npos ? "./" : target_.substr(0, slash + 1);
  create(mode);
  if (exists) ::fchmod(descriptor_, status.st_mode & 07777);
}

void FileOutput::create(unsigned mode) {
  descriptor_ = ::open(folder_.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
  if (descriptor_ >= 0) {
    if (::access(path_of(descriptor_).c_str(), F_OK) == 0) {
      nameless_ = true;
      return;
    }
    ::close(descriptor_);
    descriptor_ = -1;
  }
  // Which error says that the file system has no nameless files differs; a real one comes again.
  for (int k = 0; k < 100; ++k) {
    temporary_ = folder_ + ".libskops-" + std::to_string(::getpid()) + "-" + std::to_string(k);
    descriptor_ =
        ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (descriptor_ >= 0) return;
    if (errno != EEXIST) break;
  }
  const int number = errno;
  temporary_.clear();
  fail(number);
}

FileOutput::~FileOutput() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void FileOutput::write(std::span<const std::byte> bytes) {
  if (buffer_.size() + bytes.size() > room) flush();
  if (bytes.size() > room) return write_through(bytes);
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

void FileOutput::flush() {
  write_through(buffer_);
  buffer_.clear();
}

void FileOutput::write_through(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor_, bytes.data(), std::min(bytes.size(), most_at_once));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(errno);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

bool FileOutput::is_terminal() const {
  return ::isatty(descriptor_) == 1;
}

void FileOutput::link_name() {
  const std::string source = path_of(descriptor_);
  for (int k = 0; k < 100; ++k) {
    std::string name =
        folder_ + ".libskops-" + std::to_string(::getpid()) + "-" + std::to_string(k);
    if (::linkat(AT_FDCWD, source.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0) {
      temporary_ = std::move(name);
      return;
    }
    if (errno != EEXIST) break;
  }
  fail(errno);
}

// The new name is safe once its folder is. A folder that may not be read cannot be flushed.
void FileOutput::flush_folder() const {
  const int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  const bool failed = ::fsync(folder) != 0;
  const int number = errno;
  ::close(folder);
  if (failed && number != EINVAL && number != ENOTSUP) fail(number);
}

void FileOutput::commit() {
  flush();
  const bool regular = !target_.empty();
  if (regular && ::fsync(descriptor_) != 0) fail(errno);
  if (nameless_) link_name();
  // Late errors, of network drives above all, are reported here.
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) fail(errno);
  if (!regular) return;
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
  temporary_.clear();
  flush_folder();
}

}  // namespace skops
