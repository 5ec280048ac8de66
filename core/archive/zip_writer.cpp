#include "archive/zip_writer.hpp"

#include <libdeflate.h>

#include <memory>
#include <new>

#include "skops/error.hpp"

namespace skops {
namespace {

constexpr std::uint32_t local_signature = 0x04034b50, central_signature = 0x02014b50,
                        end_signature = 0x06054b50, end64_signature = 0x06064b50,
                        locator_signature = 0x07064b50;
constexpr std::uint16_t zip64_field = 0x0001, alignment_field = 0xd935;
constexpr std::uint16_t version = 20, version64 = 45, utf8_flag = 1 << 11;
constexpr std::uint16_t time = 0, date = 1 << 5 | 1;  // 1980-01-01
constexpr std::uint16_t stored = 0, deflated = 8;
constexpr std::size_t most_entries = 0xfffe;  // that the narrow end record can count
constexpr int default_level = 6;              // zlib's

void append(std::string& out, std::uint64_t value, int bytes) {
  for (int k = 0; k < bytes; ++k) out += static_cast<char>(value >> (8 * k) & 0xff);
}
void put16(std::string& out, std::uint64_t value) { append(out, value, 2); }
void put32(std::string& out, std::uint64_t value) { append(out, value, 4); }
void put64(std::string& out, std::uint64_t value) { append(out, value, 8); }

std::uint16_t flags_of(std::string_view name) {
  for (const char c : name) {
    if (static_cast<unsigned char>(c) >= 0x80) return utf8_flag;
  }
  return 0;
}

// The deflate stream, or nothing where it would not be smaller.
std::vector<std::byte> deflate(std::span<const std::byte> bytes, int level) {
  if (bytes.size() < 2) return {};
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
      libdeflate_alloc_compressor(level), libdeflate_free_compressor);
  if (!compressor) throw std::bad_alloc();
  // Given less room than the input has, the compressor gives up where it cannot gain.
  std::vector<std::byte> out(bytes.size() - 1);
  out.resize(libdeflate_deflate_compress(compressor.get(), bytes.data(), bytes.size(), out.data(),
                                         out.size()));
  return out;
}

}  // namespace

std::uint32_t checksum(std::span<const std::byte> bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

ZipWriter::ZipWriter(Output& out, const SaveOptions& options, std::uint64_t most)
    : out_(out), options_(options), most_(most) {
  if (options.level < -1 || options.level > 9) {
    throw Error(Family::usage, "save.level",
                "a compression level of " + std::to_string(options.level), {},
                "give a level from 0 to 9, or -1 for the default");
  }
  if (options_.level < 0) options_.level = default_level;
}

void ZipWriter::put(std::span<const std::byte> bytes) {
  out_.write(bytes);
  offset_ += bytes.size();
}

void ZipWriter::put(const std::string& bytes) {
  put(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

std::string ZipWriter::local_header(const Entry& entry) const {
  std::string extra;
  const bool wide_sizes = wide(entry.size) || wide(entry.compressed);
  if (wide_sizes) {
    put16(extra, zip64_field);
    put16(extra, 16);
    put64(extra, entry.size);
    put64(extra, entry.compressed);
  }
  if (entry.method == stored && entry.size >= aligned_from) {
    const std::uint64_t data = entry.offset + 30 + entry.name.size() + extra.size();
    std::uint64_t gap = (alignment - data % alignment) % alignment;
    constexpr std::uint64_t least = 6;  // the field's own header and the alignment
    if (gap != 0 && gap < least) gap += alignment;
    if (gap != 0) {
      put16(extra, alignment_field);
      put16(extra, gap - 4);
      put16(extra, alignment);
      extra.append(gap - least, '\0');
    }
  }
  std::string out;
  put32(out, local_signature);
  put16(out, wide_sizes ? version64 : version);
  put16(out, flags_of(entry.name));
  put16(out, entry.method);
  put16(out, time);
  put16(out, date);
  put32(out, entry.crc);
  // A local ZIP64 field always holds both sizes.
  put32(out, wide_sizes ? 0xffffffffu : entry.compressed);
  put32(out, wide_sizes ? 0xffffffffu : entry.size);
  put16(out, entry.name.size());
  put16(out, extra.size());
  return out + entry.name + extra;
}

std::string ZipWriter::central_header(const Entry& entry) const {
  std::string extra;
  for (const std::uint64_t value : {entry.size, entry.compressed, entry.offset}) {
    if (wide(value)) put64(extra, value);
  }
  if (!extra.empty()) {
    std::string field;
    put16(field, zip64_field);
    put16(field, extra.size());
    extra = field + extra;
  }
  std::string out;
  const std::uint16_t needed = extra.empty() ? version : version64;
  put32(out, central_signature);
  put16(out, needed);  // made by, on no particular system
  put16(out, needed);
  put16(out, flags_of(entry.name));
  put16(out, entry.method);
  put16(out, time);
  put16(out, date);
  put32(out, entry.crc);
  put32(out, narrow(entry.compressed));
  put32(out, narrow(entry.size));
  put16(out, entry.name.size());
  put16(out, extra.size());
  put16(out, 0);  // comment
  put16(out, 0);  // disk
  put16(out, 0);  // internal attributes
  put32(out, 0);  // external attributes
  put32(out, narrow(entry.offset));
  return out + entry.name + extra;
}

void ZipWriter::add(std::string_view name, std::span<const std::byte> bytes, std::uint32_t crc) {
  std::vector<std::byte> smaller;
  if (options_.compression == SaveOptions::Compression::deflated) {
    smaller = deflate(bytes, options_.level);
  }
  const bool packed = !smaller.empty();
  const std::span<const std::byte> data = packed ? std::span<const std::byte>(smaller) : bytes;
  entries_.push_back({std::string(name), packed ? deflated : stored, crc, data.size(),
                      bytes.size(), offset_});
  put(local_header(entries_.back()));
  put(data);
}

void ZipWriter::finish() {
  const std::uint64_t start = offset_;
  for (const Entry& entry : entries_) put(central_header(entry));
  const std::uint64_t size = offset_ - start;
  std::string end;
  const bool many = entries_.size() > most_entries;
  if (many || wide(start) || wide(size)) {
    put32(end, end64_signature);
    put64(end, 44);  // bytes of this record that follow
    put16(end, version64);
    put16(end, version64);
    put32(end, 0);  // this disk
    put32(end, 0);  // the directory's
    put64(end, entries_.size());
    put64(end, entries_.size());
    put64(end, size);
    put64(end, start);
    put32(end, locator_signature);
    put32(end, 0);
    put64(end, offset_);
    put32(end, 1);  // disks
  }
  const std::uint64_t count = many ? 0xffff : entries_.size();
  put32(end, end_signature);
  put16(end, 0);
  put16(end, 0);
  put16(end, count);
  put16(end, count);
  put32(end, narrow(size));
  put32(end, narrow(start));
  put16(end, 0);  // comment
  put(end);
}

}  // namespace skops
