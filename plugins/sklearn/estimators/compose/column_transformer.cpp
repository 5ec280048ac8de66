// sklearn.compose.ColumnTransformer: transformers over chosen columns, results side by side.
//
// Which columns a transformer gets stands in `_transformer_to_input_indices` (positions at fit
// time); tables are matched by the names that these positions had, arrays by position.
#include <deque>

#include "define.hpp"
#include "meta/columns.hpp"
#include "meta/stack.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class ColumnTransformer final : public Estimator {
 public:
  static constexpr std::string_view type_name = "ColumnTransformer";

  explicit ColumnTransformer(const Attributes& self) : features_(self) {
    if (!features_.known()) {
      // Files of 1.2 may hold the count under another name.
      if (const Value n = self.get("_n_features"); !n.is_none()) {
        require(n.integer() >= 0, "_n_features is negative");
        features_.assume(static_cast<std::size_t>(n.integer()));
      }
    }
    sparse_ = self["sparse_output_"].boolean();
    const Value list = self["transformers_"], positions = self["_transformer_to_input_indices"];
    const Value weights = self.get("transformer_weights");
    for (std::size_t k = 0, n = list.size(); k < n; ++k) {
      const Value row = list.item(k);
      require(row.is_container() && row.size() == 3,
              "an entry of transformers_ has not three parts");
      const std::string name = row.item(0).text();
      const Value step = row.item(1), columns = row.item(2);
      Part part;
      part.name = name;
      if (step.is_string()) {
        const std::string text = step.text();
        if (text == "drop") continue;
        require(text == "passthrough", "a transformer is neither an object nor 'drop'");
      }
      const Value indices = positions.find(name);
      if (!indices) malformed("_transformer_to_input_indices lacks '" + name + "'");
      for (const std::int64_t index : indices.vector<std::int64_t>()) {
        require(index >= 0 &&
                    (!features_.known() || static_cast<std::size_t>(index) < features_.count()),
                "a column of a ColumnTransformer is out of range");
        part.columns.push_back(static_cast<std::size_t>(index));
      }
      if (part.columns.empty()) continue;
      part.one_dimensional = columns.is_string() || columns.is_number();
      if (!step.is_string()) {
        part.transformer = EstimatorRef(step);
        if (!part.transformer.has(Method::transform)) {
          unsupported("the transformer '" + name + "' has no native 'transform'");
        }
      }
      if (!weights.is_none()) {
        if (const Value w = weights.find(name); !w.is_none()) part.weight = w.real();
      }
      parts_.push_back(std::move(part));
    }
  }

  std::vector<Method> methods() const override { return {Method::transform}; }

  void call(Method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    const std::vector<std::size_t> by_name = match_names(x);
    if (by_name.empty()) {
      if (features_.known() && x.columns() != features_.count()) features_.check(x, type_name);
    }
    std::deque<Captured> results;
    std::deque<meta::Columns> selected;
    std::vector<meta::Piece> pieces;
    std::vector<std::size_t> indices;
    for (const Part& part : parts_) {
      indices.clear();
      for (const std::size_t j : part.columns) indices.push_back(by_name.empty() ? j : by_name[j]);
      for (const std::size_t j : indices) {
        if (j >= x.columns()) bad_input("X has too few columns for " + part.name);
      }
      const Input piece = selected.emplace_back(x, indices, part.one_dimensional).input();
      if (!part.transformer) {
        pieces.push_back({piece, part.weight});
        continue;
      }
      part.transformer.call(Method::transform, piece, options, results.emplace_back());
      pieces.push_back({results.back().input(), part.weight});
    }
    meta::stack(pieces, x.rows(), sparse_ && !pieces.empty(), out);
  }

  std::uint64_t work_per_row() const override {
    std::uint64_t work = 1;
    for (const Part& part : parts_) {
      const std::uint64_t own = part.transformer ? part.transformer.work_per_row() : 1;
      if (__builtin_add_overflow(work, own, &work)) return UINT64_MAX;
    }
    return work;
  }

 private:
  struct Part {
    std::string name;
    EstimatorRef transformer;  // none: passthrough
    std::vector<std::size_t> columns;
    bool one_dimensional = false;
    std::optional<double> weight;
  };

  static constexpr std::size_t absent = ~std::size_t{0};

  // Where each column of fit time stands in the table; empty where names do not decide.
  std::vector<std::size_t> match_names(const Input& x) const {
    const auto& names = features_.names();
    if (!x.is_table() || names.empty()) return {};
    std::vector<std::size_t> at(names.size(), absent);
    for (std::size_t j = 0; j < names.size(); ++j) {
      // Tables mostly have the order of fit time.
      if (j < x.columns() && x.column_name(j) == names[j]) {
        at[j] = j;
        continue;
      }
      for (std::size_t k = 0; k < x.columns(); ++k) {
        if (x.column_name(k) == names[j]) {
          at[j] = k;
          break;
        }
      }
    }
    std::string missing;
    for (const Part& part : parts_) {
      for (const std::size_t j : part.columns) {
        if (at[j] == absent && missing.find("'" + names[j] + "'") == std::string::npos) {
          missing += (missing.empty() ? "'" : ", '") + names[j] + "'";
        }
      }
    }
    if (!missing.empty()) bad_input("columns are missing: {" + missing + "}");
    return at;
  }

  Features features_;
  bool sparse_ = false;
  std::vector<Part> parts_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(ColumnTransformer)
