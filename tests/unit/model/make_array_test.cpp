// Arrays are described by plugins from what a file says: every element must lie in the memory of a
// member or in memory of the host.
#include <boost/test/unit_test.hpp>
#include <limits>

#include "skops/error.hpp"
#include "unit/model/test_load.hpp"

using namespace skops;
using namespace skops_test;

namespace {

constexpr skops_dtype real = {sizeof(skops_dtype), 'f', 0, 8, 0, nullptr};

// A member of 8 rows of 4 numbers.
struct Inside {
  TestLoad load{list_node({json_node("1")}), {}, {{"0.npy", std::string(256, 'd')}}};
  const skops_host& host = load.host();
  skops_context* context = load.context();
  skops_bytes bytes{};

  Inside() { BOOST_REQUIRE(host.member(context, str("0.npy"), &bytes) == SKOPS_OK); }

  // The status of an array that begins so many bytes behind the start of the member.
  skops_status make(std::int64_t at, std::vector<std::int64_t> shape,
                    std::vector<std::int64_t> strides, const skops_dtype& dtype = real) {
    const skops_array array = {sizeof(skops_array), bytes.data + at, &dtype,
                               shape.size(),        shape.data(),    strides.data()};
    skops_value value = 0;
    return host.make_array(context, &array, &value);
  }
};

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max(),
                       least = std::numeric_limits<std::int64_t>::min();

}  // namespace

BOOST_FIXTURE_TEST_CASE(arrays_inside, Inside) {
  BOOST_TEST(make(0, {8, 4}, {32, 8}) == SKOPS_OK);
  BOOST_TEST(make(0, {8, 4}, {8, 64}) == SKOPS_OK);
  BOOST_TEST(make(248, {}, {}) == SKOPS_OK);
  BOOST_TEST(make(224, {8}, {-32}) == SKOPS_OK);
  BOOST_TEST(make(0, {1000, 1000}, {0, 0}) == SKOPS_OK);  // one element, repeated
  BOOST_TEST(make(256, {0}, {8}) == SKOPS_OK);
  BOOST_TEST(make(5000, {0, most}, {most, most}) == SKOPS_OK);  // no element lies anywhere
}

BOOST_FIXTURE_TEST_CASE(arrays_that_lead_out, Inside) {
  BOOST_TEST(make(0, {8, 5}, {32, 8}) == SKOPS_PLUGIN);
  BOOST_TEST(make(0, {9, 4}, {32, 8}) == SKOPS_PLUGIN);
  BOOST_TEST(make(8, {8, 4}, {32, 8}) == SKOPS_PLUGIN);
  BOOST_TEST(make(-8, {1}, {8}) == SKOPS_PLUGIN);
  BOOST_TEST(make(249, {}, {}) == SKOPS_PLUGIN);
  BOOST_TEST(make(0, {2}, {-8}) == SKOPS_PLUGIN);
  BOOST_TEST(make(0, {2}, {most}) == SKOPS_PLUGIN);
  BOOST_TEST(make(0, {2}, {least}) == SKOPS_PLUGIN);
  BOOST_TEST(make(0, {2, 2, 2}, {most, most, most}) == SKOPS_PLUGIN);
  BOOST_TEST(make(0, {-1}, {8}) == SKOPS_PLUGIN);
  BOOST_TEST(make(0, {2, least}, {8, 8}) == SKOPS_PLUGIN);
  // 2^61 numbers of 8 bytes: the size wraps to 0.
  BOOST_TEST(make(0, {std::int64_t{1} << 61}, {0}) == SKOPS_LIMIT);
  BOOST_TEST(make(0, {std::int64_t{1} << 31, std::int64_t{1} << 31}, {0, 0}) == SKOPS_LIMIT);
}

BOOST_FIXTURE_TEST_CASE(arrays_elsewhere, Inside) {
  double own[4] = {};
  std::int64_t shape = 4, stride = 8;
  skops_array array = {sizeof(skops_array), own, &real, 1, &shape, &stride};
  skops_value value = 0;
  BOOST_TEST(host.make_array(context, &array, &value) == SKOPS_PLUGIN);
  array.data = nullptr;
  BOOST_TEST(host.make_array(context, &array, &value) == SKOPS_PLUGIN);
  void* memory = nullptr;
  BOOST_REQUIRE(host.allocate(context, 32, &memory) == SKOPS_OK);
  array.data = memory;
  BOOST_TEST(host.make_array(context, &array, &value) == SKOPS_OK);
  shape = 5;
  BOOST_TEST(host.make_array(context, &array, &value) == SKOPS_PLUGIN);
}

BOOST_FIXTURE_TEST_CASE(incomplete_arrays, Inside) {
  std::int64_t shape = 4, stride = 8;
  skops_value value = 0;
  const skops_array whole = {sizeof(skops_array), bytes.data, &real, 1, &shape, &stride};
  const auto status = [&](skops_array array) { return host.make_array(context, &array, &value); };
  skops_array array = whole;
  BOOST_TEST(status(array) == SKOPS_OK);
  array.size = 8;
  BOOST_TEST(status(array) == SKOPS_PLUGIN);
  array = whole;
  array.dtype = nullptr;
  BOOST_TEST(status(array) == SKOPS_PLUGIN);
  array = whole;
  array.shape = nullptr;
  BOOST_TEST(status(array) == SKOPS_PLUGIN);
  array = whole;
  array.strides = nullptr;
  BOOST_TEST(status(array) == SKOPS_PLUGIN);
  array = whole;
  array.ndim = 65;
  BOOST_TEST(status(array) == SKOPS_LIMIT);
  array.ndim = ~std::uint64_t{0};
  BOOST_TEST(status(array) == SKOPS_LIMIT);
  const skops_csr csr = {sizeof(skops_csr), 1, 1, nullptr, nullptr, nullptr};
  BOOST_TEST(host.make_sparse(context, &csr, &value) == SKOPS_PLUGIN);
}

BOOST_FIXTURE_TEST_CASE(records, Inside) {
  skops_field field = {sizeof(skops_field), str("left"), 0, &real};
  const skops_field* fields[] = {&field, nullptr};
  skops_dtype record = {sizeof(skops_dtype), 'V', 0, 16, 1, fields};
  BOOST_TEST(make(0, {16}, {16}, record) == SKOPS_OK);
  field.offset = 8;
  BOOST_TEST(make(0, {16}, {16}, record) == SKOPS_OK);
  field.offset = 9;
  BOOST_TEST(make(0, {16}, {16}, record) == SKOPS_PLUGIN);
  field.offset = ~std::uint64_t{0} - 3;
  BOOST_TEST(make(0, {16}, {16}, record) == SKOPS_PLUGIN);
  field.offset = 0;
  record.n_fields = 2;
  BOOST_TEST(make(0, {16}, {16}, record) == SKOPS_PLUGIN);
  record.n_fields = ~std::uint64_t{0};
  BOOST_TEST(make(0, {16}, {16}, record) == SKOPS_LIMIT);
  record.n_fields = 1;
  record.fields = nullptr;
  BOOST_TEST(make(0, {16}, {16}, record) == SKOPS_PLUGIN);
  record.fields = fields;
  record.itemsize = 5000;
  BOOST_TEST(make(0, {1}, {16}, record) == SKOPS_LIMIT);
}
