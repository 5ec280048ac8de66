#include "data/arrow/flat_table.hpp"

#include "skops/error.hpp"

namespace skops_cli {
namespace {

std::vector<std::uint64_t> aligned_copy(std::string_view bytes) {
  // The Verifier's own bound, which it asserts.
  if (bytes.size() >= FLATBUFFERS_MAX_BUFFER_SIZE) bad_arrow("its metadata is larger than 2 GiB");
  std::vector<std::uint64_t> out((bytes.size() + 7) / 8);
  if (!bytes.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
  return out;
}

const std::uint8_t* bytes_of(const std::vector<std::uint64_t>& words) {
  return reinterpret_cast<const std::uint8_t*>(words.data());
}

flatbuffers::Verifier::Options options(std::size_t size) {
  flatbuffers::Verifier::Options out;
  // A table is reached through 4 bytes at least: work stays linear in the size.
  out.max_tables = static_cast<flatbuffers::uoffset_t>(size);
  return out;
}

}  // namespace

void bad_arrow(const std::string& text, const std::string& remedy) {
  throw skops::Error(skops::Family::input, "data.arrow", text, {}, remedy);
}

void FlatTable::damaged() {
  bad_arrow("its metadata is damaged: an offset leads out of it");
}

FlatTable::FlatTable(flatbuffers::Verifier& verifier, const void* at)
    : verifier_(&verifier), table_(static_cast<const flatbuffers::Table*>(at)) {
  if (!table_->VerifyTableStart(verifier)) damaged();
  verifier.EndTable();
}

const std::uint8_t* FlatTable::target(unsigned field) const {
  if (!table_->VerifyOffset(*verifier_, place(field))) damaged();
  return table_->GetPointer<const std::uint8_t*>(place(field));
}

std::optional<FlatTable> FlatTable::table(unsigned field) const {
  const std::uint8_t* at = target(field);
  if (at == nullptr) return std::nullopt;
  return FlatTable(*verifier_, at);
}

std::string_view FlatTable::text(unsigned field) const {
  const auto* text = reinterpret_cast<const flatbuffers::String*>(target(field));
  if (text == nullptr) return {};
  if (!verifier_->VerifyString(text)) damaged();
  return {text->c_str(), text->size()};
}

std::string_view FlatTable::items(unsigned field, std::size_t size) const {
  const std::uint8_t* at = target(field);
  if (at == nullptr) return {};
  if (!verifier_->VerifyVectorOrString(at, size)) damaged();
  const auto n = flatbuffers::ReadScalar<flatbuffers::uoffset_t>(at);
  return {reinterpret_cast<const char*>(at) + sizeof n, n * size};
}

FlatTables FlatTable::tables(unsigned field) const {
  const std::string_view offsets = items(field, sizeof(flatbuffers::uoffset_t));
  FlatTables out;
  out.verifier_ = verifier_;
  out.offsets_ = reinterpret_cast<const std::uint8_t*>(offsets.data());
  out.size_ = offsets.size() / sizeof(flatbuffers::uoffset_t);
  return out;
}

FlatTable FlatTables::operator[](std::size_t k) const {
  const std::uint8_t* at = offsets_ + k * sizeof(flatbuffers::uoffset_t);
  const flatbuffers::uoffset_t offset = verifier_->VerifyOffset(at, 0);
  if (offset == 0) FlatTable::damaged();
  return {*verifier_, at + offset};
}

FlatBuffer::FlatBuffer(std::string_view bytes)
    : words_(aligned_copy(bytes)),
      verifier_(bytes_of(words_), bytes.size(), options(bytes.size())) {}

FlatTable FlatBuffer::root() {
  // Of fewer bytes than an offset has, the Verifier's subtractions would wrap around.
  const flatbuffers::uoffset_t offset = words_.empty() ? 0 : verifier_.VerifyOffset(std::size_t{0});
  if (offset == 0) FlatTable::damaged();
  return {verifier_, bytes_of(words_) + offset};
}

}  // namespace skops_cli
