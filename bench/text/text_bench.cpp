// TF-IDF of synthetic documents of about 100 words over a vocabulary of 25,000 terms, one thread:
// microseconds a document, by step. Words follow Zipf's law, as those of real texts do.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>
#include <set>

#include "text/analyzer.hpp"
#include "text/row_counter.hpp"
#include "text/weighting.hpp"

namespace text = skops_sklearn::text;

namespace {

struct Sink final : text::TermSink {
  void take(const char* source, std::span<const text::Term> terms) override {
    n += terms.size();
    if (vocabulary == nullptr) return;
    columns.resize(std::max(columns.size(), terms.size()));
    vocabulary->find(source, terms, columns.data());
    if (counter == nullptr) return;
    for (std::size_t k = 0; k < terms.size(); ++k) {
      if (columns[k] != text::kUnknown) counter->add(columns[k], 1);
    }
  }
  const text::Vocabulary* vocabulary = nullptr;
  text::RowCounter* counter = nullptr;
  std::vector<std::uint32_t> columns;
  std::size_t n = 0;
};

template <class F>
double best_of(int rounds, std::size_t n, F&& f) {
  double best = 1e300;
  for (int r = 0; r < rounds; ++r) {
    const auto start = std::chrono::steady_clock::now();
    f();
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count() / static_cast<double>(n));
  }
  return best;
}

}  // namespace

int main() {
  std::mt19937 random(1);
  std::set<std::string> distinct;
  while (distinct.size() < 25000) {
    std::string word;
    for (unsigned n = 2 + random() % 5 + random() % 5; n > 0; --n) {
      word += static_cast<char>('a' + random() % 26);
    }
    distinct.insert(word);
  }
  const std::vector<std::string> words(distinct.begin(), distinct.end());
  std::vector<double> weights;
  for (std::size_t k = 0; k < words.size(); ++k) weights.push_back(1.0 / std::pow(k + 10.0, 0.8));
  std::discrete_distribution<std::size_t> zipf(weights.begin(), weights.end());
  std::vector<std::size_t> order(words.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  std::shuffle(order.begin(), order.end(), random);

  for (const bool ascii : {true, false}) {
    std::vector<std::string> documents(10000);
    for (std::string& document : documents) {
      for (int k = 0; k < 100; ++k) {
        std::string word = words[order[zipf(random)]];
        if (random() % 10 == 0) word[0] = static_cast<char>(word[0] - 32);
        document += word + (random() % 12 == 0 ? ", " : " ");
      }
      if (!ascii) document += "né";
    }
    std::vector<std::string_view> views(words.begin(), words.end());
    std::vector<std::uint32_t> columns(words.size());
    std::vector<double> idf(words.size(), 1.5);
    for (std::size_t k = 0; k < columns.size(); ++k) columns[k] = static_cast<std::uint32_t>(k);
    text::Vocabulary vocabulary;
    if (vocabulary.build(views, columns) != nullptr) return 1;
    text::RowCounter counter;
    counter.resize(25000);

    for (const std::uint32_t max_n : {1u, 2u}) {
      text::AnalyzerOptions options;
      options.max_n = max_n;
      options.longest = vocabulary.longest();
      const text::Analyzer analyzer(options);
      text::AnalyzerScratch scratch;
      Sink sink;
      const auto all = [&] {
        for (const std::string& d : documents) analyzer.run(d, scratch, sink);
      };
      const double analyze = best_of(5, documents.size(), all);
      sink.vocabulary = &vocabulary;
      const double find = best_of(5, documents.size(), all);
      sink.counter = &counter;
      std::vector<double> values;
      std::vector<std::int32_t> indices;
      const double whole = best_of(5, documents.size(), [&] {
        values.clear();
        indices.clear();
        for (const std::string& d : documents) {
          analyzer.run(d, scratch, sink);
          const std::size_t begin = values.size();
          counter.drain([&](std::uint32_t column, std::int32_t n) {
            indices.push_back(static_cast<std::int32_t>(column));
            values.push_back(n);
          });
          const std::span<double> row = std::span<double>(values).subspan(begin);
          text::weight(row, indices.data() + begin, idf.data());
          text::normalize(row, text::Norm::l2);
        }
      });
      std::printf("%s, 1-%u words: analyse %.2f, and look up %.2f, and weigh %.2f us a document\n",
                  ascii ? "ASCII" : "one other letter", max_n, analyze, find, whole);
    }
  }
  return 0;
}
