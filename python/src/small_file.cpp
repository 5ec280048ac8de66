#include "small_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace skops_python {
namespace {

constexpr off_t most_bytes = 1 << 20;

class Descriptor {
 public:
  // Pipes and devices are not waited for.
  explicit Descriptor(const char* path)
      : number_(::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

}  // namespace

Ref read_small_file(const char* path) {
  const Descriptor file(path);
  struct stat status {};
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode) ||
      status.st_size <= 0 || status.st_size > most_bytes) {
    return Ref();
  }
  Ref bytes = checked(PyBytes_FromStringAndSize(nullptr, status.st_size));
  char* to = PyBytes_AS_STRING(bytes.get());
  for (off_t got = 0; got < status.st_size;) {
    const ssize_t n =
        ::read(file.number(), to + got, static_cast<std::size_t>(status.st_size - got));
    if (n <= 0) return Ref();
    got += n;
  }
  return bytes;
}

}  // namespace skops_python
