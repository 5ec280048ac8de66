#include "results/out_file.hpp"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "output.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

const char* remedy_of(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR: return "make the folder first";
    case ENOSPC:
    case EDQUOT: return "make room on the device, or write elsewhere";
    case EISDIR: return "name a file, not a folder";
    default: return "check where the output goes";
  }
}

}  // namespace

void OutFile::fail(int number) const {
  throw skops::Error(skops::Family::input, "output.write",
                     label_ + " cannot be written: " + std::strerror(number), {},
                     remedy_of(number));
}

OutFile::OutFile(const std::string& path) : label_(path) {
  buffer_.reserve(room);
  if (path == "-") {
    label_ = "standard output";
    descriptor_ = 1;
    return;
  }
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (!exists && errno != ENOENT) fail(errno);
  if (exists && S_ISDIR(status.st_mode)) fail(EISDIR);
  if (exists && !S_ISREG(status.st_mode)) {
    descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail(errno);
    return;
  }
  target_ = path;
  if (exists) {
    if (::access(path.c_str(), W_OK) != 0) fail(errno);
    char* real = ::realpath(path.c_str(), nullptr);
    if (real == nullptr) fail(errno);
    target_ = real;
    std::free(real);
  }
  create(target_);
  if (exists) ::fchmod(descriptor_, status.st_mode & 07777);
}

void OutFile::create(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == path.npos ? "" : path.substr(0, slash + 1);
  for (int k = 0; k < 100; ++k) {
    temporary_ = folder + ".libskops-" + std::to_string(::getpid()) + "-" + std::to_string(k);
    descriptor_ =
        ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor_ >= 0) return;
    if (errno != EEXIST) break;
  }
  const int number = errno;
  temporary_.clear();
  fail(number);
}

OutFile::~OutFile() {
  if (descriptor_ > 2) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

bool OutFile::is_terminal() const {
  return ::isatty(descriptor_) == 1;
}

void OutFile::write_through(std::string_view bytes) {
  if (!write_all(descriptor_, bytes)) fail(errno);
}

void OutFile::flush() {
  write_through(buffer_);
  buffer_.clear();
}

void OutFile::commit() {
  flush();
  if (descriptor_ > 2) {
    // Late errors, of network drives above all, are reported here.
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0) fail(errno);
  }
  if (temporary_.empty()) return;
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
  temporary_.clear();
}

}  // namespace skops_cli
