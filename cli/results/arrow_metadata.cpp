#include "results/arrow_metadata.hpp"

#include <flatbuffers/flatbuffers.h>

#include "skops/error.hpp"

namespace skops_cli {
namespace {

using flatbuffers::FlatBufferBuilder;
using Place = flatbuffers::uoffset_t;

// The struct Block of Arrow's File.fbs.
struct Block {
  std::int64_t offset;
  std::int32_t metadata_size;
  std::int32_t padding;
  std::int64_t body_size;
};

// Numbers of the union Type's members, and of MessageHeader's.
enum : std::uint8_t {
  null_type = 1,
  int_type = 2,
  float_type = 3,
  utf8_type = 5,
  bool_type = 6,
  large_utf8_type = 20,
};
enum : std::uint8_t { schema_header = 1, batch_header = 3 };
constexpr std::int16_t metadata_v5 = 4;

// Writes tables by the numbers of their fields; what a table refers to is written before it.
class Builder {
 public:
  class Table {
   public:
    explicit Table(FlatBufferBuilder& builder) : builder_(builder), start_(builder.StartTable()) {}
    template <class T>
    Table& number(unsigned field, T value) {
      builder_.AddElement<T>(
          flatbuffers::FieldIndexToOffset(static_cast<flatbuffers::voffset_t>(field)), value, T(0));
      return *this;
    }
    Table& refer(unsigned field, Place to) {
      builder_.AddOffset(
          flatbuffers::FieldIndexToOffset(static_cast<flatbuffers::voffset_t>(field)),
          flatbuffers::Offset<void>(to));
      return *this;
    }
    Place end() { return builder_.EndTable(start_); }

   private:
    FlatBufferBuilder& builder_;
    Place start_;
  };

  Table table() { return Table(builder_); }
  Place text(const std::string& text) { return builder_.CreateString(text).o; }
  template <class T>
  Place structs(std::span<const T> items) {
    return builder_.CreateVectorOfStructs(items.data(), items.size()).o;
  }
  Place tables(const std::vector<flatbuffers::Offset<void>>& places) {
    return builder_.CreateVector(places).o;
  }

  std::string finish(Place root) {
    builder_.Finish(flatbuffers::Offset<void>(root));
    return {reinterpret_cast<const char*>(builder_.GetBufferPointer()), builder_.GetSize()};
  }

 private:
  FlatBufferBuilder builder_;
};

Place write_type(Builder& builder, const ArrowOutField& field, std::uint8_t& kind) {
  Builder::Table type = builder.table();
  switch (field.form) {
    case ArrowForm::null: kind = null_type; break;
    case ArrowForm::boolean: kind = bool_type; break;
    case ArrowForm::text: kind = utf8_type; break;
    case ArrowForm::large_text: kind = large_utf8_type; break;
    case ArrowForm::number:
      if (field.dtype.kind == 'f') {
        kind = float_type;
        // Half, single and double precision are 0, 1 and 2.
        type.number<std::int16_t>(0, static_cast<std::int16_t>(field.dtype.itemsize / 4));
      } else {
        kind = int_type;
        type.number<std::int32_t>(0, static_cast<std::int32_t>(8 * field.dtype.itemsize))
            .number<std::uint8_t>(1, field.dtype.kind == 'i');
      }
  }
  return type.end();
}

Place write_schema(Builder& builder, std::span<const ArrowOutField> fields) {
  // A FlatBuffer holds 2 GiB; a column takes less than 128 bytes beside its name.
  constexpr std::size_t most = std::size_t{1} << 30, a_column = 128;
  std::size_t size = 0;
  for (const ArrowOutField& field : fields) size += a_column + field.name.size();
  if (size > most) {
    throw skops::Error(skops::Family::unsupported, "output.size",
                       "the result has more columns than one .arrow file describes", {},
                       "write it as .npz or .npy");
  }
  std::vector<flatbuffers::Offset<void>> places;
  places.reserve(fields.size());
  for (const ArrowOutField& field : fields) {
    std::uint8_t kind = 0;
    const Place name = builder.text(field.name), type = write_type(builder, field, kind),
                children = builder.tables({});
    places.emplace_back(builder.table()
                            .refer(0, name)
                            .number<std::uint8_t>(1, 1)  // nullable
                            .number<std::uint8_t>(2, kind)
                            .refer(3, type)
                            .refer(5, children)
                            .end());
  }
  const Place list = builder.tables(places);
  return builder.table().refer(1, list).end();
}

std::string message(Builder& builder, std::uint8_t kind, Place header, std::int64_t body_size) {
  const Place root = builder.table()
                         .number<std::int64_t>(3, body_size)
                         .refer(2, header)
                         .number<std::int16_t>(0, metadata_v5)
                         .number<std::uint8_t>(1, kind)
                         .end();
  std::string metadata = builder.finish(root);
  metadata.resize((metadata.size() + 7) / 8 * 8);
  const std::uint32_t prefix[] = {0xffffffff, static_cast<std::uint32_t>(metadata.size())};
  return std::string(reinterpret_cast<const char*>(prefix), sizeof prefix) + metadata;
}

}  // namespace

std::string arrow_schema_message(std::span<const ArrowOutField> fields) {
  Builder builder;
  const Place schema = write_schema(builder, fields);
  return message(builder, schema_header, schema, 0);
}

std::string arrow_batch_message(std::span<const ArrowOutNode> nodes,
                                std::span<const ArrowOutBuffer> buffers, std::int64_t rows,
                                std::int64_t body_size) {
  Builder builder;
  const Place node_list = builder.structs(nodes), buffer_list = builder.structs(buffers);
  const Place batch =
      builder.table().number<std::int64_t>(0, rows).refer(1, node_list).refer(2, buffer_list).end();
  return message(builder, batch_header, batch, body_size);
}

std::string arrow_footer(std::span<const ArrowOutField> fields, std::int64_t offset,
                         std::size_t metadata_size, std::int64_t body_size) {
  Builder builder;
  const Place schema = write_schema(builder, fields);
  const Block block{offset, static_cast<std::int32_t>(metadata_size), 0, body_size};
  const Place batches = builder.structs(std::span(&block, 1)),
              dictionaries = builder.structs(std::span<const Block>());
  const Place root = builder.table()
                         .number<std::int16_t>(0, metadata_v5)
                         .refer(1, schema)
                         .refer(2, dictionaries)
                         .refer(3, batches)
                         .end();
  const std::string footer = builder.finish(root);
  const auto size = static_cast<std::uint32_t>(footer.size());
  const std::uint32_t end_of_stream[] = {0xffffffff, 0};
  std::string out(reinterpret_cast<const char*>(end_of_stream), sizeof end_of_stream);
  out += footer;
  out.append(reinterpret_cast<const char*>(&size), sizeof size);
  return out + "ARROW1";
}

}  // namespace skops_cli
