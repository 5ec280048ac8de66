#include "skops/plugin_lock.hpp"

#include <algorithm>
#include <cstring>

#include "plugin/plugin_file.hpp"
#include "schema/tape.hpp"
#include "skops/error.hpp"
#include "skops/limits.hpp"
#include "support/json_text.hpp"

namespace skops {
namespace {

constexpr std::uint64_t deepest = 8;
constexpr std::size_t longest_text = 256;
constexpr const char* remedy = "correct the file, or delete it and enable the plugins again";

[[noreturn]] void refuse(const char* code, std::string text, std::string what_to_do = remedy) {
  throw Error(Family::plugin, code, std::move(text), {}, std::move(what_to_do));
}

bool made_of(std::string_view text, std::string_view letters) {
  return text.find_first_not_of(letters) == std::string_view::npos;
}

// The text with what stands where; each function refuses with line and column.
class Reader {
 public:
  Reader(std::string_view text, std::string_view origin)
      : text_(text), origin_(printable(origin)), tape_(parse(text)) {}

  PluginLock read() const {
    keys(Tape::root, {"lock_version", "plugins"});
    const Tape::Index version = member(Tape::root, "lock_version");
    if (tape_.kind(version) != JsonKind::integer || tape_.integer(version) < 1) {
      fail(version, "lock_version is no whole number from 1");
    }
    if (tape_.integer(version) != 1) {
      refuse("lock.version",
             place(version) + ": the lock file has version " +
                 std::to_string(tape_.integer(version)) + ", this host reads version 1",
             "update libskops");
    }
    const Tape::Index plugins = member(Tape::root, "plugins");
    if (tape_.kind(plugins) != JsonKind::array) fail(plugins, "plugins is no list");
    if (tape_.size(plugins) > PluginLimits().lock_plugins) {
      fail(plugins,
           "there are more than " + std::to_string(PluginLimits().lock_plugins) + " plugins in it");
    }
    PluginLock lock;
    for (Tape::Index k = tape_.first(plugins); k != tape_.next(plugins); k = tape_.next(k)) {
      lock.plugins.push_back(entry(k));
    }
    const auto by_id = [](const PluginLockEntry& a, const PluginLockEntry& b) {
      return a.id < b.id;
    };
    std::sort(lock.plugins.begin(), lock.plugins.end(), by_id);
    for (std::size_t k = 1; k < lock.plugins.size(); ++k) {
      if (lock.plugins[k - 1].id != lock.plugins[k].id) continue;
      fail(plugins, "the plugin " + lock.plugins[k].id + " is listed twice");
    }
    return lock;
  }

 private:
  Tape parse(std::string_view text) const {
    Limits limits;
    limits.json_depth = deepest;
    Budget budget(limits);
    try {
      return parse_json(text, budget, Dialect::schema, origin_);
    } catch (const Error& error) {
      refuse("lock.malformed", place_of_byte(place_of_error(text_, error)) + ": " + error.text());
    }
  }

  std::string place(Tape::Index index) const { return place_of_byte(place_of_entry(text_, index)); }
  std::string place_of_byte(std::size_t byte) const {
    const TextLines lines(text_);
    return origin_ + ", line " + std::to_string(lines.line(byte)) + ", column " +
           std::to_string(lines.column(byte));
  }
  [[noreturn]] void fail(Tape::Index index, const std::string& what) const {
    refuse("lock.malformed", place(index) + ": " + what);
  }

  void keys(Tape::Index object, std::initializer_list<std::string_view> known) const {
    if (tape_.kind(object) != JsonKind::object) fail(object, "an object is expected");
    for (Tape::Index k = tape_.first(object); k != tape_.next(object); k = tape_.next(k + 1)) {
      if (std::find(known.begin(), known.end(), tape_.text(k)) == known.end()) {
        fail(k, "the key '" + printable(tape_.text(k), 60) + "' is unknown");
      }
    }
  }

  Tape::Index member(Tape::Index object, std::string_view key) const {
    const Tape::Index found = tape_.find(object, key);
    if (found == Tape::none) fail(object, "the key '" + std::string(key) + "' is missing");
    return found;
  }

  std::string text(Tape::Index object, std::string_view key) const {
    const Tape::Index at = member(object, key);
    if (tape_.kind(at) != JsonKind::string) fail(at, std::string(key) + " is no text");
    if (tape_.text(at).size() > longest_text) fail(at, std::string(key) + " is too long");
    return std::string(tape_.text(at));
  }

  std::string hash(Tape::Index object, std::string_view key, bool may_be_empty) const {
    std::string out = text(object, key);
    if ((out.size() != 64 && !(out.empty() && may_be_empty)) || !made_of(out, "0123456789abcdef")) {
      fail(member(object, key), std::string(key) + " is no SHA-256 in 64 lower-case digits");
    }
    return out;
  }

  PluginLockEntry entry(Tape::Index at) const {
    keys(at, {"id", "manifest_sha256", "library_sha256", "accept_proposals", "enabled_by",
              "enabled_at"});
    PluginLockEntry out;
    out.id = text(at, "id");
    if (!is_plugin_id(out.id)) {
      fail(member(at, "id"), "id is none: lower-case letters, digits, _ and -, at most 64");
    }
    out.manifest_sha256 = hash(at, "manifest_sha256", false);
    out.library_sha256 = hash(at, "library_sha256", true);
    const Tape::Index accept = member(at, "accept_proposals");
    if (tape_.kind(accept) != JsonKind::boolean) {
      fail(accept, "accept_proposals is neither true nor false");
    }
    out.accept_proposals = tape_.boolean(accept);
    out.enabled_by = text(at, "enabled_by");
    out.enabled_at = text(at, "enabled_at");
    return out;
  }

  std::string_view text_;
  std::string origin_;
  Tape tape_;
};

std::string json_text(std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out.append("\\u00").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    } else {
      out += c;
    }
  }
  return out += '"';
}

}  // namespace

bool is_plugin_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && made_of(id, "abcdefghijklmnopqrstuvwxyz0123456789_-");
}

const PluginLockEntry* PluginLock::find(std::string_view id) const {
  const auto at = std::find_if(plugins.begin(), plugins.end(),
                               [&](const PluginLockEntry& entry) { return entry.id == id; });
  return at == plugins.end() ? nullptr : &*at;
}

PluginLock PluginLock::parse(std::string_view text, std::string_view origin) {
  if (text.size() > PluginLimits().lock_bytes) {
    refuse("lock.malformed", printable(origin) + " has more than " +
                                 std::to_string(PluginLimits().lock_bytes) + " bytes");
  }
  return Reader(text, origin).read();
}

PluginLock PluginLock::read(const std::filesystem::path& path) {
  const Descriptor folder = open_plugin_folder(path.has_parent_path() ? path.parent_path() : ".");
  if (folder.get() < 0) return {};
  const auto file =
      open_plugin_file_in(folder, path, {"lock.unreadable", "make it a regular file of your own"});
  if (!file) return {};
  std::string text;
  const bool read = read_pieces(file->descriptor.get(), [&](std::span<const std::byte> piece) {
    text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    return text.size() <= PluginLimits().lock_bytes;
  });
  if (!read) refuse("lock.unreadable", path.string() + ": " + std::strerror(errno), "");
  return parse(text, path.string());
}

std::string PluginLock::text() const {
  std::vector<PluginLockEntry> sorted = plugins;
  std::sort(sorted.begin(), sorted.end(),
            [](const PluginLockEntry& a, const PluginLockEntry& b) { return a.id < b.id; });
  std::string out = "{\n  \"lock_version\": 1,\n  \"plugins\": [";
  const char* separator = "\n";
  for (const PluginLockEntry& entry : sorted) {
    out.append(separator).append("    {\n      \"id\": ").append(json_text(entry.id));
    const auto add = [&](const char* key, const std::string& value) {
      out.append(",\n      \"").append(key).append("\": ").append(value);
    };
    add("manifest_sha256", json_text(entry.manifest_sha256));
    add("library_sha256", json_text(entry.library_sha256));
    add("accept_proposals", entry.accept_proposals ? "true" : "false");
    add("enabled_by", json_text(entry.enabled_by));
    add("enabled_at", json_text(entry.enabled_at));
    out += "\n    }";
    separator = ",\n";
  }
  out += sorted.empty() ? "]\n}\n" : "\n  ]\n}\n";
  return out;
}

}  // namespace skops
