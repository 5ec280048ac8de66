// One column of a result in Arrow's form: what type it has, and its buffers.
//
// Cells become the one type that holds them all; what is missing among texts, bools and integers is
// null. Mixtures of texts, bools and numbers have no type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "results/arrow_metadata.hpp"
#include "results/out_file.hpp"
#include "skops/array.hpp"

namespace skops_cli {

// Every `step`-th item of an array from `first` on.
struct ArrowSource {
  const skops::Array* array = nullptr;
  std::size_t first = 0, step = 1, rows = 0;

  std::size_t item(std::size_t k) const { return first + k * step; }
};

class ArrowColumn {
 public:
  // Looks at cells and texts only. Throws skops::Error (unsupported): a mixture, or a dtype that
  // Arrow does not have.
  ArrowColumn(const ArrowSource& source, const std::string& name);

  const ArrowOutField& field() const { return field_; }
  std::size_t nulls() const { return nulls_; }
  // The lengths of its buffers, which lie in the body one after the other, each padded to 8 bytes.
  std::vector<std::size_t> lengths() const;
  // Validity, items or offsets, texts; as many as there are lengths.
  void write(OutFile& out) const;

 private:
  void find_form_of_cells();
  void count_texts();
  std::string_view text(std::size_t k, std::string& room) const;
  bool is_null(std::size_t k) const;
  void write_numbers(OutFile& out) const;
  template <class Offset>
  void write_texts(OutFile& out) const;
  template <class F>
  void write_bits(OutFile& out, F&& bit) const;

  ArrowSource source_;
  ArrowOutField field_;
  std::size_t nulls_ = 0, text_bytes_ = 0;
};

}  // namespace skops_cli
