// A strict reader of ZIP archives over a memory map.
//
//   local header, name, extra, data | local header, … | central directory | [ZIP64 end] | end
//
// Whatever two common readers could read differently is refused (code `archive.*`): the members
// tile the file from its first byte to the directory, the directory ends where the end record
// begins, nothing precedes or follows; local and central headers agree; names are unique, plain and
// without paths; no comments, data descriptors, encryption, unknown methods or extra fields that
// mean something. Opening reads only headers. The bytes of STORED members are never copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archive/name_index.hpp"
#include "skops/limits.hpp"

namespace skops {

enum class Compression : std::uint16_t { stored = 0, deflated = 8, bzip2 = 12, lzma = 14 };

struct Member {
  std::string_view name;  // in the mapped file
  Compression method = Compression::stored;
  std::uint32_t crc = 0;
  std::uint64_t compressed_size = 0, size = 0;
  std::uint64_t header_offset = 0, data_offset = 0;
};

class Archive {
 public:
  // Maps the file. Errors: `input` where it cannot be read, otherwise `malformed` or `limit`.
  static std::shared_ptr<const Archive> open(const std::filesystem::path& path, Budget& budget);
  // The bytes must outlive the archive and everything read from it.
  static std::shared_ptr<const Archive> from_memory(std::span<const std::byte> bytes,
                                                    Budget& budget, std::string label);
  ~Archive();
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  std::size_t size() const { return members_.size(); }
  const Member& operator[](std::size_t k) const { return members_[k]; }
  std::optional<std::uint32_t> find(std::string_view name) const;

  // The member's bytes, checked against size and CRC at the first call; inflated then, once, and
  // charged to the budget before that. Any thread, as long as the budget is not shared.
  std::span<const std::byte> bytes(std::uint32_t member, Budget& budget) const;
  // Compares the CRC of a stored member now, where nobody has yet; `bytes` reports a difference.
  // Does nothing for compressed members. Any thread.
  void check_stored(std::uint32_t member) const noexcept;
  // Of all stored members.
  std::uint64_t stored_bytes() const;
  // The first bytes of a stored or deflated member, unchecked; nothing where it is compressed in
  // another way or broken.
  std::optional<std::vector<std::byte>> head(std::uint32_t member, std::size_t most) const;

 private:
  struct Mapping;
  struct Content;
  Archive();
  void read_directory(Budget& budget);
  std::span<const std::byte> stored(const Member& member) const {
    return file_.subspan(member.data_offset, member.compressed_size);
  }

  std::unique_ptr<Mapping> mapping_;
  std::span<const std::byte> file_;
  std::string label_;
  std::vector<Member> members_;
  NameIndex by_name_;  // of many members
  std::unique_ptr<Content[]> contents_;
};

}  // namespace skops
