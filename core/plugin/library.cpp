#define BOOST_DLL_USE_STD_FS
#include "plugin/library.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <boost/dll/shared_library.hpp>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "plugin/sha256.hpp"
#include "skops/error.hpp"
#include "skops/plugin.h"

namespace skops {
namespace {

constexpr const char* changed_remedy =
    "install the plugin that this host was built with, or build both again";

[[noreturn]] void refuse(const char* code, std::string text, std::string remedy = {}) {
  throw Error(Family::plugin, code, std::move(text), {}, std::move(remedy));
}

// A file of another size than announced is read for its hash alone, and only up to here.
constexpr std::uint64_t most_to_hash = std::uint64_t{1} << 30;

std::string size_and_hash(std::uint64_t size, const std::string& hash) {
  return std::to_string(size) + " bytes" + (hash.empty() ? "" : " and SHA-256 " + hash);
}

[[noreturn]] void refuse_other_size(const std::filesystem::path& path, int file, std::uint64_t size,
                                    const LibraryPin& pin) {
  Sha256 hash;
  std::uint64_t read = 0;
  const bool whole = read_pieces(file, [&](std::span<const std::byte> piece) {
    hash.add(piece);
    read += piece.size();
    return read <= most_to_hash;
  });
  refuse("library.changed",
         path.string() + " has " +
             size_and_hash(size, whole && read == size ? hash.hex() : std::string()) +
             ", its pin says " + size_and_hash(pin.size, pin.sha256),
         changed_remedy);
}

// What the linker says of its last failure; Boost.DLL's error code does not carry it.
std::string linker_text(const std::error_code& error) {
  const char* text = ::dlerror();
  return text != nullptr ? text : error.message();
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

// Loads the bytes from a sealed memory file; the descriptor stays open for life, because the linker
// knows libraries by path and a reused number would give it the previous one.
boost::dll::shared_library load_sealed(std::span<const std::byte> bytes, const std::string& name,
                                       std::string& why) {
  boost::dll::shared_library library;
  Descriptor memory(::memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (memory.get() < 0 || !write_all(memory.get(), bytes)) {
    why = std::strerror(errno);
    return library;
  }
  if (::fcntl(memory.get(), F_ADD_SEALS,
              F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0) {
    why = std::strerror(errno);
    return library;
  }
  std::error_code error;
  library.load("/proc/self/fd/" + std::to_string(memory.get()), error,
               boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
  if (error) {
    why = linker_text(error);
  } else {
    memory.keep();
  }
  return library;
}

// The same from a private copy, for systems without executable memory files or /proc.
boost::dll::shared_library load_copy(std::span<const std::byte> bytes, const LibraryPin& pin,
                                     std::string& why) {
  boost::dll::shared_library library;
  std::string directory = "/tmp/libskops-XXXXXX";
  if (::mkdtemp(directory.data()) == nullptr) {
    why += std::string("; ") + std::strerror(errno);
    return library;
  }
  try {
    // Refuses a place in which others can replace the directory.
    const Descriptor folder = open_plugin_folder(directory);
    const Descriptor copy(::openat(folder.get(), pin.file.c_str(),
                                   O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0500));
    std::error_code error;
    if (copy.get() < 0 || !write_all(copy.get(), bytes)) {
      why += std::string("; ") + std::strerror(errno);
    } else {
      library.load(directory + "/" + pin.file, error,
                   boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
      if (error) why += "; " + linker_text(error);
    }
    if (copy.get() >= 0) ::unlinkat(folder.get(), pin.file.c_str(), 0);
  } catch (const Error& error) {
    why += "; " + error.text();
  }
  ::rmdir(directory.c_str());
  return library;
}

struct Mapped {
  boost::dll::shared_library library;
  const skops_plugin* plugin;
};

}  // namespace

std::vector<std::byte> read_library(const std::filesystem::path& path, const LibraryPin& pin,
                                    Writers writers) {
  const auto [file, size] = open_plugin_file(
      path, writers,
      {"library.missing", "build or install the plugin, or name its directory in Host::Options"});
  if (size != pin.size) refuse_other_size(path, file.get(), size, pin);
  std::vector<std::byte> bytes(pin.size);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::read(file.get(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) refuse("library.changed", path.string() + " ends early", changed_remedy);
    done += static_cast<std::size_t>(n);
  }
  if (const std::string hash = sha256_hex(bytes); hash != pin.sha256) {
    refuse("library.changed",
           path.string() + " has SHA-256 " + hash + ", its pin says " + pin.sha256, changed_remedy);
  }
  return bytes;
}

const skops_plugin* map_library(const std::filesystem::path& path, const LibraryPin& pin,
                                Writers writers) {
  static std::mutex mutex;
  // Never shrinks and is never destroyed: plugins may be in use until the process ends.
  static auto& mapped = *new std::unordered_map<std::string, Mapped>;

  const std::lock_guard lock(mutex);
  if (const auto at = mapped.find(pin.sha256); at != mapped.end()) return at->second.plugin;

  const std::vector<std::byte> bytes = read_library(path, pin, writers);
  std::string why;
  boost::dll::shared_library library = load_sealed(bytes, pin.file, why);
  if (!library.is_loaded()) library = load_copy(bytes, pin, why);
  if (!library.is_loaded()) {
    refuse("library.load", path.string() + ": " + why, "the plugin needs what is not installed");
  }
  if (!library.has("skops_plugin_v1")) {
    refuse("entry.missing", path.string() + " does not export skops_plugin_v1",
           "use a plugin built for ABI 1");
  }
  const auto& plugin = library.get<const skops_plugin>("skops_plugin_v1");
  mapped.emplace(pin.sha256, Mapped{std::move(library), &plugin});
  return &plugin;
}

}  // namespace skops
