// One opened file serves many loads, one after the other and at once: each has the limits for
// itself.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <thread>
#include <vector>

#include "skops/skops.hpp"

namespace {

const std::filesystem::path model =
    std::filesystem::path(SKOPS_TEST_DATA) / "data/sk19/RandomForestClassifier-strings/model.skops";

// The least allocation that one load needs, found by trying; larger than what opening needs.
std::uint64_t least_allocation(const skops::Host& host) {
  std::uint64_t low = 0, high = std::uint64_t{1} << 24;
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    skops::Limits limits;
    limits.allocated_bytes = middle;
    try {
      host.load(skops::File::open(model, limits));
      high = middle;
    } catch (const skops::Error& error) {
      BOOST_TEST(error.code() == "limit.allocated_bytes");
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

BOOST_AUTO_TEST_CASE(loads_of_one_file_do_not_add_up) {
  const skops::Host host;
  skops::Limits limits;
  limits.allocated_bytes = least_allocation(host);
  BOOST_TEST(limits.allocated_bytes > 0u);
  const skops::File file = skops::File::open(model, limits);
  for (int k = 0; k < 20; ++k) BOOST_TEST(host.load(file).methods().size() > 0u);
}

BOOST_AUTO_TEST_CASE(one_file_is_loaded_by_several_threads) {
  const skops::Host host;
  const skops::File file = skops::File::open(model);
  std::vector<std::string> types(8);
  std::vector<std::thread> threads;
  for (std::string& type : types) {
    threads.emplace_back([&] {
      for (int k = 0; k < 5; ++k) type = host.load(file).type();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& type : types) {
    BOOST_TEST(type == "sklearn.ensemble._forest.RandomForestClassifier");
  }
}
