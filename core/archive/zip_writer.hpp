// Writes ZIP archives that every reader takes, the strict one of this folder above all.
//
// The same members give the same bytes: dates are 1980-01-01, no attributes, no comments, nothing
// between the members. A member is stored, or deflated where that makes it smaller. Stored members
// of 4 KiB and more begin at a multiple of 64 bytes of the file, so that an array in them can be
// used where it lies (its own header ends at such a multiple too). The bytes before them are an
// extra field of the local header, 0xD935: the alignment as 16 bits, then zeros, as Android's
// zipalign writes it. ZIP64 records are written where a number needs them, and only there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "skops/save.hpp"
#include "skops/output.hpp"

namespace skops {

// CRC-32 of what `before` is the checksum of, and then `bytes`.
std::uint32_t checksum(std::span<const std::byte> bytes, std::uint32_t before = 0);

class ZipWriter {
 public:
  static constexpr std::uint64_t alignment = 64, aligned_from = 4096;

  // Smaller members than `least_deflated` are stored. `most` is the largest number that a field of
  // 32 bits may hold; tests write small archives in the wide form with it.
  explicit ZipWriter(Output& out, const SaveOptions& options = {}, std::uint64_t least_deflated = 0,
                     std::uint64_t most = 0xfffffffe);

  // A member of `head` and then `bytes`. `name`: unique, and one that read_zip_directory accepts.
  // `crc`: the checksum of both. `repetitive`: deflated fast, whatever the options say, where that
  // halves it.
  void add(std::string_view name, std::span<const std::byte> head, std::span<const std::byte> bytes,
           std::uint32_t crc, bool repetitive = false);
  void add(std::string_view name, std::span<const std::byte> bytes, std::uint32_t crc) {
    add(name, {}, bytes, crc);
  }
  // The directory; nothing may follow.
  void finish();

 private:
  struct Entry {
    std::string name;
    std::uint16_t method;
    std::uint32_t crc;
    std::uint64_t compressed, size, offset;
  };
  void put(std::span<const std::byte> bytes);
  void put(const std::string& bytes);
  void put_local_header(const Entry& entry);
  void append_central_header(const Entry& entry);
  bool wide(std::uint64_t value) const { return value > most_; }
  std::uint32_t narrow(std::uint64_t value) const {
    return wide(value) ? 0xffffffffu : static_cast<std::uint32_t>(value);
  }

  Output& out_;
  SaveOptions options_;
  std::uint64_t least_deflated_, most_;
  std::uint64_t offset_ = 0;
  std::vector<Entry> entries_;
  std::string header_;
};

}  // namespace skops
