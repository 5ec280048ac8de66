// Each limit can be lowered by the one who loads, and is then what a real file runs into. Nothing
// here is a bomb: the files are honest, the limits are not.
#define BOOST_TEST_MODULE limits
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>

#include "skops/skops.hpp"

namespace {

using skops::Limits;

struct Lowered {
  const char* name;
  std::uint64_t Limits::*limit;
  std::uint64_t value;
  const char* model;
};
std::ostream& operator<<(std::ostream& out, const Lowered& lowered) {
  return out << lowered.name;
}

const Lowered table[] = {
    {"file_bytes", &Limits::file_bytes, 1000, "sk19/LinearRegression-default"},
    {"schema_bytes", &Limits::schema_bytes, 1000, "sk19/LinearRegression-default"},
    {"members", &Limits::members, 2, "sk19/LinearRegression-default"},
    {"json_depth", &Limits::json_depth, 3, "sk19/LinearRegression-default"},
    {"json_values", &Limits::json_values, 20, "sk19/LinearRegression-default"},
    {"nodes", &Limits::nodes, 5, "sk19/LinearRegression-default"},
    {"string_bytes", &Limits::string_bytes, 4, "sk19/LinearRegression-default"},
    {"array_rank", &Limits::array_rank, 1, "sk19/LogisticRegression-three"},
    {"npy_header_bytes", &Limits::npy_header_bytes, 50, "sk19/LinearRegression-default"},
    {"item_bytes", &Limits::item_bytes, 7, "sk19/LinearRegression-default"},
    {"object_cells", &Limits::object_cells, 1, "sk19/LogisticRegression-object-labels"},
    {"nesting", &Limits::nesting, 2, "sk19/Pipeline-scaler-logistic"},
    {"work_per_row", &Limits::work_per_row, 1, "sk19/SVC-rbf"},
};

std::string path_of(const char* model) {
  return std::string(SKOPS_TEST_DATA "/data/") + model + "/model.skops";
}

}  // namespace

BOOST_DATA_TEST_CASE(a_lowered_limit_is_met, boost::unit_test::data::make(table), lowered) {
  static const skops::Host host;
  BOOST_TEST(host.load(path_of(lowered.model)).unavailable() == "");
  Limits limits;
  limits.*lowered.limit = lowered.value;
  BOOST_CHECK_EXCEPTION(host.load(skops::File::open(path_of(lowered.model), limits)), skops::Error,
                        [&](const skops::Error& error) {
                          BOOST_TEST(error.what() != nullptr);
                          return error.family() == skops::Family::limit &&
                                 error.code() == std::string("limit.") + lowered.name;
                        });
}

// What a file only says is charged before anything of that size is made, whatever is wrong with the
// file besides.
BOOST_DATA_TEST_CASE(a_claim_of_a_file_is_charged,
                     boost::unit_test::data::make({"linear-claims-targets",
                                                   "histogram-claims-features",
                                                   "tree-claims-outputs", "forest-claims-outputs"}),
                     file) {
  static const skops::Host host;
  Limits limits;
  limits.allocated_bytes = std::uint64_t{64} << 20;
  const std::string path = std::string(SKOPS_TEST_DATA "/cases/hostile/found/") + file + ".skops";
  BOOST_CHECK_EXCEPTION(host.load(skops::File::open(path, limits)).unavailable(), skops::Error,
                        [](const skops::Error& error) {
                          return error.code() == std::string("limit.allocated_bytes");
                        });
}
