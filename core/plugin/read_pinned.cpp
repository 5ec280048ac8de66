#include "plugin/read_pinned.hpp"

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

std::string hash_of(std::string_view text) {
  return sha256_hex(std::as_bytes(std::span(text.data(), text.size())));
}

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string read_manifest_file(const std::filesystem::path& path, Writers writers) {
  const OpenFile file = open_plugin_file(
      path, writers,
      {"manifest.missing", "name the plugin's .skops-plugin.json itself, not a link"});
  std::string text;
  const bool read = read_pieces(file.descriptor.get(), [&](std::span<const std::byte> piece) {
    text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    return text.size() <= most_bytes;
  });
  if (!read) refuse("manifest.missing", path.string() + ": " + std::strerror(errno), "");
  if (text.size() > most_bytes) {
    refuse("manifest.malformed", path.string() + " is too large for a manifest",
           "name the plugin's .skops-plugin.json");
  }
  return text;
}

std::string read_pinned_manifest(const PluginPin& pin, Writers writers) {
  if (!is_hash(pin.manifest_sha256) ||
      (!pin.library_sha256.empty() && !is_hash(pin.library_sha256))) {
    refuse("policy.bad-pin",
           "the pin of " + pin.manifest.string() + " holds no SHA-256 in lower-case digits",
           "pin what sha256sum prints for the manifest and for the library");
  }
  std::string text = read_manifest_file(pin.manifest, writers);
  if (const std::string hash = hash_of(text); hash != pin.manifest_sha256) {
    refuse("policy.manifest-changed",
           pin.manifest.string() + " has SHA-256 " + hash + ", its pin says " + pin.manifest_sha256,
           "install the plugin that was pinned, or look at the new one and pin it");
  }
  return text;
}

PluginPin pin_of(const std::filesystem::path& manifest, Writers writers) {
  const std::string text = read_manifest_file(manifest, writers);
  PluginPin pin{manifest, hash_of(text)};
  const Manifest parsed = read_manifest(text, manifest.filename().string());
  if (const LibraryEntry* library = parsed.library_here()) pin.library_sha256 = library->sha256;
  return pin;
}

PluginPin PluginPin::of(const std::filesystem::path& manifest) {
  return pin_of(manifest, Writers::anyone);
}

}  // namespace skops
