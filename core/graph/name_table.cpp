#include "graph/name_table.hpp"

#include "schema/key_hash.hpp"
#include "schema/same_text.hpp"

namespace skops {

std::uint32_t NameTable::number(Tape::Index string) {
  const std::string_view text = tape_.text(string);
  Cached& cached = cache_[key_hash(text) % cache_.size()];
  if (same_text(cached.text, text) && !text.empty()) return cached.number;
  const auto [entry, fresh] = numbers_.try_emplace(text, static_cast<std::uint32_t>(names_.size()));
  if (fresh) names_.push_back(string);
  cached = {entry->first, entry->second};
  return entry->second;
}

}  // namespace skops
