// make_models FOLDER: a LinearRegression and a DecisionTreeRegressor made of numbers, written through
// the functions of skops_writer; scikit-learn scores them (tests/python/test_save.py).
#include <cstdint>
#include <iostream>

#include "plugin/pins.hpp"
#include "plugin/registry.hpp"
#include "writer/abi_writer.hpp"

namespace {

using skops_test::Nodes;

skops_node linear_regression(Nodes& n) {
  return n.object("sklearn.linear_model._base", "LinearRegression",
                  {{"fit_intercept", n.plain("true")},
                   {"copy_X", n.plain("true")},
                   {"tol", n.plain("1e-06")},
                   {"n_jobs", n.plain("null")},
                   {"positive", n.plain("false")},
                   {"n_features_in_", n.plain("3")},
                   {"coef_", n.vector({0.5, -2, 3})},
                   {"intercept_", n.plain("0.25")},
                   {"_sklearn_version", n.plain("\"1.9.1\"")}});
}

#pragma pack(push, 1)
struct Record {
  std::int64_t left, right, feature;
  double threshold, impurity;
  std::int64_t samples;
  double weight;
  std::uint8_t missing_left;
  char padding[7];
};
#pragma pack(pop)

// x[1] <= 0.5 ? -1 : x[0] <= 2 ? 10 : 20
skops_node decision_tree(Nodes& n) {
  const Record nodes[] = {{1, 2, 1, 0.5, 1, 4, 4, 0, {}},
                          {-1, -1, -2, -2, 0, 1, 1, 0, {}},
                          {3, 4, 0, 2, 1, 3, 3, 0, {}},
                          {-1, -1, -2, -2, 0, 2, 2, 0, {}},
                          {-1, -1, -2, -2, 0, 1, 1, 0, {}}};
  const double values[] = {9, -1, 15, 10, 20};
  const std::int64_t classes[] = {1};
  const std::string descr =
      "[('left_child', '<i8'), ('right_child', '<i8'), ('feature', '<i8'), ('threshold', '<f8'), "
      "('impurity', '<f8'), ('n_node_samples', '<i8'), ('weighted_n_node_samples', '<f8'), "
      "('missing_go_to_left', '|u1'), ('', '|V7')]";
  const skops_node tree = n.node("TreeNode", "sklearn.tree._tree", "Tree");
  const skops_node arguments = n.sequence(
      "TupleNode", "tuple",
      {n.plain("2"), n.array("'<i8'", "(1,)", classes, sizeof classes), n.plain("1")});
  Nodes::check(n.w.set_node(n.c, tree, skops_test::text("__reduce__.args"), arguments));
  const skops_node state = n.dict({{"max_depth", n.plain("2")},
                                   {"node_count", n.plain("5")},
                                   {"nodes", n.array(descr, "(5,)", nodes, sizeof nodes)},
                                   {"values", n.array("'<f8'", "(5, 1, 1)", values, sizeof values)}});
  Nodes::check(n.w.set_node(n.c, tree, skops_test::text("content"), state));
  return n.object("sklearn.tree._classes", "DecisionTreeRegressor",
                  {{"criterion", n.plain("\"squared_error\"")},
                   {"splitter", n.plain("\"best\"")},
                   {"max_depth", n.plain("null")},
                   {"min_samples_split", n.plain("2")},
                   {"min_samples_leaf", n.plain("1")},
                   {"min_weight_fraction_leaf", n.plain("0.0")},
                   {"max_features", n.plain("null")},
                   {"max_leaf_nodes", n.plain("null")},
                   {"random_state", n.plain("null")},
                   {"min_impurity_decrease", n.plain("0.0")},
                   {"class_weight", n.plain("null")},
                   {"ccp_alpha", n.plain("0.0")},
                   {"monotonic_cst", n.plain("null")},
                   {"n_features_in_", n.plain("2")},
                   {"n_outputs_", n.plain("1")},
                   {"max_features_", n.plain("2")},
                   {"tree_", tree},
                   {"_sklearn_version", n.plain("\"1.9.1\"")}});
}

void write(const std::filesystem::path& path, const skops_test::Maker& maker) {
  const skops::PluginRegistry registry(skops::built_in_pins(), {});
  skops::FileOutput out(path);
  skops_test::save(maker, registry.loaders(), out);
  out.commit();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  try {
    write(folder / "linear.skops", &linear_regression);
    write(folder / "tree.skops", &decision_tree);
  } catch (const skops::Error& error) {
    std::cerr << error.what() << "\n";
    return static_cast<int>(error.family());
  }
}
