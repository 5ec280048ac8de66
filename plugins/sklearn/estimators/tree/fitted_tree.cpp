#include "estimators/tree/fitted_tree.hpp"

#include <algorithm>

namespace skops_sklearn {

using namespace skops::sdk;

trees::RecordArray record_array(const ArrayView& array, std::vector<trees::Field>& fields) {
  require(array.kind() == 'V' && array.ndim() == 1,
          "the nodes of a tree must be an array of records");
  const skops_dtype& dtype = array.dtype();
  fields.clear();
  for (std::uint64_t k = 0; k < dtype.n_fields; ++k) {
    const skops_field& field = *dtype.fields[k];
    fields.push_back({view(field.name), static_cast<char>(field.dtype->kind),
                      static_cast<std::size_t>(field.dtype->itemsize),
                      static_cast<std::size_t>(field.offset), field.dtype->swapped != 0});
  }
  require(array.extent(0) <= 1 || array.stride(0) == static_cast<std::int64_t>(array.itemsize()),
          "the nodes of a tree must be contiguous");
  return {array.data(), array.extent(0), array.itemsize(), fields};
}

FittedTree::FittedTree(const Attributes& self) {
  const Value args = self.node().value("__reduce__.args");
  require(args.is(Kind::tuple) && args.size() == 3, "a tree must have three arguments");
  const std::int64_t features = args.item(0).integer(), outputs = args.item(2).integer();
  require(features >= 0 && features < (std::int64_t{1} << 32),
          "a tree's n_features is out of range");
  n_features_ = static_cast<std::size_t>(features);
  const auto classes = args.item(1).vector<std::int64_t>();
  require(outputs >= 1 && static_cast<std::uint64_t>(outputs) == classes.size(),
          "a tree's n_outputs and n_classes do not agree");
  for (const std::int64_t n : classes) {
    require(n >= 1 && n < (std::int64_t{1} << 31), "a tree's n_classes is out of range");
    n_classes_.push_back(static_cast<std::size_t>(n));
    value_width_ = std::max(value_width_, n_classes_.back());
  }

  std::vector<trees::Field> fields;
  const trees::RecordArray records = record_array(self["nodes"].array(), fields);
  const std::int64_t count = self["node_count"].integer();
  require(count >= 0 && static_cast<std::uint64_t>(count) == records.count,
          "a tree's node_count is not the number of its nodes");
  max_depth_ = self["max_depth"].integer();
  checked([&] { nodes_ = trees::TreeRecords(records); });

  const ArrayView values = self["values"].array();
  require(values.is<double>(), "a tree's values must be float64");
  require(values.ndim() == 3 && values.extent(0) == records.count &&
              values.extent(1) == n_classes_.size() && values.extent(2) == value_width_,
          "a tree's values have another shape than its nodes, outputs and classes");
  if (values.contiguous()) {
    values_ = values.data();
  } else {
    own_values_ = values.to_vector<double>();
    values_ = reinterpret_cast<const char*>(own_values_.data());
  }
}

void FittedTree::check() noexcept {
  std::call_once(checked_, [&] {
    try {
      facts_ = checked([&] { return trees::check_tree(nodes_, n_features_, max_depth_); });
    } catch (...) {
      wrong_ = std::current_exception();
    }
  });
}

void FittedTree::finish() {
  check();
  if (wrong_) std::rethrow_exception(wrong_);
}

const FittedTree& tree_of(const Value& value) {
  if (const skops_later* later = later_of(value.loading())) {
    skops::sdk::check(later->finish(value.loading().context, value.handle()));
  }
  return unfinished_tree_of(value);
}

const FittedTree& unfinished_tree_of(const Value& value) {
  const skops_object object = value.object();
  // Objects of other plugins have another call function.
  if (object.type->call == &held_call) {
    const auto& held = *static_cast<const Held*>(object.state);
    if (const void* tree = held.estimator->part("tree")) {
      return *static_cast<const FittedTree*>(tree);
    }
  }
  malformed("a decision tree is expected, not " + std::string(view(object.type->name)));
}

namespace {

// Below this a tree is checked sooner than it is handed over.
constexpr std::size_t least_nodes_put_off = 512;

skops_status finish_tree(const skops_host* host, skops_context* context, void* tree) {
  return guarded(fail_to(host, context), [&] { static_cast<FittedTree*>(tree)->finish(); });
}

}  // namespace

skops_status load_TreeNode(const skops_host* host, skops_context* context, skops_node node,
                           skops_value* value) {
  return guarded(fail_to(host, context), [&] {
    const Loading in{host, context};
    auto tree = std::make_unique<FittedTree>(Attributes(Node(in, node)));
    FittedTree& made = *tree;
    const skops_later* later = made.node_count() < least_nodes_put_off ? nullptr : later_of(in);
    if (later == nullptr) made.finish();
    auto held = std::make_unique<Held>();
    held->estimator = std::move(tree);
    check(host->make_object(context, &estimator_type<FittedTree>, held.release(), value));
    if (later != nullptr) {
      check(later->put_off(
          context, *value, [](void* state) { static_cast<FittedTree*>(state)->check(); },
          &finish_tree, &made));
    }
  });
}

}  // namespace skops_sklearn

SKOPS_DEFINE_SAVE(TreeNode, FittedTree)
