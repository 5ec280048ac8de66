// libdeflate gives a whole member or nothing; the start of one is zlib's work.
#include <zlib.h>

#include <algorithm>

#include "archive/inflate.hpp"

namespace skops {

bool inflate_head(std::span<const std::byte> in, std::span<std::byte> out) {
  // A deflate stream gives at least a byte for every so many of its own, but for empty blocks,
  // which no compressor writes in numbers.
  const std::size_t enough = 4096 + 2 * out.size();
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return false;
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(in.data()));
  stream.avail_in = static_cast<uInt>(std::min(in.size(), enough));
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = inflate(&stream, Z_SYNC_FLUSH);
  const bool filled = (result == Z_OK || result == Z_STREAM_END) && stream.avail_out == 0;
  inflateEnd(&stream);
  return filled;
}

}  // namespace skops
