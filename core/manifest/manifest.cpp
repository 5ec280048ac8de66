#include "manifest/manifest.hpp"

#include <algorithm>
#include <tuple>

#include "graph/dotted_name.hpp"
#include "manifest/json_reader.hpp"
#include "manifest/platform.hpp"
#include "manifest/version_range.hpp"
#include "skops/error.hpp"
#include "skops/limits.hpp"
#include "support/json_text.hpp"

namespace skops {
namespace {

std::tuple<std::string_view, std::string_view, std::string_view> names_of(
    const SerializerEntry& serializer) {
  return {serializer.loader, serializer.module, serializer.cls};
}

constexpr std::size_t most_bytes = 64 << 10, most_bytes_with_recipes = 256 << 10;
// What the types declare, every name in every module: 18 KB can spell two million of them, which
// whoever lists them (an installer, the search for conflicts) would have to hold.
constexpr std::size_t most_names = 100'000, most_bytes_of_names = 8 << 20;

bool made_of(std::string_view text, std::string_view letters) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of(letters) == std::string_view::npos;
}

std::string id_of(const ManifestValue& value) {
  std::string text = value.text();
  if (!made_of(text, "abcdefghijklmnopqrstuvwxyz0123456789_-")) {
    value.fail("is no id: lower-case letters, digits, _ and - are");
  }
  return text;
}

std::string dotted(const ManifestValue& value) {
  std::string text = value.text();
  if (!is_dotted_name(text)) value.fail("is not a dotted name");
  return text;
}

std::string identifier(const ManifestValue& value) {
  std::string text = value.text();
  if (!is_identifier(text)) value.fail("is not an identifier");
  return text;
}

// The text's place in a list of the words that are allowed there.
template <typename T>
T one_of(const ManifestValue& value, std::initializer_list<std::pair<std::string_view, T>> words) {
  const std::string text = value.text();
  for (const auto& [word, meaning] : words) {
    if (word == text) return meaning;
  }
  value.fail("is none of the words that are allowed there");
}

LibraryEntry read_library(const ManifestValue& value) {
  value.keys({"platform", "file", "size", "sha256"});
  LibraryEntry entry;
  entry.platform = id_of(value.member("platform"));
  entry.file = value.member("file").text();
  // A file beside the manifest, never a path, and never another plugin's manifest.
  if (!made_of(entry.file, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.+") ||
      entry.file.front() == '.' || !entry.file.ends_with(".so")) {
    value.member("file").fail("is not the name of a shared object (.so) beside the manifest");
  }
  entry.size = value.member("size").number(std::uint64_t{1} << 32);
  entry.sha256 = value.member("sha256").text();
  if (entry.sha256.size() != 64 || !made_of(entry.sha256, "0123456789abcdef")) {
    value.member("sha256").fail("is not a SHA-256 in lower-case hex digits");
  }
  return entry;
}

LoaderField read_field(const ManifestValue& value) {
  value.keys({"name", "kind", "required", "step"});
  LoaderField field;
  field.path = dotted(value.member("name"));
  field.kind = one_of<FieldKind>(value.member("kind"), {{"node", FieldKind::node},
                                                        {"nodes", FieldKind::nodes},
                                                        {"map", FieldKind::map},
                                                        {"member", FieldKind::member},
                                                        {"json", FieldKind::json},
                                                        {"text", FieldKind::text},
                                                        {"name", FieldKind::name}});
  if (value.has("required")) field.required = value.member("required").boolean();
  if (value.has("step")) {
    field.step = one_of<PathStep>(
        value.member("step"),
        {{"name", PathStep::name}, {"none", PathStep::none}, {"state", PathStep::state}});
  }
  return field;
}

BroughtName read_brought(const ManifestValue& value, const LoaderLayout& layout) {
  BroughtName brought;
  brought.kind =
      one_of<BroughtName::Kind>(value.member("kind"), {{"method", BroughtName::Kind::method},
                                                       {"name", BroughtName::Kind::name},
                                                       {"key", BroughtName::Kind::key}});
  brought.use = id_of(value.member("use"));
  const auto field = [&](std::string_view key, std::initializer_list<FieldKind> kinds) {
    std::string name = dotted(value.member(key));
    for (const LoaderField& known : layout.fields) {
      if (known.path == name && std::find(kinds.begin(), kinds.end(), known.kind) != kinds.end()) {
        return name;
      }
    }
    value.member(key).fail("is not a field of the loader that could bring a name");
  };
  switch (brought.kind) {
    case BroughtName::Kind::method:
      value.keys({"kind", "use", "owner", "name"});
      brought.first = field("owner", {FieldKind::node});
      brought.second = field("name", {FieldKind::name});
      break;
    case BroughtName::Kind::name:
      value.keys({"kind", "use", "module", "name"});
      brought.first = field("module", {FieldKind::name});
      brought.second = field("name", {FieldKind::name});
      break;
    case BroughtName::Kind::key:
      value.keys({"kind", "use", "field", "key", "in"});
      brought.first = field("field", {FieldKind::node, FieldKind::json});
      brought.second = identifier(value.member("key"));
      brought.module = dotted(value.member("in"));
      break;
  }
  return brought;
}

LoaderEntry read_loader(const ManifestValue& value) {
  value.keys({"loader", "protocols", "when", "use", "accepts", "brings", "fields", "recipe"});
  LoaderEntry entry;
  LoaderLayout& layout = entry.layout;
  layout.loader = identifier(value.member("loader"));
  const auto range = value.member("protocols").items();
  if (range.size() != 2) value.member("protocols").fail("is not a range [first, last]");
  layout.first_protocol = static_cast<int>(range[0].number(1000));
  layout.last_protocol = static_cast<int>(range[1].number(1000));
  if (layout.first_protocol > layout.last_protocol) {
    value.member("protocols").fail("is an empty range");
  }
  if (value.has("when")) {
    const ManifestValue when = value.member("when");
    layout.selector = when.only_key();
    if (!is_identifier(layout.selector)) when.fail("does not name a field");
    layout.value = identifier(when.member(layout.selector));
  }
  layout.use = entry.use = id_of(value.member("use"));
  for (const ManifestValue& field : value.member("fields").items()) {
    layout.fields.push_back(read_field(field));
    for (std::size_t k = 0; k + 1 < layout.fields.size(); ++k) {
      if (layout.fields[k].path == layout.fields.back().path) field.fail("is listed twice");
    }
  }
  if (value.has("accepts")) {
    for (const ManifestValue& name : value.member("accepts").items()) {
      entry.accepts.push_back(dotted(name));
    }
    if (entry.accepts.empty()) value.member("accepts").fail("is empty");
    std::sort(entry.accepts.begin(), entry.accepts.end());
  }
  if (value.has("brings")) {
    for (const ManifestValue& item : value.member("brings").items()) {
      const BroughtName brought = read_brought(item, layout);
      if (brought.kind == BroughtName::Kind::key) {
        layout.in_place.push_back({brought.first, brought.second});
      }
      entry.brings.push_back(brought);
    }
  }
  if (value.has("recipe")) entry.recipe = read_recipe(value.member("recipe"), layout);
  return entry;
}

TypeGroup read_group(const ManifestValue& value) {
  value.keys({"trust", "uses", "modules", "names", "contents"});
  TypeGroup group;
  group.trust = one_of<Trust>(value.member("trust"),
                              {{"default", Trust::by_default}, {"opt-in", Trust::opt_in}});
  for (const ManifestValue& use : value.member("uses").items()) group.uses.push_back(id_of(use));
  for (const ManifestValue& module : value.member("modules").items()) {
    group.modules.push_back(dotted(module));
  }
  for (const ManifestValue& name : value.member("names").items()) {
    group.names.push_back(identifier(name));
  }
  if (value.has("contents")) {
    group.contents_checked = one_of<bool>(value.member("contents"), {{"checked", true}});
  }
  for (auto* list : {&group.uses, &group.modules, &group.names}) {
    if (list->empty()) value.fail("has an empty list");
    std::sort(list->begin(), list->end());
    if (std::adjacent_find(list->begin(), list->end()) != list->end()) {
      value.fail("lists one name twice");
    }
  }
  return group;
}

// How many names the groups declare, and how many bytes they have when they are written out.
struct Declared {
  std::size_t names = 0, bytes = 0;

  // Sizes of one manifest are below 2^18 each, so that no product wraps.
  void add(const TypeGroup& group) {
    const auto length = [](const std::vector<std::string>& texts) {
      std::size_t sum = 0;
      for (const std::string& text : texts) sum += text.size();
      return sum;
    };
    names += group.modules.size() * group.names.size();
    bytes +=
        length(group.modules) * group.names.size() + length(group.names) * group.modules.size();
  }
};

SerializerEntry read_serializer(const ManifestValue& value) {
  value.keys({"loader", "module", "class"});
  SerializerEntry entry;
  entry.loader = identifier(value.member("loader"));
  entry.module = value.member("module").text();
  entry.cls = value.member("class").text();
  if (entry.module.empty() != entry.cls.empty()) value.fail("names half a class");
  if (!entry.module.empty()) {
    dotted(value.member("module"));
    identifier(value.member("class"));
  }
  return entry;
}

void read_releases(const ManifestValue& value, Manifest& manifest) {
  const std::vector<std::string> texts = value.texts();
  if (texts.size() != 2) value.fail("is not [first, last]");
  const auto first = Release::parse(texts[0]), last = Release::parse(texts[1]);
  if (!first || !last) value.fail("holds what is no release: numbers with dots");
  if (first->compare(*last) > 0) value.fail("is an empty range");
  manifest.first_release = texts[0];
  manifest.last_release = texts[1];
}

Manifest read(const ManifestValue& value, std::string_view origin) {
  value.keys({"manifest_version", "id", "version", "abi", "library", "loaders", "types",
              "serializers", "checks", "hooks", "releases"});
  Manifest manifest;
  manifest.id = id_of(value.member("id"));
  manifest.version = value.member("version").text();
  if (!made_of(manifest.version,
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.+")) {
    value.member("version").fail("is no version");
  }
  if (value.has("releases")) read_releases(value.member("releases"), manifest);
  const auto abi = value.member("abi").items();
  if (abi.size() != 2) value.member("abi").fail("is not [major, minor]");
  manifest.abi_major = static_cast<std::uint32_t>(abi[0].number(1000));
  manifest.abi_minor = static_cast<std::uint32_t>(abi[1].number(1000));
  for (const ManifestValue& entry : value.member("library").items()) {
    manifest.library.push_back(read_library(entry));
    for (std::size_t k = 0; k + 1 < manifest.library.size(); ++k) {
      if (manifest.library[k].platform == manifest.library.back().platform) {
        entry.fail("is the second one for its platform");
      }
    }
  }
  LoaderTable conflicts;
  for (const ManifestValue& entry : value.member("loaders").items()) {
    manifest.loaders.push_back(read_loader(entry));
    try {
      conflicts.add(manifest.loaders.back().layout);
    } catch (const Error& error) {
      entry.fail("is not possible: " + error.text());
    }
  }
  Declared declared;
  for (const ManifestValue& entry : value.member("types").items()) {
    manifest.types.push_back(read_group(entry));
    declared.add(manifest.types.back());
    if (declared.names > most_names || declared.bytes > most_bytes_of_names) {
      throw Error(Family::plugin, "limit.manifest_names",
                  "the types declare more than 100,000 names, or more than 8 MiB of them",
                  {.member = std::string(origin)},
                  "ask its authors to declare only the modules in which each name is");
    }
    const auto number = static_cast<std::uint32_t>(manifest.types.size() - 1);
    for (const std::string& module : manifest.types.back().modules) {
      manifest.groups_of_module[module].push_back(number);
    }
  }
  for (const ManifestValue& entry : value.member("serializers").items()) {
    manifest.serializers.push_back(read_serializer(entry));
    manifest.sorted_serializers.push_back(
        static_cast<std::uint32_t>(manifest.sorted_serializers.size()));
  }
  std::sort(manifest.sorted_serializers.begin(), manifest.sorted_serializers.end(),
            [&](std::uint32_t a, std::uint32_t b) {
              return names_of(manifest.serializers[a]) < names_of(manifest.serializers[b]);
            });
  if (value.has("checks")) {
    for (const ManifestValue& name : value.member("checks").items()) {
      manifest.checks.push_back(dotted(name));
      if (manifest.checks.back().find('.') == std::string::npos) {
        name.fail("is not the name of a class");
      }
    }
    std::sort(manifest.checks.begin(), manifest.checks.end());
    if (std::adjacent_find(manifest.checks.begin(), manifest.checks.end()) !=
        manifest.checks.end()) {
      value.member("checks").fail("lists one class twice");
    }
  }
  if (value.has("hooks")) manifest.hooks = dotted(value.member("hooks"));
  return manifest;
}

}  // namespace

std::vector<LoaderLayout> Manifest::layouts() const {
  std::vector<LoaderLayout> out;
  for (const LoaderEntry& entry : loaders) out.push_back(entry.layout);
  return out;
}

void Manifest::leave_native_out() {
  library.clear();
  serializers.clear();
  sorted_serializers.clear();
}

const LibraryEntry* Manifest::library_here() const {
  for (const LibraryEntry& entry : library) {
    if (entry.platform == platform_here) return &entry;
  }
  return nullptr;
}

bool TypeGroup::holds(std::string_view cls, std::string_view use) const {
  const auto in = [](const std::vector<std::string>& sorted, std::string_view text) {
    return std::binary_search(sorted.begin(), sorted.end(), text, std::less<std::string_view>());
  };
  return in(names, cls) && (use.empty() || in(uses, use));
}

std::optional<Trust> Manifest::declares(std::string_view module, std::string_view cls,
                                        std::string_view use) const {
  const auto at = groups_of_module.find(module);
  if (at == groups_of_module.end()) return std::nullopt;
  std::optional<Trust> found;
  for (const std::uint32_t number : at->second) {
    const TypeGroup& group = types[number];
    if (!group.holds(cls, use)) continue;
    if (group.trust == Trust::by_default && proposals_accepted) return Trust::by_default;
    found = Trust::opt_in;
  }
  return found;
}

bool Manifest::has_serializer(std::string_view loader, std::string_view module,
                              std::string_view cls) const {
  const std::tuple wanted(loader, module, cls);
  const auto at = std::lower_bound(
      sorted_serializers.begin(), sorted_serializers.end(), wanted,
      [&](std::uint32_t number, const auto& w) { return names_of(serializers[number]) < w; });
  return at != sorted_serializers.end() && names_of(serializers[*at]) == wanted;
}

bool Manifest::contents_checked(std::string_view module, std::string_view cls,
                                std::string_view use) const {
  const auto at = groups_of_module.find(module);
  if (at == groups_of_module.end()) return false;
  return std::any_of(at->second.begin(), at->second.end(), [&](std::uint32_t number) {
    return types[number].contents_checked && types[number].holds(cls, use);
  });
}

Manifest read_manifest(std::string_view text, std::string_view origin) {
  const ManifestText document{text, origin};
  const auto malformed = [&](const std::string& what) {
    return Error(Family::plugin, "manifest.malformed", what, {.member = std::string(origin)},
                 "install the plugin again");
  };
  if (text.size() > most_bytes_with_recipes) throw malformed("the manifest is too large");
  Limits limits;
  limits.json_depth = 8;
  Budget budget(limits);
  Tape tape = [&] {
    try {
      return parse_json(text, budget, Dialect::schema, origin);
    } catch (const Error& error) {
      throw malformed(document.place(place_of_error(text, error)) + error.text());
    }
  }();
  const ManifestValue root(document, tape, Tape::root, "");
  const ManifestValue version = root.member("manifest_version");
  if (const auto number = version.number(1u << 30); number != 1) {
    if (number == 0) version.fail("is not a whole number from 1");
    throw Error(Family::plugin, "manifest.version",
                version.place() + "the manifest has version " + std::to_string(number) +
                    ", this host reads version 1",
                {.member = std::string(origin)}, "update the host");
  }
  Manifest manifest = read(root, origin);
  const auto has_recipe = [](const LoaderEntry& entry) { return entry.recipe.has_value(); };
  if (text.size() > most_bytes &&
      std::none_of(manifest.loaders.begin(), manifest.loaders.end(), has_recipe)) {
    throw malformed("the manifest is too large");
  }
  return manifest;
}

}  // namespace skops
