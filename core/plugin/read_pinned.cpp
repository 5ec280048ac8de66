#include "plugin/read_pinned.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>

#include "manifest/manifest.hpp"
#include "plugin/sha256.hpp"
#include "skops/error.hpp"

namespace skops {
namespace {

// The largest manifest that its reader accepts; reading stops one byte beyond it.
constexpr std::size_t most_bytes = 256 << 10;

[[noreturn]] void refuse(const char* code, std::string text, std::string remedy) {
  throw Error(Family::plugin, code, std::move(text), {}, std::move(remedy));
}

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

std::string hash_of(std::string_view text) {
  return sha256_hex(std::as_bytes(std::span(text.data(), text.size())));
}

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string read_manifest_file(const std::filesystem::path& path) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (file.number < 0) {
    refuse("manifest.missing", path.string() + ": " + std::strerror(errno),
           "name the plugin's .skops-plugin.json itself, not a link to it");
  }
  struct stat status {};
  if (::fstat(file.number, &status) != 0 || !S_ISREG(status.st_mode)) {
    refuse("manifest.missing", path.string() + " is not a regular file",
           "name the plugin's .skops-plugin.json");
  }
  std::string text(most_bytes + 1, '\0');
  std::size_t used = 0;
  while (used < text.size()) {
    const ssize_t n = ::read(file.number, text.data() + used, text.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) refuse("manifest.missing", path.string() + ": " + std::strerror(errno), "");
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
  }
  if (used > most_bytes) {
    refuse("manifest.malformed", path.string() + " is too large for a manifest",
           "name the plugin's .skops-plugin.json");
  }
  text.resize(used);
  return text;
}

std::string read_pinned_manifest(const PluginPin& pin) {
  if (!is_hash(pin.manifest_sha256) ||
      (!pin.library_sha256.empty() && !is_hash(pin.library_sha256))) {
    refuse("policy.bad-pin",
           "the pin of " + pin.manifest.string() + " holds no SHA-256 in lower-case digits",
           "pin what sha256sum prints for the manifest and for the library");
  }
  std::string text = read_manifest_file(pin.manifest);
  if (const std::string hash = hash_of(text); hash != pin.manifest_sha256) {
    refuse("policy.manifest-changed",
           pin.manifest.string() + " has SHA-256 " + hash + ", its pin says " + pin.manifest_sha256,
           "install the plugin that was pinned, or look at the new one and pin it");
  }
  return text;
}

PluginPin PluginPin::of(const std::filesystem::path& manifest) {
  const std::string text = read_manifest_file(manifest);
  PluginPin pin{manifest, hash_of(text)};
  const Manifest parsed = read_manifest(text, manifest.filename().string());
  if (const LibraryEntry* library = parsed.library_here()) pin.library_sha256 = library->sha256;
  return pin;
}

}  // namespace skops
