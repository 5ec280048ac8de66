// One element of any array as a cell: numbers keep their value.
#include "skops/sdk/input.hpp"

#include <boost/test/unit_test.hpp>

using namespace skops::sdk;

namespace {

template <class T>
skops_cell cell_of(T value) {
  const skops_array array = {sizeof array, &value, &dtype_of<T>, 0, nullptr, nullptr};
  std::string arena;
  return cell_at(ArrayView(&array), reinterpret_cast<const char*>(&value), arena);
}

}  // namespace

BOOST_AUTO_TEST_CASE(integers_beyond_63_bits_are_reals) {
  BOOST_TEST(cell_of(std::uint64_t{1} << 63).kind == SKOPS_CELL_REAL);
  BOOST_TEST(cell_of(UINT64_MAX).as.real == 0x1p64);
  BOOST_TEST(cell_of((std::uint64_t{1} << 63) - 1).kind == SKOPS_CELL_INTEGER);
  BOOST_TEST(cell_of((std::uint64_t{1} << 63) - 1).as.integer == INT64_MAX);
  BOOST_TEST(cell_of(INT64_MIN).as.integer == INT64_MIN);
}

BOOST_AUTO_TEST_CASE(other_numbers_keep_their_kind) {
  BOOST_TEST(cell_of(true).kind == SKOPS_CELL_BOOL);
  BOOST_TEST(cell_of(std::int8_t{-3}).as.integer == -3);
  BOOST_TEST(cell_of(std::uint16_t{65535}).as.integer == 65535);
  BOOST_TEST(cell_of(1.5f).as.real == 1.5);
}
