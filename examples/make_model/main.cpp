// Makes a linear regression and a decision tree from numbers, scores them, and writes the files
// that scikit-learn loads.
//
//   make_model FOLDER      writes linear.skops and tree.skops
//
// docs/getting-started.md explains these lines.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <skops/skops.hpp>
#include <string_view>
#include <vector>

namespace {

// [linear] A class, as files name it, and what fitting would have found.
skops::ObjectBuilder linear_regression() {
  const std::vector<double> coef = {0.5, -2, 3};
  skops::ObjectBuilder model("sklearn.linear_model._base.LinearRegression");
  model.set("coef_", skops::view(coef)).set("intercept_", 0.25);
  return model;
}

// [tree] x[1] <= 0.5 ? "low" : x[0] <= 2 ? "high" : "low", node by node: children, feature and
// threshold of the splits, -1 and -2 in leaves, and each node's share of every class.
skops::ObjectBuilder decision_tree() {
  const std::vector<std::int64_t> left = {1, -1, 3, -1, -1}, right = {2, -1, 4, -1, -1};
  const std::vector<std::int64_t> feature = {1, -2, 0, -2, -2}, samples = {8, 3, 5, 4, 1};
  const std::vector<double> threshold = {0.5, -2, 2, -2, -2}, weight = {8, 3, 5, 4, 1};
  const std::vector<double> impurity = {0.5, 0, 0.32, 0, 0};
  const std::vector<std::uint8_t> missing_left(5);
  const std::vector<double> share = {0.5, 0.5, 0, 1, 0.8, 0.2, 1, 0, 0, 1};

  skops::ObjectBuilder tree("sklearn.tree._tree.Tree", "TreeNode");
  tree.field("__reduce__.args",
             skops::Part::tuple({2, skops::view(std::vector<std::int64_t>{2}), 1}));
  tree.set("max_depth", 2).set("node_count", 5);
  tree.set("nodes", skops::Part::records({{"left_child", skops::view(left)},
                                          {"right_child", skops::view(right)},
                                          {"feature", skops::view(feature)},
                                          {"threshold", skops::view(threshold)},
                                          {"impurity", skops::view(impurity)},
                                          {"n_node_samples", skops::view(samples)},
                                          {"weighted_n_node_samples", skops::view(weight)},
                                          {"missing_go_to_left", skops::view(missing_left)}}));
  tree.set("values", skops::Part::array(share, {5, 1, 2}));

  const std::vector<std::string_view> classes = {"high", "low"};
  skops::ObjectBuilder model("sklearn.tree._classes.DecisionTreeClassifier");
  model.set("tree_", tree).set("classes_", skops::Part::texts(classes));
  model.set("n_classes_", 2).set("n_outputs_", 1).set("max_depth", 2);
  return model;
}

void run(const std::filesystem::path& folder) {
  // [make] The native model: what does not fit together is refused here, as in a stranger's file.
  const skops::Host host;
  const skops::Model linear = host.make(linear_regression());
  const skops::Model tree = host.make(decision_tree());
  const std::vector<double> x = {1, 2, 3};
  std::printf("%g %s\n", linear.predict(skops::view(x, 1, 3)).number(0),
              tree.predict(skops::view(x.data(), 1, 2)).text(0).c_str());

  // [save] The file, with the parameters and their defaults that scikit-learn asks for.
  linear.save(folder / "linear.skops");
  tree.save(folder / "tree.skops");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_model FOLDER\n");
    return 2;
  }
  try {
    run(argv[1]);
    return 0;
  } catch (const skops::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.family());
  }
}
