// The plugin that is validated: its manifest, read as a host reads it, and its library. Nothing of
// it runs before a child process calls `map`.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "validator/child/child.hpp"

extern "C" {
struct skops_plugin;
struct skops_serializer;
}
namespace skops {
struct Manifest;
}

namespace skops_validator {

struct Subject {
  std::filesystem::path path;  // of the manifest
  std::string text;
  std::shared_ptr<const skops::Manifest> manifest;
  std::string problem;            // why there is no manifest
  std::filesystem::path library;  // empty for a manifest alone
  std::vector<std::filesystem::path> corpus;

  std::string manifest_id() const;

  // Throws skops::Error where there is no such file, or none in such a directory.
  static std::vector<std::filesystem::path> manifests_at(const std::filesystem::path& path);
  static Subject read(const std::filesystem::path& manifest);
};

// Library and entry, in a child. Null where there is none, or where it is too broken to be used:
// the report then says that the check was skipped, and which one looks at it.
const skops_plugin* map(const Subject& subject, Report& report);
// The same without any look at the entry.
const skops_plugin* map_unchecked(const Subject& subject, std::string& why);

// What is wrong with the entry's own fields, one sentence each.
std::vector<std::string> wrong_with_entry(const skops_plugin& plugin);

// "ObjectNode acme.Thing"
std::string name_of(const skops_serializer& serializer);

}  // namespace skops_validator
