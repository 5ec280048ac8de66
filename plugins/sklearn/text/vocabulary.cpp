#include "text/vocabulary.hpp"

#include <algorithm>
#include <bit>

namespace skops_sklearn::text {
namespace {

bool equal(const char* a, const char* b, std::size_t size) {
  if (size <= 8) {
    // Both sides are padded; shifted out is what does not belong to the term.
    return size == 0 || (load_8(a) ^ load_8(b)) << (64 - 8 * static_cast<int>(size)) == 0;
  }
  return std::memcmp(a, b, size) == 0;
}

}  // namespace

const char* Vocabulary::build(std::span<const std::string_view> terms,
                              std::span<const std::uint32_t> columns) {
  if (terms.size() >= (std::size_t{1} << 30)) return "the vocabulary has too many terms";
  std::uint64_t bytes = 0;
  for (const std::string_view term : terms) bytes += term.size();
  if (bytes >= kUnknown - kPadding) return "the vocabulary's terms are too long";
  arena_.clear();
  arena_.reserve(bytes + kPadding);
  for (const std::string_view term : terms) arena_.append(term);
  arena_.append(kPadding, '\0');
  // A digest of all terms and their limits.
  seed_ = hash_term(arena_.data(), arena_.size() - kPadding, 0x2545f4914f6cdd1du);
  for (const std::string_view term : terms) seed_ = fold(seed_ ^ term.size(), 0x9e3779b97f4a7c15u);

  const std::size_t capacity = std::bit_ceil(std::max<std::size_t>(16, 2 * terms.size() + 1));
  slots_.assign(capacity, Slot{});
  shift_ = 64 - std::countr_zero(capacity);
  size_ = terms.size();
  longest_ = 0;
  std::uint64_t steps = 4096 + 64 * static_cast<std::uint64_t>(terms.size());
  std::uint32_t offset = 0;
  for (std::size_t k = 0; k < terms.size(); ++k) {
    const auto length = static_cast<std::uint32_t>(terms[k].size());
    const char* const term = arena_.data() + offset;
    const std::uint64_t hash = hash_term(term, length, seed_);
    const auto tag = static_cast<std::uint32_t>(hash);
    std::size_t at = hash >> shift_;
    for (; slots_[at].length != kUnknown; at = (at + 1) & (capacity - 1)) {
      const Slot& slot = slots_[at];
      if (slot.tag == tag && slot.length == length &&
          equal(arena_.data() + slot.offset, term, length)) {
        return "the vocabulary contains a term twice";
      }
      if (steps-- == 0) return "the vocabulary's terms collide beyond chance";
    }
    slots_[at] = {tag, columns[k], offset, length};
    offset += length;
    longest_ = std::max<std::size_t>(longest_, length);
  }
  return nullptr;
}

void Vocabulary::find(const char* text, std::span<const Term> terms, std::uint32_t* columns) const {
  constexpr std::size_t kGroup = 32;
  std::uint64_t hashes[kGroup];
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t first = 0; first < terms.size(); first += kGroup) {
    const std::size_t n = std::min(kGroup, terms.size() - first);
    const Term* const group = terms.data() + first;
    for (std::size_t k = 0; k < n; ++k) {
      hashes[k] = hash_term(text + group[k].begin, group[k].size, seed_);
      __builtin_prefetch(&slots_[hashes[k] >> shift_]);
    }
    for (std::size_t k = 0; k < n; ++k) {
      const auto tag = static_cast<std::uint32_t>(hashes[k]);
      const std::uint32_t size = group[k].size;
      std::uint32_t column = kUnknown;
      for (std::size_t at = hashes[k] >> shift_; slots_[at].length != kUnknown;
           at = (at + 1) & mask) {
        const Slot& slot = slots_[at];
        if (slot.tag == tag && slot.length == size &&
            equal(arena_.data() + slot.offset, text + group[k].begin, size)) {
          column = slot.column;
          break;
        }
      }
      columns[first + k] = column;
    }
  }
}

}  // namespace skops_sklearn::text
