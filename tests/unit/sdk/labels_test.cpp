// Classes of any dtype: which of them are the same.
#include "skops/sdk/labels.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <ostream>

using namespace skops::sdk;
namespace data = boost::unit_test::data;

namespace {

// Labels of any dtype, one after the other.
Labels labels(char kind, std::size_t itemsize, const std::vector<std::byte>& bytes) {
  const skops_dtype dtype = {sizeof dtype, static_cast<std::uint32_t>(kind), 0, itemsize, 0,
                             nullptr};
  const std::int64_t n = static_cast<std::int64_t>(bytes.size() / itemsize),
                     stride = static_cast<std::int64_t>(itemsize);
  const skops_array array = {sizeof array, bytes.data(), &dtype, 1, &n, &stride};
  return Labels(ArrayView(&array));
}

template <class T>
std::vector<std::byte> bytes_of(std::initializer_list<T> values) {
  std::vector<std::byte> out(values.size() * sizeof(T));
  std::memcpy(out.data(), values.begin(), out.size());
  return out;
}

struct Row {
  const char* name;
  char kind;
  std::size_t itemsize;
  std::vector<std::byte> bytes;  // of two labels, the numbers 1 and 2 or others
  bool numbers;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.name;
}

const std::vector<Row> rows = {
    {"float16", 'f', 2, bytes_of<std::uint16_t>({0x3c00, 0x4000}), true},
    {"float32", 'f', 4, bytes_of<float>({1, 2}), true},
    {"longdouble", 'f', 16, bytes_of<long double>({1, 2}), true},
    {"uint8", 'u', 1, bytes_of<std::uint8_t>({1, 2}), true},
    {"bytes", 'S', 2, bytes_of<char>({'a', 0, 'b', 0}), false},
    {"complex64", 'c', 8, bytes_of<float>({1, 0, 2, 0}), false},
    {"datetime64", 'M', 8, bytes_of<std::int64_t>({1, 2}), false},
    {"texts", 'U', 4, bytes_of<std::uint32_t>({'a', 'b'}), false},
};

}  // namespace

BOOST_DATA_TEST_CASE(each_label_is_itself_alone, data::make(rows), row) {
  const Labels these = labels(row.kind, row.itemsize, row.bytes);
  const Labels numbers = labels('i', 8, bytes_of<std::int64_t>({1, 2}));
  BOOST_TEST_REQUIRE(these.size() == 2u);
  for (std::size_t k = 0; k < 2; ++k) {
    for (std::size_t j = 0; j < 2; ++j) {
      BOOST_TEST(these.same(k, these, j) == (k == j));
      BOOST_TEST(these.same(k, numbers, j) == (row.numbers && k == j));
      BOOST_TEST(numbers.same(k, these, j) == (row.numbers && k == j));
    }
    if (row.numbers) BOOST_TEST(these.number(k) == static_cast<double>(k + 1));
  }
}

BOOST_AUTO_TEST_CASE(a_python_none_is_not_zero) {
  skops_cell cells[2] = {};
  cells[0].kind = SKOPS_CELL_NONE;
  cells[1].kind = SKOPS_CELL_INTEGER;
  std::vector<std::byte> bytes(sizeof cells);
  std::memcpy(bytes.data(), cells, sizeof cells);
  const Labels these = labels('O', sizeof(skops_cell), bytes);
  BOOST_TEST(these.same(0, these, 0));
  BOOST_TEST(!these.same(0, these, 1));
  BOOST_TEST(these.same(1, these, 1));
}
