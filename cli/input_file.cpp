#include "input_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "skops/error.hpp"
#include "skops/limits.hpp"

namespace skops_cli {
namespace {

using skops::Error;
using skops::Family;

[[noreturn]] void unreadable(const std::string& label, const std::string& text) {
  throw Error(Family::input, "file.unreadable", label + ": " + text, {}, "name an existing file");
}

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number > 0) ::close(number);
  }
};

}  // namespace

std::vector<std::byte> read_file(const std::string& path) {
  const bool standard = path == "-";
  const std::string label = standard ? "standard input" : path;
  const Descriptor file{standard ? 0 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number < 0) unreadable(label, errno == ENOENT ? "no such file" : std::strerror(errno));
  struct stat status {};
  if (::fstat(file.number, &status) != 0) unreadable(label, std::strerror(errno));
  if (S_ISDIR(status.st_mode)) unreadable(label, "this is a directory");
  const std::uint64_t most = skops::Limits{}.file_bytes;
  std::vector<std::byte> out;
  // One byte more than a regular file has, so that its end is seen without growing.
  std::size_t room =
      S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) + 1 : std::size_t{1} << 16;
  std::size_t used = 0;
  for (;;) {
    if (room > most + 1) room = most + 1;
    if (used == room) {
      throw Error(Family::limit, "limit.file_bytes",
                  label + " has more than " + std::to_string(most) + " bytes", {},
                  "give the data in parts");
    }
    out.resize(room);
    const ssize_t n = ::read(file.number, out.data() + used, room - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) unreadable(label, std::strerror(errno));
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
    if (used == room) room *= 2;
  }
  out.resize(used);
  return out;
}

OpenedFile::OpenedFile(const std::string& path)
    : bytes_(path == "-" ? read_file(path) : std::vector<std::byte>()),
      file_(path == "-" ? skops::File::from_memory(bytes_, {}, "standard input")
                        : skops::File::open(path)) {}

}  // namespace skops_cli
