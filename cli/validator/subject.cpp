#include "validator/subject.hpp"

#include <dlfcn.h>

#include <algorithm>

#include "manifest/manifest.hpp"
#include "plugin/read_pinned.hpp"
#include "skops/error.hpp"
#include "skops/plugin.h"
#include "validator/host/host_functions.hpp"

namespace skops_validator {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view suffix = ".skops-plugin.json";
constexpr std::uint64_t most_serializers = 10'000;

bool sane(skops_string text) {
  return text.size < (std::uint64_t{1} << 20) && (text.data != nullptr || text.size == 0);
}

}  // namespace

std::vector<fs::path> Subject::manifests_at(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    if (fs::exists(path, error)) return {path};
    throw skops::Error(skops::Family::input, "file.unreadable", path.string() + " does not exist",
                       {}, "name a plugin's .skops-plugin.json, or a folder of them");
  }
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    if (entry.path().filename().string().ends_with(suffix)) out.push_back(entry.path());
  }
  if (out.empty()) {
    throw skops::Error(skops::Family::input, "file.unreadable",
                       path.string() + " holds no *" + std::string(suffix));
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string Subject::manifest_id() const {
  return manifest ? manifest->id : path.filename().string();
}

Subject Subject::read(const fs::path& manifest) {
  Subject out;
  std::error_code error;
  out.path = fs::absolute(manifest, error);
  try {
    out.text = skops::read_manifest_file(manifest);
    out.manifest = std::make_shared<const skops::Manifest>(
        skops::read_manifest(out.text, manifest.filename().string()));
    if (const skops::LibraryEntry* library = out.manifest->library_here()) {
      out.library = out.path.parent_path() / library->file;
    }
  } catch (const skops::Error& e) {
    out.problem = e.code() + ": " + e.text();
  }
  return out;
}

const skops_plugin* map_unchecked(const Subject& subject, std::string& why) {
  if (!subject.manifest) {
    why = "the manifest cannot be read; see manifest.schema";
    return nullptr;
  }
  if (subject.library.empty()) {
    why = "the plugin is a manifest alone";
    return nullptr;
  }
  ::dlerror();
  void* library = ::dlopen(subject.library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* text = ::dlerror();
    why = text != nullptr ? text : "the library cannot be loaded";
    return nullptr;
  }
  const auto* plugin = static_cast<const skops_plugin*>(::dlsym(library, "skops_plugin_v1"));
  if (plugin == nullptr) why = "the library does not export skops_plugin_v1";
  return plugin;
}

std::vector<std::string> wrong_with_entry(const skops_plugin& plugin) {
  std::vector<std::string> out;
  if (!SKOPS_HAS(skops_plugin, &plugin, serializers)) {
    // Nothing after `size` may be read.
    return {"skops_plugin.size is " + std::to_string(plugin.size) +
            ", less than the struct of ABI " + std::to_string(SKOPS_ABI_MAJOR) + ".0"};
  }
  if (plugin.abi_major != SKOPS_ABI_MAJOR || plugin.abi_minor > SKOPS_ABI_MINOR) {
    out.push_back("the plugin needs ABI " + std::to_string(plugin.abi_major) + "." +
                  std::to_string(plugin.abi_minor) + ", this host has " +
                  std::to_string(SKOPS_ABI_MAJOR) + "." + std::to_string(SKOPS_ABI_MINOR));
  }
  for (const auto& [text, what] : {std::pair(plugin.id, "id"),
                                   {plugin.version, "version"},
                                   {plugin.declarations, "declarations"}}) {
    if (!sane(text) || text.size == 0) {
      out.push_back(std::string("skops_plugin.") + what + " is no text");
    }
  }
  if (plugin.n_serializers > most_serializers ||
      (plugin.n_serializers != 0 && plugin.serializers == nullptr)) {
    out.push_back("the list of serializers is null or longer than any");
    return out;
  }
  for (std::uint64_t k = 0; k < plugin.n_serializers; ++k) {
    const skops_serializer* s = plugin.serializers[k];
    const std::string which = "serializer " + std::to_string(k);
    if (s == nullptr) {
      out.push_back(which + " is null");
    } else if (!SKOPS_HAS(skops_serializer, s, save)) {
      out.push_back(which + " has size " + std::to_string(s->size) + ", less than its struct");
    } else if (!sane(s->loader) || s->loader.size == 0 || !sane(s->module) || !sane(s->name)) {
      out.push_back(which + " has no loader, or a text that is null");
    } else if (s->load == nullptr) {
      out.push_back(which + " (" + name_of(*s) + ") has no load");
    } else if ((s->module.size == 0) != (s->name.size == 0)) {
      out.push_back(which + " (" + name_of(*s) + ") names a module without a class");
    } else if (s->protocol_from > s->protocol_to) {
      out.push_back(which + " (" + name_of(*s) + ") takes no protocol at all");
    }
  }
  return out;
}

const skops_plugin* map(const Subject& subject, Report& report) {
  std::string why;
  report.step("loading the library");
  const skops_plugin* plugin = map_unchecked(subject, why);
  if (plugin == nullptr) {
    report.skip(why);
    return nullptr;
  }
  const auto wrong = wrong_with_entry(*plugin);
  if (!wrong.empty()) {
    report.skip("the entry cannot be used: " + wrong.front() + "; see contract.entry");
    return nullptr;
  }
  return plugin;
}

std::string name_of(const skops_serializer& serializer) {
  std::string out(view(serializer.loader));
  if (serializer.name.size != 0) {
    out += ' ' + std::string(view(serializer.module)) + '.' + std::string(view(serializer.name));
  }
  return out;
}

}  // namespace skops_validator
