// The members of an opened file, which is a ZIP archive read strictly (core/archive): for showing a
// file's raw graph, and for other archives in the same form, such as NumPy's .npz.
//
// Names and sizes come from the directory, which was checked when the file was opened. The views
// live as long as the file and everything copied from it. Errors are skops::Error: `malformed` and
// `limit`, as for models.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "skops/file.hpp"

namespace skops {

struct MemberEntry {
  std::string_view name;
  std::uint64_t size = 0;         // bytes when read
  std::uint64_t stored_size = 0;  // bytes in the archive
};

// In the order of the directory.
std::vector<MemberEntry> members(const File& file);
std::optional<MemberEntry> find_member(const File& file, std::string_view name);
// All bytes of a member after inflating and checking its checksum; nothing where there is none.
std::optional<std::span<const std::byte>> member_bytes(const File& file, std::string_view name);
// Its first bytes, at most `most`, without touching the rest: no checksum is compared. Nothing
// where there is no such member, or it is compressed in another way than deflated.
std::optional<std::vector<std::byte>> member_head(const File& file, std::string_view name,
                                                  std::size_t most);

}  // namespace skops
