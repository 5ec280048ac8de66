// Seeded damage to real files: to the bytes of the archive, to those of a member, to the text of
// the schema, and to the schema as a tree. The same seed gives the same bytes everywhere.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace skops_test {

using Members = std::vector<std::pair<std::string, std::string>>;

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return n == 0 ? 0 : random_() % n; }
  // A few bytes changed, inserted, removed or repeated; the last ones more often than others where
  // `tail` is set, because a ZIP archive keeps its directory there.
  void damage_bytes(std::string& bytes, bool tail);
  // Another value, key, name or number somewhere in the tree.
  void damage_schema(std::string& schema, const Members& members);
  // One of the above, to a whole file.
  std::string damage(const std::string& file, Members members);

 private:
  std::mt19937_64 random_;
};

}  // namespace skops_test
