// What the columns of a result are called.
#include "results/item_text.hpp"
#include "results/results.hpp"

namespace skops_cli {
namespace {

using skops::Result;

std::size_t width_of(const Result& result) {
  if (result.kind == Result::Kind::csr) return result.csr.columns;
  const auto shape = result.array.shape();
  return shape.size() < 2 ? 1 : static_cast<std::size_t>(shape[1]);
}

// The classes as texts: of the model itself, or of the last step or the best estimator inside it.
std::vector<std::string> classes_of(const skops::Model& model) {
  std::string prefix;
  constexpr int most_nesting = 8;
  for (int k = 0; k < most_nesting; ++k) {
    if (model.has_attribute(prefix + "classes_")) {
      const skops::Value value = model.attribute(prefix + "classes_");
      if (value.kind != skops::Value::Kind::array || value.array.shape().size() != 1) return {};
      std::vector<std::string> out(value.array.size());
      for (std::size_t j = 0; j < out.size(); ++j) {
        append_item(out[j], value.array, j, TextStyle::csv);
      }
      return out;
    }
    if (model.has_attribute(prefix + "steps[-1][1]")) {
      prefix += "steps[-1][1].";
    } else if (model.has_attribute(prefix + "best_estimator_")) {
      prefix += "best_estimator_.";
    } else {
      break;
    }
  }
  return {};
}

void number(const Result& result, const std::string& name, std::vector<std::string>& out) {
  if (result.kind == Result::Kind::list || result.kind == Result::Kind::tuple) {
    for (std::size_t k = 0; k < result.items.size(); ++k) {
      number(result.items[k], name + "_" + std::to_string(k), out);
    }
    return;
  }
  const bool vector = result.kind == Result::Kind::array && result.array.shape().size() < 2;
  if (vector) return out.push_back(name);
  for (std::size_t j = 0; j < width_of(result); ++j) out.push_back(name + "_" + std::to_string(j));
}

}  // namespace

std::vector<std::string> column_names(const skops::Model& model, const std::string& method,
                                      const Result& result) {
  const bool per_class = method == "predict_proba" || method == "predict_log_proba" ||
                         method == "predict_joint_log_proba" || method == "decision_function";
  if (per_class && result.kind == Result::Kind::array && result.array.shape().size() == 2) {
    std::vector<std::string> classes = classes_of(model);
    // One against one gives a column a pair; for three classes these are three, too.
    const bool pairs = method == "decision_function" && classes.size() == 3 &&
                       model.has_attribute("decision_function_shape") &&
                       model.attribute("decision_function_shape").text == "ovo";
    if (classes.size() == width_of(result) && !pairs) return classes;
  }
  std::vector<std::string> out;
  number(result, method, out);
  return out;
}

}  // namespace skops_cli
