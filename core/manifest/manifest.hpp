// A plugin's manifest, `<name>.skops-plugin.json`: what the host knows of a plugin before, and
// without, running any of its code.
//
//   { "manifest_version": 1, "id": "numpy", "version": "0.1.0", "abi": [1, 0],
//     "library": [{"platform": "linux-x86_64", "file": "libskops_numpy.so", "size": 1,
//                  "sha256": "..."}],
//     "loaders": [{"loader": "NdArrayNode", "protocols": [0, 3], "when": {"type": "numpy"},
//                  "use": "value", "accepts": ["numpy.ndarray"],
//                  "fields": [{"name": "file", "kind": "member"}]}],
//     "types": [{"trust": "default", "uses": ["function"], "modules": ["numpy"],
//                "names": ["add"]}],
//     "serializers": [{"loader": "NdArrayNode", "module": "", "class": ""}] }
//
// `docs/plugins/manifest.md` explains each key; recipe.hpp the loaders' optional "recipe". A type
// group declares every name of `names` in every module of `modules` (spellings of one place) for
// every use of `uses`. A serializer without module and class takes every class of its loader that
// the policy allows.
//
// The reader is strict: UTF-8 JSON of at most 64 KiB (256 KiB with recipes), 8 levels deep, no
// duplicate or unknown keys, no missing ones (but the optional "when", "accepts", "brings",
// "recipe", "contents", "checks", "hooks" and "releases"), names that are names, and at most
// 100,000 of them once each is spelled in each of its modules (8 MiB). Everything else is
// skops::Error, family plugin, code "manifest.malformed", "manifest.version" or
// "limit.manifest_names".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/loader_table.hpp"
#include "manifest/recipe.hpp"

namespace skops {

struct LibraryEntry {
  std::string platform, file;
  std::uint64_t size = 0;
  std::string sha256;  // 64 lower-case hex digits
};

struct SerializerEntry {
  std::string loader, module, cls;
};

// A name that a node brings in besides its own class.
struct BroughtName {
  enum class Kind {
    method,  // `module.Class.func` of the node's own class; `first` is the owner's field, which
             // must be of that class, `second` the field with the function's name
    name,    // `first` is the field with the module, `second` the field with the name
    key,     // in `module`; the text under `second` in the dict (a node or plain JSON) of `first`
  };
  Kind kind = Kind::name;
  std::string use, first, second, module;

  bool operator==(const BroughtName&) const = default;
};

struct LoaderEntry {
  LoaderLayout layout;
  std::string use;  // the kind of use that a node of this loader makes of its class
  std::vector<std::string> accepts;  // module.Class; empty: any
  std::vector<BroughtName> brings;
  std::optional<Recipe> recipe;

  bool operator==(const LoaderEntry&) const = default;
};

enum class Trust { by_default, opt_in };

struct TypeGroup {
  Trust trust = Trust::opt_in;
  std::vector<std::string> uses, modules, names;  // sorted
  // Before an object of another language is made of such a node, the plugin's own serializer loads
  // it, and what that refuses is not built: the values reach code that trusts them.
  bool contents_checked = false;

  // An empty use asks for any.
  bool holds(std::string_view cls, std::string_view use) const;
  bool operator==(const TypeGroup&) const = default;
};

struct Manifest {
  std::string id, version;
  // The first and the last release of the Python library that the declarations describe, as
  // "releases": ["1.0.2", "1.9.1"]; empty where the manifest does not say.
  std::string first_release, last_release;
  std::uint32_t abi_major = 0, abi_minor = 0;
  std::vector<LibraryEntry> library;
  std::vector<LoaderEntry> loaders;
  std::vector<TypeGroup> types;
  std::vector<SerializerEntry> serializers;
  // module.Class: what a hook of a dynamic language looks at once such an object, or one of a
  // subclass, has been built.
  std::vector<std::string> checks;
  // The module with the hooks in the host's language; empty: the host's own package has them.
  std::string hooks;
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> groups_of_module;
  std::vector<std::uint32_t> sorted_serializers;  // their numbers, by loader, module and class
  // Not in the file, but the host's: whether "default" counts as such. If not, all is "opt-in".
  bool proposals_accepted = true;

  std::vector<LoaderLayout> layouts() const;
  // Forgets the library and its serializers: what stays describes names, and maps nothing.
  void leave_native_out();
  // The library for the platform that this code is built for; null for a manifest alone.
  const LibraryEntry* library_here() const;
  // What the manifest says of a name for a use; an empty use asks for any.
  std::optional<Trust> declares(std::string_view module, std::string_view cls,
                                std::string_view use) const;
  bool has_serializer(std::string_view loader, std::string_view module, std::string_view cls) const;
  bool contents_checked(std::string_view module, std::string_view cls, std::string_view use) const;
};

// `text` is the whole manifest; `origin` names it in errors.
Manifest read_manifest(std::string_view text, std::string_view origin);

}  // namespace skops
