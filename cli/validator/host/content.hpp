// The contents that made-up files hold: numbers, texts, arrays and members, ordinary ones first and
// hostile ones after them. Data; content_array.cpp builds what is described here.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "skops/plugin.h"
#include "validator/host/guarded_memory.hpp"

namespace skops_validator {

std::int64_t integer_content(std::uint16_t variant);
double real_content(std::uint16_t variant);
std::string_view text_content(std::uint16_t variant);
// Words that the plugin's own library holds, tried where it looks for a certain text: variants from
// variants(Kind::text) on. Set once, before any child is started.
void set_words(std::vector<std::string> words);
std::uint16_t word_count();
// Words in lower case among the bytes of a library, without those that are in any.
std::vector<std::string> words_in(std::string_view library);
std::uint64_t list_size(std::uint16_t variant);
// A list of one list of one list …, as deep as a schema may be.
bool is_nest(std::uint16_t variant);
inline constexpr int deepest_nest = 600;

struct Named {
  std::string_view module, name;
};
Named name_content(std::uint16_t variant);

// How the elements of an array are filled.
enum class Fill : std::uint8_t {
  ramp,
  ones,
  zeros,
  negative,
  huge,
  nan,
  infinite,
  minus_one,
  three,
  falling,
  falling_halves,
  texts,
  numbers_and_none,
  nones,
  others
};
struct ArrayContent {
  std::uint32_t kind;
  std::uint64_t itemsize;
  std::vector<std::int64_t> shape;
  Fill fill = Fill::ramp;
  enum Layout : std::uint8_t { rows, columns, backwards, unaligned } layout = rows;
};
const std::vector<ArrayContent>& array_contents();

// The array in memory that ends where it ends. Everything of it lies in `memory`.
const skops_array* make_array(GuardedMemory& memory, const ArrayContent& content);
// 3 x 3 matrices; the later ones break a rule each.
const skops_csr* make_sparse(GuardedMemory& memory, std::uint16_t variant);
std::uint16_t sparse_contents();

// Bytes of a member: NPY files that are right, short, or lie about their shape; other bytes.
const std::vector<std::string>& member_contents();

}  // namespace skops_validator
