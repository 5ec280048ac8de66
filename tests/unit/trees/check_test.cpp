// Every invariant of stored trees, broken one at a time; and the honest layouts of records.
#include "trees/check.hpp"

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>

#include "random_tree.hpp"

namespace bdata = boost::unit_test::data;
using namespace trees_test;

namespace {

struct Damage {
  const char* text;  // of the error
  std::function<void(Tree&)> harm;
};
std::ostream& operator<<(std::ostream& out, const Damage& damage) {
  return out << damage.text;
}

// A root, its two children 1 and 2, and the children 3 and 4 of node 1.
Tree small_tree() {
  std::mt19937_64 random(1);
  Tree tree(random, 1, 1, 1);
  tree.nodes.assign(5, {});
  tree.nodes[0] = {1, 2, 0, 0.5};
  tree.nodes[1] = {3, 4, 1, 0.25};
  return tree;
}

const Damage tree_damages[] = {
    {"has one child", [](Tree& t) { t.nodes[3].right = 4; }},
    {"has a child out of range", [](Tree& t) { t.nodes[0].left = 0; }},
    {"has a child out of range", [](Tree& t) { t.nodes[1].left = 0; }},
    {"has a child out of range", [](Tree& t) { t.nodes[1].right = 5; }},
    {"has a child out of range", [](Tree& t) { t.nodes[1].right = INT64_MIN; }},
    {"has a child out of range", [](Tree& t) { t.nodes[0].left = -2; }},
    {"has the same child twice", [](Tree& t) { t.nodes[1].right = 3; }},
    {"has two parents", [](Tree& t) { t.nodes[0].right = 3; }},
    {"splits on a feature out of range", [](Tree& t) { t.nodes[1].feature = 2; }},
    {"splits on a feature out of range", [](Tree& t) { t.nodes[1].feature = -1; }},
    {"splits at NaN", [](Tree& t) { t.nodes[1].threshold = 0.0 / 0.0; }},
    {"deeper than its max_depth", [](Tree& t) { t.depth = 1; }},
    {"has no nodes", [](Tree& t) { t.nodes.clear(); }},
};

const Damage predictor_damages[] = {
    {"has a child out of range", [](Tree& t) { t.nodes[1].left = 1; }},
    {"has a child out of range", [](Tree& t) { t.nodes[1].right = 5; }},
    {"has the same child twice", [](Tree& t) { t.nodes[1].right = 3; }},
    {"has two parents", [](Tree& t) { t.nodes[0].right = 4; }},
    {"splits on a feature out of range", [](Tree& t) { t.nodes[1].feature = 2; }},
    {"splits at NaN", [](Tree& t) { t.nodes[1].threshold = 0.0 / 0.0; }},
    {"bitset out of range",
     [](Tree& t) {
       t.nodes[1].categorical = true;
       t.nodes[1].bitset = 3;
     }},
};

auto says(const char* text) {
  return [text](const trees::Invalid& e) {
    return std::string(e.what()).find(text) != std::string::npos;
  };
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_honest_tree_passes) {
  const Tree tree = small_tree();
  const auto bytes = tree.tree_bytes();
  const trees::TreeRecords records({bytes.data(), 5, 64, trees::tree_fields});
  const auto facts = trees::check_tree(records, 2, 2);
  BOOST_TEST(facts.depth == 2u);
  BOOST_TEST(facts.leaves == 3u);
  BOOST_TEST(trees::node_depths(records) == (std::vector<std::uint32_t>{0, 1, 1, 2, 2}),
             boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(damaged_trees_are_refused, bdata::make(tree_damages)) {
  Tree tree = small_tree();
  tree.depth = 2;
  sample.harm(tree);
  const auto bytes = tree.tree_bytes();
  const trees::TreeRecords records({bytes.data(), tree.nodes.size(), 64, trees::tree_fields});
  BOOST_CHECK_EXCEPTION(trees::check_tree(records, 2, static_cast<std::int64_t>(tree.depth)),
                        trees::Invalid, says(sample.text));
}

BOOST_DATA_TEST_CASE(damaged_predictors_are_refused, bdata::make(predictor_damages)) {
  Tree tree = small_tree();
  sample.harm(tree);
  const auto bytes = tree.predictor_bytes();
  const trees::PredictorRecords records({bytes.data(), 5, 56, trees::predictor_fields});
  BOOST_CHECK_EXCEPTION(trees::check_predictor(records, 2, 3), trees::Invalid, says(sample.text));
}

BOOST_AUTO_TEST_CASE(flags_of_predictors_are_0_or_1) {
  for (const std::size_t offset : {49, 51}) {
    auto bytes = small_tree().predictor_bytes();
    bytes[offset] = 2;
    const trees::PredictorRecords records({bytes.data(), 5, 56, trees::predictor_fields});
    BOOST_CHECK_THROW(trees::check_predictor(records, 2, 3), trees::Invalid);
  }
}

BOOST_AUTO_TEST_CASE(records_of_the_other_byte_order_are_rewritten) {
  std::mt19937_64 random(3);
  const Tree tree(random, 50, 4, 20);
  const auto bytes = tree.tree_bytes();
  auto swapped = bytes;
  std::vector<trees::Field> fields(std::begin(trees::tree_fields), std::end(trees::tree_fields));
  for (trees::Field& field : fields) {
    field.swapped = field.itemsize > 1;
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
      char* at = &swapped[i * 64 + field.offset];
      std::reverse(at, at + field.itemsize);
    }
  }
  const trees::TreeRecords a({bytes.data(), tree.nodes.size(), 64, trees::tree_fields});
  const trees::TreeRecords b({swapped.data(), tree.nodes.size(), 64, fields});
  trees::check_tree(b, 4, 20);
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    BOOST_TEST(a.left(i) == b.left(i));
    BOOST_TEST(a.right(i) == b.right(i));
    BOOST_TEST(a.threshold(i) == b.threshold(i));
    BOOST_TEST(a.missing_left(i) == b.missing_left(i));
  }
}

BOOST_AUTO_TEST_CASE(other_field_lists_are_refused) {
  const auto bytes = small_tree().tree_bytes();
  const auto attempt = [&](std::vector<trees::Field> fields) {
    trees::TreeRecords({bytes.data(), 5, 64, fields});
  };
  std::vector<trees::Field> fields(std::begin(trees::tree_fields), std::end(trees::tree_fields));
  BOOST_CHECK_NO_THROW(attempt(fields));
  auto without_missing = fields;
  without_missing.pop_back();
  BOOST_CHECK_NO_THROW(attempt(without_missing));
  without_missing.pop_back();
  BOOST_CHECK_THROW(attempt(without_missing), trees::Invalid);
  for (auto harm :
       {+[](trees::Field& f) { f.name = "other"; }, +[](trees::Field& f) { f.kind = 'f'; },
        +[](trees::Field& f) { f.itemsize = 2; }, +[](trees::Field& f) { f.offset = 57; }}) {
    auto other = fields;
    harm(other[1]);
    BOOST_CHECK_THROW(attempt(other), trees::Invalid);
  }
}
