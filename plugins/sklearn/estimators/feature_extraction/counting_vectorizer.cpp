#include "estimators/feature_extraction/counting_vectorizer.hpp"

#include <algorithm>

#include "estimators/shared/check_width.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

namespace {

// Terms by column from {term: column}, a list of terms, or a set of them (in sorted order).
std::vector<std::string> read_terms(const Attributes& self) {
  Value source = self.get("vocabulary_");
  if (source.is_none()) source = self["vocabulary"];
  if (source.is_none()) {
    unsupported("the vectorizer has no vocabulary", "fit it before saving it");
  }
  std::vector<std::string> terms;
  if (!source.is(Kind::mapping)) {
    terms = source.texts();
    if (source.is(Kind::set)) std::sort(terms.begin(), terms.end());
  } else {
    const std::size_t n = source.size();
    terms.resize(n);
    std::vector<bool> taken(n);
    for (std::size_t k = 0; k < n; ++k) {
      const std::int64_t column = source.item(k).integer();
      require(column >= 0 && static_cast<std::uint64_t>(column) < n,
              "vocabulary_ has a column out of range");
      require(!taken[static_cast<std::size_t>(column)], "vocabulary_ gives a column twice");
      taken[static_cast<std::size_t>(column)] = true;
      terms[static_cast<std::size_t>(column)] = source.key(k).text();
    }
  }
  if (terms.empty()) unsupported("the vocabulary is empty");
  return terms;
}

class ColumnSink final : public text::TermSink {
 public:
  ColumnSink(const text::Vocabulary& vocabulary, ScratchPool::Scratch& scratch)
      : vocabulary_(vocabulary), scratch_(scratch) {}
  void take(const char* text, std::span<const text::Term> terms) override {
    auto& columns = scratch_.columns;
    if (columns.size() < terms.size()) columns.resize(terms.size());
    vocabulary_.find(text, terms, columns.data());
    for (std::size_t k = 0; k < terms.size(); ++k) {
      if (columns[k] != text::kUnknown) scratch_.counter.add(columns[k], 1);
    }
  }

 private:
  const text::Vocabulary& vocabulary_;
  ScratchPool::Scratch& scratch_;
};

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !text::is_continuation(c); }));
}

}  // namespace

CountingVectorizer::CountingVectorizer(const Attributes& self, std::string_view name)
    : name_(name), binary_(self.boolean("binary", false)) {
  terms_ = read_terms(self);
  std::vector<std::string_view> views(terms_.begin(), terms_.end());
  std::vector<std::uint32_t> columns(terms_.size());
  std::size_t bytes = 0;
  for (std::size_t k = 0; k < terms_.size(); ++k) {
    columns[k] = static_cast<std::uint32_t>(k);
    bytes += terms_[k].size() + 64;
    widest_ = std::max(widest_, code_points(terms_[k]));
  }
  const Loading in = self.node().loading();
  check(in.host->charge(in.context, bytes));
  if (const char* wrong = vocabulary_.build(views, columns)) malformed(wrong);
  auto options = read_analyzer_options(self);
  options.longest = vocabulary_.longest();
  try {
    analyzer_ = std::make_unique<const text::Analyzer>(options);
  } catch (const text::PatternError& error) {
    unsupported(std::string("token_pattern '") + options.token_pattern +
                    "' is not supported: " + error.what(),
                "use a pattern without look-around, back references and flags");
  }
}

void CountingVectorizer::count_document(std::string_view document,
                                        ScratchPool::Scratch& scratch) const {
  ColumnSink sink(vocabulary_, scratch);
  analyze(*analyzer_, document, scratch.analyzer, sink);
}

void CountingVectorizer::inverse_transform(const Input& x, Output& out) const {
  check_width(x, n_terms(), name_, true);
  std::vector<std::vector<std::int32_t>> rows(x.rows());
  if (x.is_csr()) {
    const CsrRows<double> csr(x.csr());
    for (std::size_t i = 0; i < csr.rows(); ++i) {
      for (auto k = csr.indptr()[i]; k < csr.indptr()[i + 1]; ++k) {
        if (csr.data()[k] != 0) rows[i].push_back(csr.indices()[k]);
      }
    }
  } else {
    const auto dense = to_matrix<double>(x);
    for (std::size_t i = 0; i < dense.rows(); ++i) {
      for (std::size_t j = 0; j < dense.columns(); ++j) {
        if (dense(i, j) != 0) rows[i].push_back(static_cast<std::int32_t>(j));
      }
    }
  }
  // Every array has the width of the whole vocabulary, as slices of one array have.
  const skops_dtype dtype = {
      sizeof(skops_dtype), 'U', 0, 4 * std::max<std::size_t>(widest_, 1), 0, nullptr};
  out.begin_list();
  for (const auto& columns : rows) {
    const auto n = static_cast<std::int64_t>(columns.size());
    auto* at = static_cast<char*>(out.array(dtype, {&n, 1}));
    std::memset(at, 0, columns.size() * dtype.itemsize);
    for (const std::int32_t column : columns) {
      const std::string& term = terms_[static_cast<std::size_t>(column)];
      char* to = at;
      for (const char* p = term.data(); p < term.data() + term.size(); to += 4) {
        const auto point = static_cast<std::uint32_t>(text::next_point(p));
        std::memcpy(to, &point, 4);
      }
      at += dtype.itemsize;
    }
  }
  out.end();
}

}  // namespace skops_sklearn
