// NPY headers, honest and hostile, and the conversion of what stands behind them.
#define BOOST_TEST_MODULE sdk
#include "skops/sdk/npy.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>

using namespace skops::sdk;

namespace {

std::string npy(const std::string& header, std::size_t data, int major = 1) {
  std::string text = "\x93NUMPY";
  text += static_cast<char>(major);
  text += '\0';
  const std::string line = header + "\n";
  for (int k = 0; k < (major == 1 ? 2 : 4); ++k) {
    text += static_cast<char>(line.size() >> (8 * k) & 0xff);
  }
  return text + line + std::string(data, '\1');
}

std::string header(const std::string& descr, const std::string& shape,
                   const char* order = "False") {
  return "{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }   ";
}

Npy read(const std::string& text) {
  return read_npy({reinterpret_cast<const unsigned char*>(text.data()), text.size()});
}

template <class T>
ArrayView view(const std::vector<T>& values, skops_array& raw, std::int64_t& size) {
  static const std::int64_t stride = sizeof(T);
  size = static_cast<std::int64_t>(values.size());
  raw = {sizeof raw, values.data(), &dtype_of<T>, 1, &size, &stride};
  return ArrayView(&raw);
}

template <class To, class From>
bool refuses(const std::vector<From>& values) {
  skops_array raw{};
  std::int64_t size = 0;
  try {
    view(values, raw, size).template to_vector<To>();
    return false;
  } catch (const Failure& failure) {
    return failure.family == SKOPS_MALFORMED;
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(headers_that_numpy_writes_are_read) {
  const Npy plain = read(npy(header("'<f8'", "(2, 3)"), 48));
  BOOST_TEST(plain.size == 6u);
  BOOST_TEST(plain.strides == (std::vector<std::int64_t>{24, 8}), boost::test_tools::per_element());
  const Npy fortran = read(npy(header("'<f8'", "(2, 3)", "True"), 48));
  BOOST_TEST(fortran.strides == (std::vector<std::int64_t>{8, 16}),
             boost::test_tools::per_element());
  BOOST_TEST(read(npy(header("'|b1'", "()"), 1)).size == 1u);
  BOOST_TEST(read(npy(header("'<U3'", "(2,)"), 24)).dtype.itemsize == 12u);
  BOOST_TEST(read(npy(header("'>i4'", "(2,)"), 8)).dtype.swapped == 1u);
  BOOST_TEST(read(npy(header("'<i8'", "(0, 5)"), 0)).size == 0u);
  BOOST_TEST(read(npy(header("'<f8'", "(1,)"), 8, 2)).size == 1u);
  BOOST_TEST(read(npy(header("'<M8[ns]'", "(1,)"), 8)).size == 1u);
  const Npy record = read(npy(header("[('a', '<f8'), ('', '|V4'), ('b', '<i4')]", "(2,)"), 32));
  BOOST_TEST(record.fields.size() == 2u);
  BOOST_TEST(record.fields[1].offset == 12u);
  BOOST_TEST(record.dtype.itemsize == 16u);
}

BOOST_AUTO_TEST_CASE(hostile_headers_are_refused) {
  const std::string good = npy(header("'<f8'", "(1,)"), 8);
  std::string long_header = header("'<f8'", "(1,)") + std::string(70'000, ' ');
  std::string deep = "'<f8'";
  for (int k = 0; k < 1000; ++k) deep = "[('a', " + deep + ")]";
  std::string wide;
  for (int k = 0; k < 65; ++k) wide += "1, ";
  const std::pair<const char*, std::string> table[] = {
      {"empty", ""},
      {"magic only", good.substr(0, 6)},
      {"no header", good.substr(0, 10)},
      {"cut header", good.substr(0, 40)},
      {"short data", good.substr(0, good.size() - 1)},
      {"trailing byte", good + "x"},
      {"version 4", npy(header("'<f8'", "(1,)"), 8, 4)},
      {"version 0", npy(header("'<f8'", "(1,)"), 8, 0)},
      {"pickle", "\x80\x04K\x01."},
      {"archive", "PK\x03\x04"},
      {"huge header", npy(long_header, 8, 2)},
      {"header beyond the member", "\x93NUMPY\x02" + std::string("\0\xff\xff\xff\x7f", 5) + "{"},
      {"terabytes", npy(header("'<f8'", "(1000000000000,)"), 8)},
      {"wrapping shape", npy(header("'<f8'", "(4294967296, 4294967296)"), 0)},
      {"wrapping to the size", npy(header("'<f8'", "(2305843009213693953,)"), 8)},
      {"twenty digits", npy(header("'<f8'", "(99999999999999999999,)"), 8)},
      {"negative", npy(header("'<f8'", "(-1,)"), 8)},
      {"empty of wrapping extents",
       npy(header("'<f8'", "(0, 999999999999999999, 99999999999)"), 0)},
      {"65 dimensions", npy(header("'<f8'", "(" + wide + ")"), 8)},
      {"number for a shape", npy(header("'<f8'", "(1)"), 8)},
      {"expression", npy(header("'<f8'", "(1+0,)"), 8)},
      {"real extent", npy(header("'<f8'", "(1.0,)"), 8)},
      {"leading zero", npy(header("'<f8'", "(01,)"), 8)},
      {"long integer", npy(header("'<f8'", "(1L,)"), 8)},
      {"two commas", npy(header("'<f8'", "(1,,)"), 8)},
      {"list shape", npy(header("'<f8'", "[1]"), 8)},
      {"objects", npy(header("'|O'", "(1,)"), 8)},
      {"objects of 8 bytes", npy(header("'|O8'", "(1,)"), 8)},
      {"objects in a record", npy(header("[('a', '|O8')]", "(1,)"), 8)},
      {"nested record", npy(header("[('a', [('b', '<f8')])]", "(1,)"), 8)},
      {"deep record", npy(header(deep, "(1,)"), 8, 2)},
      {"field twice", npy(header("[('a', '<f4'), ('a', '<f4')]", "(1,)"), 8)},
      {"subarray", npy(header("[('a', '<f4', (2,))]", "(1,)"), 8)},
      {"giant items", npy(header("'<U536870911'", "(0,)"), 0)},
      {"many empty items", npy(header("'|V0'", "(999999999999,)"), 0)},
      {"unknown kind", npy(header("'<x8'", "(1,)"), 8)},
      {"wide integer", npy(header("'<i16'", "(1,)"), 16)},
      {"odd float", npy(header("'<f7'", "(1,)"), 7)},
      {"no byte order", npy(header("'|f8'", "(1,)"), 8)},
      {"native order", npy(header("'=f8'", "(1,)"), 8)},
      {"bare dtype", npy(header("'f8'", "(1,)"), 8)},
      {"comma dtype", npy(header("'<f8,<f8'", "(1,)"), 16)},
      {"duplicate key",
       npy("{'descr': '<f8', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 8)},
      {"fourth key", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'x': 1, }", 8)},
      {"missing key", npy("{'descr': '<f8', 'shape': (1,), }", 8)},
      {"order as number", npy(header("'<f8'", "(1,)", "0"), 8)},
      {"escape", npy(header("'\\x3cf8'", "(1,)"), 8)},
      {"double quotes", npy(header("\"<f8\"", "(1,)"), 8)},
      {"after the header", npy(header("'<f8'", "(1,)") + "#", 8)},
  };
  for (const auto& [name, text] : table) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_CHECK_THROW(read(text), Failure);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_damaged_array_is_read_or_refused) {
  std::mt19937_64 random(20261124);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const std::string honest[] = {npy(header("'<f8'", "(2, 3)"), 48),
                                npy(header("'<U3'", "(2,)"), 24),
                                npy(header("[('a', '<f8'), ('b', '|u1')]", "(2,)"), 18)};
  for (int round = 0; round < 30'000; ++round) {
    std::string text = honest[below(3)];
    for (std::size_t n = 1 + below(3); n > 0; --n) {
      text[below(text.size())] =
          below(2) ? "0123456789()[],' <>|fiuUV"[below(25)] : static_cast<char>(random());
    }
    try {
      const Npy array = read(text);
      BOOST_REQUIRE(array.data + array.size * array.dtype.itemsize == text.data() + text.size());
      const skops_array raw = {sizeof raw,         array.data,         &array.dtype,
                               array.shape.size(), array.shape.data(), array.strides.data()};
      std::size_t seen = 0;
      ArrayView(&raw).each([&](const char* p) {
        BOOST_REQUIRE((p >= array.data && p + array.dtype.itemsize <= text.data() + text.size()));
        ++seen;
      });
      BOOST_REQUIRE(seen == array.size);
    } catch (const Failure&) {
    }
  }
}

BOOST_AUTO_TEST_CASE(integers_are_never_wrapped_or_truncated) {
  const double nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
  for (const double bad : {nan, inf, -inf, 0.5, 1e300, 0x1p63, -0x1.8p63}) {
    BOOST_TEST_CONTEXT(bad) {
      BOOST_TEST((refuses<std::int64_t, double>({1, bad})));
    }
  }
  BOOST_TEST((!refuses<std::int64_t, double>({1, -0x1p63, -0.0, 0x1p62})));
  BOOST_TEST((refuses<std::int32_t, double>({0x1p31})));
  BOOST_TEST((!refuses<std::int32_t, double>({-0x1p31, 0x1p31 - 1})));
  BOOST_TEST((refuses<std::uint8_t, double>({256})));
  BOOST_TEST((refuses<std::uint8_t, double>({-1})));
  BOOST_TEST((!refuses<std::uint64_t, double>({0x1p63})));
  BOOST_TEST((refuses<std::uint64_t, double>({0x1p64})));
  BOOST_TEST((refuses<std::int32_t, std::int64_t>({(std::int64_t{1} << 32) + 1})));
  BOOST_TEST((refuses<std::uint32_t, std::int64_t>({-1})));
  BOOST_TEST((refuses<std::int64_t, std::uint64_t>({std::uint64_t{1} << 63})));
  BOOST_TEST((!refuses<std::int8_t, std::int64_t>({-128, 127})));
  BOOST_TEST((refuses<std::int8_t, std::int64_t>({128})));
  BOOST_TEST((!refuses<float, double>({1e300, nan})));
}
