// What `predict` reads: a data file in one of the formats, as the input of a method.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "data/arrow/table.hpp"
#include "data/csv.hpp"
#include "data/data_file.hpp"
#include "data/npy.hpp"
#include "data/npz.hpp"
#include "options.hpp"

namespace skops_cli {

// The format that an option or, without one, the end of a name says. Throws skops::Error (usage).
Format format_of(const std::string& path, Format asked, const char* option);

class Dataset {
 public:
  // Throws skops::Error (input), without the path: the caller adds it.
  Dataset(const std::string& path, Format format);

  skops::Input input() const;
  // The same data as documents, for models that take these; nothing where the file cannot hold any.
  // The views live as long as the dataset.
  std::optional<skops::Input> documents();

 private:
  DataFile file_;
  std::variant<std::monostate, NpyArray, CsrMatrix, std::unique_ptr<Csv>,
               std::unique_ptr<ArrowTable>, std::vector<std::string_view>>
      data_;
  std::vector<std::string_view> documents_;
  std::vector<skops::Cell> cells_;
};

}  // namespace skops_cli
