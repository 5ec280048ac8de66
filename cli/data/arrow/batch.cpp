#include "data/arrow/batch.hpp"

#include <bit>

namespace skops_cli {
namespace {

// Numbers of fields in the tables of Arrow's Message.fbs.
namespace batch_field {
constexpr unsigned length = 0, nodes = 1, buffers = 2, compression = 3, view_buffers = 4;
}
namespace compression_field {
constexpr unsigned codec = 0;
}
// The structs FieldNode (length, nulls) and Buffer (offset, length): two numbers of 8 bytes.
constexpr std::size_t pair_size = 16;

using Kind = ArrowType::Kind;

[[noreturn]] void refuse_compression(const FlatTable& compression) {
  const auto codec = compression.number<std::int8_t>(compression_field::codec, 0);
  const std::string name = codec == 0 ? " with LZ4" : codec == 1 ? " with Zstandard" : "";
  bad_arrow("its columns are compressed" + name + ", which is not read",
            "write it uncompressed: to_feather(path, compression='uncompressed')");
}

std::size_t bit_bytes(std::size_t n) {
  return n / 8 + (n % 8 != 0);
}

std::size_t count_ones(std::string_view bits, std::size_t n) {
  std::size_t out = 0, k = 0;
  for (; n - k >= 64; k += 64) {
    out += static_cast<std::size_t>(std::popcount(load_number<std::uint64_t>(bits, k / 8)));
  }
  for (; k < n; ++k) out += ArrowPiece::bit(bits, k);
  return out;
}

// Takes the nodes and buffers of a batch one after the other.
class Reader {
 public:
  Reader(const FlatTable& batch, std::string_view body)
      : nodes_(batch.items(batch_field::nodes, pair_size)),
        buffers_(batch.items(batch_field::buffers, pair_size)),
        view_buffers_(batch.items(batch_field::view_buffers, 8)),
        body_(body) {}

  std::size_t buffers() const { return buffers_.size() / pair_size; }

  void read(const ArrowType& type, const std::string& column, ArrowBatch& out,
            std::size_t& n_buffers) {
    if (nodes_.empty()) bad_arrow("a record batch has fewer columns than the schema");
    const auto rows = load_number<std::int64_t>(nodes_, 0);
    const auto nulls = load_number<std::int64_t>(nodes_, 8);
    nodes_.remove_prefix(pair_size);
    ArrowPiece piece;
    piece.rows = out.rows;
    piece.nulls = static_cast<std::size_t>(nulls);
    if (rows < 0 || nulls < 0 || static_cast<std::size_t>(rows) != out.rows ||
        piece.nulls > out.rows) {
      bad_arrow(column + " says that it has " + std::to_string(rows) + " rows and " +
                std::to_string(nulls) + " nulls in a batch of " + std::to_string(out.rows));
    }
    n_buffers = 0;
    if (type.kind != Kind::null) n_buffers = type.is_text() ? 3 : 2;
    if (type.kind == Kind::text_view) n_buffers = 2 + next_view_buffers(column);
    if (n_buffers > buffers()) bad_arrow("a record batch has fewer buffers than its columns need");
    const std::size_t first = out.buffers.size();
    for (std::size_t k = 0; k < n_buffers; ++k) out.buffers.push_back(next_buffer(column));
    piece.buffers = std::span(out.buffers).subspan(first);
    check(piece, type, column);
    out.pieces.push_back(piece);
  }

  void finish() const {
    if (!nodes_.empty() || !buffers_.empty() || !view_buffers_.empty()) {
      bad_arrow("a record batch has more columns or buffers than the schema");
    }
  }

 private:
  std::size_t next_view_buffers(const std::string& column) {
    if (view_buffers_.empty()) bad_arrow(column + " does not say how many buffers it has");
    const auto n = load_number<std::int64_t>(view_buffers_, 0);
    view_buffers_.remove_prefix(8);
    if (n < 0 || static_cast<std::uint64_t>(n) > buffers()) {
      bad_arrow(column + " says that it has " + std::to_string(n) + " buffers of texts");
    }
    return static_cast<std::size_t>(n);
  }

  // Buffers follow each other in the body: shared bytes would make a small file a large table.
  std::string_view next_buffer(const std::string& column) {
    const auto offset = load_number<std::int64_t>(buffers_, 0);
    const auto length = load_number<std::int64_t>(buffers_, 8);
    buffers_.remove_prefix(pair_size);
    if (length == 0) return {};
    if (offset < 0 || length < 0 || static_cast<std::uint64_t>(offset) > body_.size() ||
        static_cast<std::uint64_t>(length) > body_.size() - static_cast<std::size_t>(offset)) {
      bad_arrow(column + " has a buffer outside of its message");
    }
    if (static_cast<std::size_t>(offset) < end_) {
      bad_arrow(column + " has a buffer that overlaps the one before it");
    }
    end_ = static_cast<std::size_t>(offset) + static_cast<std::size_t>(length);
    return body_.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
  }

  static void check(const ArrowPiece& piece, const ArrowType& type, const std::string& column) {
    if (type.kind == Kind::null || piece.rows == 0) return;
    const std::string_view validity = piece.buffers[0], items = piece.buffers[1];
    const std::size_t n = piece.rows;
    if (validity.empty()
            ? piece.nulls != 0
            : validity.size() < bit_bytes(n) || n - count_ones(validity, n) != piece.nulls) {
      bad_arrow(column + " does not say which of its values are the " +
                std::to_string(piece.nulls) + " nulls");
    }
    bool fits = false;
    switch (type.kind) {
      case Kind::boolean: fits = items.size() >= bit_bytes(n); break;
      case Kind::number: fits = items.size() / type.dtype.itemsize >= n; break;
      case Kind::text: fits = items.size() / 4 > n; break;
      case Kind::large_text: fits = items.size() / 8 > n; break;
      case Kind::text_view: fits = items.size() / 16 >= n; break;
      case Kind::null: break;
    }
    if (!fits) {
      bad_arrow(column + " has fewer values than the " + std::to_string(n) + " rows of its batch");
    }
  }

  std::string_view nodes_, buffers_, view_buffers_, body_;
  std::size_t end_ = 0;  // of the buffers so far
};

}  // namespace

ArrowBatch read_arrow_batch(const FlatTable& batch, std::string_view body,
                            std::span<const ArrowField> fields, bool of_dictionary) {
  if (const auto compression = batch.table(batch_field::compression)) {
    refuse_compression(*compression);
  }
  const auto rows = batch.number<std::int64_t>(batch_field::length, 0);
  if (rows < 0) bad_arrow("a record batch has fewer than no rows");
  ArrowBatch out;
  out.rows = static_cast<std::size_t>(rows);
  Reader reader(batch, body);
  // Never grows: pieces are views of it.
  out.buffers.reserve(reader.buffers());
  out.pieces.reserve(fields.size());
  for (const ArrowField& field : fields) {
    std::size_t n_buffers = 0;
    reader.read(of_dictionary ? field.type : field.storage(), named(field), out, n_buffers);
  }
  reader.finish();
  return out;
}

}  // namespace skops_cli
