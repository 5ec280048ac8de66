#include "archive/inflate.hpp"

#include <bzlib.h>
#include <libdeflate.h>
#include <lzma.h>

#include <limits>

#include "skops/error.hpp"

namespace skops {
namespace {

[[noreturn]] void refuse(const Member& member, const char* text) {
  throw Error(Family::malformed, "archive.data", text, {.member = std::string(member.name)},
              "get the file again from where it was made");
}

void deflate(const Member& m, std::span<const std::byte> in, std::span<std::byte> out) {
  struct Free {
    void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
  };
  const std::unique_ptr<libdeflate_decompressor, Free> d(libdeflate_alloc_decompressor());
  if (!d) throw Error(Family::limit, "limit.memory", "out of memory");
  std::size_t used = 0, made = 0;
  const auto result = libdeflate_deflate_decompress_ex(d.get(), in.data(), in.size(), out.data(),
                                                       out.size(), &used, &made);
  if (result != LIBDEFLATE_SUCCESS || used != in.size() || made != out.size()) {
    refuse(m, "the deflate stream is broken, or not as long as declared");
  }
}

void bzip2(const Member& m, std::span<const std::byte> in, std::span<std::byte> out) {
  constexpr std::size_t most = std::numeric_limits<unsigned>::max();
  if (in.size() > most || out.size() > most) refuse(m, "the bzip2 stream is too large");
  bz_stream stream{};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) {
    throw Error(Family::limit, "limit.memory", "out of memory");
  }
  stream.next_in = const_cast<char*>(reinterpret_cast<const char*>(in.data()));
  stream.avail_in = static_cast<unsigned>(in.size());
  stream.next_out = reinterpret_cast<char*>(out.data());
  stream.avail_out = static_cast<unsigned>(out.size());
  int result = BZ_OK;
  while (result == BZ_OK) {
    const unsigned before_in = stream.avail_in, before_out = stream.avail_out;
    result = BZ2_bzDecompress(&stream);
    if (result == BZ_OK && before_in == stream.avail_in && before_out == stream.avail_out) break;
  }
  const bool whole = result == BZ_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0;
  BZ2_bzDecompressEnd(&stream);
  if (!whole) refuse(m, "the bzip2 stream is broken, or not as long as declared");
}

// ZIP's LZMA (APPNOTE 5.8): version, size of the properties, properties, a raw LZMA1 stream. No
// container format of liblzma or Boost.Iostreams is like it, so the raw decoder reads it.
void lzma(const Member& m, std::span<const std::byte> in, std::span<std::byte> out) {
  const auto byte = [&](std::size_t k) { return std::to_integer<std::uint32_t>(in[k]); };
  if (in.size() < 9 || (byte(2) | byte(3) << 8) != 5 || byte(4) >= 225) {
    refuse(m, "the LZMA header is malformed");
  }
  lzma_options_lzma options{};
  options.dict_size = byte(5) | byte(6) << 8 | byte(7) << 16 | byte(8) << 24;
  if (options.dict_size > (64u << 20)) refuse(m, "the LZMA dictionary is too large");
  options.lc = byte(4) % 9;
  options.lp = byte(4) / 9 % 5;
  options.pb = byte(4) / 45;
  if (options.lc + options.lp > 4) refuse(m, "the LZMA header is malformed");
  const lzma_filter filters[] = {{LZMA_FILTER_LZMA1, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
  lzma_stream stream = LZMA_STREAM_INIT;
  if (lzma_raw_decoder(&stream, filters) != LZMA_OK) refuse(m, "the LZMA header is malformed");
  stream.next_in = reinterpret_cast<const std::uint8_t*>(in.data()) + 9;
  stream.avail_in = in.size() - 9;
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = out.size();
  lzma_ret result = lzma_code(&stream, LZMA_RUN);
  std::uint8_t extra = 0;
  if (result == LZMA_OK && stream.avail_out == 0) {
    // The end marker may still have to be read; it gives no byte.
    stream.next_out = &extra;
    stream.avail_out = 1;
    result = lzma_code(&stream, LZMA_FINISH);
    if (stream.avail_out == 1) stream.avail_out = 0;
  }
  const bool whole = (result == LZMA_STREAM_END || result == LZMA_OK || result == LZMA_BUF_ERROR) &&
                     stream.avail_in == 0 && stream.avail_out == 0 &&
                     stream.total_out == out.size();
  lzma_end(&stream);
  if (!whole) refuse(m, "the LZMA stream is broken, or not as long as declared");
}

}  // namespace

void inflate_member(const Member& member, std::span<const std::byte> in,
                    std::span<std::byte> out) {
  switch (member.method) {
    case Compression::deflated: return deflate(member, in, out);
    case Compression::bzip2: return bzip2(member, in, out);
    case Compression::lzma: return lzma(member, in, out);
    case Compression::stored: break;
  }
  refuse(member, "a stored member is not compressed");
}

}  // namespace skops
