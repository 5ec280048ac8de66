// sklearn.tree._tree.Tree as a file holds it (TreeNode): `__reduce__.args` are (n_features,
// n_classes, n_outputs), the state is {max_depth, node_count, nodes, values}.
//
// Nodes and values stay in the mapped file; they are checked here, completely, and only here. The
// nodes of a large tree may be checked a little later, in another thread of the host: `tree_of`
// ends that before it gives the tree to anybody.
#pragma once

#include <exception>
#include <mutex>
#include <vector>

#include "define.hpp"
#include "trees/check.hpp"

namespace skops_sklearn {

// The records of an array of structs; throws where it is none. Valid as long as the model.
trees::RecordArray record_array(const skops::sdk::ArrayView& array,
                                std::vector<trees::Field>& fields);

// Runs `body` and turns what is wrong with a tree into an error of the file.
template <class Body>
auto checked(Body&& body) {
  try {
    return body();
  } catch (const trees::Invalid& invalid) {
    skops::sdk::malformed(invalid.what());
  }
}

class FittedTree final : public skops::sdk::Estimator {
 public:
  static constexpr std::string_view type_name = "Tree";

  explicit FittedTree(const skops::sdk::Attributes& self);

  std::vector<skops::sdk::Method> methods() const override { return {}; }
  void call(skops::sdk::Method, const skops::sdk::Input&, const skops::sdk::Options&,
            skops::sdk::Output&) const override {}
  const void* part(std::string_view name) const override { return name == "tree" ? this : nullptr; }

  const trees::TreeRecords& nodes() const { return nodes_; }
  std::size_t node_count() const { return nodes_.size(); }
  std::size_t n_features() const { return n_features_; }
  std::size_t n_outputs() const { return n_classes_.size(); }
  const std::vector<std::size_t>& n_classes() const { return n_classes_; }
  std::uint32_t depth() const { return facts_.depth; }
  // Checks the nodes, once, in whatever thread comes first; `finish` also throws what is wrong.
  void check() noexcept;
  void finish();
  // The values of a node's output: max(n_classes) doubles, perhaps unaligned.
  const char* values(std::size_t node, std::size_t output = 0) const {
    return values_ + ((node * n_classes_.size() + output) * value_width_) * sizeof(double);
  }
  double value(std::size_t node, std::size_t output = 0, std::size_t k = 0) const {
    return skops::sdk::load_as<double>(values(node, output) + k * sizeof(double));
  }
  // The leaf of a row of float32 numbers; NaN goes where the node says.
  template <class Feature>
  std::size_t leaf(Feature&& feature) const {
    std::size_t at = 0;
    while (!nodes_.is_leaf(at)) at = next(at, feature);
    return at;
  }
  template <class Feature>
  std::size_t next(std::size_t at, Feature&& feature, bool missing_right = false) const {
    const float x = feature(static_cast<std::size_t>(nodes_.feature(at)));
    const bool left = x != x ? nodes_.missing_left(at) && !missing_right
                             : static_cast<double>(x) <= nodes_.threshold(at);
    return static_cast<std::size_t>(left ? nodes_.left(at) : nodes_.right(at));
  }

 private:
  trees::TreeRecords nodes_;
  trees::TreeFacts facts_;
  std::int64_t max_depth_ = 0;
  std::once_flag checked_;
  std::exception_ptr wrong_;
  std::size_t n_features_ = 0, value_width_ = 1;
  std::vector<std::size_t> n_classes_;
  const char* values_ = nullptr;
  std::vector<double> own_values_;
};

// The tree behind a Tree value or a fitted decision tree of this plugin; throws where there is
// none.
const FittedTree& tree_of(const skops::sdk::Value& value);
// The same, but its nodes may not have been checked yet: whoever takes it calls `tree_of` before
// anything reads them.
const FittedTree& unfinished_tree_of(const skops::sdk::Value& value);

}  // namespace skops_sklearn
