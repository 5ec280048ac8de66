// Where the bytes of members come from: an archive that was read, or a draft.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "archive/archive.hpp"

namespace skops {

class MemberSource {
 public:
  virtual ~MemberSource() = default;
  virtual std::optional<std::uint32_t> find(std::string_view name) const = 0;
  // The bytes live as long as the source.
  virtual std::span<const std::byte> bytes(std::uint32_t member) = 0;
  virtual std::uint32_t crc(std::uint32_t member) = 0;
};

class ArchiveMembers final : public MemberSource {
 public:
  ArchiveMembers(const Archive& archive, Budget& budget) : archive_(archive), budget_(budget) {}
  std::optional<std::uint32_t> find(std::string_view name) const override {
    return archive_.find(name);
  }
  std::span<const std::byte> bytes(std::uint32_t member) override {
    return archive_.bytes(member, budget_);
  }
  std::uint32_t crc(std::uint32_t member) override { return archive_[member].crc; }

 private:
  const Archive& archive_;
  Budget& budget_;
};

}  // namespace skops
