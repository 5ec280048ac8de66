// The keys that nearly every object of a schema is made of, by number: whoever looks for one
// compares a number instead of a text, and a tape knows the number of each key from the moment it
// is parsed.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace skops {

enum class SchemaKey : std::uint8_t {
  other,
  id,
  cls,
  module,
  loader,
  content,
  key_types,
  file,
  type
};

inline SchemaKey schema_key(std::string_view key) {
  // Only texts of one length are compared, and those as numbers.
  const auto is = [&](const char* text) { return std::memcmp(key.data(), text, key.size()) == 0; };
  switch (key.size()) {
    case 4: return is("file") ? SchemaKey::file : is("type") ? SchemaKey::type : SchemaKey::other;
    case 6: return is("__id__") ? SchemaKey::id : SchemaKey::other;
    case 7: return is("content") ? SchemaKey::content : SchemaKey::other;
    case 9:
      return is("__class__")   ? SchemaKey::cls
             : is("key_types") ? SchemaKey::key_types
                               : SchemaKey::other;
    case 10:
      return is("__module__")   ? SchemaKey::module
             : is("__loader__") ? SchemaKey::loader
                                : SchemaKey::other;
    default: return SchemaKey::other;
  }
}

inline std::string_view schema_key_text(SchemaKey key) {
  constexpr std::string_view texts[] = {"",           "__id__",     "__class__",
                                        "__module__", "__loader__", "content",
                                        "key_types",  "file",       "type"};
  return texts[static_cast<std::size_t>(key)];
}

}  // namespace skops
