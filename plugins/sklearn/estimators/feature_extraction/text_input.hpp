// Documents of an input: a list of texts, or a one-dimensional array of them.
#pragma once

#include <string>
#include <string_view>

#include "skops/sdk/input.hpp"

namespace skops_sklearn {

// Calls f(document) for each. The view lives as long as that call of f.
template <class F>
void for_documents(const skops::sdk::Input& x, std::string_view estimator, F&& f) {
  using namespace skops::sdk;
  if (x.is_text()) {
    for (const skops_string& document : x.text()) f(view(document));
    return;
  }
  const bool is_list = x.is_dense() && (x.array().ndim() == 1);
  if (is_list && x.rows() == 0) return;  // an empty list has no type
  if (!is_list || (x.array().kind() != 'O' && x.array().kind() != 'U')) {
    // Its own code: who holds a table with one column of texts can try again with that.
    throw Failure(SKOPS_INPUT, "input.form",
                  std::string(estimator) + " takes documents, not a matrix",
                  "pass a list of texts, or one column of a table");
  }
  const ArrayView a = x.array();
  if (a.kind() == 'U') {
    a.each([&](const char* p) { f(std::string_view(ucs4_to_utf8(p, a.itemsize()))); });
    return;
  }
  a.each([&](const char* p) {
    const auto cell = load_as<skops_cell>(p);
    if (cell.kind == SKOPS_CELL_STRING) return f(view(cell.as.string));
    if (cell.kind == SKOPS_CELL_REAL) {
      bad_input("np.nan is an invalid document, expected byte or unicode string.");
    }
    bad_input("a document must be a text");
  });
}

}  // namespace skops_sklearn
