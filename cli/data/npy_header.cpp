#include "data/npy_header.hpp"

#include "skops/error.hpp"

namespace skops_cli {
namespace {

[[noreturn]] void bad(const std::string& text) {
  throw skops::Error(skops::Family::input, "data.npy", text, {}, "write it with numpy.save");
}

class HeaderText {
 public:
  explicit HeaderText(std::string_view text) : text_(text) {}

  void read(NpyHeader& out) {
    expect("{'descr': ");
    read_descr(out);
    expect(", 'fortran_order': ");
    out.fortran_order = accept("True");
    if (!out.fortran_order) expect("False");
    expect(", 'shape': (");
    read_shape(out);
    if (!accept(", }")) expect("}");
    while (accept(" ")) {
    }
    if (text_ != "\n") bad("the NPY header does not end as NumPy ends it");
  }

 private:
  bool accept(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  void expect(std::string_view word) {
    if (!accept(word)) bad("the NPY header is not one that NumPy writes");
  }

  std::int64_t number() {
    std::size_t n = 0;
    std::int64_t value = 0;
    for (; n < text_.size() && text_[n] >= '0' && text_[n] <= '9'; ++n) {
      if (n >= 18) bad("the NPY header has a number that is too large");
      value = value * 10 + (text_[n] - '0');
    }
    if (n == 0) bad("the NPY header has a malformed shape");
    text_.remove_prefix(n);
    return value;
  }

  void read_shape(NpyHeader& out) {
    while (!accept(")")) {
      if (out.shape.size() == 64) bad("the array has more than 64 dimensions");
      out.shape.push_back(number());
      if (out.shape.size() == 1) {
        expect(",");
        accept(" ");
      } else if (!accept(", ") && !text_.starts_with(")")) {
        bad("the NPY header has a malformed shape");
      }
    }
  }

  void read_descr(NpyHeader& out) {
    if (text_.starts_with("[")) {
      // Records are only shown: brackets are matched outside of quotes.
      std::size_t end = 0;
      int depth = 0;
      bool quoted = false;
      for (; end < text_.size(); ++end) {
        const char c = text_[end];
        if (c == '\'') quoted = !quoted;
        if (quoted) continue;
        if (c == '[' || c == '(') ++depth;
        if ((c == ']' || c == ')') && --depth == 0) break;
      }
      if (end == text_.size()) bad("the NPY header has an unterminated record");
      out.record = true;
      out.descr = text_.substr(0, end + 1);
      text_.remove_prefix(end + 1);
      return;
    }
    expect("'");
    const std::size_t end = text_.find('\'');
    if (end == std::string_view::npos) bad("the NPY header has an unterminated text");
    out.descr = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    read_plain(out);
  }

  static void read_plain(NpyHeader& out) {
    const std::string_view descr = out.descr;
    const auto unknown = [&] { bad("the NPY header has the unknown dtype '" + out.descr + "'"); };
    if (descr.size() < 2) unknown();
    const char order = descr[0], kind = descr[1];
    if (order != '<' && order != '>' && order != '|' && order != '=') unknown();
    std::uint64_t size = 0;
    std::size_t k = 2;
    for (; k < descr.size() && descr[k] >= '0' && descr[k] <= '9'; ++k) {
      size = size * 10 + static_cast<std::uint64_t>(descr[k] - '0');
      if (size > (1u << 28)) bad("the items of the array are too large");
    }
    if (kind == 'O') size = 8;
    if (kind == 'U') size *= 4;
    const bool dated = kind == 'M' || kind == 'm';
    if (k != descr.size() && !dated) unknown();
    const bool number = kind == 'i' || kind == 'u' || kind == 'f';
    if (number && size != 1 && size != 2 && size != 4 && size != 8 && size != 16) unknown();
    if (kind == 'b' && size != 1) unknown();
    out.dtype = {kind, static_cast<std::uint32_t>(size)};
    out.swapped = order == '>' && size > 1;
  }

  std::string_view text_;
};

}  // namespace

NpyHeader read_npy_header(std::string_view bytes) {
  if (!bytes.starts_with(std::string_view("\x93NUMPY", 6))) {
    bad(bytes.empty() ? "the array is empty: not even an NPY header is there"
                      : "this is not an array in NPY format");
  }
  const auto byte = [&](std::size_t k) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[k]));
  };
  if (bytes.size() < 12) bad("the NPY header is cut off");
  const std::size_t major = byte(6);
  if (major < 1 || major > 3 || byte(7) != 0) bad("the version of the NPY format is unknown");
  std::size_t start = 10, length = byte(8) | byte(9) << 8;
  if (major > 1) {
    start = 12;
    length |= byte(10) << 16 | byte(11) << 24;
  }
  if (length > most_npy_header) bad("the NPY header is too long");
  if (bytes.size() - start < length) bad("the NPY header is cut off");
  NpyHeader out;
  out.data_offset = start + length;
  HeaderText(bytes.substr(start, length)).read(out);
  return out;
}

}  // namespace skops_cli
