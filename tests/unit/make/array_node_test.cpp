// Arrays as plugins describe them through the ABI.
#include "make/array_node.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>

#include "skops/error.hpp"
#include "skops/limits.hpp"

using namespace skops;

namespace {

constexpr skops_dtype dtype(char kind, std::uint64_t size, std::uint32_t swapped = 0) {
  return {sizeof(skops_dtype), static_cast<std::uint32_t>(kind), swapped, size, 0, nullptr};
}

std::string header(const skops_array& array) {
  const auto bytes = npy_bytes(array);
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return text.substr(10, text.find(" 'fortran_order'") - 11);
}

std::string code_of(const skops_array& array, bool scalar = false) {
  const LoaderTable loaders;
  const Limits limits;
  Draft draft(loaders, limits);
  try {
    array_node(draft, array, scalar);
  } catch (const Error& error) {
    return error.code();
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_CASE(records_with_gaps_and_other_orders) {
  const skops_dtype f8 = dtype('f', 8), i4 = dtype('i', 4, 1), u1 = dtype('u', 1);
  const skops_field a{sizeof a, {"a", 1}, 4, &f8}, b{sizeof b, {"b", 1}, 12, &i4},
      c{sizeof c, {"c", 1}, 20, &u1};
  const skops_field* fields[] = {&a, &b, &c};
  skops_dtype record = dtype('V', 24);
  record.n_fields = 3;
  record.fields = fields;
  const std::int64_t shape[] = {2}, strides[] = {24};
  char data[48] = {};
  const skops_array array{sizeof array, data, &record, 1, shape, strides};
  BOOST_TEST(header(array) ==
             "{'descr': [('', '|V4'), ('a', '<f8'), ('b', '>i4'), ('', '|V4'), "
             "('c', '|u1'), ('', '|V3')]");
  skops_field overlapping = b;
  overlapping.offset = 11;
  fields[1] = &overlapping;
  BOOST_TEST(code_of(array) == "make.array");
  skops_field outside = b;
  outside.offset = ~std::uint64_t{0};
  fields[1] = &outside;
  BOOST_TEST(code_of(array) == "make.array");
}

BOOST_AUTO_TEST_CASE(descriptions_that_make_no_sense) {
  const skops_dtype f8 = dtype('f', 8);
  const double number = 1;
  std::int64_t shape[] = {1, 1}, strides[] = {8, 8};
  const auto array = [&](const skops_dtype& d, std::uint64_t ndim = 2) {
    return skops_array{sizeof(skops_array), &number, &d, ndim, shape, strides};
  };
  BOOST_TEST(code_of(array(f8)) == "");
  BOOST_TEST(code_of(array(f8), true) == "make.array");
  BOOST_TEST(code_of(array(f8, 0), true) == "");
  BOOST_TEST(code_of(array(f8, 65)) == "make.array");
  for (const auto& [kind, size] : {std::pair('f', 16),
                                   {'f', 3},
                                   {'i', 16},
                                   {'M', 8},
                                   {'m', 8},
                                   {'x', 1},
                                   {'U', 3},
                                   {'V', 8}}) {
    const skops_dtype odd = dtype(kind, static_cast<std::uint64_t>(size));
    BOOST_TEST(code_of(array(odd, 0)) == "make.dtype", kind << size);
  }
  shape[0] = -1;
  BOOST_TEST(code_of(array(f8)) == "make.array");
  shape[0] = std::int64_t{1} << 40;
  shape[1] = std::int64_t{1} << 40;
  BOOST_TEST(code_of(array(f8)) == "make.array");
  shape[0] = shape[1] = 1;
  skops_array none = array(f8);
  none.data = nullptr;
  BOOST_TEST(code_of(none) == "make.array");
  none = array(f8);
  none.strides = nullptr;
  BOOST_TEST(code_of(none) == "make.array");
  none = array(f8);
  none.dtype = nullptr;
  BOOST_TEST(code_of(none) == "make.array");
  const skops_dtype cells = dtype('O', sizeof(skops_cell));
  BOOST_TEST(code_of(array(cells, 0)) == "make.dtype");
  BOOST_TEST(code_of(array(dtype('O', 8), 1)) == "make.array");
  shape[0] = std::int64_t{1} << 45;
  shape[1] = 0;
  BOOST_TEST(code_of(array(cells)) != "");  // that many empty rows
}

BOOST_AUTO_TEST_CASE(swapped_texts_and_bytes) {
  const std::int64_t shape[] = {1}, strides[] = {8};
  const char data[8] = {};
  const skops_dtype u = dtype('U', 8, 1), s = dtype('S', 8), none = dtype('U', 0);
  BOOST_TEST(header({sizeof(skops_array), data, &u, 1, shape, strides}) == "{'descr': '>U2'");
  BOOST_TEST(header({sizeof(skops_array), data, &s, 1, shape, strides}) == "{'descr': '|S8'");
  BOOST_TEST(header({sizeof(skops_array), data, &none, 1, shape, strides}) == "{'descr': '<U0'");
}
