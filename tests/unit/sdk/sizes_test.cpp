// Sizes that a caller announces: a view whose strides are 0 and a sparse matrix are as large as
// their caller likes and cost nothing, so that no product of sizes may wrap.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>

#include "skops/sdk/output.hpp"
#include "skops/sdk/serializer.hpp"

using namespace skops::sdk;
namespace data = boost::unit_test::data;

namespace {

struct Size {
  std::uint64_t rows, columns;
  const char* code;  // of the refusal
};
std::ostream& operator<<(std::ostream& out, const Size& size) {
  return out << size.rows << " x " << size.columns;
}

// What `body` throws.
template <class Body>
std::string code_of(Body&& body) {
  try {
    body();
  } catch (const Failure& failure) {
    return failure.code;
  } catch (const Reported&) {
    return "reported";
  } catch (const std::bad_alloc&) {
    return "bad_alloc";
  }
  return "";
}

// A CSR matrix of four rows with one entry, whatever it announces.
struct Sparse {
  explicit Sparse(const Size& size) {
    csr = {sizeof csr, size.rows, size.columns, &values, &index, &starts};
    input.size = sizeof input;
    input.kind = SKOPS_INPUT_CSR;
    input.rows = size.rows;
    input.columns = size.columns;
    input.csr = &csr;
  }

  double value = 1;
  std::int64_t column = 1, indptr[5] = {0, 1, 1, 1, 1};
  std::int64_t one = 1, five = 5, stride = 8;
  skops_array values = {sizeof values, &value, &dtype_of<double>, 1, &one, &stride};
  skops_array index = {sizeof index, &column, &dtype_of<std::int64_t>, 1, &one, &stride};
  skops_array starts = {sizeof starts, indptr, &dtype_of<std::int64_t>, 1, &five, &stride};
  skops_csr csr{};
  skops_input input{};
};

// One number that is repeated by strides of 0.
struct Repeated {
  explicit Repeated(const Size& size)
      : shape{static_cast<std::int64_t>(size.rows), static_cast<std::int64_t>(size.columns)} {
    input.size = sizeof input;
    input.kind = SKOPS_INPUT_DENSE;
    input.rows = size.rows;
    input.columns = size.columns;
    input.array = &array;
  }

  float value = 2;
  std::int64_t shape[2], strides[2] = {0, 0};
  skops_array array = {sizeof array, &value, &dtype_of<float>, 2, shape, strides};
  skops_input input{};
};

constexpr std::uint64_t huge = std::uint64_t{1} << 62;

const std::vector<Size> sparse_sizes = {
    {4, 3, ""},
    {4, huge, "input.invalid"},                           // 2^64 wraps to 0
    {4, huge + 1, "input.invalid"},                       // … to 4
    {4, std::uint64_t{1} << 61, "input.invalid"},         // the bytes wrap
    {4, std::uint64_t{1} << 40, "input.invalid"},         // 32 TiB
    {4, (std::uint64_t{1} << 31) + 1, "input.invalid"}};  // 64 GiB and a little
const std::vector<Size> dense_sizes = {
    {4, 3, ""}, {huge, 4, "input.invalid"}, {huge, 5, "input.invalid"}, {4, huge, "input.invalid"}};

}  // namespace

BOOST_DATA_TEST_CASE(a_sparse_matrix_made_dense, data::make(sparse_sizes), size) {
  const Sparse sparse(size);
  BOOST_TEST(code_of([&] {
               const auto rows = to_matrix<double>(Input(&sparse.input), true);
               BOOST_TEST(rows(0, 1) == 1);
             }) == size.code);
}

BOOST_DATA_TEST_CASE(a_view_that_repeats_one_number, data::make(dense_sizes), size) {
  const Repeated repeated(size);
  BOOST_TEST(code_of([&] {
               const auto rows = to_matrix<double>(Input(&repeated.input));
               BOOST_TEST(rows(3, 2) == 2);
             }) == size.code);
}

BOOST_AUTO_TEST_CASE(an_array_of_a_plugin) {
  BOOST_TEST(code_of([] { OwnedArray(dtype_of<double>, {1ll << 62, 4}); }) == "bad_alloc");
  BOOST_TEST(code_of([] { OwnedArray(dtype_of<double>, {4, -1}); }) == "bad_alloc");
  BOOST_TEST(OwnedArray(dtype_of<double>, {4, 3}).bytes.size() == 96u);
}

// Memory that runs out in a step is no fault of the plugin.
BOOST_AUTO_TEST_CASE(a_result_that_no_memory_holds) {
  const auto captured = [](auto&& body) {
    Captured result;
    return code_of([&] { result.fill(body); });
  };
  const auto shape = [](std::size_t rows, std::size_t columns) {
    return [=](Output& out) { out.array<double>({rows, columns}); };
  };
  BOOST_TEST(captured(shape(4, 3)) == "");
  BOOST_TEST(captured(shape(0, huge)) == "");
  BOOST_TEST(captured(shape(huge, 4)) == "limit.memory");
  BOOST_TEST(captured(shape(huge >> 3, 1)) == "limit.memory");
  BOOST_TEST(captured(shape(SIZE_MAX, 1)) == "limit.memory");
  Captured sparse;
  // 2^45 entries of 2^20 bytes each are none.
  const skops_dtype wide = {sizeof wide, 'U', 0, std::uint64_t{1} << 20, 0, nullptr};
  void* bytes = nullptr;
  std::int32_t *indices = nullptr, *indptr = nullptr;
  const skops_status status = sparse.sink()->csr(sparse.sink()->owner, &wide, 1, 1,
                                                 std::uint64_t{1} << 45, &bytes, &indices, &indptr);
  BOOST_TEST(status == SKOPS_LIMIT);
  BOOST_TEST(code_of([&] { sparse.raise(status); }) == "limit.memory");
}

namespace {

struct Throwing final : Estimator {
  static constexpr std::string_view type_name = "Throwing";
  std::vector<Method> methods() const override { return {}; }
  void call(Method, const Input&, const Options&, Output&) const override {}
  std::uint64_t work_per_row() const override { throw std::runtime_error("no"); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_cost_that_throws_is_one) {
  const Held held{std::make_unique<const Throwing>(), {}};
  BOOST_TEST(held_work(&held) == 1u);
}

BOOST_AUTO_TEST_CASE(a_container_that_is_too_long_is_out_of_memory) {
  std::string said;
  const auto fail = [&](skops_status family, skops_string code, skops_string, skops_string) {
    said = std::string(view(code));
    return family;
  };
  std::size_t n = SIZE_MAX / 2;
  BOOST_TEST(guarded(fail, [&] { std::vector<double> none(n); }) == SKOPS_LIMIT);
  BOOST_TEST(said == "limit.memory");
}
