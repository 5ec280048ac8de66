#include "unit/archive/archive_builder.hpp"

#include <bzlib.h>
#include <libdeflate.h>
#include <lzma.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>

namespace skops_test {
namespace {

namespace json = boost::json;

std::uint64_t number(const json::value& value) {
  return value.is_int64() ? static_cast<std::uint64_t>(value.as_int64())
                          : value.to_number<std::uint64_t>();
}

std::string from_hex(std::string_view digits) {
  std::string out;
  for (std::size_t k = 0; k + 1 < digits.size(); k += 2) {
    out += static_cast<char>(std::stoi(std::string(digits.substr(k, 2)), nullptr, 16));
  }
  return out;
}

// The fields of one header: first what `own` says, then what `shared` says, then `otherwise`.
class Fields {
 public:
  explicit Fields(const json::object* own, const json::object* shared = nullptr)
      : objects_{own, shared} {}
  const json::value* find(std::string_view key) const {
    for (const json::object* object : objects_) {
      if (object == nullptr) continue;
      if (const auto* value = object->if_contains(key)) return value;
    }
    return nullptr;
  }
  std::uint64_t get(std::string_view key, std::uint64_t otherwise) const {
    const auto* value = find(key);
    return value == nullptr ? otherwise : number(*value);
  }
  std::string text(std::string_view key, std::string otherwise) const {
    const auto* value = find(key);
    return value == nullptr ? otherwise : std::string(value->as_string());
  }
  std::string bytes(std::string_view key) const { return from_hex(text(key, "")); }
  bool has(std::string_view key) const { return find(key) != nullptr; }

 private:
  const json::object* objects_[2];
};

const json::object* part(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int k = 0; k < bytes; ++k) out += static_cast<char>(value >> (8 * k));
}

std::string deflated(const std::string& data) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(9), &libdeflate_free_compressor);
  std::string out(libdeflate_deflate_compress_bound(compressor.get(), data.size()), '\0');
  out.resize(libdeflate_deflate_compress(compressor.get(), data.data(), data.size(), out.data(),
                                         out.size()));
  return out;
}

std::string bzipped(const std::string& data) {
  std::string out(data.size() + data.size() / 100 + 1000, '\0');
  auto size = static_cast<unsigned>(out.size());
  if (BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(data.data()),
                               static_cast<unsigned>(data.size()), 9, 0, 0) != BZ_OK) {
    throw std::runtime_error("bzip2 fails");
  }
  out.resize(size);
  return out;
}

// Version 9.20, five bytes of properties, a raw stream with an end marker: as zipfile writes it.
std::string lzma_packed(const std::string& data, std::uint64_t dictionary) {
  lzma_options_lzma options;
  lzma_lzma_preset(&options, LZMA_PRESET_DEFAULT);
  const lzma_filter filters[] = {{LZMA_FILTER_LZMA1, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
  std::string out(data.size() + 70000, '\0');
  std::size_t size = 0;
  if (lzma_raw_buffer_encode(filters, nullptr, reinterpret_cast<const std::uint8_t*>(data.data()),
                             data.size(), reinterpret_cast<std::uint8_t*>(out.data()), &size,
                             out.size()) != LZMA_OK) {
    throw std::runtime_error("LZMA fails");
  }
  out.resize(size);
  std::string header;
  put(header, 0x1409, 2);
  put(header, 5, 2);
  put(header, 93, 1);
  put(header, dictionary == 0 ? options.dict_size : dictionary, 4);
  return header + out;
}

std::string data_of(const json::object& member) {
  const auto* data = member.if_contains("data");
  if (data == nullptr) return "";
  if (data->is_string()) return std::string(data->as_string());
  const auto& kind = data->as_object();
  if (kind.contains("zeros")) return std::string(number(kind.at("zeros")), '\0');
  if (kind.contains("archive")) return build_archive(kind.at("archive").as_object());
  return from_hex(kind.at("hex").as_string());
}

std::string stream_of(const json::object& member, const std::string& data) {
  const Fields fields(&member);
  std::string stream = data;
  switch (fields.get("method", 0)) {
    case 8: stream = deflated(data); break;
    case 12: stream = bzipped(data); break;
    case 14: stream = lzma_packed(data, fields.get("dictionary", 0)); break;
    default: break;
  }
  stream.resize(stream.size() - fields.get("cut", 0));
  return stream + fields.bytes("append");
}

struct Entry {
  const json::object* description;
  std::string name, stream;
  std::uint32_t crc;
  std::uint64_t size, offset;
};

std::vector<Entry> entries_of(const json::object& description) {
  std::vector<Entry> out;
  for (const auto& value : description.at("members").as_array()) {
    const auto& member = value.as_object();
    const Fields fields(&member);
    const std::uint64_t count = fields.get("count", 1);
    const std::string name =
        fields.has("name_hex") ? fields.bytes("name_hex") : fields.text("name", "");
    const std::string data = data_of(member), stream = stream_of(member, data);
    const std::uint32_t crc = libdeflate_crc32(0, data.data(), data.size());
    for (std::uint64_t k = 0; k < count; ++k) {
      out.push_back(
          {&member, count == 1 ? name : name + std::to_string(k), stream, crc, data.size(), 0});
    }
  }
  return out;
}

std::uint64_t default_flags(const Entry& entry) {
  return Fields(entry.description).get("method", 0) == 14 ? 2 : 0;  // LZMA's end marker
}

// The parts that both headers share: version, flags, method, time, CRC, sizes.
void put_common(std::string& out, const Fields& fields, const Entry& entry, bool zip64) {
  put(out, zip64 ? 45 : 20, 2);
  put(out, fields.get("flags", default_flags(entry)), 2);
  put(out, fields.get("method", 0), 2);
  put(out, 0, 2);
  put(out, 33, 2);
  put(out, fields.get("crc", entry.crc), 4);
  put(out, zip64 ? 0xffffffff : fields.get("compressed_size", entry.stream.size()), 4);
  put(out, zip64 ? 0xffffffff : fields.get("size", entry.size), 4);
}

std::string extra_of(const Fields& fields, const Entry& entry, bool zip64) {
  std::string out;
  if (zip64) {
    put(out, 1, 2);
    put(out, 16, 2);
    put(out, fields.get("size", entry.size), 8);
    put(out, fields.get("compressed_size", entry.stream.size()), 8);
  }
  return out + fields.bytes("extra");
}

std::string local_header(const Entry& entry) {
  const Fields fields(part(*entry.description, "local"), entry.description);
  const bool zip64 = fields.get("zip64", 0) != 0;
  std::string out;
  put(out, fields.get("signature", 0x04034b50), 4);
  put_common(out, fields, entry, zip64);
  const Fields own(part(*entry.description, "local"));
  const std::string name = own.text("name", entry.name), extra = extra_of(fields, entry, zip64);
  put(out, fields.get("name_size", name.size()), 2);
  put(out, fields.get("extra_size", extra.size()), 2);
  return out + name + extra;
}

std::string central_header(const Entry& entry) {
  const Fields fields(part(*entry.description, "central"), entry.description);
  const bool zip64 = fields.get("zip64", 0) != 0;
  std::string out;
  put(out, fields.get("signature", 0x02014b50), 4);
  put(out, 0x0314, 2);
  put_common(out, fields, entry, zip64);
  const Fields own(part(*entry.description, "central"));
  const std::string name = own.text("name", entry.name), extra = extra_of(fields, entry, zip64),
                    comment = fields.bytes("comment");
  put(out, fields.get("name_size", name.size()), 2);
  put(out, fields.get("extra_size", extra.size()), 2);
  put(out, comment.size(), 2);
  put(out, fields.get("disk", 0), 2);
  put(out, 0, 2);
  put(out, std::uint64_t{0600} << 16, 4);
  put(out, fields.get("offset", entry.offset), 4);
  return out + name + extra + comment;
}

std::string zip64_end(const Fields& fields, std::uint64_t entries, std::uint64_t size,
                      std::uint64_t offset, std::uint64_t at) {
  std::string out;
  put(out, fields.get("signature", 0x06064b50), 4);
  put(out, fields.get("record_size", 44), 8);
  put(out, 45, 2);
  put(out, 45, 2);
  put(out, fields.get("disk", 0), 4);
  put(out, 0, 4);
  put(out, fields.get("entries_here", fields.get("entries", entries)), 8);
  put(out, fields.get("entries", entries), 8);
  put(out, fields.get("size", size), 8);
  put(out, fields.get("offset", offset), 8);
  put(out, fields.get("locator_signature", 0x07064b50), 4);
  put(out, 0, 4);
  put(out, fields.get("locator_offset", at), 8);
  put(out, fields.get("disks", 1), 4);
  return out;
}

}  // namespace

std::string build_archive(const json::object& description) {
  const Fields whole(&description);
  std::vector<Entry> entries = entries_of(description);
  std::string out = whole.bytes("prefix");
  for (Entry& entry : entries) {
    out += Fields(entry.description).bytes("before");
    entry.offset = out.size();
    out += local_header(entry) + entry.stream;
  }
  out += whole.bytes("gap");
  const std::uint64_t offset = out.size();
  for (const Entry& entry : entries) out += central_header(entry);
  const std::uint64_t size = out.size() - offset;
  out += whole.bytes("between");
  if (whole.has("zip64")) {
    out += zip64_end(Fields(part(description, "zip64")), entries.size(), size, offset, out.size());
  }
  const bool many = entries.size() > 0xffff;
  if (many && !whole.has("zip64")) {
    out += zip64_end(Fields(nullptr), entries.size(), size, offset, out.size());
  }
  const Fields end(part(description, "end"));
  const std::string comment = end.bytes("comment");
  const std::uint64_t n = many ? 0xffff : entries.size();
  put(out, end.get("signature", 0x06054b50), 4);
  put(out, end.get("disk", 0), 2);
  put(out, 0, 2);
  put(out, end.get("entries_here", end.get("entries", n)), 2);
  put(out, end.get("entries", n), 2);
  put(out, end.get("size", size), 4);
  put(out, end.get("offset", offset), 4);
  put(out, end.get("comment_size", comment.size()), 2);
  return out + comment + whole.bytes("suffix");
}

std::vector<std::pair<std::string, std::string>> contents_of(const json::object& description) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const Entry& entry : entries_of(description)) {
    out.emplace_back(entry.name, data_of(*entry.description));
  }
  return out;
}

std::string plain_archive(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string out, directory;
  for (const auto& [name, data] : members) {
    const json::object nothing;
    const Entry entry{&nothing,    name,      {}, libdeflate_crc32(0, data.data(), data.size()),
                      data.size(), out.size()};
    json::object sizes{{"compressed_size", data.size()}};
    Entry stored = entry;
    stored.description = &sizes;
    out += local_header(stored) + data;
    directory += central_header(stored);
  }
  const std::size_t offset = out.size();
  out += directory;
  put(out, 0x06054b50, 4);
  put(out, 0, 4);
  put(out, members.size(), 2);
  put(out, members.size(), 2);
  put(out, directory.size(), 4);
  put(out, offset, 4);
  put(out, 0, 2);
  return out;
}

}  // namespace skops_test
