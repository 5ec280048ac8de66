// Analyzers and token patterns against scikit-learn's and re's answers; the vocabulary; row counts.
#include "text/analyzer.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>
#include <sstream>

#include "case_table.hpp"
#include "text/row_counter.hpp"

namespace text = skops_sklearn::text;

namespace {

struct Collector final : text::TermSink {
  void take(const char* text, std::span<const text::Term> terms) override {
    for (const auto& t : terms) found.emplace_back(text + t.begin, t.size);
  }
  std::vector<std::string> found;
};

std::string join(const std::vector<std::string>& terms) {
  std::string out;
  for (const auto& t : terms) out += "[" + t + "]";
  return out;
}

text::AnalyzerOptions options_of(const std::vector<std::string>& row) {
  text::AnalyzerOptions o;
  o.unit = row[0] == "word"   ? text::Unit::word
           : row[0] == "char" ? text::Unit::character
                              : text::Unit::character_in_word;
  o.min_n = static_cast<std::uint32_t>(std::stoul(row[1]));
  o.max_n = static_cast<std::uint32_t>(std::stoul(row[2]));
  o.lowercase = row[3] == "1";
  o.accents = row[4] == "-"       ? text::Accents::keep
              : row[4] == "ascii" ? text::Accents::ascii
                                  : text::Accents::unicode;
  if (row[5] == "english") {
    for (const auto word : text::english_stop_words()) o.stop_words.emplace_back(word);
  } else if (row[5] != "-") {
    std::istringstream words(row[5]);
    for (std::string word; words >> word;) o.stop_words.push_back(word);
  }
  o.token_pattern = row[6];
  return o;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(analyzers)

BOOST_AUTO_TEST_CASE(as_scikit_learn) {
  text::AnalyzerScratch scratch;  // shared, so that nothing may be left over from other documents
  for (const auto& row : read_cases("analyzer.tsv")) {
    const text::Analyzer analyzer(options_of(row));
    Collector collector;
    BOOST_TEST((analyzer.run(row[7], scratch, collector) == text::Analyzer::Result::done));
    // Python sorts by code points, which is the order of UTF-8 bytes.
    std::sort(collector.found.begin(), collector.found.end());
    const std::vector<std::string> expected(row.begin() + 8, row.end());
    BOOST_TEST(join(collector.found) == join(expected),
               row[0] << " " << row[1] << "-" << row[2] << " " << row[6] << ": " << row[7]);
  }
}

BOOST_AUTO_TEST_CASE(token_patterns) {
  text::PatternScratch scratch;
  for (const auto& row : read_cases("patterns.tsv")) {
    if (row[1] == "!") {
      BOOST_CHECK_THROW(text::TokenPattern{row[0]}, text::PatternError);
      continue;
    }
    std::vector<text::Term> found;
    text::TokenPattern(row[0]).find_all(row[1], found, scratch);
    std::vector<std::string> matches;
    for (const auto& t : found) matches.push_back(row[1].substr(t.begin, t.size));
    BOOST_TEST(join(matches) == join({row.begin() + 2, row.end()}), row[0] << " in " << row[1]);
  }
}

BOOST_AUTO_TEST_CASE(searches_that_fail_far_away_are_stopped) {
  text::PatternScratch scratch;
  std::vector<text::Term> found;
  const std::string document(20000, 'a');
  BOOST_CHECK_THROW(text::TokenPattern("a.*b|a").find_all(document, found, scratch),
                    text::PatternError);
}

BOOST_AUTO_TEST_CASE(decoding_errors) {
  text::AnalyzerScratch scratch;
  text::AnalyzerOptions o;
  Collector collector;
  const std::string bad =
      "good b\xff"
      "ad";
  BOOST_TEST((text::Analyzer(o).run(bad, scratch, collector) == text::Analyzer::Result::not_utf8));
  o.decode_error = text::DecodeError::ignore;
  BOOST_TEST((text::Analyzer(o).run(bad, scratch, collector) == text::Analyzer::Result::done));
  BOOST_TEST(join(collector.found) == "[good][bad]");
}

BOOST_AUTO_TEST_CASE(vocabulary) {
  std::vector<std::string> terms;
  for (int k = 0; k < 5000; ++k) {
    terms.push_back(std::string(static_cast<std::size_t>(k % 23), 'x') + std::to_string(k));
  }
  terms.push_back("");
  const std::vector<std::string_view> views(terms.begin(), terms.end());
  std::vector<std::uint32_t> columns(terms.size());
  for (std::size_t k = 0; k < columns.size(); ++k) columns[k] = static_cast<std::uint32_t>(k);
  text::Vocabulary vocabulary;
  BOOST_TEST(vocabulary.build(views, columns) == nullptr);
  for (std::size_t k = 0; k < terms.size(); ++k) {
    const std::string padded = terms[k] + std::string(text::kPadding, '?');
    BOOST_TEST(vocabulary.find({padded.data(), terms[k].size()}) == k);
    const std::string other = terms[k] + "z" + std::string(text::kPadding, '?');
    BOOST_TEST(vocabulary.find({other.data(), terms[k].size() + 1}) == text::kUnknown);
  }
  const std::string_view twice[] = {"a", "b", "a"};
  const std::uint32_t some[] = {0, 1, 2};
  BOOST_TEST(vocabulary.build(twice, some) != nullptr);
}

BOOST_AUTO_TEST_CASE(row_counts) {
  std::mt19937 random(3);
  for (const std::uint32_t columns : {1u, 64u, 4097u, 25000u, 1u << 20, 1u << 30}) {
    text::RowCounter counter;
    counter.resize(columns);
    for (int round = 0; round < 3; ++round) {
      std::map<std::uint32_t, std::int32_t> expected, found;
      for (int k = 0; k < 300; ++k) {
        const std::uint32_t column = random() % std::min(columns, 1u << 29);
        const std::int32_t count = static_cast<std::int32_t>(random() % 3) - 1;
        expected[column] += count;
        counter.add(column, count);
      }
      std::uint32_t last = 0;
      counter.drain([&](std::uint32_t column, std::int32_t count) {
        BOOST_TEST((found.empty() || column > last));
        last = column;
        found[column] = count;
      });
      BOOST_TEST((found == expected));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
