#include "results/zip_writer.hpp"

#include <zlib.h>

#include "skops/error.hpp"

namespace skops_cli {
namespace {

constexpr std::uint32_t local_signature = 0x04034b50, entry_signature = 0x02014b50,
                        end_signature = 0x06054b50;
constexpr std::uint16_t version = 20, stored = 0;
constexpr std::uint16_t date = 1 << 5 | 1, time = 0;  // 1980-01-01

void put16(std::string& out, std::size_t value) {
  out += static_cast<char>(value & 0xff);
  out += static_cast<char>(value >> 8 & 0xff);
}
void put32(std::string& out, std::size_t value) {
  put16(out, value & 0xffff);
  put16(out, value >> 16);
}

std::uint32_t checksum(std::initializer_list<std::string_view> pieces) {
  uLong crc = crc32_z(0, nullptr, 0);
  for (const std::string_view piece : pieces) {
    crc = crc32_z(crc, reinterpret_cast<const Bytef*>(piece.data()), piece.size());
  }
  return static_cast<std::uint32_t>(crc);
}

// What local and central headers have in common.
void put_common(std::string& out, std::uint32_t crc, std::uint64_t size, std::string_view name) {
  put16(out, version);
  put16(out, 0);  // flags
  put16(out, stored);
  put16(out, time);
  put16(out, date);
  put32(out, crc);
  put32(out, size);
  put32(out, size);
  put16(out, name.size());
  put16(out, 0);  // extra field
}

}  // namespace

void ZipWriter::add(std::string_view name, std::initializer_list<std::string_view> pieces) {
  std::uint64_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  if (offset_ + size > 0xf0000000u || members_.size() > 60000) {
    throw skops::Error(skops::Family::unsupported, "output.size",
                       "the result is too large for one .npz", {}, "write .npy, or fewer rows");
  }
  const std::uint32_t crc = checksum(pieces);
  members_.push_back({std::string(name), crc, static_cast<std::uint32_t>(size),
                      static_cast<std::uint32_t>(offset_)});
  std::string header;
  put32(header, local_signature);
  put_common(header, crc, size, name);
  header += name;
  out_.write(header);
  for (const std::string_view piece : pieces) out_.write(piece);
  offset_ += header.size() + size;
}

void ZipWriter::finish() {
  std::string directory;
  for (const Member& member : members_) {
    put32(directory, entry_signature);
    put16(directory, version);
    put_common(directory, member.crc, member.size, member.name);
    put16(directory, 0);  // comment
    put16(directory, 0);  // disk
    put16(directory, 0);  // internal attributes
    put32(directory, 0);  // external attributes
    put32(directory, member.offset);
    directory += member.name;
  }
  const std::size_t size = directory.size();
  put32(directory, end_signature);
  put16(directory, 0);
  put16(directory, 0);
  put16(directory, members_.size());
  put16(directory, members_.size());
  put32(directory, size);
  put32(directory, offset_);
  put16(directory, 0);
  out_.write(directory);
}

}  // namespace skops_cli
