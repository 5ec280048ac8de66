#include "skops/members.hpp"

#include "archive/archive.hpp"

namespace skops {

std::vector<MemberEntry> members(const File& file) {
  const Archive& archive = *file.archive();
  std::vector<MemberEntry> out;
  out.reserve(archive.size());
  for (std::size_t k = 0; k < archive.size(); ++k) {
    out.push_back({archive[k].name, archive[k].size, archive[k].compressed_size});
  }
  return out;
}

std::optional<MemberEntry> find_member(const File& file, std::string_view name) {
  const auto member = file.archive()->find(name);
  if (!member) return std::nullopt;
  const Member& found = (*file.archive())[*member];
  return MemberEntry{found.name, found.size, found.compressed_size};
}

std::optional<std::span<const std::byte>> member_bytes(const File& file, std::string_view name) {
  const auto member = file.archive()->find(name);
  if (!member) return std::nullopt;
  return file.archive()->bytes(*member, *file.budget());
}

std::optional<std::vector<std::byte>> member_head(const File& file, std::string_view name,
                                                  std::size_t most) {
  const auto member = file.archive()->find(name);
  if (!member) return std::nullopt;
  return file.archive()->head(*member, most);
}

}  // namespace skops
