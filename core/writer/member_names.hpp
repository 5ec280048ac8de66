// The members of the new archive: each content once, under a name made from it.
//
// `<checksum>-<size><suffix>`, both in hexadecimal; members that differ although these agree are
// numbered in the order in which they come. So equal objects give equal names, in every process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "skops/save.hpp"
#include "writer/member_source.hpp"
#include "skops/output.hpp"

namespace skops {

struct NamedMember {
  std::string name;
  std::span<const std::byte> head, bytes;  // one after the other
  std::uint32_t crc = 0;
};

class MemberNames {
 public:
  // For members that are given by `add` alone.
  MemberNames() = default;
  explicit MemberNames(MemberSource& source) : source_(&source) {}

  // The new name of a member of the source. Throws skops::Error (malformed) where there is none.
  const std::string& of(std::string_view name);
  // Throws skops::Error (malformed) where two members differ.
  void expect_equal(std::string_view a, std::string_view b);

  // The name of a member of these bytes, `head` before `body`, which must live until the archive is
  // written. `suffix`: ".npy".
  // `crc`: the checksum of both.
  const std::string& add(std::string_view head, std::span<const std::byte> body,
                         std::uint32_t crc, std::string_view suffix);

  // In the order of their first mention. The bytes are the source's.
  const std::deque<NamedMember>& members() const { return members_; }

 private:
  std::uint32_t find(std::string_view name) const;
  std::uint32_t place(std::span<const std::byte> head, std::span<const std::byte> body,
                      std::uint32_t crc, std::string_view suffix);

  MemberSource* source_ = nullptr;
  std::deque<NamedMember> members_;
  std::unordered_map<std::uint32_t, std::uint32_t> by_source_;  // its number there to ours
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_content_;
};

// The archive of a schema and the members that it names.
void write_members(std::string_view schema, const MemberNames& members, const SaveOptions& options,
                   Output& out);

}  // namespace skops
