// Terms and their columns: an open-addressing hash table over one arena of all terms.
//
// A slot is 16 bytes: 32 bits of the hash, the column, and where the term stands. Look-ups of a
// whole document are made together, so that the slots of later terms are fetched while earlier ones
// are compared. Immutable after `build`; any thread may look up.
//
// The hash is seeded with a digest of all terms, and `build` gives up on chains that honest terms
// do not make, so that a vocabulary of colliding terms costs its author, not us.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/term_hash.hpp"

namespace skops_sklearn::text {

// A term of a document: where it stands in the text that the analyzer gives along.
struct Term {
  std::uint32_t begin, size;
};

inline constexpr std::uint32_t kUnknown = 0xffffffffu;

class Vocabulary {
 public:
  // Null, or what is wrong: terms that occur twice, too many or too long ones, hashes that collide
  // beyond chance. Columns are not checked here.
  const char* build(std::span<const std::string_view> terms,
                    std::span<const std::uint32_t> columns);

  std::size_t size() const { return size_; }
  std::size_t longest() const { return longest_; }

  // The column of each term, or kUnknown. `text` needs kPadding readable bytes behind it.
  void find(const char* text, std::span<const Term> terms, std::uint32_t* columns) const;
  std::uint32_t find(std::string_view padded_term) const {
    const Term term{0, static_cast<std::uint32_t>(padded_term.size())};
    std::uint32_t column = kUnknown;
    find(padded_term.data(), {&term, 1}, &column);
    return column;
  }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t column = kUnknown;
    std::uint32_t offset = 0;
    std::uint32_t length = kUnknown;  // kUnknown: the slot is empty
  };

  std::vector<Slot> slots_;
  std::string arena_;
  std::uint64_t seed_ = 0;
  std::size_t size_ = 0, longest_ = 0;
  int shift_ = 63;
};

}  // namespace skops_sklearn::text
