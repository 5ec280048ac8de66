#include "data/arrow/table.hpp"

#include <algorithm>
#include <map>

#include "data/arrow/messages.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

// Numbers of fields in the table DictionaryBatch of Arrow's Message.fbs.
namespace dictionary_field {
constexpr unsigned id = 0, batch = 1, is_delta = 2;
}

// Nulls of columns that hold nothing else take no bytes in a file.
void check_nulls(std::size_t rows, std::size_t columns, std::size_t file_size) {
  const std::size_t most = (std::size_t{1} << 20) + 64 * file_size;
  if (columns == 0 || rows <= most / columns) return;
  throw skops::Error(skops::Family::limit, "limit.arrow_nulls",
                     "its columns of nulls have " + std::to_string(rows) +
                         " rows, more than a file of this size may",
                     {}, "leave these columns out");
}

using Dictionaries = std::map<std::int64_t, const std::vector<skops::Cell>*>;

// The field whose dictionary this is.
const ArrowField& owner_of(std::int64_t id, const std::map<std::int64_t, std::size_t>& owners,
                           const std::vector<ArrowField>& fields) {
  const auto at = owners.find(id);
  if (at == owners.end()) bad_arrow("a dictionary belongs to no column");
  return fields[at->second];
}

}  // namespace

ArrowTable::ArrowTable(std::string_view bytes) : columns_(bytes.size()) {
  ArrowMessages messages(bytes);
  fields_ = messages.fields();
  std::size_t null_columns = 0;
  std::map<std::int64_t, std::size_t> owners;
  for (std::size_t j = 0; j < fields_.size(); ++j) {
    null_columns += fields_[j].type.kind == ArrowType::Kind::null;
    if (fields_[j].dictionary) owners.emplace(*fields_[j].dictionary, j);
  }
  Dictionaries current;
  std::vector<std::vector<ArrowChunk>> chunks(fields_.size());
  while (const std::optional<ArrowMessage> message = messages.next()) {
    if (message->kind == ArrowHeader::dictionary) {
      const auto id = message->header->number<std::int64_t>(dictionary_field::id, 0);
      const ArrowField& owner = owner_of(id, owners, fields_);
      if (message->header->number<std::uint8_t>(dictionary_field::is_delta, 0) != 0) {
        bad_arrow(named(owner) + " has a dictionary in several parts (deltas), which is not read",
                  "write it without emit_dictionary_deltas");
      }
      if (messages.is_file() && current.contains(id)) {
        bad_arrow(named(owner) + " has two dictionaries, which only a stream may have");
      }
      const std::optional<FlatTable> values = message->header->table(dictionary_field::batch);
      if (!values) bad_arrow(named(owner) + " has a dictionary without values");
      const ArrowBatch batch = read_arrow_batch(*values, message->body, {&owner, 1}, true);
      std::vector<skops::Cell>& cells = dictionaries_.emplace_back();
      columns_.read_texts(owner, batch.pieces.front(), cells);
      current[id] = &cells;
      continue;
    }
    const ArrowBatch& batch =
        batches_.emplace_back(read_arrow_batch(*message->header, message->body, fields_));
    if (batch.rows == 0) continue;
    check_nulls(batch.rows, null_columns, bytes.size());
    rows_ += batch.rows;
    check_nulls(rows_, null_columns, bytes.size());
    for (std::size_t j = 0; j < fields_.size(); ++j) {
      ArrowChunk& chunk = chunks[j].emplace_back();
      chunk.piece = batch.pieces[j];
      if (!fields_[j].dictionary) continue;
      const auto at = current.find(*fields_[j].dictionary);
      if (at != current.end()) chunk.dictionary = at->second;
    }
  }
  views_.reserve(fields_.size());
  for (std::size_t j = 0; j < fields_.size(); ++j) {
    views_.push_back({fields_[j].name, columns_.join(fields_[j], chunks[j], rows_)});
  }
}

int ArrowTable::document_column() const {
  int found = -1;
  for (std::size_t j = 0; j < fields_.size(); ++j) {
    if (!fields_[j].type.is_text()) continue;
    if (found >= 0) return -1;
    found = static_cast<int>(j);
  }
  return found;
}

std::span<const skops::Cell> ArrowTable::texts(std::size_t column) const {
  return {static_cast<const skops::Cell*>(views_[column].values.data), rows_};
}

}  // namespace skops_cli
