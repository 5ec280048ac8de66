// The messages of an Arrow IPC file or stream, in the order in which they count.
//
//   stream  message…, and then nothing, or a message of no bytes
//   message 0xffffffff  length of metadata (4 bytes)  metadata (FlatBuffers)  body
//   file    "ARROW1\0\0"  message…  footer (FlatBuffers)  length of footer (4 bytes)  "ARROW1"
//
// A file is read by its footer, as Arrow does: dictionaries, then record batches. Its messages must
// not overlap, and a stream is followed by nothing.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "data/arrow/flat_table.hpp"
#include "data/arrow/schema.hpp"

namespace skops_cli {

enum class ArrowHeader : std::uint8_t { none = 0, schema = 1, dictionary = 2, batch = 3 };

struct ArrowMessage {
  std::unique_ptr<FlatBuffer> metadata;
  ArrowHeader kind = ArrowHeader::none;
  std::optional<FlatTable> header;  // of a kind that is not none
  std::string_view body;
  std::size_t metadata_size = 0;  // with what stands before it
};

class ArrowMessages {
 public:
  // `bytes` must live as long as this. Throws skops::Error (input, code "data.arrow").
  explicit ArrowMessages(std::string_view bytes);

  bool is_file() const { return is_file_; }
  const std::vector<ArrowField>& fields() const { return fields_; }
  // The next dictionary or record batch; nothing at the end.
  std::optional<ArrowMessage> next();

 private:
  struct Block {
    std::size_t offset, metadata_size, body_size;
    ArrowHeader kind;
  };
  void read_footer();
  void read_blocks(const FlatTable& footer, unsigned field, ArrowHeader kind);
  void read_stream_schema();

  std::string_view bytes_;  // of a file: without the footer
  bool is_file_ = false;
  std::vector<Block> blocks_;
  std::size_t at_ = 0;  // the next block of a file, the next byte of a stream
  std::vector<ArrowField> fields_;
};

}  // namespace skops_cli
