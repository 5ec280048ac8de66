#include "text/analyzer.hpp"

#include <algorithm>
#include <bit>

#include "text/ascii_block.hpp"
#include "text/unicode.hpp"

namespace skops_sklearn::text {
namespace {

constexpr std::string_view kEnglish[] = {
#include "text/stop_words.inc"
};

// Texts are addressed by 32 bits, and one of single letters grows threefold between its spaces.
constexpr std::size_t kLongestDocument = std::size_t{1} << 30;
constexpr std::size_t kGroup = 2048;  // terms given to the sink at a time

// Collects terms and hands them on.
class Groups {
 public:
  Groups(std::vector<Term>& terms, const char* text, TermSink& sink)
      : terms_(terms), text_(text), sink_(sink) {
    terms_.clear();
  }
  void add(std::size_t begin, std::size_t end) {
    terms_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)});
    if (terms_.size() == kGroup) flush();
  }
  void flush() {
    if (!terms_.empty()) sink_.take(text_, terms_);
    terms_.clear();
  }

 private:
  std::vector<Term>& terms_;
  const char* text_;
  TermSink& sink_;
};

bool is_ascii(std::string_view text) {
  std::uint64_t bits = 0;
  std::size_t k = 0;
  for (; k + 8 <= text.size(); k += 8) bits |= load_8(text.data() + k);
  for (; k < text.size(); ++k) bits |= static_cast<unsigned char>(text[k]);
  return (bits & 0x8080808080808080u) == 0;
}

bool is_space(char32_t c) {
  if (c < 128) return c == ' ' || c - 9 < 5 || c - 28 < 4;
  return (CharTables::get().flags(c) & kSpace) != 0;
}

// Runs of two and more white spaces become one space.
void merge_spaces(std::string_view in, std::string& out) {
  out.clear();
  out.reserve(in.size() + kPadding);
  const char* p = in.data();
  const char* const end = p + in.size();
  while (p < end) {
    const char* const begin = p;
    if (!is_space(next_point(p))) {
      out.append(begin, p);
      continue;
    }
    const char* const one = p;
    for (const char* q = p; q < end && is_space(next_point(q));) p = q;
    if (p == one) {
      out.append(begin, p);
    } else {
      out += ' ';
    }
  }
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

// A bit for every byte that is part of a word character.
void mark_words(std::string_view text, std::vector<std::uint64_t>& words) {
  const CharTables& tables = CharTables::get();
  words.assign(text.size() / 64 + 1, 0);
  const auto mark_beyond_ascii = [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      if (static_cast<unsigned char>(text[k]) < 0xc0) continue;  // ASCII, or inside a character
      const char* p = text.data() + k;
      if ((tables.flags(next_point(p)) & kWord) == 0) continue;
      for (auto j = k; j < static_cast<std::size_t>(p - text.data()); ++j) {
        words[j / 64] |= std::uint64_t{1} << (j % 64);
      }
    }
  };
  char block[64], unused[64];
  for (std::size_t begin = 0; begin < text.size(); begin += 64) {
    const std::size_t n = std::min<std::size_t>(64, text.size() - begin);
    const char* in = text.data() + begin;
    if (n < 64) {
      std::memset(block, 0, sizeof block);
      std::memcpy(block, in, n);
      in = block;
    }
    std::uint64_t high = 0;
    // Bytes beyond ASCII get no bit here.
    words[begin / 64] |= copy_ascii_block(in, unused, false, high);
    if (high != 0) mark_beyond_ascii(begin, begin + n);
  }
}

// Where the characters of `text` begin, and its end.
void find_characters(std::string_view text, std::vector<std::uint32_t>& edges) {
  edges.clear();
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (!is_continuation(text[k])) edges.push_back(static_cast<std::uint32_t>(k));
  }
  edges.push_back(static_cast<std::uint32_t>(text.size()));
}

}  // namespace

std::span<const std::string_view> english_stop_words() {
  return kEnglish;
}

Analyzer::Analyzer(const AnalyzerOptions& options) : options_(options) {
  if (options.unit != Unit::word) return;
  pattern_ = std::make_unique<const TokenPattern>(options.token_pattern);
  std::vector<std::string_view> words(options.stop_words.begin(), options.stop_words.end());
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  const std::vector<std::uint32_t> columns(words.size());
  if (const char* wrong = stop_words_.build(words, columns)) throw PatternError(wrong);
}

// The document in `text`, in lower case where wanted, and its word bits; false where it is no
// ASCII.
bool Analyzer::prepare_ascii(std::string_view document, AnalyzerScratch& scratch) const {
  const std::size_t n = document.size(), blocks = n / 64;
  if (scratch.text.size() < n + 64 + kPadding) scratch.text.resize(n + 64 + kPadding);
  scratch.words.resize(blocks + 1);
  char* const out = scratch.text.data();
  std::uint64_t high = 0;
  for (std::size_t b = 0; b < blocks; ++b) {
    scratch.words[b] =
        copy_ascii_block(document.data() + 64 * b, out + 64 * b, options_.lowercase, high);
    if (high != 0) return false;
  }
  char rest[64] = {};
  if (n % 64 != 0) std::memcpy(rest, document.data() + 64 * blocks, n % 64);
  scratch.words[blocks] = copy_ascii_block(rest, out + 64 * blocks, options_.lowercase, high);
  return high == 0;
}

// The same for any document: `text` holds exactly the prepared text.
Analyzer::Result Analyzer::prepare(std::string_view document, AnalyzerScratch& scratch) const {
  std::string repaired;
  switch (decode(document, options_.decode_error, repaired)) {
    case Decoded::refused: return Result::not_utf8;
    case Decoded::repaired: document = repaired; break;
    case Decoded::valid: break;
  }
  std::string& text = scratch.text;
  text.clear();
  if (options_.lowercase) {
    append_lower(document, text);
  } else {
    text.append(document);
  }
  if (options_.accents != Accents::keep && !is_ascii(text)) {
    scratch.spare.clear();
    append_without_accents(text, options_.accents, scratch.spare);
    text.swap(scratch.spare);
  }
  return text.size() > kLongestDocument ? Result::too_long : Result::done;
}

Analyzer::Result Analyzer::run(std::string_view document, AnalyzerScratch& scratch,
                               TermSink& sink) const {
  if (document.size() > kLongestDocument) return Result::too_long;
  std::size_t size = document.size();
  const bool ascii = prepare_ascii(document, scratch);
  if (!ascii) {
    if (const Result result = prepare(document, scratch); result != Result::done) return result;
    size = scratch.text.size();
  }
  if (options_.unit == Unit::word) {
    words(scratch, size, ascii, sink);
    return Result::done;
  }
  merge_spaces({scratch.text.data(), size}, scratch.spare);
  if (options_.unit == Unit::character) {
    characters(scratch, sink);
  } else {
    characters_in_words(scratch, sink);
  }
  return Result::done;
}

// Runs of word characters of at least the pattern's length, found by the edges of their bits.
void Analyzer::word_runs(AnalyzerScratch& scratch, std::size_t size, bool ascii) const {
  if (!ascii) mark_words({scratch.text.data(), size}, scratch.words);
  std::vector<std::uint32_t>& edges = scratch.edges;
  edges.resize(size + 2);
  std::uint32_t* at = edges.data();
  std::uint64_t carry = 0;
  for (std::size_t b = 0; b < scratch.words.size(); ++b) {
    const std::uint64_t bits = scratch.words[b];
    for (std::uint64_t left = bits ^ (bits << 1 | carry); left != 0; left &= left - 1) {
      *at++ = static_cast<std::uint32_t>(64 * b + static_cast<unsigned>(std::countr_zero(left)));
    }
    carry = bits >> 63;
  }
  if (carry != 0) *at++ = static_cast<std::uint32_t>(size);

  std::vector<Term>& tokens = scratch.tokens;
  const auto least = static_cast<std::uint32_t>(pattern_->min_run());
  tokens.resize(static_cast<std::size_t>(at - edges.data()) / 2);
  std::size_t n = 0;
  for (const std::uint32_t* e = edges.data(); e + 1 < at; e += 2) {
    const std::uint32_t bytes = e[1] - e[0];
    tokens[n] = {e[0], bytes};
    // A run is as long as its characters; only a short one has to be counted.
    n += ascii || bytes < least || bytes >= 4 * least
             ? bytes >= least
             : count_characters({scratch.text.data() + e[0], bytes}) >= least;
  }
  tokens.resize(n);
}

void Analyzer::words(AnalyzerScratch& scratch, std::size_t size, bool ascii, TermSink& sink) const {
  std::vector<Term>& tokens = scratch.tokens;
  tokens.clear();
  if (pattern_->is_word_run()) {
    word_runs(scratch, size, ascii);
  } else {
    pattern_->find_all({scratch.text.data(), size}, tokens, scratch.pattern);
  }
  // What is behind the text belongs to earlier documents; terms only need it to be readable.
  if (scratch.text.size() < size + kPadding) scratch.text.resize(size + kPadding);
  if (stop_words_.size() > 0) drop_stop_words(scratch);
  if (options_.max_n == 1) {
    if (!tokens.empty()) sink.take(scratch.text.data(), tokens);
  } else {
    word_ngrams(scratch, sink);
  }
}

void Analyzer::drop_stop_words(AnalyzerScratch& scratch) const {
  std::vector<Term>& tokens = scratch.tokens;
  scratch.columns.resize(tokens.size());
  stop_words_.find(scratch.text.data(), tokens, scratch.columns.data());
  std::size_t n = 0;
  for (std::size_t k = 0; k < tokens.size(); ++k) {
    tokens[n] = tokens[k];
    n += scratch.columns[k] == kUnknown;
  }
  tokens.resize(n);
}

void Analyzer::word_ngrams(AnalyzerScratch& scratch, TermSink& sink) const {
  // With the words one after the other, each n-gram is one place in the text.
  std::string& joined = scratch.spare;
  joined.clear();
  for (Term& token : scratch.tokens) {
    const auto begin = static_cast<std::uint32_t>(joined.size());
    joined.append(scratch.text, token.begin, token.size);
    joined += ' ';
    token.begin = begin;
  }
  joined.append(kPadding, '\0');
  const std::vector<Term>& tokens = scratch.tokens;
  Groups groups(scratch.terms, joined.data(), sink);
  for (std::size_t first = 0; first < tokens.size(); ++first) {
    const std::size_t last = std::min<std::size_t>(first + options_.max_n, tokens.size());
    for (std::size_t k = first + options_.min_n - 1; k < last; ++k) {
      const std::size_t end = std::size_t{tokens[k].begin} + tokens[k].size;
      if (end - tokens[first].begin > options_.longest) break;
      groups.add(tokens[first].begin, end);
    }
  }
  groups.flush();
}

void Analyzer::characters(AnalyzerScratch& scratch, TermSink& sink) const {
  find_characters(scratch.spare, scratch.edges);
  scratch.spare.append(kPadding, '\0');
  const std::vector<std::uint32_t>& edges = scratch.edges;
  Groups groups(scratch.terms, scratch.spare.data(), sink);
  const std::size_t n = edges.size() - 1;
  for (std::size_t first = 0; first < n; ++first) {
    const std::size_t last = std::min<std::size_t>(first + options_.max_n, n);
    for (std::size_t k = first + options_.min_n; k <= last; ++k) {
      if (edges[k] - edges[first] > options_.longest) break;
      groups.add(edges[first], edges[k]);
    }
  }
  groups.flush();
}

void Analyzer::characters_in_words(AnalyzerScratch& scratch, TermSink& sink) const {
  // Every word between two spaces of its own, so that its n-grams are places in the text.
  std::string& padded = scratch.text;
  const std::string& merged = scratch.spare;
  padded.clear();
  scratch.tokens.clear();
  const char* const end = merged.data() + merged.size();
  for (const char* p = merged.data(); p < end;) {
    const char* const begin = p;
    if (is_space(next_point(p))) continue;
    for (const char* q = p; q < end && !is_space(next_point(q));) p = q;
    const auto at = static_cast<std::uint32_t>(padded.size());
    padded += ' ';
    padded.append(begin, p);
    padded += ' ';
    scratch.tokens.push_back({at, static_cast<std::uint32_t>(padded.size()) - at});
  }
  padded.append(kPadding, '\0');
  Groups groups(scratch.terms, padded.data(), sink);
  for (const Term& word : scratch.tokens) {
    find_characters(std::string_view(padded).substr(word.begin, word.size), scratch.edges);
    const std::vector<std::uint32_t>& edges = scratch.edges;
    const std::size_t length = edges.size() - 1;
    for (std::size_t n = options_.min_n; n <= options_.max_n; ++n) {
      if (n >= length) {
        groups.add(word.begin, std::size_t{word.begin} + word.size);  // once, however long n is
        break;
      }
      for (std::size_t k = 0; k + n <= length; ++k) {
        groups.add(std::size_t{word.begin} + edges[k], std::size_t{word.begin} + edges[k + n]);
      }
    }
  }
  groups.flush();
}

}  // namespace skops_sklearn::text
