// Prints what parse_json reads, for comparison with another parser.
//
// Input: texts, each after a line `DIALECT LENGTH`. Output: one line each, either `error CODE` or
// the value with every byte and bit visible: n, t, f, i<decimal>, d<bits in hex>, s<bytes in hex>,
// [value,...], {s<key>:value,...}.
#include <bit>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "schema/tape.hpp"
#include "skops/error.hpp"
#include "skops/limits.hpp"

namespace {

using skops::JsonKind;
using skops::Tape;

void hex(std::string& out, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  out += 's';
  for (const char c : text) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
}

void scalar(std::string& out, const Tape& tape, Tape::Index i) {
  char bits[20];
  switch (tape.kind(i)) {
    case JsonKind::null: out += 'n'; break;
    case JsonKind::boolean: out += tape.boolean(i) ? 't' : 'f'; break;
    case JsonKind::integer: out += 'i' + std::to_string(tape.integer(i)); break;
    case JsonKind::big_integer: out += 'i' + std::string(tape.text(i)); break;
    case JsonKind::real:
      std::snprintf(bits, sizeof bits, "d%016llx",
                    static_cast<unsigned long long>(std::bit_cast<std::uint64_t>(tape.real(i))));
      out += bits;
      break;
    default: hex(out, tape.text(i));
  }
}

std::string dump(const Tape& tape) {
  std::string out;
  struct Open {
    Tape::Index end;
    bool object;
  };
  std::vector<Open> open;
  bool key = false;  // the next entry is a key
  for (Tape::Index i = 0; i < tape.entries();) {
    if (key) {
      hex(out, tape.text(i++));
      out += ':';
      key = false;
    }
    if (tape.kind(i) >= JsonKind::array) {
      const bool object = tape.kind(i) == JsonKind::object;
      out += object ? '{' : '[';
      open.push_back({tape.next(i), object});
      i = tape.first(i);
    } else {
      scalar(out, tape, i);
      i = tape.next(i);
    }
    while (!open.empty() && i == open.back().end) {
      out += open.back().object ? '}' : ']';
      open.pop_back();
    }
    if (!open.empty()) {
      if (out.back() != '{' && out.back() != '[') out += ',';
      key = open.back().object;
    }
  }
  return out;
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const std::size_t space = line.find(' ');
    const bool python = line.substr(0, space) == "python";
    std::string text(std::stoul(line.substr(space + 1)), '\0');
    std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
    skops::Budget budget{skops::Limits{}};
    try {
      std::cout << dump(parse_json(text, budget,
                                   python ? skops::Dialect::python : skops::Dialect::schema, ""))
                << '\n';
    } catch (const skops::Error& error) {
      std::cout << "error " << error.code() << '\n';
    }
  }
}
