#include "data/dataset.hpp"

#include <algorithm>
#include <map>

#include "data/documents.hpp"
#include "skops/error.hpp"

namespace skops_cli {

Format format_of(const std::string& path, Format asked, const char* option) {
  if (asked != Format::by_name) return asked;
  static const std::map<std::string, Format> endings = {{".npy", Format::npy},
                                                        {".npz", Format::npz},
                                                        {".csv", Format::csv},
                                                        {".arrow", Format::arrow},
                                                        {".txt", Format::txt}};
  const std::size_t slash = path.rfind('/');
  const std::string name = slash == path.npos ? path : path.substr(slash + 1);
  const std::size_t dot = name.rfind('.');
  const auto at = dot == name.npos ? endings.end() : endings.find(name.substr(dot));
  if (at != endings.end()) return at->second;
  const std::string what = path == "-" ? "standard input has no name that tells its format"
                                       : "the name does not tell the format";
  throw skops::Error(
      skops::Family::usage, "usage.format", what, {},
      std::string("known are .npy, .npz, .csv, .arrow and .txt; or say it with ") + option);
}

Dataset::Dataset(const std::string& path, Format format) : file_(path) {
  const std::string_view bytes = file_.bytes();
  if (bytes.empty() && format != Format::txt) {
    throw skops::Error(skops::Family::input, "data.empty", "the file is empty", {},
                       "write the data again");
  }
  switch (format) {
    case Format::npy: data_ = read_npy(bytes); break;
    case Format::npz: try { data_ = read_npz(bytes);
      } catch (const skops::Error& error) {
        // A broken archive is broken data here, not a broken model.
        if (error.family() != skops::Family::malformed) throw;
        throw skops::Error(skops::Family::input, error.code(), error.text(), error.where(),
                           "write it with scipy.sparse.save_npz");
      }
      break;
    case Format::csv: data_ = std::make_unique<Csv>(bytes); break;
    case Format::arrow: data_ = std::make_unique<ArrowTable>(bytes); break;
    case Format::txt:
    case Format::by_name: data_ = read_documents(bytes); break;
  }
}

skops::Input Dataset::input() const {
  if (const auto* array = std::get_if<NpyArray>(&data_)) return array->view();
  if (const auto* matrix = std::get_if<CsrMatrix>(&data_)) return matrix->view();
  if (const auto* csv = std::get_if<std::unique_ptr<Csv>>(&data_)) {
    return {(*csv)->columns(), (*csv)->rows()};
  }
  if (const auto* arrow = std::get_if<std::unique_ptr<ArrowTable>>(&data_)) {
    return {(*arrow)->columns(), (*arrow)->rows()};
  }
  return std::span<const std::string_view>(std::get<std::vector<std::string_view>>(data_));
}

std::optional<skops::Input> Dataset::documents() {
  int column = -1;
  if (auto* csv = std::get_if<std::unique_ptr<Csv>>(&data_)) {
    column = (*csv)->document_column();
    if (column >= 0) cells_ = (*csv)->texts(static_cast<std::size_t>(column));
  } else if (auto* arrow = std::get_if<std::unique_ptr<ArrowTable>>(&data_)) {
    column = (*arrow)->document_column();
    if (column >= 0) {
      const auto cells = (*arrow)->texts(static_cast<std::size_t>(column));
      cells_.assign(cells.begin(), cells.end());
    }
  }
  if (column < 0) return std::nullopt;
  const bool whole = std::all_of(cells_.begin(), cells_.end(), [](const skops::Cell& cell) {
    return cell.kind == skops::Cell::Kind::string;
  });
  if (whole) {
    documents_.reserve(cells_.size());
    for (const skops::Cell& cell : cells_) documents_.push_back(cell.text());
    return std::span<const std::string_view>(documents_);
  }
  // The model says what it thinks of missing ones.
  skops::ArrayView view;
  view.data = cells_.data();
  view.dtype = {'O', sizeof(skops::Cell)};
  view.ndim = 1;
  view.shape[0] = static_cast<std::int64_t>(cells_.size());
  view.strides[0] = sizeof(skops::Cell);
  return view;
}

}  // namespace skops_cli
