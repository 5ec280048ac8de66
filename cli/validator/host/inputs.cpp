#include "validator/host/inputs.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include "validator/host/content.hpp"

namespace skops_validator {
namespace {

constexpr std::int64_t rows = 3;

double element(std::int64_t i, std::int64_t j) {
  return 0.25 * static_cast<double>(2 * i + j) + 0.125;
}

// A matrix of `columns` columns with these strides inside of `size` bytes of NaN, starting at
// `start`.
const skops_array* matrix(GuardedMemory& memory, std::int64_t columns, std::size_t size,
                          std::int64_t start, std::int64_t row_stride, std::int64_t column_stride) {
  auto* data = memory.take(size);
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t at = 0; at + 8 <= size; at += 8) std::memcpy(data + at, &nothing, 8);
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) {
      const double value = element(i, j);
      std::memcpy(data + start + i * row_stride + j * column_stride, &value, 8);
    }
  }
  auto* numbers = reinterpret_cast<std::int64_t*>(memory.take(4 * sizeof(std::int64_t), 8));
  numbers[0] = rows;
  numbers[1] = columns;
  numbers[2] = row_stride;
  numbers[3] = column_stride;
  const auto* dtype = memory.copy(skops_dtype{sizeof(skops_dtype), 'f', 0, 8, 0, nullptr});
  return memory.copy(
      skops_array{sizeof(skops_array), data + start, dtype, 2, numbers, numbers + 2});
}

}  // namespace

GivenInput Inputs::dense(std::string name, const skops_array* array) const {
  skops_input input{};
  input.size = sizeof input;
  input.kind = SKOPS_INPUT_DENSE;
  input.array = array;
  input.rows = array->ndim == 0 ? 1 : static_cast<std::uint64_t>(array->shape[0]);
  input.columns = array->ndim < 2 ? 1 : static_cast<std::uint64_t>(array->shape[1]);
  return {std::move(name), input};
}

Inputs::Inputs() {
  add_layouts();
  add_numbers();
  add_others();
  memory_.freeze();
}

void Inputs::add_layouts() {
  for (const std::int64_t c : {3, 1, 2, 4, 5, 6}) {
    const std::size_t size = static_cast<std::size_t>(8 * rows * c);
    const std::string of = " of " + std::to_string(c) + " columns";
    usual_.push_back(dense("rows" + of, matrix(memory_, c, size, 0, 8 * c, 8)));
    const std::size_t k = usual_.size() - 1;
    const auto add = [&](const char* name, const skops_array* array) {
      layouts_.push_back({dense(name + of, array), k});
    };
    add("columns one after the other", matrix(memory_, c, size, 0, 8, 8 * rows));
    add("rows with gaps", matrix(memory_, c, size + 16 * rows, 0, 8 * c + 16, 8));
    add("elements with gaps", matrix(memory_, c, 3 * size, 0, 24 * c, 24));
    add("rows backwards", matrix(memory_, c, size, 8 * c * (rows - 1), -8 * c, 8));
    add("columns backwards", matrix(memory_, c, size, 8 * (c - 1), 8 * c, -8));
    add("unaligned rows", matrix(memory_, c, size + 1, 1, 8 * c, 8));
  }
}

void Inputs::add_numbers() {
  using A = ArrayContent;
  const std::vector<std::pair<const char*, A>> arrays = {
      {"no rows", {'f', 8, {0, 3}}},
      {"no columns", {'f', 8, {3, 0}}},
      {"one dimension", {'f', 8, {3}}},
      {"no dimension", {'f', 8, {}}},
      {"three dimensions", {'f', 8, {3, 3, 3}}},
      {"eight dimensions", {'f', 8, {3, 1, 1, 1, 1, 1, 1, 3}}},
      {"float32", {'f', 4, {3, 3}}},
      {"float16", {'f', 2, {3, 3}}},
      {"int64", {'i', 8, {3, 3}}},
      {"int64 below zero", {'i', 8, {3, 3}, Fill::negative}},
      {"large int64", {'i', 8, {3, 3}, Fill::huge}},
      {"int8", {'i', 1, {3, 3}}},
      {"uint64", {'u', 8, {3, 3}, Fill::huge}},
      {"labels", {'i', 8, {3, 1}}},
      {"bools", {'b', 1, {3, 3}}},
      {"NaN", {'f', 8, {3, 3}, Fill::nan}},
      {"infinity", {'f', 8, {3, 3}, Fill::infinite}},
      {"large numbers", {'f', 8, {3, 3}, Fill::huge}},
      {"below zero", {'f', 8, {3, 3}, Fill::negative}},
      {"complex", {'c', 16, {3, 3}}},
      {"texts", {'U', 8, {3, 3}}},
      {"texts without letters", {'U', 0, {3, 3}}},
      {"bytes", {'S', 5, {3, 3}}},
      {"cells of texts", {'O', sizeof(skops_cell), {3, 3}, Fill::texts}},
      {"cells of numbers", {'O', sizeof(skops_cell), {3, 3}, Fill::numbers_and_none}},
      {"cells of anything", {'O', sizeof(skops_cell), {3, 3}, Fill::others}},
      {"dates", {'M', 8, {3, 3}}},
      {"records", {'V', 24, {3}}},
      {"many columns", {'f', 8, {3, 2000}}},
      {"many rows", {'f', 8, {2000, 3}}}};
  for (const auto& [name, content] : arrays) {
    odd_.push_back(dense(name, make_array(memory_, content)));
  }
  // As broadcasting makes them: strides of nothing.
  odd_.push_back(dense("one row many times", matrix(memory_, 3, 24, 0, 0, 8)));
  odd_.push_back(dense("one number many times", matrix(memory_, 3, 8, 0, 0, 0)));
}

void Inputs::add_others() {
  for (std::uint16_t k = 0; k < sparse_contents(); ++k) {
    skops_input input{};
    input.size = sizeof input;
    input.kind = SKOPS_INPUT_CSR;
    input.csr = make_sparse(memory_, k);
    input.rows = input.csr->rows;
    input.columns = input.csr->columns;
    odd_.push_back({"sparse matrix " + std::to_string(k), input});
  }
  const auto text = [&](std::string_view t) { return skops_string{memory_.text(t), t.size()}; };
  skops_input documents{};
  documents.size = sizeof documents;
  documents.kind = SKOPS_INPUT_TEXT;
  documents.rows = 3;
  documents.columns = 1;
  auto* texts = reinterpret_cast<skops_string*>(memory_.take(3 * sizeof(skops_string), 8));
  texts[0] = text("the quick brown fox a b c");
  texts[1] = {nullptr, 0};
  texts[2] = text(std::string_view("\0\xc3\xa4 a", 5));
  documents.text = texts;
  odd_.push_back({"documents", documents});
  documents.rows = 0;
  odd_.push_back({"no documents", documents});

  const auto table = [&](const char* name, const std::vector<ArrayContent>& contents, bool named) {
    skops_input input{};
    input.size = sizeof input;
    input.kind = SKOPS_INPUT_TABLE;
    input.rows = contents.empty() ? 0 : static_cast<std::uint64_t>(contents[0].shape[0]);
    input.columns = contents.size();
    auto* columns = reinterpret_cast<const skops_column**>(
        memory_.take(contents.size() * sizeof(void*), alignof(void*)));
    for (std::size_t j = 0; j < contents.size(); ++j) {
      const char title[] = {static_cast<char>('a' + j)};
      columns[j] = memory_.copy(skops_column{sizeof(skops_column),
                                             named ? text({title, 1}) : skops_string{nullptr, 0},
                                             make_array(memory_, contents[j])});
    }
    input.table = columns;
    odd_.push_back({name, input});
  };
  table("table of numbers", {{'f', 8, {3}}, {'f', 8, {3}}, {'f', 8, {3}}}, true);
  table("table without names", {{'f', 8, {3}}, {'i', 8, {3}}, {'f', 4, {3}}}, false);
  table("table of all sorts",
        {{'U', 8, {3}}, {'O', sizeof(skops_cell), {3}, Fill::texts}, {'b', 1, {3}}}, true);
  table("table of cells",
        {{'O', sizeof(skops_cell), {3}, Fill::numbers_and_none},
         {'O', sizeof(skops_cell), {3}, Fill::others},
         {'M', 8, {3}}},
        true);
  table("table with strides",
        {{'f', 8, {3}, Fill::ramp, ArrayContent::backwards},
         {'f', 8, {3}, Fill::ramp, ArrayContent::unaligned},
         {'f', 8, {3}}},
        true);
  table("table without rows", {{'f', 8, {0}}, {'f', 8, {0}}, {'f', 8, {0}}}, true);
  table("table without columns", {}, true);
}

}  // namespace skops_validator
