// Tables of FlatBuffers, in which Arrow keeps its metadata, read by the numbers of their fields.
//
// No field is looked at before flatbuffers' Verifier has found it inside the buffer: a table when
// it is reached, everything else when it is asked for. What is verified is exactly what is used.
// Everything throws skops::Error (input, code "data.arrow") where the bytes are no such thing.
//
//   FlatBuffer buffer(bytes);
//   const FlatTable message = buffer.root();
//   const auto version = message.number<std::int16_t>(0, 0);  // field 0, absent: 0
#pragma once

#include <flatbuffers/flatbuffers.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skops_cli {

[[noreturn]] void bad_arrow(const std::string& text,
                            const std::string& remedy = "write the file again");

// A number in bytes that hold it; of any alignment.
template <class T>
T load_number(std::string_view bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

class FlatTables;

// A view of a table in a FlatBuffer, which must outlive it.
class FlatTable {
 public:
  template <class T>
  T number(unsigned field, T absent) const {
    if (!table_->VerifyField<T>(*verifier_, place(field), sizeof(T))) damaged();
    return table_->GetField<T>(place(field), absent);
  }
  std::optional<FlatTable> table(unsigned field) const;
  // Empty where absent; not checked to be UTF-8.
  std::string_view text(unsigned field) const;
  FlatTables tables(unsigned field) const;
  // The bytes of a vector of numbers or structs of `size` bytes, without padding between them.
  std::string_view items(unsigned field, std::size_t size) const;

 private:
  friend class FlatBuffer;
  friend class FlatTables;
  FlatTable(flatbuffers::Verifier& verifier, const void* at);
  // Where a vtable says where the field is.
  static flatbuffers::voffset_t place(unsigned field) {
    return static_cast<flatbuffers::voffset_t>(4 + 2 * field);
  }
  const std::uint8_t* target(unsigned field) const;
  [[noreturn]] static void damaged();

  flatbuffers::Verifier* verifier_;
  const flatbuffers::Table* table_;
};

// A vector of tables.
class FlatTables {
 public:
  std::size_t size() const { return size_; }
  FlatTable operator[](std::size_t k) const;

 private:
  friend class FlatTable;
  flatbuffers::Verifier* verifier_ = nullptr;
  const std::uint8_t* offsets_ = nullptr;
  std::size_t size_ = 0;
};

class FlatBuffer {
 public:
  // Copies the bytes, so that what is in them is aligned as FlatBuffers need it.
  explicit FlatBuffer(std::string_view bytes);
  FlatBuffer(const FlatBuffer&) = delete;
  FlatBuffer& operator=(const FlatBuffer&) = delete;

  FlatTable root();

 private:
  std::vector<std::uint64_t> words_;
  flatbuffers::Verifier verifier_;
};

}  // namespace skops_cli
