// What a host says of inputs that announce more than memory can hold, before any plugin sees them.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>

#include "model/call.hpp"
#include "model/result_sink.hpp"
#include "skops/error.hpp"
#include "unit/model/test_load.hpp"

using namespace skops;
namespace data = boost::unit_test::data;

namespace {

struct Size {
  std::int64_t rows, columns;
  const char* code;
};
std::ostream& operator<<(std::ostream& out, const Size& size) {
  return out << size.rows << " x " << size.columns;
}

constexpr std::int64_t one = 1;
const std::vector<Size> dense_sizes = {
    {4, 3, "called"},
    {one << 32, 3, "called"},
    {4, one << 31, "called"},
    {(one << 32) + 1, 3, "input.size"},
    {one << 60, 3, "input.size"},
    {4, (one << 31) + 1, "input.size"},
    {4, one << 62, "input.size"},
    {one << 62, 4, "input.size"},
    {INT64_MAX, INT64_MAX, "input.size"},
    {4, -1, "input.size"},
};
const std::vector<Size> sparse_sizes = {
    {4, 3, "called"},
    {4, one << 31, "called"},
    {4, (one << 31) + 1, "input.size"},
    {4, one << 62, "input.size"},
    {4, INT64_MAX, "input.size"},
    {-1, 3, "input.csr"},  // as many rows as a size_t holds
};

// A method that says that it was called.
skops_status said(const void*, const skops_call* call) {
  return call->sink->fail(call->sink->owner, SKOPS_INPUT, {"called", 6}, {"", 0}, {"", 0});
}

constexpr skops_object_type said_type = {
    sizeof(skops_object_type), {"Said", 4}, nullptr, nullptr, &said, nullptr, nullptr};

std::string code_of(const Input& x) {
  skops_test::TestLoad load(skops_test::object_node("Thing"));
  load.on("ObjectNode", "Thing",
          [](const skops_host& host, skops_context* context, skops_node, skops_value* value) {
            return host.make_object(context, &said_type, nullptr, value);
          });
  load.graph().build_root();
  ResultSink sink;
  try {
    call_method(load.graph(), 0, x, {}, 1, sink);
  } catch (const Error& error) {
    BOOST_TEST((error.family() == Family::input));
    return error.code();
  }
  return "nothing";
}

}  // namespace

// One number that is repeated by strides of 0.
BOOST_DATA_TEST_CASE(views_that_cost_nothing, data::make(dense_sizes), size) {
  const double number = 1;
  ArrayView x = view(&number, 1, 1);
  x.shape[0] = size.rows;
  x.shape[1] = size.columns;
  x.strides[0] = x.strides[1] = 0;
  BOOST_TEST(code_of(x) == size.code);
}

// Four rows with one entry.
BOOST_DATA_TEST_CASE(sparse_matrices_that_cost_nothing, data::make(sparse_sizes), size) {
  const double number = 1;
  const std::int64_t column = 1, indptr[] = {0, 1, 1, 1, 1};
  CsrView x;
  x.rows = static_cast<std::size_t>(size.rows);
  x.columns = static_cast<std::size_t>(size.columns);
  x.data = view(&number, 1);
  x.indices = view(&column, 1);
  x.indptr = view(indptr, size.rows < 0 ? 0 : 5);
  BOOST_TEST(code_of(x) == size.code);
}
