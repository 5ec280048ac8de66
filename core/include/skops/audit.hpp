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
#include <string_view>
#include <vector>

namespace skops {

enum class Decision { allowed, denied, undecided };

// What decided, or why nothing did.
enum class Reason {
  by_default,           // the plugin `library` declares the name as trusted by default
  rule,                 // a rule of the policy, `rule_text`, which stands at `origin`
  standing_refusal,     // it imports, evaluates, starts processes or loads: no rule counts
  class_for_loader,     // the loader does not build this class: the node lies
  class_with_dots,      // joins to the text of another name, so that no rule can mean it
  not_opted_in,         // `library` declares it, and nobody has opted in to the library
  loader_not_opted_in,  // trusted, but not for this loader's plugin, which nobody has opted in
  other_use,            // `library` declares it, but not for this use
  no_rule,              // nothing names it
};

// What building the Python object would do with the name: what the recipe of the loader says, in
// the manifest of the plugin `loader_plugin`. Building imports the module of every name.
enum class Effect {
  none,     // cannot be built: no plugin describes the loader, or the loader builds no such class
  data,     // a plain value or container; no code of the name runs
  refers,   // looked up and handed on; whoever uses the object may call it
  wraps,    // holds what it will call, with arguments of the file, until it is called itself
  binds,    // becomes a method of an object in the file; whoever uses the object may call it
  creates,  // an instance is made without its constructor and takes its state from the file
  calls,    // called, with what the file says
  hook,     // built from its parts by the host's own code for it
};

// One word each, as they stand in reports for programs: "undecided", "not-opted-in", "creates", …
const char* text_of(Decision decision);
const char* text_of(Reason reason);
const char* text_of(Effect effect);

struct AuditedName {
  std::string name;         // module.Class
  std::string module, cls;  // a method's class is "Class.func"
  std::string use;          // object, type, function, method, value, ...; "" below unknown loaders
  std::string loader;
  Decision decision = Decision::undecided;
  Reason reason = Reason::no_rule;
  std::string rule;                // the same as a sentence
  std::string rule_text = {};      // "trust xgboost", "deny sklearn.*", where a rule decided
  std::string origin = {};         // where that rule stands: "call", "--trust", file:line
  std::string library;             // id of the plugin that declares the name, or ""
  std::string loader_plugin = {};  // id of the plugin that describes the loader, or ""
  Effect effect = Effect::none;
  bool contents_checked = false;   // the plugin's serializer checks the contents before it is built
  bool native = false;             // a native load would build it
  bool refuses_native = false;     // a native load is refused because of it
  std::string allow = {};          // what to trust so that it is allowed: a library or this name
  std::string cannot_allow = {};   // where nothing can: why
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
  enum class Format { text, json, sarif, html };

  // The file as its opener called it.
  const std::string& file() const;
  // The class of the root object, without its module: `Pipeline`.
  const std::string& root() const;
  // A path as users of the object write it: `Pipeline.steps[1][1].func`.
  std::string place(std::string_view path) const;

  // In the order of their first occurrence.
  const std::vector<AuditedName>& names() const;
  // The names that are not allowed, sorted, each once.
  std::vector<std::string> untrusted() const;
  // Whether every name is allowed and nothing else speaks against building the objects.
  bool ok() const;
  // Whether a name is denied (and not merely undecided).
  bool denied() const;
  // Whether no name refuses a native load.
  bool native_ok() const;
  const std::vector<Finding>& findings() const;

  // For people (a few lines a name that needs a decision, with the one line that would allow it),
  // programs, code scanning (SARIF 2.1.0), or browsers (a whole page without scripts). All are
  // views of this value. Everything that comes from the file is printable, and in the page is text
  // and nothing else. report.hpp makes one report of several files.
  std::string report(Format format = Format::text) const;

  struct Detail;  // what approving needs; only the core can see into it
  explicit Audit(std::shared_ptr<const Detail> detail) : detail_(std::move(detail)) {}
  const Detail& detail() const { return *detail_; }

 private:
  std::shared_ptr<const Detail> detail_;
};

}  // namespace skops
