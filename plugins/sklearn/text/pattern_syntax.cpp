#include "text/pattern_syntax.hpp"

#include <algorithm>
#include <optional>

#include "text/unicode.hpp"
#include "text/utf8.hpp"

namespace skops_sklearn::text {
namespace {

using Kind = PatternNode::Kind;
using Op = TokenPattern::Op;

constexpr int kDeepest = 32;
constexpr std::size_t kLongest = 1000;
constexpr std::uint32_t kMostRepeats = 1000;

// What an escape stands for inside a class or outside: one character or a set of flags.
struct Escape {
  std::optional<char32_t> point;
  std::uint8_t flags = 0, not_flags = 0;
};

class Parser {
 public:
  explicit Parser(std::string_view pattern) {
    std::string unused;
    if (decode(pattern, DecodeError::strict, unused) != Decoded::valid) {
      throw PatternError("it is no UTF-8");
    }
    for (const char* p = pattern.data(); p < pattern.data() + pattern.size();) {
      points_.push_back(next_point(p));
    }
    if (points_.size() > kLongest) throw PatternError("it has more than 1,000 characters");
    if (starts_with(U"(?u)")) at_ = 4;
  }

  PatternTree run() {
    tree_.root = choice(0);
    if (!at_end()) throw PatternError("it has a ')' without a '('");
    return std::move(tree_);
  }

 private:
  bool at_end() const { return at_ == points_.size(); }
  char32_t peek() const { return at_end() ? 0 : points_[at_]; }
  bool starts_with(std::u32string_view text) const {
    return std::u32string_view(points_).substr(at_, text.size()) == text;
  }
  bool take(char32_t c) {
    if (at_end() || points_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::uint32_t add(PatternNode node) {
    tree_.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(tree_.nodes.size() - 1);
  }
  std::uint32_t add_class(CharClass c) {
    c.seal();
    const auto found = std::find(tree_.classes.begin(), tree_.classes.end(), c);
    PatternNode node;
    node.kind = Kind::one_of;
    node.can_be_empty = false;
    node.class_index = static_cast<std::uint32_t>(found - tree_.classes.begin());
    if (found == tree_.classes.end()) tree_.classes.push_back(std::move(c));
    return add(std::move(node));
  }
  std::uint32_t add_assertion(Op op) {
    PatternNode node;
    node.kind = Kind::assertion;
    node.assertion = op;
    return add(std::move(node));
  }

  std::uint32_t choice(int depth) {
    if (depth > kDeepest) throw PatternError("its groups nest too deep");
    PatternNode node;
    node.kind = Kind::choice;
    node.can_be_empty = false;
    do {
      const std::uint32_t branch = sequence(depth);
      node.can_be_empty = node.can_be_empty || tree_.nodes[branch].can_be_empty;
      node.children.push_back(branch);
    } while (take(U'|'));
    return node.children.size() == 1 ? node.children[0] : add(std::move(node));
  }

  std::uint32_t sequence(int depth) {
    PatternNode node;
    node.kind = Kind::sequence;
    while (!at_end() && peek() != U'|' && peek() != U')') {
      const std::uint32_t item = repeated(atom(depth));
      node.can_be_empty = node.can_be_empty && tree_.nodes[item].can_be_empty;
      node.children.push_back(item);
    }
    return add(std::move(node));
  }

  // `{n}`, `{n,}`, `{,m}`, `{n,m}`; anything else in braces is literal.
  bool braces(std::uint32_t& least, std::uint32_t& most) {
    const std::size_t begin = at_;
    const auto number = [&](std::uint32_t otherwise) {
      if (at_end() || peek() - U'0' >= 10) return otherwise;
      std::uint32_t n = 0;
      while (!at_end() && peek() - U'0' < 10) {
        n = std::min(n * 10 + static_cast<std::uint32_t>(points_[at_++] - U'0'), kMostRepeats + 1);
      }
      return n;
    };
    if (!take(U'{')) return false;
    const std::size_t digits = at_;
    least = number(0);
    most = least;
    const bool has_least = at_ > digits;
    if (take(U',')) {
      most = number(kForever);
    } else if (!has_least) {
      at_ = begin;
      return false;
    }
    if (!take(U'}')) {
      at_ = begin;
      return false;
    }
    if (least > kMostRepeats || (most != kForever && most > kMostRepeats)) {
      throw PatternError("it repeats something more than 1,000 times");
    }
    if (most < least) throw PatternError("a repetition has its limits in the wrong order");
    return true;
  }

  std::uint32_t repeated(std::uint32_t item) {
    PatternNode node;
    if (take(U'*')) {
      node.least = 0, node.most = kForever;
    } else if (take(U'+')) {
      node.least = 1, node.most = kForever;
    } else if (take(U'?')) {
      node.least = 0, node.most = 1;
    } else if (!braces(node.least, node.most)) {
      return item;
    }
    if (tree_.nodes[item].kind == Kind::assertion || tree_.nodes[item].can_be_empty) {
      throw PatternError("it repeats what can be empty");
    }
    node.kind = Kind::repeat;
    node.lazy = take(U'?');
    node.can_be_empty = node.least == 0;
    node.children = {item};
    std::uint32_t unused1, unused2;
    if (peek() == U'*' || peek() == U'+' || peek() == U'?' || braces(unused1, unused2)) {
      throw PatternError("a repetition follows a repetition");
    }
    return add(std::move(node));
  }

  std::uint32_t atom(int depth) {
    const char32_t c = points_[at_++];
    CharClass single;
    switch (c) {
      case U'(': return group(depth);
      case U'[': return add_class(char_class());
      case U'.': {
        single.ranges = {{U'\n', U'\n'}};
        single.negated = true;
        return add_class(std::move(single));
      }
      case U'^': return add_assertion(Op::text_begin);
      case U'$': return add_assertion(Op::text_end_or_newline);
      case U'*':
      case U'+':
      case U'?': throw PatternError("a repetition has nothing to repeat");
      case U'\\': return escaped_atom();
      default: single.ranges = {{c, c}}; return add_class(std::move(single));
    }
  }

  std::uint32_t group(int depth) {
    bool captures = true;
    if (take(U'?')) {
      if (take(U':')) {
        captures = false;
      } else if (starts_with(U"P<")) {
        while (!at_end() && peek() != U'>') ++at_;
        if (!take(U'>')) throw PatternError("a group's name has no end");
      } else {
        throw PatternError("look-around, flags and other extensions are not supported");
      }
    }
    if (captures && ++tree_.n_groups > 1) throw PatternError("it has more than one group");
    const std::uint32_t inside = choice(depth + 1);
    if (!take(U')')) throw PatternError("a '(' has no ')'");
    if (!captures) return inside;
    PatternNode node;
    node.kind = Kind::group;
    node.can_be_empty = tree_.nodes[inside].can_be_empty;
    node.children = {inside};
    return add(std::move(node));
  }

  std::uint32_t escaped_atom() {
    if (!at_end()) {
      switch (peek()) {
        case U'b': ++at_; return add_assertion(Op::word_boundary);
        case U'B': ++at_; return add_assertion(Op::no_word_boundary);
        case U'A': ++at_; return add_assertion(Op::text_begin);
        case U'Z': ++at_; return add_assertion(Op::text_end);
        default: break;
      }
    }
    CharClass c;
    add_escape(c, escape());
    return add_class(std::move(c));
  }

  static void add_escape(CharClass& c, const Escape& e) {
    if (e.point) c.ranges.emplace_back(*e.point, *e.point);
    c.flags |= e.flags;
    c.not_flags |= e.not_flags;
  }

  char32_t hex(int digits) {
    char32_t value = 0;
    for (int k = 0; k < digits; ++k) {
      const char32_t c = peek();
      const char32_t low = c | 0x20;
      if (at_end() || !(c - U'0' < 10 || low - U'a' < 6)) {
        throw PatternError("an escape has too few hexadecimal digits");
      }
      value = value * 16 + (c - U'0' < 10 ? c - U'0' : low - U'a' + 10);
      ++at_;
    }
    return value;
  }

  // What follows a backslash, but \b, which differs inside classes.
  Escape escape() {
    if (at_end()) throw PatternError("it ends with a backslash");
    const char32_t c = points_[at_++];
    Escape out;
    switch (c) {
      case U'w': out.flags = kWord; return out;
      case U'W': out.not_flags = kWord; return out;
      case U'd': out.flags = kDigit; return out;
      case U'D': out.not_flags = kDigit; return out;
      case U's': out.flags = kSpace; return out;
      case U'S': out.not_flags = kSpace; return out;
      case U't': out.point = U'\t'; return out;
      case U'n': out.point = U'\n'; return out;
      case U'r': out.point = U'\r'; return out;
      case U'f': out.point = U'\f'; return out;
      case U'v': out.point = U'\v'; return out;
      case U'a': out.point = U'\a'; return out;
      case U'x': out.point = hex(2); return out;
      case U'u': out.point = hex(4); return out;
      default: break;
    }
    if (c < 128 && (c - U'0' < 10 || (c | 0x20) - U'a' < 26)) {
      throw PatternError("it has an escape that is not supported");
    }
    out.point = c;
    return out;
  }

  Escape class_item() {
    if (at_end()) throw PatternError("a '[' has no ']'");
    if (take(U'\\')) {
      if (take(U'b')) return {U'\b', 0, 0};
      return escape();
    }
    return {points_[at_++], 0, 0};
  }

  CharClass char_class() {
    CharClass out;
    out.negated = take(U'^');
    for (bool first = true; first || peek() != U']'; first = false) {
      const Escape low = class_item();
      const bool is_range = peek() == U'-' && at_ + 1 < points_.size() && points_[at_ + 1] != U']';
      if (!is_range) {
        add_escape(out, low);
        continue;
      }
      ++at_;
      const Escape high = class_item();
      if (!low.point || !high.point || *low.point > *high.point) {
        throw PatternError("a class has a range that is none");
      }
      out.ranges.emplace_back(*low.point, *high.point);
    }
    ++at_;
    std::sort(out.ranges.begin(), out.ranges.end());
    return out;
  }

  std::u32string points_;
  std::size_t at_ = 0;
  PatternTree tree_;
};

}  // namespace

PatternTree parse_pattern(std::string_view pattern) {
  return Parser(pattern).run();
}

}  // namespace skops_sklearn::text
