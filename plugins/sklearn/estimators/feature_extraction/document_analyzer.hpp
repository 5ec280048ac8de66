// What the text vectorizers share: the analyzer that their parameters describe, memory for
// documents in work, and CSR rows that grow document by document.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "define.hpp"
#include "text/analyzer.hpp"
#include "text/row_counter.hpp"

namespace skops_sklearn {

// The analyzer of a vectorizer's parameters. Callables, files as input and token patterns beyond
// linear time are refused as unsupported.
text::AnalyzerOptions read_analyzer_options(const skops::sdk::Attributes& self);

// Memory that one document after the other uses, kept for the next call. Leases may be taken from
// any thread.
class ScratchPool {
 public:
  struct Scratch {
    text::AnalyzerScratch analyzer;
    text::RowCounter counter;
    std::vector<std::uint32_t> columns;
  };
  class Lease {
   public:
    explicit Lease(ScratchPool& pool) : pool_(pool), scratch_(pool.take()) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() {
      if (whole_) pool_.give(std::move(scratch_));
    }
    Scratch& operator*() { return *scratch_; }
    // All documents are done. A lease that an error ends keeps half a row and is thrown away.
    void done() { whole_ = true; }

   private:
    ScratchPool& pool_;
    std::unique_ptr<Scratch> scratch_;
    bool whole_ = false;
  };

 private:
  std::unique_ptr<Scratch> take();
  void give(std::unique_ptr<Scratch> scratch);

  std::mutex mutex_;
  std::vector<std::unique_ptr<Scratch>> free_;
};

// Rows of a CSR matrix under construction.
template <class T>
struct GrowingRows {
  std::vector<T> data;
  std::vector<std::int32_t> columns;
  std::vector<std::size_t> ends;  // one a row

  std::size_t row_begin() const { return ends.empty() ? 0 : ends.back(); }
  void end_row() { ends.push_back(data.size()); }

  void write(skops::sdk::Output& out, std::size_t n_columns) const {
    const auto y = out.csr<T>(ends.size(), n_columns, data.size());
    if (!data.empty()) {
      std::memcpy(y.data, data.data(), data.size() * sizeof(T));
      std::memcpy(y.indices, columns.data(), columns.size() * sizeof(std::int32_t));
    }
    y.indptr[0] = 0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      y.indptr[i + 1] = static_cast<std::int32_t>(ends[i]);
    }
  }
};

// Runs the analyzer, with the errors of a bad document.
void analyze(const text::Analyzer& analyzer, std::string_view document,
             text::AnalyzerScratch& scratch, text::TermSink& sink);

}  // namespace skops_sklearn
