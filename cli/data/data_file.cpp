#include "data/data_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "skops/error.hpp"

namespace skops_cli {
namespace {

[[noreturn]] void unreadable(const std::string& text) {
  throw skops::Error(skops::Family::input, "file.unreadable", text, {}, "name an existing file");
}

// Of what has no end, such as /dev/zero, so much is read: half of the machine's memory.
std::size_t most_streamed() {
  const long pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || size <= 0) return std::size_t{1} << 32;
  return static_cast<std::size_t>(pages) / 2 * static_cast<std::size_t>(size);
}

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number > 0) ::close(number);
  }
};

}  // namespace

DataFile::DataFile(const std::string& path) {
  const Descriptor file{path == "-" ? 0 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number < 0) unreadable(errno == ENOENT ? "no such file" : std::strerror(errno));
  struct stat status {};
  if (::fstat(file.number, &status) != 0) unreadable(std::strerror(errno));
  if (S_ISDIR(status.st_mode)) unreadable("this is a directory");
  if (path != "-" && S_ISREG(status.st_mode) && status.st_size > 0) {
    const auto size = static_cast<std::size_t>(status.st_size);
    void* p = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number, 0);
    if (p == MAP_FAILED) unreadable(std::strerror(errno));
    mapped_ = p;
    mapped_size_ = size;
    ::madvise(p, size, MADV_SEQUENTIAL);
    bytes_ = {static_cast<const char*>(p), size};
    return;
  }
  const std::size_t most = most_streamed();
  std::size_t used = 0;
  read_.resize(std::size_t{1} << 16);
  for (;;) {
    const ssize_t n = ::read(file.number, read_.data() + used, read_.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) unreadable(std::strerror(errno));
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
    if (used < read_.size()) continue;
    if (used >= most) {
      throw skops::Error(skops::Family::limit, "limit.stream",
                         "more than " + std::to_string(most) + " bytes, half of the memory", {},
                         "put the data into a file, which is mapped");
    }
    read_.resize(std::min(2 * used, most));
  }
  bytes_ = {read_.data(), used};
}

DataFile::~DataFile() {
  if (mapped_ != nullptr) ::munmap(mapped_, mapped_size_);
}

}  // namespace skops_cli
