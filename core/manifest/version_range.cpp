#include "manifest/version_range.hpp"

#include <algorithm>
#include <charconv>

namespace skops {
namespace {

constexpr std::size_t most_numbers = 6, most_digits = 9, most_clauses = 8;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<Release> Release::parse(std::string_view text) {
  Release out;
  for (;;) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    std::uint32_t number = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + dot, number);
    if (dot == 0 || dot > most_digits || status != std::errc{} || end != text.data() + dot ||
        out.numbers_.size() == most_numbers) {
      return std::nullopt;
    }
    out.numbers_.push_back(number);
    if (dot == text.size()) break;
    text.remove_prefix(dot + 1);
  }
  while (!out.numbers_.empty() && out.numbers_.back() == 0) out.numbers_.pop_back();
  return out;
}

int Release::compare(const Release& other) const {
  if (numbers_ == other.numbers_) return 0;
  return numbers_ < other.numbers_ ? -1 : 1;
}

std::optional<VersionRange> VersionRange::parse(std::string_view text) {
  VersionRange out;
  for (;;) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view clause = trimmed(text.substr(0, comma));
    struct Spelling {
      std::string_view text;
      Sign sign;
    };
    const Spelling* found = nullptr;
    static constexpr Spelling spellings[] = {{">=", Sign::at_least},
                                             {"<=", Sign::at_most},
                                             {"==", Sign::equal},
                                             {">", Sign::greater},
                                             {"<", Sign::less}};
    for (const Spelling& spelling : spellings) {
      if (found == nullptr && clause.starts_with(spelling.text)) found = &spelling;
    }
    if (found == nullptr || out.clauses_.size() == most_clauses) return std::nullopt;
    clause.remove_prefix(found->text.size());
    auto release = Release::parse(trimmed(clause));
    if (!release) return std::nullopt;
    out.clauses_.push_back({found->sign, std::move(*release)});
    if (comma == text.size()) return out;
    text.remove_prefix(comma + 1);
  }
}

bool VersionRange::holds(const Release& release) const {
  return std::all_of(clauses_.begin(), clauses_.end(), [&](const Clause& clause) {
    const int order = release.compare(clause.release);
    switch (clause.sign) {
      case Sign::less: return order < 0;
      case Sign::at_most: return order <= 0;
      case Sign::equal: return order == 0;
      case Sign::at_least: return order >= 0;
      case Sign::greater: break;
    }
    return order > 0;
  });
}

// A clause that holds none of them leaves them all on one side. A range without any release,
// `>4,<2`, may be said to touch: who asks wants to know what he must not miss.
bool VersionRange::touches(const Release& first, const Release& last) const {
  return std::all_of(clauses_.begin(), clauses_.end(), [&](const Clause& clause) {
    const int to_first = first.compare(clause.release), to_last = last.compare(clause.release);
    switch (clause.sign) {
      case Sign::less: return to_first < 0;
      case Sign::at_most: return to_first <= 0;
      case Sign::equal: return to_first <= 0 && to_last >= 0;
      case Sign::at_least: return to_last >= 0;
      case Sign::greater: break;
    }
    return to_last > 0;
  });
}

}  // namespace skops
