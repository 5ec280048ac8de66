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
constexpr std::uint64_t least_gap = 6;        // the alignment field's own header and the alignment
constexpr std::size_t most_entries = 0xfffe;  // that the narrow end record can count
constexpr int default_level = 6;              // zlib's
constexpr int fast_level = 1;

void append(std::string& out, std::uint64_t value, std::size_t bytes) {
  char text[8];
  for (std::size_t k = 0; k < bytes; ++k) text[k] = static_cast<char>(value >> (8 * k) & 0xff);
  out.append(text, bytes);
}
void put16(std::string& out, std::uint64_t value) {
  append(out, value, 2);
}
void put32(std::string& out, std::uint64_t value) {
  append(out, value, 4);
}
void put64(std::string& out, std::uint64_t value) {
  append(out, value, 8);
}

std::uint16_t flags_of(std::string_view name) {
  for (const char c : name) {
    if (static_cast<unsigned char>(c) >= 0x80) return utf8_flag;
  }
  return 0;
}

// The deflate stream, or nothing where it would have more than `most` bytes.
std::vector<std::byte> deflate(std::span<const std::byte> bytes, int level, std::size_t most) {
  if (most == 0) return {};
  // One is some hundred kilobytes large: a thread keeps the last.
  thread_local std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
      nullptr, libdeflate_free_compressor);
  thread_local int made_for = -1;
  if (!compressor || made_for != level) {
    compressor.reset(libdeflate_alloc_compressor(level));
    made_for = level;
  }
  if (!compressor) throw std::bad_alloc();
  // Given less room than the input has, the compressor gives up where it cannot gain.
  std::vector<std::byte> out(most);
  out.resize(libdeflate_deflate_compress(compressor.get(), bytes.data(), bytes.size(), out.data(),
                                         out.size()));
  return out;
}

}  // namespace

std::uint32_t checksum(std::span<const std::byte> bytes, std::uint32_t before) {
  // Without a buffer the function would give the checksum of nothing, whatever came before.
  return bytes.empty() ? before : libdeflate_crc32(before, bytes.data(), bytes.size());
}

ZipWriter::ZipWriter(Output& out, const SaveOptions& options, std::uint64_t least_deflated,
                     std::uint64_t most)
    : out_(out), options_(options), least_deflated_(least_deflated), most_(most) {
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

void ZipWriter::put_local_header(const Entry& entry) {
  const bool wide_sizes = wide(entry.size) || wide(entry.compressed);
  std::uint64_t extra = wide_sizes ? 20 : 0, gap = 0;
  if (entry.method == stored && entry.size >= aligned_from) {
    const std::uint64_t data = entry.offset + 30 + entry.name.size() + extra;
    gap = (alignment - data % alignment) % alignment;
    if (gap != 0 && gap < least_gap) gap += alignment;
    extra += gap;
  }
  std::string& out = header_;
  out.clear();
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
  put16(out, extra);
  out += entry.name;
  if (wide_sizes) {
    put16(out, zip64_field);
    put16(out, 16);
    put64(out, entry.size);
    put64(out, entry.compressed);
  }
  if (gap != 0) {
    put16(out, alignment_field);
    put16(out, gap - 4);
    put16(out, alignment);
    out.append(gap - least_gap, '\0');
  }
  put(out);
}

void ZipWriter::append_central_header(const Entry& entry) {
  std::uint64_t wide_numbers = 0;
  for (const std::uint64_t value : {entry.size, entry.compressed, entry.offset}) {
    if (wide(value)) ++wide_numbers;
  }
  const std::uint64_t extra = wide_numbers == 0 ? 0 : 4 + 8 * wide_numbers;
  const std::uint16_t needed = extra == 0 ? version : version64;
  std::string& out = header_;
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
  put16(out, extra);
  put16(out, 0);  // comment
  put16(out, 0);  // disk
  put16(out, 0);  // internal attributes
  put32(out, 0);  // external attributes
  put32(out, narrow(entry.offset));
  out += entry.name;
  if (wide_numbers == 0) return;
  put16(out, zip64_field);
  put16(out, 8 * wide_numbers);
  for (const std::uint64_t value : {entry.size, entry.compressed, entry.offset}) {
    if (wide(value)) put64(out, value);
  }
}

void ZipWriter::add(std::string_view name, std::span<const std::byte> head,
                    std::span<const std::byte> bytes, std::uint32_t crc, bool repetitive) {
  std::vector<std::byte> smaller;
  const std::uint64_t size = head.size() + bytes.size();
  const bool asked =
      options_.compression == SaveOptions::Compression::deflated && size >= least_deflated_;
  if (asked || repetitive) {
    std::vector<std::byte> whole;
    if (!head.empty()) {
      whole.reserve(size);
      whole.insert(whole.end(), head.begin(), head.end());
      whole.insert(whole.end(), bytes.begin(), bytes.end());
    }
    const int level = asked ? options_.level : fast_level;
    const std::size_t most = asked && size > 0 ? size - 1 : size / 2;
    smaller = deflate(head.empty() ? bytes : whole, level, most);
  }
  const bool packed = !smaller.empty();
  entries_.push_back({std::string(name), packed ? deflated : stored, crc,
                      packed ? smaller.size() : size, size, offset_});
  put_local_header(entries_.back());
  if (packed) return put(smaller);
  put(head);
  put(bytes);
}

void ZipWriter::finish() {
  const std::uint64_t start = offset_;
  header_.clear();
  for (const Entry& entry : entries_) append_central_header(entry);
  put(header_);
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
