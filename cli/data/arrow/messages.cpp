#include "data/arrow/messages.hpp"

namespace skops_cli {
namespace {

// Numbers of fields in the tables of Arrow's Message.fbs and File.fbs.
namespace message_field {
constexpr unsigned version = 0, header_kind = 1, header = 2, body_size = 3;
}
namespace footer_field {
constexpr unsigned version = 0, schema = 1, dictionaries = 2, batches = 3;
}
// The struct Block: offset (8 bytes), size of metadata (4), padding (4), size of the body (8).
constexpr std::size_t block_size = 24;

constexpr std::string_view magic = "ARROW1";
constexpr std::size_t magic_room = 8;
constexpr std::size_t prefix_size = 8;
constexpr std::uint32_t continuation = 0xffffffff;

[[noreturn]] void cut_off() {
  bad_arrow("it is cut off", "copy or write the file again");
}

void check_version(std::int16_t version) {
  constexpr std::int16_t v4 = 3, v5 = 4;
  if (version == v4 || version == v5) return;
  bad_arrow("it is of version " + std::to_string(version + 1) +
                " of Arrow's metadata, and 4 and 5 are read",
            "write it with a present Arrow");
}

// The message at `at`; nothing where a stream ends, with or without saying so.
std::optional<ArrowMessage> read_message(std::string_view bytes, std::size_t at) {
  const std::string_view rest = bytes.substr(at);
  if (rest.empty()) return std::nullopt;
  if (rest.size() < prefix_size) cut_off();
  if (load_number<std::uint32_t>(rest, 0) != continuation) {
    bad_arrow(at == 0 ? "this is neither a file nor a stream in Arrow's IPC format"
                      : "there is no message where one should begin",
              "write it with pyarrow.feather.write_feather or pyarrow.ipc");
  }
  const auto said = load_number<std::int32_t>(rest, 4);
  if (said == 0) {
    if (rest.size() != prefix_size) {
      bad_arrow("something follows the end of the stream", "give one stream at a time");
    }
    return std::nullopt;
  }
  if (said < 0 || static_cast<std::size_t>(said) > rest.size() - prefix_size) cut_off();
  const auto size = static_cast<std::size_t>(said);
  ArrowMessage out;
  out.metadata_size = prefix_size + size;
  out.metadata = std::make_unique<FlatBuffer>(rest.substr(prefix_size, size));
  const FlatTable message = out.metadata->root();
  check_version(message.number<std::int16_t>(message_field::version, 0));
  const auto kind = message.number<std::uint8_t>(message_field::header_kind, 0);
  out.header = message.table(message_field::header);
  if (kind < 1 || kind > 3 || !out.header) {
    bad_arrow("a message is neither a schema nor a dictionary nor a record batch",
              "write one table of columns");
  }
  out.kind = static_cast<ArrowHeader>(kind);
  const auto body = message.number<std::int64_t>(message_field::body_size, 0);
  if (body < 0 || static_cast<std::uint64_t>(body) > rest.size() - out.metadata_size) cut_off();
  out.body = rest.substr(out.metadata_size, static_cast<std::size_t>(body));
  return out;
}

}  // namespace

ArrowMessages::ArrowMessages(std::string_view bytes) : bytes_(bytes) {
  if (bytes.starts_with("FEA1")) {
    bad_arrow("this is a file in the first version of Feather", "write it with version=2");
  }
  if (bytes.starts_with("PAR1"))
    bad_arrow("this is a Parquet file", "write it as Arrow IPC or CSV");
  is_file_ = bytes.starts_with(magic);
  if (is_file_) {
    read_footer();
  } else {
    read_stream_schema();
  }
}

void ArrowMessages::read_footer() {
  constexpr std::size_t trailer = 4 + magic.size();
  if (bytes_.size() < magic_room + trailer || !bytes_.ends_with(magic)) cut_off();
  const std::size_t end = bytes_.size() - trailer;
  const auto said = load_number<std::int32_t>(bytes_, end);
  if (said <= 0 || static_cast<std::size_t>(said) > end - magic_room) cut_off();
  const auto size = static_cast<std::size_t>(said);
  FlatBuffer buffer(bytes_.substr(end - size, size));
  bytes_ = bytes_.substr(0, end - size);
  const FlatTable footer = buffer.root();
  check_version(footer.number<std::int16_t>(footer_field::version, 0));
  const std::optional<FlatTable> schema = footer.table(footer_field::schema);
  if (!schema) bad_arrow("its footer has no schema");
  fields_ = read_arrow_schema(*schema, size);
  read_blocks(footer, footer_field::dictionaries, ArrowHeader::dictionary);
  read_blocks(footer, footer_field::batches, ArrowHeader::batch);
}

void ArrowMessages::read_blocks(const FlatTable& footer, unsigned field, ArrowHeader kind) {
  const std::string_view list = footer.items(field, block_size);
  std::size_t previous_end = magic_room;
  for (std::size_t at = 0; at < list.size(); at += block_size) {
    const auto offset = load_number<std::int64_t>(list, at);
    const auto metadata = load_number<std::int32_t>(list, at + 8);
    const auto body = load_number<std::int64_t>(list, at + 16);
    if (offset < 0 || metadata < 0 || body < 0) cut_off();
    const Block block{static_cast<std::size_t>(offset), static_cast<std::size_t>(metadata),
                      static_cast<std::size_t>(body), kind};
    if (block.offset < previous_end) bad_arrow("its footer names bytes twice, or out of order");
    if (block.offset > bytes_.size() || block.metadata_size > bytes_.size() - block.offset ||
        block.body_size > bytes_.size() - block.offset - block.metadata_size) {
      cut_off();
    }
    previous_end = block.offset + block.metadata_size + block.body_size;
    blocks_.push_back(block);
  }
}

void ArrowMessages::read_stream_schema() {
  const std::optional<ArrowMessage> first = read_message(bytes_, 0);
  if (!first || first->kind != ArrowHeader::schema) {
    bad_arrow("the stream does not begin with a schema");
  }
  at_ = first->metadata_size + first->body.size();
  fields_ = read_arrow_schema(*first->header, first->metadata_size);
}

std::optional<ArrowMessage> ArrowMessages::next() {
  if (!is_file_) {
    std::optional<ArrowMessage> message = read_message(bytes_, at_);
    if (!message) return std::nullopt;
    if (message->kind == ArrowHeader::schema) bad_arrow("the stream has a second schema");
    at_ += message->metadata_size + message->body.size();
    return message;
  }
  if (at_ == blocks_.size()) return std::nullopt;
  const Block& block = blocks_[at_++];
  std::optional<ArrowMessage> message = read_message(
      bytes_.substr(0, block.offset + block.metadata_size + block.body_size), block.offset);
  if (!message || message->kind != block.kind || message->metadata_size != block.metadata_size ||
      message->body.size() != block.body_size) {
    bad_arrow("a message is another one than its footer says");
  }
  return message;
}

}  // namespace skops_cli
