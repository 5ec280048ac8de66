// The numbers of an archive's members by their names, where they are many.
//
// Names come from the file: a table whose names were made to collide would take quadratic time, so
// probes are counted, and such names are sorted instead. No search takes more probes than the
// longest of an honest name may.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace skops {

struct Member;

class NameIndex {
 public:
  // Two members of one name: the number of one of them.
  std::optional<std::uint32_t> fill(std::span<const Member> members);
  std::optional<std::uint32_t> find(std::span<const Member> members, std::string_view name) const;

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr std::size_t most_probes = 128;

  bool hash(std::span<const Member> members, std::optional<std::uint32_t>& twice);

  bool sorted_ = false;
  std::vector<std::uint32_t> numbers_;  // a table of a power of two of slots, or sorted by name
};

}  // namespace skops
