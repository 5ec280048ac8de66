// Results of methods in the formats that `predict` writes.
#pragma once

#include <string>
#include <vector>

#include "options.hpp"
#include "results/out_file.hpp"
#include "skops/model.hpp"

namespace skops_cli {

// What a header row calls the columns of a result: the method ("predict"), its classes where there
// is a column for each ("setosa", …), otherwise numbered ("transform_0", …).
std::vector<std::string> column_names(const skops::Model& model, const std::string& method,
                                      const skops::Result& result);

// One array as NumPy's NPY; a sparse matrix as the dense one. Cells become texts or numbers where
// they all are.
void write_npy(const skops::Result& result, OutFile& out);
// scipy.sparse.save_npz for a matrix, numpy.savez (arr_0, arr_1, …) for a list of arrays.
void write_npz(const skops::Result& result, OutFile& out);
// A header row, then a row a sample; arrays of a list stand side by side.
void write_csv(const skops::Result& result, const std::vector<std::string>& names, OutFile& out);
// Arrow's IPC file format, one record batch; columns as in CSV.
void write_arrow(const skops::Result& result, const std::vector<std::string>& names, OutFile& out);
// A value a line.
void write_txt(const skops::Result& result, OutFile& out);
// One JSON object; `with_data` false describes the result only.
void write_json(const skops::Result& result, bool with_data, std::string& out);

}  // namespace skops_cli
