// From a document to its terms, as CountVectorizer's analyzers do it: decoding, lower case,
// accents, then words by a token pattern, stop words left out, or characters; and n-grams of
// either.
//
// Terms come in groups, as places in a text that lives until the next call; no term is a string of
// its own, and nothing is allocated for a document once the scratch has grown. ASCII documents with
// the default token pattern take a path that classifies 64 bytes at a time.
//
// An analyzer is immutable; any thread may use it with a scratch of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/preprocess.hpp"
#include "text/token_pattern.hpp"
#include "text/utf8.hpp"
#include "text/vocabulary.hpp"

namespace skops_sklearn::text {

enum class Unit : std::uint8_t { word, character, character_in_word };

struct AnalyzerOptions {
  Unit unit = Unit::word;
  bool lowercase = true;
  Accents accents = Accents::keep;
  DecodeError decode_error = DecodeError::strict;
  std::string token_pattern = "(?u)\\b\\w\\w+\\b";
  std::vector<std::string> stop_words;
  std::uint32_t min_n = 1, max_n = 1;  // 1 <= min_n <= max_n
  // Terms of more bytes need not be given.
  std::size_t longest = SIZE_MAX;
};

// The words of stop_words='english'.
std::span<const std::string_view> english_stop_words();

// Takes the terms of a document, group by group. kPadding bytes behind `text` are readable.
class TermSink {
 public:
  virtual void take(const char* text, std::span<const Term> terms) = 0;

 protected:
  ~TermSink() = default;
};

struct AnalyzerScratch {
  std::string text;   // the document, prepared and padded
  std::string spare;  // an earlier state of it, or n-grams' words one after the other
  std::vector<std::uint64_t> words;  // a bit for every byte that is part of a word
  std::vector<std::uint32_t> edges;  // where runs begin and end, or where characters do
  std::vector<Term> tokens, terms;
  std::vector<std::uint32_t> columns;
  PatternScratch pattern;
};

class Analyzer {
 public:
  // Throws PatternError where the token pattern is not supported.
  explicit Analyzer(const AnalyzerOptions& options);

  enum class Result : std::uint8_t { done, not_utf8, too_long };
  Result run(std::string_view document, AnalyzerScratch& scratch, TermSink& sink) const;

 private:
  bool prepare_ascii(std::string_view document, AnalyzerScratch& scratch) const;
  Result prepare(std::string_view document, AnalyzerScratch& scratch) const;
  void words(AnalyzerScratch& scratch, std::size_t size, bool ascii, TermSink& sink) const;
  void word_runs(AnalyzerScratch& scratch, std::size_t size, bool ascii) const;
  void drop_stop_words(AnalyzerScratch& scratch) const;
  void word_ngrams(AnalyzerScratch& scratch, TermSink& sink) const;
  void characters(AnalyzerScratch& scratch, TermSink& sink) const;
  void characters_in_words(AnalyzerScratch& scratch, TermSink& sink) const;

  AnalyzerOptions options_;
  std::unique_ptr<const TokenPattern> pattern_;
  Vocabulary stop_words_;
};

}  // namespace skops_sklearn::text
