// The part of CountVectorizer that TfidfVectorizer shares: documents to counts of the vocabulary's
// terms, and rows back to the terms that occur in them.
#pragma once

#include <string>
#include <vector>

#include "estimators/feature_extraction/document_analyzer.hpp"
#include "estimators/feature_extraction/text_input.hpp"
#include "text/vocabulary.hpp"

namespace skops_sklearn {

class CountingVectorizer {
 public:
  // Reads the parameters and the vocabulary, which must map its terms to 0 .. size-1, each once.
  CountingVectorizer(const skops::sdk::Attributes& self, std::string_view name);

  std::size_t n_terms() const { return vocabulary_.size(); }
  std::uint64_t work_per_document() const { return 1000; }

  // One row a document: f(row, columns, rows) is called with each row's counts already in `rows`.
  template <class T, class F>
  void count(const skops::sdk::Input& x, GrowingRows<T>& rows, F&& f) const {
    ScratchPool::Lease lease(pool_);
    auto& scratch = *lease;
    scratch.counter.resize(static_cast<std::uint32_t>(n_terms()));
    rows.ends.reserve(x.rows());
    for_documents(x, name_, [&](std::string_view document) {
      count_document(document, scratch);
      const std::size_t begin = rows.data.size();
      scratch.counter.drain([&](std::uint32_t column, std::int32_t n) {
        rows.columns.push_back(static_cast<std::int32_t>(column));
        rows.data.push_back(static_cast<T>(binary_ ? 1 : n));
      });
      f(std::span<T>(rows.data).subspan(begin), rows.columns.data() + begin);
      rows.end_row();
    });
    lease.done();
  }

  // A list of arrays of texts, one a row: the terms of the columns that are not 0.
  void inverse_transform(const skops::sdk::Input& x, skops::sdk::Output& out) const;

 private:
  void count_document(std::string_view document, ScratchPool::Scratch& scratch) const;

  std::string_view name_;
  std::unique_ptr<const text::Analyzer> analyzer_;
  text::Vocabulary vocabulary_;
  std::vector<std::string> terms_;  // by column
  std::size_t widest_ = 0;          // code points of the longest term
  bool binary_ = false;
  mutable ScratchPool pool_;
};

}  // namespace skops_sklearn
