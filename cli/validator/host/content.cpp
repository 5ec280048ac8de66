#include "validator/host/content.hpp"

#include <limits>
#include <set>

#include "validator/host/choice.hpp"

namespace skops_validator {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

// 3 is the size of the ordinary arrays, so that sizes agree by themselves.
constexpr std::int64_t integers[] = {
    3,          0,       1,         2,       -1,          most, least,
    1 << 24,    1 << 26, 1LL << 31, 1 << 30, -2147483649, 255,  (1LL << 32) + 1,
    2147483647, 65536,   1LL << 40};
const double reals[] = {0.5,
                        0,
                        1,
                        3,
                        -1,
                        std::numeric_limits<double>::quiet_NaN(),
                        std::numeric_limits<double>::infinity(),
                        -std::numeric_limits<double>::infinity(),
                        1e308,
                        5e-324,
                        1e18};
const std::string long_text(70'000, 'x');
const std::string_view texts[] = {"a",
                                  "",
                                  "3",
                                  "auto",
                                  std::string_view("\0a", 2),
                                  "\xc3\xa4\xf0\x9f\x98\x80",
                                  long_text,
                                  "a.b.c",
                                  "../../etc/passwd",
                                  "-1",
                                  "{\"a\"",
                                  "__class__"};
constexpr std::uint64_t list_sizes[] = {2, 0, 1, 3, 300, 1};  // the last one is the nest
constexpr std::uint16_t aliases = 6;
constexpr Named names[] = {{"numpy", "float64"}, {"builtins", "str"}, {"os", "system"}, {"a", "B"}};

std::vector<std::string>& words() {
  static std::vector<std::string> list;
  return list;
}

std::string npy(std::string_view descr, std::string_view shape, std::size_t bytes,
                std::string_view order = "False") {
  std::string header = "{'descr': '" + std::string(descr) +
                       "', 'fortran_order': " + std::string(order) +
                       ", 'shape': " + std::string(shape) + ", }";
  header.resize((header.size() + 1 + 10 + 63) / 64 * 64 - 10 - 1, ' ');
  header += '\n';
  std::string out = std::string("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(header.size() & 0xff);
  out += static_cast<char>(header.size() >> 8);
  out += header;
  for (std::size_t k = 0; k < bytes; ++k) out += k % 8 == 7 ? '\x3f' : '\0';
  return out;
}

template <class T>
std::string npy_of(std::string_view descr, std::initializer_list<T> numbers,
                   std::string shape = {}) {
  if (shape.empty()) shape = "(" + std::to_string(numbers.size()) + ",)";
  std::string out = npy(descr, shape, 0);
  out.append(reinterpret_cast<const char*>(numbers.begin()), numbers.size() * sizeof(T));
  return out;
}

}  // namespace

std::int64_t integer_content(std::uint16_t variant) {
  return integers[variant % std::size(integers)];
}
double real_content(std::uint16_t variant) {
  return reals[variant % std::size(reals)];
}
std::string_view text_content(std::uint16_t variant) {
  if (variant >= std::size(texts) && variant - std::size(texts) < words().size()) {
    return words()[variant - std::size(texts)];
  }
  return texts[variant % std::size(texts)];
}
void set_words(std::vector<std::string> list) {
  words() = std::move(list);
}
std::uint16_t word_count() {
  return static_cast<std::uint16_t>(words().size());
}

std::vector<std::string> words_in(std::string_view library) {
  constexpr std::size_t most_words = 800, longest = 24;
  std::set<std::string> out;
  std::string word;
  for (const char c : library) {
    const bool letter = (c >= 'a' && c <= 'z') || c == '_' || c == '-' || (c >= '0' && c <= '9');
    if (letter) {
      if (word.size() <= longest) word += c;
      continue;
    }
    const bool ends = c == '\0';
    if (ends && word.size() >= 2 && word.size() <= longest && word[0] >= 'a' && word[0] <= 'z') {
      out.insert(word);
      if (out.size() >= most_words) break;
    }
    // A part of a longer text is no word.
    word.assign(ends ? 0 : longest + 1, ' ');
  }
  return {out.begin(), out.end()};
}
std::uint64_t list_size(std::uint16_t variant) {
  return list_sizes[variant % std::size(list_sizes)];
}
bool is_nest(std::uint16_t variant) {
  return variant == std::size(list_sizes) - 1;
}
Named name_content(std::uint16_t variant) {
  return names[variant % std::size(names)];
}

const std::vector<ArrayContent>& array_contents() {
  using A = ArrayContent;
  static const std::vector<ArrayContent> contents = {
      // What files hold, the usual first.
      {'f', 8, {3}},
      {'f', 8, {3, 3}},
      {'i', 8, {3}},
      {'f', 8, {1, 3}},
      {'f', 8, {3, 1}},
      {'f', 8, {1}},
      {'i', 4, {3}},
      {'U', 4, {3}},
      {'O', sizeof(skops_cell), {3}, Fill::texts},
      {'f', 8, {}},
      {'i', 8, {}},
      {'b', 1, {3}},
      {'f', 4, {3}},
      {'f', 4, {3, 3}},
      {'i', 8, {1}},
      {'f', 8, {2}},
      {'i', 8, {2}},
      {'f', 8, {2, 3}},
      {'f', 8, {3, 2}},
      {'i', 8, {3, 3}},
      {'i', 4, {1}},
      {'f', 8, {3, 3, 3}},
      {'u', 1, {3}},
      {'f', 8, {4}},
      // What hostile ones hold.
      {'f', 8, {0}},
      {'f', 8, {0, 3}},
      {'f', 8, {3, 0}},
      {'i', 8, {0}},
      {'f', 8, {3}, Fill::zeros},
      {'f', 8, {3}, Fill::negative},
      {'f', 8, {3}, Fill::nan},
      {'f', 8, {3}, Fill::infinite},
      {'f', 8, {3}, Fill::huge},
      {'f', 8, {3, 3}, Fill::nan},
      {'i', 8, {3}, Fill::minus_one},
      {'i', 8, {3}, Fill::three},
      {'i', 8, {3}, Fill::huge},
      {'i', 8, {3}, Fill::negative},
      {'i', 8, {3}, Fill::falling},
      {'i', 4, {3}, Fill::minus_one},
      {'i', 4, {3}, Fill::three},
      {'i', 4, {3}, Fill::huge},
      {'u', 8, {3}, Fill::huge},
      {'i', 8, {1}, Fill::huge},
      {'i', 8, {1}, Fill::minus_one},
      {'i', 8, {3, 3}, Fill::minus_one},
      {'O', sizeof(skops_cell), {3}, Fill::numbers_and_none},
      {'O', sizeof(skops_cell), {3}, Fill::nones},
      {'O', sizeof(skops_cell), {3}, Fill::others},
      {'O', sizeof(skops_cell), {0}, Fill::texts},
      {'U', 400, {3}},
      {'U', 0, {3}},
      {'S', 3, {3}},
      {'c', 16, {3}},
      {'f', 2, {3}},
      {'f', 16, {3}},
      {'M', 8, {3}},
      {'m', 8, {3}},
      {'V', 24, {3}},
      {'f', 8, {3, 3}, Fill::ramp, A::columns},
      {'f', 8, {3}, Fill::ramp, A::backwards},
      {'i', 8, {3}, Fill::ramp, A::backwards},
      {'f', 8, {3}, Fill::ramp, A::unaligned},
      {'i', 8, {3}, Fill::ramp, A::unaligned},
      {'f', 8, {3, 3}, Fill::ramp, A::unaligned},
      {'f', 8, {5}},
      {'i', 8, {1000}},
      {'f', 8, {1, 1, 1, 1, 1, 1, 1, 1}},
      {'f', 8, {1000, 3}},
      {'i', 1, {3}, Fill::negative},
      {'u', 4, {3}, Fill::huge},
      {'f', 8, {}, Fill::nan},
      {'i', 8, {}, Fill::huge},
      {'f', 8, {3}, Fill::falling_halves},
      {'f', 8, {3, 3}, Fill::falling_halves},
      // Nothing in them, whatever they say of their rows and columns.
      {'f', 8, {std::int64_t{1} << 40, 0}},
      {'f', 8, {0, std::int64_t{1} << 40}},
      {'f', 8, {(std::int64_t{1} << 32) + 3, 0}},
      {'i', 8, {std::int64_t{1} << 40, 0}},
      {'U', 4, {std::int64_t{1} << 40, 0}},
      {'O', sizeof(skops_cell), {std::int64_t{1} << 40, 0}},
      {'U', 0, {1 << 20}},
      {'f', 8, {3, 0, 3}}};
  return contents;
}

const std::vector<std::string>& member_contents() {
  static const std::vector<std::string> contents = [] {
    std::vector<std::string> out = {
        npy("<f8", "(3,)", 24), npy("|S1", "(3,)", 3), npy("<i4", "(3, 3)", 36),
        npy("<f8", "(3, 3)", 72, "True"),
        // What index arrays and shapes of sparse matrices are.
        npy_of<std::int32_t>("<i4", {0, 1, 2, 3}), npy_of<std::int32_t>("<i4", {0, 1, 2}),
        npy_of<std::int64_t>("<i8", {3, 3}), npy_of<std::int32_t>("<i4", {0, 3, 1, 3}),
        npy_of<std::int32_t>("<i4", {3, 2, 1, 0}), npy_of<std::int32_t>("<i4", {0, -1, 2, 3}),
        npy_of<std::int32_t>("<i4", {0, 1, 2, INT32_MAX}), npy_of<std::int32_t>("<i4", {2, 0, 0}),
        npy_of<std::int64_t>("<i8", {most, most}), npy_of<std::int64_t>("<i8", {-3, 3}),
        npy_of<std::int64_t>("<i8", {1LL << 40, 0}), npy_of<char>("|S3", {'c', 's', 'r'}, "()"),
        npy_of<char>("|S3", {'c', 'o', 'o'}, "()"), npy_of<char>("|S3", {'d', 'i', 'a'}, "()")};
    const std::string good = out.front();
    for (const std::size_t cut : {1, 7, 8, 9, 10, 11, 60}) {
      out.push_back(good.substr(0, good.size() - cut));
      out.push_back(good.substr(0, cut));
    }
    out.push_back(good.substr(0, good.size() - 24));
    out.push_back(good + '\0');
    for (const std::string_view shape :
         {"(4,)", "(-1,)", "(4611686018427387904,)", "(99999999999999999999,)", "(3", "()",
          "(3, 0)", "(9223372036854775807, 9223372036854775807)", "(1000000000,)",
          "(1, 1, 1, 1, 1, 1, 1)"}) {
      out.push_back(npy("<f8", shape, 24));
    }
    for (const std::string_view descr : {">f8", "|O", "<U1000000", "<f3", "f8", "", "<i8", "|V8"}) {
      out.push_back(npy(descr, "(3,)", 24));
    }
    std::string long_header = good;
    long_header[8] = '\xff';
    long_header[9] = '\xff';
    out.push_back(long_header);
    out.push_back("");
    out.push_back("{\"a\": 1}");
    out.push_back(std::string(100'000, '\0'));
    return out;
  }();
  return contents;
}

std::uint16_t variants(Kind kind) {
  switch (kind) {
    case Kind::boolean: return 2;
    case Kind::integer: return std::size(integers);
    case Kind::real: return std::size(reals);
    case Kind::text: return std::size(texts);
    case Kind::bytes: return static_cast<std::uint16_t>(member_contents().size());
    case Kind::list:
    case Kind::tuple:
    case Kind::set: return std::size(list_sizes);
    case Kind::array: return static_cast<std::uint16_t>(array_contents().size());
    case Kind::sparse: return sparse_contents();
    case Kind::name:
    case Kind::inert: return std::size(names);
    case Kind::alias: return aliases;
    default: return 1;
  }
}

}  // namespace skops_validator
