// make_native FOLDER: one model of each class that C++ programs make from numbers, by ObjectBuilder
// alone; tests/python/test_make.py compares scikit-learn's answers with those of this process,
// which are printed as one line of JSON: {"name": {"x": [...], "method": [...]}}.
//
//   --version V      the objects say that they are of scikit-learn V
#include <cmath>
#include <cstdint>
#include <iostream>
#include <map>
#include <string>

#include "skops/skops.hpp"

using namespace skops;

namespace {

using Reals = std::vector<double>;
using Integers = std::vector<std::int64_t>;

std::string version;  // empty: not said

ObjectBuilder object(std::string_view type) {
  ObjectBuilder out(type);
  if (!version.empty()) out.set("_sklearn_version", version);
  return out;
}

// Before 1.3 trees had no way for missing values, and counted rows instead of shares.
bool before_1_3() {
  return version.starts_with("1.2");
}

ObjectBuilder tree(std::int64_t features, std::int64_t classes, const Reals& values) {
  const Integers left = {1, -1, 3, -1, -1}, right = {2, -1, 4, -1, -1},
                 feature = {1, -2, 0, -2, -2}, samples = {8, 3, 5, 4, 1};
  const Reals threshold = {0.25, -2, 1, -2, -2}, weight = {8, 3, 5, 4, 1}, impurity(5);
  const std::vector<std::uint8_t> missing(5);
  std::vector<ColumnView> fields = {{"left_child", view(left)},
                                    {"right_child", view(right)},
                                    {"feature", view(feature)},
                                    {"threshold", view(threshold)},
                                    {"impurity", view(impurity)},
                                    {"n_node_samples", view(samples)},
                                    {"weighted_n_node_samples", view(weight)}};
  if (!before_1_3()) fields.push_back({"missing_go_to_left", view(missing)});
  ObjectBuilder out("sklearn.tree._tree.Tree", "TreeNode");
  out.field("__reduce__.args", Part::tuple({features, view(Integers{classes}), 1}));
  out.set("max_depth", 2).set("node_count", 5).set("nodes", Part::records(fields));
  out.set("values", Part::array(values, {5, 1, classes}));
  return out;
}

const Reals shares = {0.5, 0.3, 0.2, 1, 0, 0, 0, 0.75, 0.25, 0, 0.5, 0.5, 0, 0, 1};
const Reals numbers = {3, -1.5, 4, 2.25, 10};

ObjectBuilder tree_classifier() {
  ObjectBuilder out = object("sklearn.tree._classes.DecisionTreeClassifier");
  out.set("tree_", tree(2, 3, shares))
      .set("n_outputs_", 1)
      .set("n_classes_", Part::scalar(std::int64_t{3}));
  return out.set("classes_", Part::texts(std::vector<std::string_view>{"a", "bc", "d"}));
}

ObjectBuilder tree_regressor() {
  return object("sklearn.tree._classes.DecisionTreeRegressor")
      .set("tree_", tree(2, 1, numbers))
      .set("n_outputs_", 1);
}

ObjectBuilder linear(std::string_view type) {
  return object(type).set("coef_", view(Reals{0.5, -2})).set("intercept_", 0.25);
}

ObjectBuilder logistic(std::size_t rows, const Integers& classes) {
  const Reals coef = {1, -0.5, 0.25, 2, -1, 1}, intercept = {0.1, -0.2, 0.3};
  return object("sklearn.linear_model._logistic.LogisticRegression")
      .set("coef_", view(coef.data(), rows, 2))
      .set("intercept_", view(intercept.data(), rows))
      .set("classes_", view(classes));
}

ObjectBuilder scaler() {
  return object("sklearn.preprocessing._data.StandardScaler")
      .set("mean_", view(Reals{0.5, -1}))
      .set("scale_", view(Reals{2, 0.25}))
      .set("var_", view(Reals{4, 0.0625}))
      .set("n_samples_seen_", 10);
}

ObjectBuilder pca() {
  return object("sklearn.decomposition._pca.PCA")
      .set("components_", view(Reals{0.6, 0.8, -0.8, 0.6}, 2, 2))
      .set("mean_", view(Reals{1, -1}))
      .set("explained_variance_", view(Reals{3, 1}))
      .set("noise_variance_", 0.0)
      .set("whiten", true);
}

std::map<std::string, Part> models() {
  std::map<std::string, Part> out;
  out.emplace("LinearRegression", linear("sklearn.linear_model._base.LinearRegression"));
  out.emplace("Ridge", linear("sklearn.linear_model._ridge.Ridge").set("alpha", 0.5));
  out.emplace("LogisticRegression", logistic(3, {-1, 0, 5}));
  out.emplace("LogisticRegression-two", logistic(1, {0, 1}));
  out.emplace("StandardScaler", scaler());
  out.emplace("DecisionTreeClassifier", tree_classifier());
  out.emplace("DecisionTreeRegressor", tree_regressor());
  out.emplace(
      "RandomForestClassifier",
      object("sklearn.ensemble._forest.RandomForestClassifier")
          .set("estimators_", Part::list({tree_classifier().set("classes_", view(Reals{0, 1, 2})),
                                          tree_classifier().set("classes_", view(Reals{0, 1, 2}))}))
          .set("classes_", view(Integers{3, 4, 5}))
          .set("n_classes_", 3)
          .set("n_outputs_", 1));
  out.emplace("RandomForestRegressor", object("sklearn.ensemble._forest.RandomForestRegressor")
                                           .set("estimators_", Part::list({tree_regressor()}))
                                           .set("n_outputs_", 1));
  out.emplace("KMeans", object("sklearn.cluster._kmeans.KMeans")
                            .set("cluster_centers_", view(Reals{0, 0, 1, -1, 3, 3}, 3, 2)));
  out.emplace("PCA", pca());
  out.emplace("Pipeline",
              object("sklearn.pipeline.Pipeline")
                  .set("steps",
                       Part::list({Part::tuple({"scale", scaler()}), Part::tuple({"reduce", pca()}),
                                   Part::tuple({"score", logistic(1, {0, 1})})})));
  return out;
}

void print(const Array& y) {
  std::cout << '[';
  for (std::size_t k = 0; k < y.size(); ++k) {
    if (k > 0) std::cout << ',';
    if (y.dtype().kind == 'U') {
      std::cout << '"' << y.text(k) << '"';
    } else if (std::isinf(y.number(k))) {
      std::cout << (y.number(k) < 0 ? "-Infinity" : "Infinity");
    } else {
      std::cout << y.number(k);
    }
  }
  std::cout << ']';
}

void run(const std::filesystem::path& folder) {
  const Host host;
  Reals x;
  for (int k = 0; k < 40; ++k) x.push_back((k * 37 % 41 - 20) / 8.0);
  std::cout.precision(17);
  const char* comma = "{\"x\":";
  std::cout << comma << '[';
  for (std::size_t k = 0; k < x.size(); ++k) std::cout << (k ? "," : "") << x[k];
  std::cout << ']';
  for (const auto& [name, part] : models()) {
    const Model model = host.make(part);
    if (!model.unavailable().empty()) {
      throw Error(Family::unsupported, "test", name + ": " + model.unavailable());
    }
    std::cout << ",\"" << name << "\":{";
    for (const std::string& method : model.methods()) {
      if (method == "decision_path" || method == "score_samples") continue;
      std::cout << (method == model.methods().front() ? "\"" : ",\"") << method << "\":";
      print(model.call(method, view(x, x.size() / 2, 2)).array);
    }
    std::cout << '}';
    save(host, part, folder / (name + ".skops"));
  }
  std::cout << "}\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 4) return 2;
  if (argc == 4) version = argv[3];
  try {
    run(argv[1]);
    return 0;
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return static_cast<int>(error.family());
  }
}
