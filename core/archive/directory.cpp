#include "archive/directory.hpp"

#include <algorithm>
#include <cstring>

#include "skops/error.hpp"

namespace skops {
namespace {

constexpr std::uint32_t local_signature = 0x04034b50, central_signature = 0x02014b50,
                        end_signature = 0x06054b50, end64_signature = 0x06064b50,
                        locator_signature = 0x07064b50;
constexpr std::uint16_t zip64_field = 0x0001, alignment_field = 0xd935;
constexpr std::uint16_t utf8_flag = 1 << 11, lzma_end_flag = 1 << 1;

[[noreturn]] void refuse(const char* code, std::string text, std::string_view member = {}) {
  throw Error(Family::malformed, std::string("archive.") + code, std::move(text),
              {.member = std::string(member)}, "get the file again from where it was made");
}

// Little-endian reads within a span that the caller has measured.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::uint16_t u16(std::size_t at) const { return static_cast<std::uint16_t>(read(at, 2)); }
  std::uint32_t u32(std::size_t at) const { return static_cast<std::uint32_t>(read(at, 4)); }
  std::uint64_t u64(std::size_t at) const { return read(at, 8); }

 private:
  std::uint64_t read(std::size_t at, std::size_t n) const {
    std::uint64_t value = 0;
    for (std::size_t k = 0; k < n; ++k) {
      value |= std::to_integer<std::uint64_t>(bytes_[at + k]) << (8 * k);
    }
    return value;
  }
  std::span<const std::byte> bytes_;
};

// Bytes [at, at + size) of the file, or an error.
std::span<const std::byte> slice(std::span<const std::byte> file, std::uint64_t at,
                                 std::uint64_t size, const char* what) {
  if (at > file.size() || size > file.size() - at) {
    refuse("truncated", std::string("the ") + what + " lies outside of the file");
  }
  return file.subspan(at, size);
}

struct Directory {
  std::uint64_t offset, size, entries;
};

// The end record, which must be the last 22 bytes, and its ZIP64 form right before it.
Directory find_directory(std::span<const std::byte> file) {
  if (file.size() < 22) refuse("truncated", "the file is too short to be a ZIP archive");
  const std::uint64_t end = file.size() - 22;
  const Reader r(file.subspan(end));
  if (r.u32(0) != end_signature || r.u16(20) != 0) {
    refuse("end", "the file does not end with a ZIP end record without a comment");
  }
  if (r.u16(4) != 0 || r.u16(6) != 0) refuse("disks", "the archive spans several disks");
  if (r.u16(8) != r.u16(10)) refuse("count", "the counts of the end record differ");
  Directory out{r.u32(16), r.u32(12), r.u16(10)};
  std::uint64_t limit = end;
  const bool needs64 = out.offset == 0xffffffff || out.size == 0xffffffff || out.entries == 0xffff;
  const bool has64 = end >= 20 && Reader(file.subspan(end - 20)).u32(0) == locator_signature;
  if (has64) {
    if (!needs64) refuse("zip64", "a ZIP64 end record that nothing needs");
    const Reader locator(file.subspan(end - 20));
    const std::uint64_t at = locator.u64(8);
    if (locator.u32(4) != 0 || locator.u32(16) != 1) refuse("disks", "the archive spans disks");
    if (end < 76 || at != end - 76) refuse("zip64", "the ZIP64 end record is not at its place");
    const Reader end64(file.subspan(at));
    if (end64.u32(0) != end64_signature || end64.u64(4) != 44 || end64.u32(16) != 0 ||
        end64.u32(20) != 0 || end64.u64(24) != end64.u64(32)) {
      refuse("zip64", "the ZIP64 end record is malformed");
    }
    const Directory wide{end64.u64(48), end64.u64(40), end64.u64(32)};
    const auto agrees = [](std::uint64_t narrow, std::uint64_t full, std::uint64_t most) {
      return narrow == most || narrow == full;
    };
    if (!agrees(out.offset, wide.offset, 0xffffffff) || !agrees(out.size, wide.size, 0xffffffff) ||
        !agrees(out.entries, wide.entries, 0xffff)) {
      refuse("zip64", "the two end records name different directories");
    }
    out = wide;
    limit = at;
  } else if (needs64 && out.entries != 0xffff) {
    refuse("zip64", "the ZIP64 end record is missing");
  }
  if (out.offset > limit || out.size != limit - out.offset) {
    refuse("directory", "the central directory does not end where the end record begins");
  }
  return out;
}

// The code point that starts at `i`, which moves behind it; -1 where there is none. Overlong forms,
// surrogates and what lies beyond U+10FFFF are no UTF-8.
std::int64_t next_point(std::string_view s, std::size_t& i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(s[k]); };
  const unsigned lead = byte(i);
  const std::size_t n = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (n > s.size() - i) return -1;
  std::int64_t point = n == 1 ? lead : lead & (0x7fu >> n);
  for (std::size_t k = 1; k < n; ++k) {
    if ((byte(i + k) & 0xc0) != 0x80) return -1;
    point = point << 6 | (byte(i + k) & 0x3f);
  }
  i += n;
  static constexpr std::int64_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xd800 && point < 0xe000;
  return point < least[n] || surrogate || point > 0x10ffff ? -1 : point;
}

void check_name(std::string_view name, std::uint16_t flags) {
  if (name.empty()) refuse("name", "a member has no name");
  bool ascii = true, utf8 = true;
  for (std::size_t i = 0; utf8 && i < name.size();) {
    const std::int64_t c = next_point(name, i);
    utf8 = c >= 0;
    ascii = ascii && utf8 && c < 0x80;
    if ((utf8 && c < 0x20) || (c >= 0x7f && c < 0xa0) || c == '/' || c == '\\' || c == ':') {
      refuse("name", "a member's name holds a path, a drive or a control character", name);
    }
  }
  if (name == "." || name.find("..") != std::string_view::npos) {
    refuse("name", "a member's name holds '..'", name);
  }
  if (!utf8 || (!ascii && (flags & utf8_flag) == 0)) {
    refuse("name", "a member's name is not marked as UTF-8, or is none", name);
  }
}

// Walks extra fields; only ZIP64 (returned) and padding for alignment may occur.
std::span<const std::byte> read_extra(std::span<const std::byte> extra, std::string_view name) {
  std::span<const std::byte> wide;
  bool seen = false;
  while (!extra.empty()) {
    if (extra.size() < 4) refuse("extra", "an extra field is cut off", name);
    const Reader r(extra);
    const std::size_t size = r.u16(2);
    if (size > extra.size() - 4) refuse("extra", "an extra field is cut off", name);
    if (r.u16(0) == zip64_field) {
      if (seen) refuse("extra", "two ZIP64 fields", name);
      seen = true;
      wide = extra.subspan(4, size);
      if (size == 0) refuse("extra", "an empty ZIP64 field", name);
    } else if (r.u16(0) != alignment_field) {
      refuse("extra", "an extra field of unknown meaning", name);
    }
    extra = extra.subspan(4 + size);
  }
  return wide;
}

// Takes the next 8 bytes of a ZIP64 field.
std::uint64_t take(std::span<const std::byte>& wide, std::string_view name) {
  if (wide.size() < 8) refuse("zip64", "a ZIP64 field is too short", name);
  const std::uint64_t value = Reader(wide).u64(0);
  wide = wide.subspan(8);
  return value;
}

void check_local(std::span<const std::byte> file, Member& m, std::uint16_t flags) {
  const Reader r(slice(file, m.header_offset, 30, "local header"));
  const auto differ = [&](const char* what) {
    refuse("mismatch", std::string("local and central headers differ in ") + what, m.name);
  };
  if (r.u32(0) != local_signature) refuse("local", "there is no local header", m.name);
  if (r.u16(6) != flags) differ("flags");
  if (r.u16(8) != static_cast<std::uint16_t>(m.method)) differ("method");
  if (r.u32(14) != m.crc) differ("checksum");
  const std::uint64_t name_size = r.u16(26), extra_size = r.u16(28);
  const auto tail = slice(file, m.header_offset + 30, name_size + extra_size, "local header");
  if (name_size != m.name.size() || std::memcmp(tail.data(), m.name.data(), name_size) != 0) {
    differ("name");
  }
  std::uint64_t compressed = r.u32(18), size = r.u32(22);
  auto wide = read_extra(tail.subspan(name_size), m.name);
  if (!wide.empty()) {
    // NumPy's savez asks for ZIP64 always: the field holds both sizes, and depending on the version
    // of Python the header repeats them or says "see the field".
    if (wide.size() != 16) refuse("zip64", "a ZIP64 field of another size", m.name);
    const std::uint64_t wide_size = take(wide, m.name), wide_compressed = take(wide, m.name);
    const bool placeholders = size == 0xffffffff && compressed == 0xffffffff;
    if (!placeholders && (size != wide_size || compressed != wide_compressed)) {
      refuse("zip64", "a ZIP64 field that contradicts its header", m.name);
    }
    size = wide_size;
    compressed = wide_compressed;
  }
  if (size != m.size || compressed != m.compressed_size) differ("sizes");
  m.data_offset = m.header_offset + 30 + name_size + extra_size;
}

}  // namespace

std::vector<Member> read_zip_directory(std::span<const std::byte> file, const Limits& limits,
                                       const std::function<void()>& pause) {
  const Directory directory = find_directory(file);
  if (directory.entries > limits.members) {
    throw Error(Family::limit, "limit.members",
                "the archive has " + std::to_string(directory.entries) + " members", {},
                "raise Limits::members if you trust the origin of the file");
  }
  if (directory.entries > directory.size / 46) refuse("count", "the directory is too short");
  std::vector<Member> members;
  members.reserve(directory.entries);
  std::uint64_t at = directory.offset;
  const std::uint64_t end = directory.offset + directory.size;
  for (std::uint64_t k = 0; k < directory.entries; ++k) {
    if (end - at < 46) refuse("count", "the directory is too short");
    const Reader r(file.subspan(at, 46));
    if (r.u32(0) != central_signature) refuse("count", "the directory has fewer entries");
    const std::uint16_t flags = r.u16(8), method = r.u16(10);
    const std::uint64_t name_size = r.u16(28), extra_size = r.u16(30);
    if (name_size + extra_size > end - at - 46) refuse("directory", "an entry is cut off");
    Member m;
    m.name = {reinterpret_cast<const char*>(file.data() + at + 46), name_size};
    check_name(m.name, flags);
    const std::uint16_t allowed = method == 14 ? utf8_flag | lzma_end_flag : utf8_flag;
    if ((flags & ~allowed) != 0) {
      refuse("flags", "encryption, a data descriptor or another unknown feature", m.name);
    }
    if (method != 0 && method != 8 && method != 12 && method != 14) {
      refuse("method", "compression method " + std::to_string(method) + " is unknown", m.name);
    }
    m.method = static_cast<Compression>(method);
    m.crc = r.u32(16);
    m.compressed_size = r.u32(20);
    m.size = r.u32(24);
    m.header_offset = r.u32(42);
    if (r.u16(32) != 0) refuse("comment", "a member has a comment", m.name);
    if (r.u16(34) != 0) refuse("disks", "the archive spans several disks", m.name);
    auto wide = read_extra(file.subspan(at + 46 + name_size, extra_size), m.name);
    if (m.size == 0xffffffff) m.size = take(wide, m.name);
    if (m.compressed_size == 0xffffffff) m.compressed_size = take(wide, m.name);
    if (m.header_offset == 0xffffffff) m.header_offset = take(wide, m.name);
    if (!wide.empty()) refuse("zip64", "a ZIP64 field that nothing needs", m.name);
    if (m.method == Compression::stored && m.size != m.compressed_size) {
      refuse("sizes", "a stored member has two sizes", m.name);
    }
    constexpr std::uint64_t headers_between_pauses = 64;
    if (k % headers_between_pauses == headers_between_pauses - 1) pause();
    check_local(file, m, flags);
    slice(file, m.data_offset, m.compressed_size, "data of a member");
    members.push_back(m);
    at += 46 + name_size + extra_size;
  }
  if (at != end) refuse("directory", "the directory has more than its entries");

  // The members tile the file: no gap, no overlap, no prefix.
  std::vector<std::uint32_t> order(members.size());
  for (std::uint32_t k = 0; k < order.size(); ++k) order[k] = k;
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return members[a].header_offset < members[b].header_offset;
  });
  std::uint64_t expected = 0;
  for (const std::uint32_t k : order) {
    if (members[k].header_offset != expected) {
      refuse(members[k].header_offset < expected ? "overlap" : "gap",
             "members overlap, or something lies between them", members[k].name);
    }
    expected = members[k].data_offset + members[k].compressed_size;
  }
  if (expected != directory.offset) refuse("gap", "something lies before the directory");
  return members;
}

}  // namespace skops
