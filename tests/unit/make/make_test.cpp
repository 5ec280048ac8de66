// Objects made in C++: what is written, the native models of it, and what is refused.
#include <boost/test/unit_test.hpp>
#include <functional>
#include <limits>

#include "skops/skops.hpp"
#include "unit/make/made_archive.hpp"

using namespace skops;
using skops_test::members;

namespace {

const Host& host() {
  static const Host host;
  return host;
}

std::string schema_of(const Part& part) {
  return members(save_to_memory(host(), part)).at("schema.json");
}

std::string code_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    BOOST_TEST(!error.text().empty());
    return error.code();
  }
  return "";
}

std::string code_of_save(const Part& part) {
  return code_of([&] { save_to_memory(host(), part); });
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

ObjectBuilder linear() {
  ObjectBuilder out("sklearn.linear_model._base.LinearRegression");
  out.set("coef_", view(std::vector<double>{0.5, -2})).set("intercept_", 0.25);
  return out;
}

// x[0] <= 1 ? 10 : 20
struct Stump {
  std::vector<std::int64_t> left{1, -1, -1}, right{2, -1, -1}, feature{0, -2, -2}, samples{2, 1, 1};
  std::vector<double> threshold{1, -2, -2}, weight{2, 1, 1}, impurity{0, 0, 0}, values{15, 10, 20};
  std::vector<std::uint8_t> missing{0, 0, 0};
  ObjectBuilder tree() const {
    ObjectBuilder out("sklearn.tree._tree.Tree", "TreeNode");
    out.field("__reduce__.args", Part::tuple({1, view(std::vector<std::int64_t>{1}), 1}));
    out.set("max_depth", 1).set("node_count", 3);
    out.set("nodes", Part::records({{"left_child", view(left)},
                                    {"right_child", view(right)},
                                    {"feature", view(feature)},
                                    {"threshold", view(threshold)},
                                    {"impurity", view(impurity)},
                                    {"n_node_samples", view(samples)},
                                    {"weighted_n_node_samples", view(weight)},
                                    {"missing_go_to_left", view(missing)}}));
    out.set("values", Part::array(values, {3, 1, 1}));
    return out;
  }
  ObjectBuilder regressor() const {
    ObjectBuilder out("sklearn.tree._classes.DecisionTreeRegressor");
    out.set("tree_", tree()).set("n_outputs_", 1);
    return out;
  }
};

double predict(const Model& model, std::vector<double> row) {
  return model.predict(view(row, 1, row.size())).number(0);
}

}  // namespace

// ---- What is written.

BOOST_AUTO_TEST_CASE(plain_values) {
  const auto text = [](const Part& part) {
    const std::string schema = schema_of(Part::tuple({part}));
    const std::size_t from = schema.rfind("\"content\":\"") + 11;
    return schema.substr(from, schema.find("\",\"is_json\"") - from);
  };
  BOOST_TEST(text(nullptr) == "null");
  BOOST_TEST(text(Part()) == "null");
  BOOST_TEST(text(true) == "true");
  BOOST_TEST(text(-3) == "-3");
  BOOST_TEST(text('\x07') == "7");
  BOOST_TEST(text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  BOOST_TEST(text(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  BOOST_TEST(text(1.0) == "1.0");
  BOOST_TEST(text(0.1f) == "0.10000000149011612");
  BOOST_TEST(text(1e300) == "1e+300");
  BOOST_TEST(text(-0.0) == "-0.0");
  BOOST_TEST(text(std::numeric_limits<double>::quiet_NaN()) == "NaN");
  BOOST_TEST(text(-std::numeric_limits<double>::infinity()) == "-Infinity");
  BOOST_TEST(text("a\"\\\n\x7f") == R"(\"a\\\"\\\\\\u000a\\u007f\")");
  BOOST_TEST(text(std::string("é")) == R"(\"é\")");
  BOOST_TEST(text(Part::json("[1, {\"a\": NaN}, 123456789012345678901234567890]")) ==
             R"([1, {\"a\": NaN}, 123456789012345678901234567890])");
}

BOOST_AUTO_TEST_CASE(containers) {
  const std::string schema =
      schema_of(Part::list({Part::tuple({}), Part::list({}), Part::dict({}), Part::set({1}),
                            Part::dict({{"a", 1}, {2, Part::tuple({})}}),
                            Part::type("numpy.float64"), Part::function("numpy.log1p")}));
  BOOST_TEST(
      contains(
          schema,
          R"("__class__":"tuple","__module__":"builtins","__loader__":"TupleNode","content":[]})"),
      schema);
  BOOST_TEST(contains(schema, R"("content":"[]")"), schema);
  BOOST_TEST(contains(schema, R"("content":"{}")"), schema);
  BOOST_TEST(contains(schema, R"("__loader__":"SetNode","content":[{)"), schema);
  BOOST_TEST(
      contains(schema, R"("__class__":"int","__module__":"builtins","__loader__":"TypeNode")"),
      schema);
  BOOST_TEST(contains(schema, R"("content":{"a":{)"), schema);
  BOOST_TEST(contains(schema, R"(},"2":{)"), schema);
  BOOST_TEST(
      contains(schema, R"("__class__":"float64","__module__":"numpy","__loader__":"TypeNode")"),
      schema);
  BOOST_TEST(
      contains(schema, R"("__class__":"log1p","__module__":"numpy","__loader__":"FunctionNode")"),
      schema);
}

BOOST_AUTO_TEST_CASE(arrays_are_numpys_files) {
  const auto npy = [](const Part& part) {
    const auto all = members(save_to_memory(host(), Part::tuple({part})));
    BOOST_TEST_REQUIRE(all.size() == 2u);
    for (const auto& [name, content] : all) {
      if (name.ends_with(".npy")) return content;
    }
    return std::string();
  };
  const auto header = [](const std::string& npy) {
    BOOST_TEST((npy.substr(0, 8) == std::string("\x93NUMPY\x01\0", 8)));
    const std::size_t size =
        static_cast<unsigned char>(npy[8]) + 256u * static_cast<unsigned char>(npy[9]);
    BOOST_TEST((10 + size) % 64 == 0);
    BOOST_TEST(npy[9 + size] == '\n');
    return npy.substr(10, npy.find_last_not_of(" \n", 9 + size) - 9);
  };
  const auto of = [&](const Part& part) { return header(npy(part)); };
  const std::vector<double> six = {1, 2, 3, 4, 5, 6};
  BOOST_TEST(of(view(six)) == "{'descr': '<f8', 'fortran_order': False, 'shape': (6,), }");
  BOOST_TEST(of(view(six, 2, 3)) == "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }");
  BOOST_TEST(of(Part::array(six, {1, 2, 3})) ==
             "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2, 3), }");
  BOOST_TEST(of(Part::scalar(std::int32_t{5})) ==
             "{'descr': '<i4', 'fortran_order': False, 'shape': (), }");
  BOOST_TEST(of(Part::array(std::vector<std::uint8_t>{1}, {1, 1})) ==
             "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1), }");
  BOOST_TEST(of(Part::array(std::vector<double>{}, {0, 3})) ==
             "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 3), }");
  const std::vector<std::string_view> texts = {"a", "é€😀", ""};
  const std::string text_npy = npy(Part::texts(texts));
  BOOST_TEST(header(text_npy) == "{'descr': '<U3', 'fortran_order': False, 'shape': (3,), }");
  BOOST_TEST((text_npy.substr(text_npy.size() - 36) ==
              std::string("a\0\0\0\0\0\0\0\0\0\0\0\xe9\0\0\0\xac\x20\0\0\x00\xf6\x01\0"
                          "\0\0\0\0\0\0\0\0\0\0\0\0",
                          36)));
  // Any strides: the columns of `six` as rows.
  ArrayView columns = view(six, 3, 2);
  columns.strides[0] = 8;
  columns.strides[1] = 24;
  const std::string turned = npy(columns);
  BOOST_TEST((turned.substr(turned.size() - 48) ==
              npy(view(std::vector<double>{1, 4, 2, 5, 3, 6})).substr(128)));
  const std::vector<std::uint8_t> flags = {7, 8};
  const std::vector<std::int16_t> numbers = {1, -1};
  const std::string records =
      npy(Part::records({{"flag", view(flags)}, {"number", view(numbers)}}));
  BOOST_TEST(header(records) ==
             "{'descr': [('flag', '|u1'), ('number', '<i2')], "
             "'fortran_order': False, 'shape': (2,), }");
  BOOST_TEST((records.substr(records.size() - 6) == std::string("\x07\x01\x00\x08\xff\xff", 6)));
}

BOOST_AUTO_TEST_CASE(arrays_of_objects) {
  const std::vector<Cell> cells = {Cell::of(std::string_view("a")), Cell::of(1.5),
                                   Cell::of(std::int64_t{2}), Cell::of(true), Cell{}};
  const std::string schema = schema_of(Part::tuple({Part::cells(cells)}));
  BOOST_TEST(contains(schema, R"("__loader__":"NdArrayNode")"), schema);
  BOOST_TEST(contains(schema, R"("type":"json")"), schema);
  for (const char* text : {R"("content":"\"a\"")", R"("content":"1.5")", R"("content":"2")",
                           R"("content":"true")", R"("content":"null")", R"("content":"5")"}) {
    BOOST_TEST(contains(schema, text), text);
  }
  // As classes they name what they are.
  ObjectBuilder model("sklearn.linear_model._logistic.LogisticRegression");
  model.set("coef_", view(std::vector<double>{1, 1}, 1, 2))
      .set("intercept_", view(std::vector<double>{0}));
  model.set("classes_", Part::cells(std::vector<Cell>{Cell::of(std::string_view("no")),
                                                      Cell::of(std::string_view("yes"))}));
  const std::vector<double> x = {1, 1};
  BOOST_TEST(host().make(model).predict(view(x, 1, 2)).text(0) == "yes");
}

BOOST_AUTO_TEST_CASE(one_part_is_one_object) {
  const Part shared = Part::list({Part::tuple({1})});
  const std::string once = schema_of(Part::tuple({shared, shared}));
  BOOST_TEST(once.ends_with("{\"__id__\":2}]}\n"), once);
  const std::string twice =
      schema_of(Part::tuple({Part::list({Part::tuple({1})}), Part::list({Part::tuple({1})})}));
  BOOST_TEST(!contains(twice, "{\"__id__\":2}]}"), twice);
  // A builder is an object anew each time.
  const ObjectBuilder object("test.Thing");
  BOOST_TEST(!contains(schema_of(Part::tuple({object, object})), "{\"__id__\":2}]}"));
}

BOOST_AUTO_TEST_CASE(the_same_object_gives_the_same_bytes) {
  BOOST_TEST((save_to_memory(host(), linear()) == save_to_memory(host(), linear())));
  BOOST_TEST((host().make(linear()).save_to_memory() == save_to_memory(host(), linear())));
}

// ---- Native models of it.

BOOST_AUTO_TEST_CASE(linear_models) {
  const Model model = host().make(linear());
  BOOST_TEST(model.type() == "sklearn.linear_model._base.LinearRegression");
  BOOST_TEST(predict(model, {2, 1}) == -0.75);
  BOOST_TEST(model.attribute("n_features_in_").integer == 2);
  BOOST_TEST(model.attribute("fit_intercept").integer == 1);
  BOOST_TEST(model.attribute("_sklearn_version").text.starts_with("1."));
  // What is given stays.
  ObjectBuilder other = linear();
  other.set("positive", true).set("intercept_", 1).set("intercept_", 2);
  const Model second = host().make(other);
  BOOST_TEST(second.attribute("positive").integer == 1);
  BOOST_TEST(predict(second, {2, 1}) == 1.0);
}

// An object that says its version gets the parameters of that version, and no others.
BOOST_AUTO_TEST_CASE(versions) {
  const auto attributes = [](const char* version) {
    ObjectBuilder object = linear();
    object.set("_sklearn_version", version);
    return host().make(object).attributes();
  };
  const auto has = [](const std::vector<std::string>& names, const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  BOOST_TEST(!has(attributes("1.2.2"), "tol"));
  BOOST_TEST(!has(attributes("1.6.1"), "tol"));
  BOOST_TEST(has(attributes("1.7.0"), "tol"));
  BOOST_TEST(has(attributes("2.0"), "tol"));
  BOOST_TEST(has(attributes("1.2.2"), "fit_intercept"));
  BOOST_TEST(!has(attributes("1.1"), "fit_intercept"));
  BOOST_TEST(!has(attributes("new"), "fit_intercept"));
}

BOOST_AUTO_TEST_CASE(trees_and_forests) {
  const Stump stump;
  const Model tree = host().make(stump.regressor());
  BOOST_TEST(predict(tree, {1}) == 10);
  BOOST_TEST(predict(tree, {1.5}) == 20);
  ObjectBuilder forest("sklearn.ensemble._forest.RandomForestRegressor");
  const Part shared = stump.regressor();
  forest.set("estimators_", Part::list({shared, stump.regressor(), shared})).set("n_outputs_", 1);
  const Model model = host().make(forest);
  BOOST_TEST(predict(model, {1}) == 10);
  BOOST_TEST(model.attribute("n_estimators").integer == 3);
  const std::string schema = schema_of(forest);
  const std::size_t at = schema.find(R"("estimator":{"__id__":)");
  BOOST_TEST_REQUIRE(at != schema.npos);
  BOOST_TEST(contains(schema.substr(at, 60), R"(,"__class__":"DecisionTreeRegressor")"), schema);
  // Trees that only the forest reads are completed too.
  BOOST_TEST(model.attribute("criterion", model.attribute("estimators_[1]").node).text ==
             "squared_error");
}

BOOST_AUTO_TEST_CASE(pipelines) {
  ObjectBuilder scaler("sklearn.preprocessing._data.StandardScaler");
  scaler.set("mean_", view(std::vector<double>{1, 2}))
      .set("scale_", view(std::vector<double>{2, 4}));
  ObjectBuilder pipeline("sklearn.pipeline.Pipeline");
  pipeline.set("steps",
               Part::list({Part::tuple({"scale", scaler}), Part::tuple({"fit", linear()})}));
  const Model model = host().make(pipeline);
  BOOST_TEST(predict(model, {3, 10}) == 0.5 * 1 - 2 * 2 + 0.25);
  BOOST_TEST(model.attribute("with_mean", model.attribute("steps[0][1]").node).integer == 1);
}

// Whatever no plugin builds is written as it is given, with what is native in it completed.
BOOST_AUTO_TEST_CASE(classes_without_native_code) {
  ObjectBuilder unknown("my.models.Thing");
  unknown.set("inner", linear()).set("numbers", view(std::vector<double>{1}));
  const Model model = host().make(unknown);
  BOOST_TEST(model.methods().empty());
  BOOST_TEST(model.attribute("copy_X", model.attribute("inner").node).integer == 1);
  BOOST_TEST(!model.has_attribute("_sklearn_version"));
  ObjectBuilder empty("my.models.Empty");
  BOOST_TEST(!contains(schema_of(empty), "content"));
}

// ---- What is refused.

BOOST_AUTO_TEST_CASE(parts_that_no_file_holds) {
  BOOST_TEST(code_of([] { ObjectBuilder("LinearRegression"); }) == "make.name");
  BOOST_TEST(code_of([] { ObjectBuilder(""); }) == "make.name");
  BOOST_TEST(code_of([] { ObjectBuilder("a."); }) == "make.name");
  BOOST_TEST(code_of([] { Part::type(".a"); }) == "make.name");
  BOOST_TEST(code_of([] { Part("\xff"); }) == "make.text");
  BOOST_TEST(code_of([] { Part::json("1,"); }) == "make.text");
  BOOST_TEST(code_of([] { Part::json(""); }) == "make.text");
  BOOST_TEST(code_of([] { Part::json("{\"a\":1,\"a\":2}"); }) == "make.text");
  BOOST_TEST(code_of([] { linear().set("", 1); }) == "make.field");
  BOOST_TEST(code_of([] { linear().set("\xff", 1); }) == "make.text");
  BOOST_TEST(code_of([] { Part::array(std::vector<double>{1, 2}, {3}); }) == "make.shape");
  BOOST_TEST(code_of([] { Part::array(std::vector<double>{}, {-1}); }) == "make.shape");
  BOOST_TEST(code_of([] {
               Part::array(std::vector<double>{}, {1 << 30, 1 << 30, 1 << 30});
             }) == "make.shape");
  BOOST_TEST(code_of([] {
               Part::array(std::vector<double>{1}, std::vector<std::int64_t>(65, 1));
             }) == "make.shape");
  BOOST_TEST(code_of([] { Part(view(static_cast<const double*>(nullptr), 3)); }) == "make.array");
  BOOST_TEST(
      code_of([] { Part(view(static_cast<const double*>(nullptr), std::size_t{1} << 40)); }) != "");
  const std::vector<double> some(6);
  ArrayView odd = view(some.data(), 2);
  odd.dtype = {'O', 8};
  BOOST_TEST(code_of([&] { Part{odd}; }) == "make.array");
  BOOST_TEST(code_of([&] { Part::records({{"a", odd}}); }) == "");  // found when it is written
  odd.dtype = {'x', 8};
  BOOST_TEST(code_of_save(Part::tuple({odd})) == "make.dtype");
  BOOST_TEST(code_of([] { Part::dict({{true, 1}}); }) == "make.key");
  BOOST_TEST(code_of([] { Part::dict({{nullptr, 1}}); }) == "make.key");
  BOOST_TEST(code_of([] { Part::dict({{Part::tuple({}), 1}}); }) == "make.key");
  BOOST_TEST(code_of([] { Part::dict({{1, 1}, {"1", 1}}); }) == "make.key");
  const std::vector<double> two(2), three(3);
  BOOST_TEST(code_of([&] {
               Part::records({{"a", view(two)}, {"b", view(three)}});
             }) == "make.shape");
  BOOST_TEST(code_of([&] { Part::records({{"a", view(two)}, {"a", view(two)}}); }) == "make.array");
  BOOST_TEST(code_of([&] { Part::records({}); }) == "make.array");
  BOOST_TEST(code_of_save(Part::tuple({Part::records({{"it's", view(two)}})})) == "make.dtype");
  BOOST_TEST(code_of([] { Part::cells(std::vector<Cell>{{.kind = Cell::Kind::missing}}); }) ==
             "make.array");
  BOOST_TEST(code_of([] {
               Part deep = 1;
               for (int k = 0; k < 10000; ++k) deep = Part::list({deep});
             }) == "make.depth");
  BOOST_TEST(code_of_save(ObjectBuilder("a\nb.c")) == "graph.name");
}

BOOST_AUTO_TEST_CASE(fields_of_loaders) {
  BOOST_TEST(code_of_save(ObjectBuilder("a.B", "NoNode")) == "make.loader");
  BOOST_TEST(code_of_save(ObjectBuilder("numpy.ndarray", "NdArrayNode")) == "make.field");
  BOOST_TEST(code_of_save(ObjectBuilder("sklearn.tree._tree.Tree", "TreeNode")) == "make.field");
  BOOST_TEST(code_of_save(ObjectBuilder("sklearn.tree._tree.Tree", "TreeNode").set("a", 1)) ==
             "make.field");
  BOOST_TEST(code_of_save(ObjectBuilder("a.B").field("__reduce__.args", 1)) == "make.field");
  BOOST_TEST(code_of_save(ObjectBuilder("a.B").field("content", 1).set("a", 1)) == "make.field");
  BOOST_TEST(code_of_save(ObjectBuilder("builtins.list", "ListNode").set("a", 1)) == "make.field");
  BOOST_TEST(code_of_save(ObjectBuilder("builtins.list", "ListNode").field("content", 1)) ==
             "make.field");
  BOOST_TEST(code_of_save(ObjectBuilder("builtins.bytes", "BytesNode").field("file", 1)) ==
             "make.field");
  // All that loaders have can be filled.
  BOOST_TEST(
      code_of_save(ObjectBuilder("builtins.list", "ListNode").field("content", Part::list({1}))) ==
      "");
  BOOST_TEST(
      code_of_save(ObjectBuilder("builtins.slice", "SliceNode")
                       .field("content", Part::json(R"({"start":1,"stop":null,"step":2})"))) == "");
  BOOST_TEST(code_of_save(ObjectBuilder("functools.partial", "PartialNode")
                              .field("content.func", Part::function("numpy.log1p"))
                              .field("content.args", Part::tuple({}))
                              .field("content.kwds", Part::dict({}))
                              .field("content.namespace", nullptr)) == "");
  BOOST_TEST(code_of_save(ObjectBuilder("a.B").field("content", Part::tuple({1}))) == "");
}

BOOST_AUTO_TEST_CASE(numbers_that_do_not_fit_together) {
  BOOST_TEST(code_of_save(ObjectBuilder("sklearn.linear_model._base.LinearRegression")) ==
             "model.unfitted");
  BOOST_TEST(code_of([] {
               host().make(
                   ObjectBuilder("sklearn.linear_model._base.LinearRegression").set("coef_", 1));
             }) == "model.malformed");
  BOOST_TEST(code_of_save(linear().set("n_features_in_", 3)) == "model.malformed");
  BOOST_TEST(code_of_save(linear().set("intercept_", view(std::vector<double>{1, 2, 3}))) ==
             "model.malformed");
  Stump stump;
  stump.left[0] = 5;
  BOOST_TEST(code_of_save(stump.regressor()) == "model.malformed");
  stump.left[0] = 0;
  BOOST_TEST(code_of_save(stump.regressor()) == "model.malformed");
  stump = {};
  stump.feature[0] = 1;
  BOOST_TEST(code_of_save(stump.regressor()) == "model.malformed");
  BOOST_TEST(code_of_save(Stump().tree().set("values", Part::array(Stump().values, {3, 1}))) ==
             "model.malformed");
}

BOOST_AUTO_TEST_CASE(denied_names_and_lost_files) {
  BOOST_TEST(code_of([] { host().make(linear(), Policy().deny("sklearn.linear_model.*")); }) ==
             "trust.denied");
  BOOST_TEST(code_of([] { save(host(), linear(), "/nonexistent/folder/model.skops"); }) ==
             "file.write");
}
