// The values of one load: what serializers made of nodes, in flat storage with stable texts.
//
// Handles are positions plus one; 0 is none. Everything that a record points to (texts, arrays,
// memory handed out) lives as long as the store. Every access checks its handle and kind and throws
// skops::Error (family plugin) for a wrong one, because handles come from plugins. One thread at a
// time.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/graph.hpp"
#include "schema/seeded_hash.hpp"
#include "schema/tape.hpp"
#include "skops/limits.hpp"
#include "skops/plugin.h"

namespace skops {

class ValueStore {
 public:
  using Handle = std::uint64_t;

  explicit ValueStore(Budget& budget) : budget_(budget) {}
  // Releases the objects, the last one made first.
  ~ValueStore();
  ValueStore(const ValueStore&) = delete;
  ValueStore& operator=(const ValueStore&) = delete;

  // Memory of 64-byte alignment, charged to the budget. Arrays may lie in it.
  void* allocate(std::uint64_t size);
  // Bytes that live as long as the store, where arrays may lie too.
  void add_region(std::span<const std::byte> bytes);

  Handle make_none() { return add(SKOPS_VALUE_NONE); }
  Handle make_bool(bool truth) { return add(SKOPS_VALUE_BOOL, truth ? 1 : 0); }
  Handle make_integer(std::int64_t v) {
    return add(SKOPS_VALUE_INTEGER, static_cast<std::uint64_t>(v));
  }
  Handle make_real(double real);
  // Texts and bytes: `kind` STRING, BIG_INTEGER, BYTES, NAME or INERT. The bytes must live as long
  // as the store: a member's, the schema's, or from `keep`.
  Handle make_text(std::uint32_t kind, std::string_view text);
  std::string_view keep(std::string_view text);
  // Parses and keeps the JSON text of a JsonNode.
  Handle make_json(std::string_view text);
  Handle make_sequence(std::uint32_t kind, const skops_node* items, std::uint64_t size);
  Handle make_mapping(const Handle* keys, const skops_node* items, std::uint64_t size);
  // Checks the description (rank, item size, shape against overflow, and that every element lies in
  // one region) and copies it, not the data.
  Handle make_array(const skops_array& array);
  Handle make_sparse(const skops_csr& csr);
  Handle make_object(const skops_object_type* type, void* state);

  std::uint32_t kind(Handle h) const { return record(h).kind; }
  std::int64_t integer(Handle h) const;
  double real(Handle h) const;
  std::string_view text(Handle h) const;
  std::uint64_t size(Handle h) const;
  // An element: either a value (of plain JSON) or a node whose value the caller has to make.
  struct Element {
    Handle value = 0;
    skops_node node = 0;
  };
  Element item(Handle h, std::uint64_t index);
  Handle key(Handle h, std::uint64_t index);
  // Element{0, 0} where there is no such key.
  Element find(Handle h, std::string_view key);
  const skops_array* array(Handle h) const;
  const skops_csr* sparse(Handle h) const;
  const skops_object& object(Handle h) const;

  skops_node node(Handle h) const { return record(h).node; }
  void set_node(Handle h, skops_node node) { mutable_record(h).node = node; }
  Handle count() const { return records_.size(); }
  // Values of the plain JSON that was kept.
  std::uint64_t plain_values() const { return plain_values_; }

 private:
  struct Record {
    std::uint32_t kind;
    std::uint32_t plain;  // 1: a container of the tape `a`, at index `b`
    std::uint64_t a, b;
    skops_node node;
  };
  struct Mapping {
    std::vector<Handle> keys;
    std::vector<skops_node> items;
    // Only of large ones.
    std::unordered_map<std::string_view, std::uint32_t, SeededHash> by_text;
  };
  // A description with everything that it points to.
  struct StoredArray {
    skops_array raw;
    skops_dtype dtype;
    std::vector<skops_dtype> field_dtypes;
    std::vector<skops_field> fields;
    std::vector<const skops_field*> field_pointers;
    std::vector<std::int64_t> shape, strides;
  };

  Handle add(std::uint32_t kind, std::uint64_t a = 0, std::uint64_t b = 0, std::uint32_t plain = 0);
  const Record& record(Handle h) const;
  Record& mutable_record(Handle h);
  const Record& expect(Handle h, std::uint32_t kind) const;
  // The value at `index` of tape number `tape`, made once.
  Handle of_tape(std::size_t tape, Tape::Index index);
  Handle make_of_tape(std::size_t tape, Tape::Index index);
  const StoredArray& store(const skops_array& array);
  // The region that holds `size` bytes at `at`, or none.
  bool in_region(std::uintptr_t at, std::uint64_t size) const;
  void check_region(const skops_array& array) const;

  struct Free {
    void operator()(void* p) const;
  };
  // Where the last item of a plain container was read.
  struct Cursor {
    std::uint64_t tape = ~std::uint64_t{0}, container = 0, index = 0;
    Tape::Index position = 0;
  };

  Budget& budget_;
  Cursor cursor_;
  std::vector<Record> records_;
  std::vector<std::unique_ptr<void, Free>> blocks_;
  std::deque<std::string> texts_;
  std::map<std::uintptr_t, std::uint64_t> regions_;  // begin, size; none overlap
  std::deque<Tape> tapes_;
  // The handles of a tape's entries, so that reading one again makes no new record.
  std::deque<std::vector<Handle>> tape_handles_;
  std::uint64_t plain_values_ = 0;
  std::vector<std::vector<skops_node>> sequences_;
  std::deque<Mapping> mappings_;
  std::deque<StoredArray> arrays_;
  std::deque<skops_csr> sparse_;
  std::vector<skops_object> objects_;
};

}  // namespace skops
