// The standing list, and operators that are given names.
#include "trust/refused_names.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "skops/error.hpp"
#include "skops/policy.hpp"

using namespace skops;
namespace data = boost::unit_test::data;

// The compiled list is the table: each row is found, with its own reason.
BOOST_AUTO_TEST_CASE(every_row_of_the_table_is_refused_with_its_reason) {
  std::ifstream in(SKOPS_TEST_DATA "/../core/trust/refused_names.tsv");
  std::string line;
  std::size_t rows = 0;
  while (std::getline(in, line)) {
    const std::size_t tab = line.find('\t');
    BOOST_REQUIRE(tab != line.npos);
    std::string name = line.substr(0, tab);
    const std::string reason = line.substr(tab + 1);
    BOOST_TEST(reason.size() > 5u);
    if (name.ends_with(".*")) {
      name.resize(name.size() - 2);
      BOOST_TEST(refused_reason(name + ".x") == reason);
      BOOST_TEST(refused_reason(name + ".x.y.Z") == reason);
      BOOST_TEST(refused_reason(name + "_x.y") == "");
    } else {
      BOOST_TEST(refused_reason(name) == reason);
      BOOST_TEST(refused_reason(name + "x") == "");
    }
    ++rows;
  }
  BOOST_TEST(rows > 190u);
}

BOOST_DATA_TEST_CASE(what_people_ask_about_is_refused, data::make({"builtins.eval",
                                                                   "builtins.exec",
                                                                   "builtins.__import__",
                                                                   "os.system",
                                                                   "posix.system",
                                                                   "subprocess.Popen",
                                                                   "importlib.import_module",
                                                                   "importlib.util.find_spec",
                                                                   "pickle.loads",
                                                                   "_pickle.loads",
                                                                   "marshal.loads",
                                                                   "dill.loads",
                                                                   "cloudpickle.loads",
                                                                   "joblib.load",
                                                                   "runpy.run_path",
                                                                   "_operator.methodcaller",
                                                                   "types.FunctionType",
                                                                   "code.interact",
                                                                   "skops.io.load",
                                                                   "libskops.io.load",
                                                                   "torch.load",
                                                                   "yaml.load"}),
                     name) {
  BOOST_TEST(refused_reason(name) != "");
}

BOOST_DATA_TEST_CASE(names_with_two_underscores_are_refused,
                     data::make({"a.b.__getitem__", "a.__builtins__", "collections.X.__init__"}),
                     name) {
  BOOST_TEST(refused_reason(name) != "");
}
BOOST_DATA_TEST_CASE(names_with_fewer_are_not,
                     data::make({"a.__b", "a.b__", "__main__.A", "a.__b__.C", "a._b_"}), name) {
  BOOST_TEST(refused_reason(name) == "");
}

BOOST_DATA_TEST_CASE(methods_that_do_what_is_refused,
                     data::make({"__getattribute__", "__reduce__", "__call__", "eval", "load",
                                 "loads", "exec", "open", "query", "tofile", "to_pickle", "apply",
                                 "agg", "aggregate", "transform", "to.__dict__"}),
                     name) {
  BOOST_TEST(refused_method_reason(name) != "");
}
BOOST_DATA_TEST_CASE(methods_that_do_not,
                     data::make({"round", "lower", "fit", "predict", "evaluate", "__private",
                                 "loaded", "sum"}),
                     name) {
  BOOST_TEST(refused_method_reason(name) == "");
}
// Nothing is on both lists, and nothing that people know to call, to read or to write.
BOOST_AUTO_TEST_CASE(harmless_methods_are_on_no_other_list) {
  std::ifstream in(SKOPS_TEST_DATA "/../core/trust/harmless_methods.tsv");
  std::string line;
  std::size_t rows = 0;
  while (std::getline(in, line)) {
    const std::string method = line.substr(0, line.find('\t'));
    BOOST_TEST(harmless_method(method), method);
    BOOST_TEST(refused_method_reason(method) == "", method);
    ++rows;
  }
  BOOST_TEST(rows > 80u);
  for (const char* other :
       {"",        "pipe",       "map",    "apply", "sort",     "format", "format_map",
        "to_csv",  "to_parquet", "tofile", "dump",  "dumps",    "assign", "rename",
        "replace", "open",       "write",  "view",  "setflags", "put",    "fill",
        "fit",     "predict",    "decode", "lowe",  "lower ",   "Lower",  "__len__"}) {
    BOOST_TEST(!harmless_method(other), other);
  }
}
BOOST_DATA_TEST_CASE(attributes_that_reach_around,
                     data::make({"__class__", "a.__globals__", "__dict__.x", "a.b.__builtins__.c"}),
                     name) {
  BOOST_TEST(refused_attribute_reason(name) != "");
}
BOOST_DATA_TEST_CASE(attributes_that_do_not, data::make({"real", "a.b", "_x", "eval", "__x"}),
                     name) {
  BOOST_TEST(refused_attribute_reason(name) == "");
}
