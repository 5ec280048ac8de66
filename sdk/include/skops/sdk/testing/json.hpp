// The JSON that a plugin writes and reads, as parts; for tests, so an error is an exception.
#pragma once

#include <charconv>
#include <string>
#include <string_view>

#include "skops/sdk/testing/part.hpp"

namespace skops::sdk::testing {

class JsonText {
 public:
  explicit JsonText(std::string_view text) : text_(text) {}

  Part read() {
    Part out = value(0);
    skip();
    if (at_ != text_.size()) fail();
    return out;
  }

 private:
  [[noreturn]] void fail() const {
    throw Failure(SKOPS_PLUGIN, "plugin.field",
                  "no JSON at byte " + std::to_string(at_) + " of: " + std::string(text_));
  }
  void skip() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != text_.npos) ++at_;
  }
  bool accept(std::string_view word) {
    skip();
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  void expect(std::string_view word) {
    if (!accept(word)) fail();
  }

  Part value(int depth) {
    if (depth > 100) fail();
    if (accept("null")) return {};
    if (accept("true")) return true;
    if (accept("false")) return false;
    if (accept("NaN")) return std::numeric_limits<double>::quiet_NaN();
    if (accept("Infinity")) return std::numeric_limits<double>::infinity();
    if (accept("-Infinity")) return -std::numeric_limits<double>::infinity();
    if (accept("\"")) return string();
    if (accept("[")) {
      Part out = list({});
      if (accept("]")) return out;
      do out.items.push_back(value(depth + 1));
      while (accept(","));
      expect("]");
      return out;
    }
    if (accept("{")) {
      Part out = dict();
      if (accept("}")) return out;
      do {
        expect("\"");
        std::string key = string();
        expect(":");
        out.put(std::move(key), value(depth + 1));
      } while (accept(","));
      expect("}");
      return out;
    }
    return number();
  }

  Part number() {
    skip();
    const char *begin = text_.data() + at_, *end = text_.data() + text_.size();
    std::int64_t integer = 0;
    double real = 0;
    const auto as_integer = std::from_chars(begin, end, integer);
    const auto as_real = std::from_chars(begin, end, real);
    if (as_real.ec != std::errc()) fail();
    at_ += static_cast<std::size_t>(as_real.ptr - begin);
    if (as_integer.ec == std::errc() && as_integer.ptr == as_real.ptr) return integer;
    return real;
  }

  std::string string() {
    std::string out;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] != '\\') {
        out += text_[at_++];
        continue;
      }
      if (++at_ == text_.size()) fail();
      const char c = text_[at_++];
      constexpr std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
      if (const auto k = from.find(c); k != from.npos) {
        out += to[k];
        continue;
      }
      std::uint32_t point = 0;
      const char* begin = text_.data() + at_;
      if (c != 'u' || text_.size() - at_ < 4 ||
          std::from_chars(begin, begin + 4, point, 16).ptr != begin + 4) {
        fail();
      }
      at_ += 4;
      append_utf8(out, point);
    }
    expect("\"");
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace skops::sdk::testing
