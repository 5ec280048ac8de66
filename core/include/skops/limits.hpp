// The limits of one load, each with the attack that it stops.
//
// All of them are settable: honest files beyond a default exist, and the one who loads knows. They
// are charged before anything is allocated, through `skops::Budget`, which one load shares across
// nested archives and repeated references. Defaults follow measurements on honest files: a forest
// of 1,000 trees has 5,002 members, a 14.6 MB schema and 55,000 nodes.
#pragma once

#include <atomic>
#include <cstdint>

namespace skops {

struct Limits {
  // A file so large that mapping or indexing it starves the host.
  std::uint64_t file_bytes = std::uint64_t{2} << 30;
  // A schema that is all JSON: parsing costs memory in proportion.
  std::uint64_t schema_bytes = std::uint64_t{512} << 20;
  // Millions of empty members: the directory alone exhausts memory.
  std::uint64_t members = std::uint64_t{1} << 20;
  // Compression bombs (deflate 1030:1, LZMA 7000:1, bzip2 535000:1), also spread over many members
  // or over many references to one member.
  std::uint64_t inflated_bytes = std::uint64_t{4} << 30;
  // The same, in proportion: at most inflated_base + inflated_ratio * size of the file.
  std::uint64_t inflated_base = std::uint64_t{64} << 20;
  std::uint64_t inflated_ratio = 1100;
  // Brackets without end, in the schema and inside a JsonNode's text, that overflow a stack.
  std::uint64_t json_depth = 640;
  // Millions of tiny values: 2 bytes of text each, 16 bytes of memory.
  std::uint64_t json_values = std::uint64_t{1} << 26;
  // Nodes cost more than plain JSON values.
  std::uint64_t nodes = std::uint64_t{1} << 24;
  // One string that is the whole file.
  std::uint64_t string_bytes = std::uint64_t{64} << 20;
  // Arrays of 2^20 dimensions whose shape alone is a bomb (NumPy stops at 64).
  std::uint64_t array_rank = 64;
  // A header that pads to gigabytes before the array begins.
  std::uint64_t npy_header_bytes = std::uint64_t{64} << 10;
  // One element of 2 GB: `U536870911`.
  std::uint64_t item_bytes = 4096;
  // Shapes that announce terabytes.
  std::uint64_t allocated_bytes = std::uint64_t{4} << 30;
  // Object arrays whose nested lists are aliases of each other and expand exponentially.
  std::uint64_t object_cells = std::uint64_t{1} << 24;
  // Meta-estimators inside meta-estimators, to overflow the stack of the builder or of `predict`.
  std::uint64_t nesting = 100;
  // Ensembles that hold one estimator 2^40 times: units of work that one row may cost.
  std::uint64_t work_per_row = std::uint64_t{1} << 32;
};

// What opening a file, or one load of it, has used so far. A load charges a copy, which starts from
// what opening has used: loads of one file do not add up. Thread-safe.
class Budget {
 public:
  explicit Budget(const Limits& limits, std::uint64_t file_bytes = 0);
  Budget(const Budget& other);
  Budget& operator=(const Budget&) = delete;

  const Limits& limits() const { return limits_; }

  // Each throws skops::Error (family limit), naming the limit and what it stops, before anything is
  // allocated. `file_bytes` of the constructor feeds the proportional rule of `inflate`.
  void inflate(std::uint64_t bytes);
  void allocate(std::uint64_t bytes);
  void add_nodes(std::uint64_t count);
  void add_json_values(std::uint64_t count);
  void add_cells(std::uint64_t count);

 private:
  Limits limits_;
  std::uint64_t file_bytes_;
  std::atomic<std::uint64_t> inflated_{0}, allocated_{0}, nodes_{0}, json_values_{0}, cells_{0};
};

}  // namespace skops
