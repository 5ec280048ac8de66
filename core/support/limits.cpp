#include "skops/limits.hpp"

#include <atomic>
#include <string>

#include "skops/error.hpp"

namespace skops {
namespace {

// Adds `more` to `used` unless that passes `most`; written so that nothing can wrap.
void charge(std::atomic<std::uint64_t>& used, std::uint64_t more, std::uint64_t most,
            const char* limit, const char* what) {
  std::uint64_t before = used.load(std::memory_order_relaxed);
  do {
    if (more > most || before > most - more) {
      throw Error(Family::limit, std::string("limit.") + limit,
                  std::string(what) + ": more than " + std::to_string(most), {},
                  std::string("raise Limits::") + limit + " if you trust the origin of the file");
    }
  } while (!used.compare_exchange_weak(before, before + more, std::memory_order_relaxed));
}

}  // namespace

Budget::Budget(const Limits& limits, std::uint64_t file_bytes)
    : limits_(limits), file_bytes_(file_bytes) {}

Budget::Budget(const Budget& other)
    : limits_(other.limits_),
      file_bytes_(other.file_bytes_),
      inflated_(other.inflated_.load()),
      allocated_(other.allocated_.load()),
      nodes_(other.nodes_.load()),
      json_values_(other.json_values_.load()),
      cells_(other.cells_.load()) {}

void Budget::inflate(std::uint64_t bytes) {
  const std::uint64_t ratio = limits_.inflated_ratio;
  const std::uint64_t room = UINT64_MAX - limits_.inflated_base;
  const std::uint64_t most = ratio != 0 && file_bytes_ > room / ratio
                                 ? UINT64_MAX
                                 : limits_.inflated_base + ratio * file_bytes_;
  // Whichever is smaller holds; the error names the plain one where both are passed.
  const bool within =
      bytes <= limits_.inflated_bytes && inflated_.load() <= limits_.inflated_bytes - bytes;
  if (within && most < limits_.inflated_bytes) {
    charge(inflated_, bytes, most, "inflated_ratio",
           "the members inflate to too many bytes for a file of this size");
  } else {
    charge(inflated_, bytes, limits_.inflated_bytes, "inflated_bytes",
           "the members inflate to too many bytes");
  }
}

void Budget::allocate(std::uint64_t bytes) {
  charge(allocated_, bytes, limits_.allocated_bytes, "allocated_bytes",
         "the file asks for too much memory");
}

void Budget::add_nodes(std::uint64_t count) {
  charge(nodes_, count, limits_.nodes, "nodes", "the schema has too many nodes");
}

void Budget::add_json_values(std::uint64_t count) {
  charge(json_values_, count, limits_.json_values, "json_values",
         "the schema has too many JSON values");
}

void Budget::add_cells(std::uint64_t count) {
  charge(cells_, count, limits_.object_cells, "object_cells",
         "the object arrays have too many cells");
}

}  // namespace skops
