// The audit: every name that a file would have built, and what the policy says of it. A value;
// making it runs no plugin code and imports nothing.
//
// The core adds the module and class of every node by itself; the manifest of the plugin that owns
// a loader says which further names a node brings in (a method's name, a bit generator's class).
// Names are told apart by module and class, not by the text that joins them, and by use: trusting a
// class as an object's does not trust it as a bare type.
//
// Two ways to load read it differently. Building Python objects needs `ok()`. A native load needs
// no decision about names that it does not build (`native` is false: the name stays data), and is
// refused only by what `refuses_native` marks: a deny rule, or a loader that lies about its class.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace skops {

enum class Decision { allowed, denied, undecided };

struct AuditedName {
  std::string name;         // module.Class
  std::string module, cls;  // a method's class is "Class.func"
  std::string use;          // object, type, function, method, value, ...; "" below unknown loaders
  std::string loader;
  Decision decision = Decision::undecided;
  std::string rule;                // what decided, and where it stands; or why nothing did
  std::string library;             // id of the plugin that declares the name, or ""
  bool native = false;             // a native load would build it
  bool refuses_native = false;     // a native load is refused because of it
  std::vector<std::string> paths;  // where it occurs, at most Audit::most_paths of them
  std::uint64_t count = 0;         // how often
};

// Something about the file that is no question of trust.
struct Finding {
  std::string code;  // "audit.unknown-loader", ...
  std::string text;
  std::string path;      // in the object; empty for the root, or for findings about the policy
  bool refuses = false;  // Python objects cannot be built from this file
};

class Audit {
 public:
  static constexpr std::size_t most_paths = 5;
  enum class Format { text, json, html };

  // In the order of their first occurrence.
  const std::vector<AuditedName>& names() const;
  // The names that are not allowed, sorted, each once.
  std::vector<std::string> untrusted() const;
  // Whether every name is allowed and nothing else speaks against building the objects.
  bool ok() const;
  // Whether a name is denied (and not merely undecided).
  bool denied() const;
  const std::vector<Finding>& findings() const;

  // For people (one paragraph a name that needs a decision, with the one line that would allow it),
  // programs, or browsers (a whole page without scripts). Everything that comes from the file is
  // printable, and in the page is text and nothing else.
  std::string report(Format format = Format::text) const;

  struct Detail;  // what approving needs; only the core can see into it
  explicit Audit(std::shared_ptr<const Detail> detail) : detail_(std::move(detail)) {}
  const Detail& detail() const { return *detail_; }

 private:
  std::shared_ptr<const Detail> detail_;
};

}  // namespace skops
