#include "estimators/feature_extraction/document_analyzer.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

namespace {

constexpr std::int64_t kLargestN = 256;

void refuse_callable(const Attributes& self, const char* name) {
  if (!self.get(name).is_none()) {
    unsupported(std::string("the vectorizer's '") + name + "' is a Python function",
                "fit it with the built-in analyzers");
  }
}

std::vector<std::string> read_stop_words(const Attributes& self) {
  const Value words = self.get("stop_words");
  std::vector<std::string> out;
  if (words.is_none()) return out;
  if (words.is_string()) {
    require(words.text_view() == "english", "stop_words is a text other than 'english'");
    for (const std::string_view word : text::english_stop_words()) out.emplace_back(word);
    return out;
  }
  if (words.is(Kind::array)) return words.texts();
  if (!words.is_container()) {
    unsupported("stop_words is neither a list of words nor 'english'");
  }
  for (std::size_t k = 0, n = words.size(); k < n; ++k) {
    // What is no text equals no token.
    if (const Value word = words.item(k); word.is_string()) out.push_back(word.text());
  }
  return out;
}

}  // namespace

text::AnalyzerOptions read_analyzer_options(const Attributes& self) {
  text::AnalyzerOptions out;
  if (self.text("input", "content") != "content") {
    unsupported("the vectorizer reads files by name, which a model must not do here",
                "set input='content' and pass the texts");
  }
  const Value analyzer = self.get("analyzer");
  if (!analyzer.is_none() && !analyzer.is_string()) refuse_callable(self, "analyzer");
  const std::string unit = self.text("analyzer", "word");
  require(unit == "word" || unit == "char" || unit == "char_wb",
          "analyzer is not one of 'word', 'char', 'char_wb'");
  out.unit = unit == "word"   ? text::Unit::word
             : unit == "char" ? text::Unit::character
                              : text::Unit::character_in_word;
  refuse_callable(self, "preprocessor");
  if (out.unit == text::Unit::word) refuse_callable(self, "tokenizer");

  out.lowercase = self.boolean("lowercase", true);
  const Value accents = self.get("strip_accents");
  if (!accents.is_none()) {
    if (!accents.is_string()) refuse_callable(self, "strip_accents");
    const std::string name = accents.text();
    require(name == "ascii" || name == "unicode",
            "strip_accents is not one of 'ascii', 'unicode', None");
    out.accents = name == "ascii" ? text::Accents::ascii : text::Accents::unicode;
  }
  const std::string errors = self.text("decode_error", "strict");
  require(errors == "strict" || errors == "ignore" || errors == "replace",
          "decode_error is not one of 'strict', 'ignore', 'replace'");
  out.decode_error = errors == "strict"   ? text::DecodeError::strict
                     : errors == "ignore" ? text::DecodeError::ignore
                                          : text::DecodeError::replace;

  if (const Value range = self.get("ngram_range"); !range.is_none()) {
    const auto limits = range.vector<std::int64_t>(2, "ngram_range");
    require(limits[0] >= 1 && limits[0] <= limits[1], "ngram_range is no range of lengths");
    if (limits[1] > kLargestN) unsupported("n-grams of more than 256 parts are not supported");
    out.min_n = static_cast<std::uint32_t>(limits[0]);
    out.max_n = static_cast<std::uint32_t>(limits[1]);
  }
  if (out.unit == text::Unit::word) {
    out.token_pattern = self.text("token_pattern", out.token_pattern);
    out.stop_words = read_stop_words(self);
  }
  return out;
}

std::unique_ptr<ScratchPool::Scratch> ScratchPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      auto out = std::move(free_.back());
      free_.pop_back();
      return out;
    }
  }
  return std::make_unique<Scratch>();
}

void ScratchPool::give(std::unique_ptr<Scratch> scratch) {
  // A scratch that a giant document has grown is not worth keeping.
  if (scratch->analyzer.text.capacity() > (std::size_t{1} << 22)) return;
  const std::lock_guard lock(mutex_);
  if (free_.size() < 64) free_.push_back(std::move(scratch));
}

void analyze(const text::Analyzer& analyzer, std::string_view document,
             text::AnalyzerScratch& scratch, text::TermSink& sink) {
  try {
    switch (analyzer.run(document, scratch, sink)) {
      case text::Analyzer::Result::done: return;
      case text::Analyzer::Result::not_utf8:
        bad_input("a document is not valid UTF-8", "set decode_error='replace' before fitting");
      case text::Analyzer::Result::too_long: bad_input("a document is longer than 1 GiB");
    }
  } catch (const text::PatternError& error) {
    bad_input(std::string("token_pattern cannot be used: ") + error.what());
  }
}

}  // namespace skops_sklearn
