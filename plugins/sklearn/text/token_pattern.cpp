#include "text/token_pattern.hpp"

#include <algorithm>

#include "text/pattern_syntax.hpp"
#include "text/unicode.hpp"
#include "text/utf8.hpp"

namespace skops_sklearn::text {
namespace {

using Op = TokenPattern::Op;
using Kind = PatternNode::Kind;
using Program = std::vector<TokenPattern::Instruction>;

constexpr std::size_t kLargestProgram = 4000;

// Writes the instructions of a tree. Repetitions are written out, so that the length is checked
// wherever something is added.
class Compiler {
 public:
  explicit Compiler(const PatternTree& tree) : tree_(tree) {}

  Program run() {
    add(Op::save, 0);
    write(tree_.root);
    add(Op::save, 1);
    add(Op::match);
    return std::move(program_);
  }

 private:
  std::uint32_t here() const { return static_cast<std::uint32_t>(program_.size()); }
  std::uint32_t add(Op op, std::uint32_t x = 0, std::uint32_t y = 0) {
    if (program_.size() >= kLargestProgram) throw PatternError("it expands to too much");
    program_.push_back({op, x, y});
    return here() - 1;
  }
  // Where a split goes first and second.
  void aim(std::uint32_t split, std::uint32_t inside, std::uint32_t behind, bool lazy) {
    program_[split].x = lazy ? behind : inside;
    program_[split].y = lazy ? inside : behind;
  }

  void write(std::uint32_t index) {
    const PatternNode& node = tree_.nodes[index];
    switch (node.kind) {
      case Kind::empty: return;
      case Kind::one_of: add(Op::one_of, node.class_index); return;
      case Kind::assertion: add(node.assertion); return;
      case Kind::sequence:
        for (const std::uint32_t child : node.children) write(child);
        return;
      case Kind::group:
        add(Op::save, 2);
        write(node.children[0]);
        add(Op::save, 3);
        return;
      case Kind::choice: return write_choice(node);
      case Kind::repeat: return write_repeat(node);
    }
  }

  void write_choice(const PatternNode& node) {
    std::vector<std::uint32_t> jumps;
    for (std::size_t k = 0; k + 1 < node.children.size(); ++k) {
      const std::uint32_t split = add(Op::split);
      write(node.children[k]);
      jumps.push_back(add(Op::jump));
      aim(split, split + 1, here(), false);
    }
    write(node.children.back());
    for (const std::uint32_t jump : jumps) program_[jump].x = here();
  }

  void write_repeat(const PatternNode& node) {
    for (std::uint32_t k = 0; k < node.least; ++k) write(node.children[0]);
    if (node.most == kForever) {
      const std::uint32_t split = add(Op::split);
      write(node.children[0]);
      add(Op::jump, split);
      aim(split, split + 1, here(), node.lazy);
      return;
    }
    std::vector<std::uint32_t> splits;
    for (std::uint32_t k = node.least; k < node.most; ++k) {
      splits.push_back(add(Op::split));
      write(node.children[0]);
    }
    for (const std::uint32_t split : splits) aim(split, split + 1, here(), node.lazy);
  }

  const PatternTree& tree_;
  Program program_;
};

// Whether the tree is one class repeated without limit, and how often at least. \b around a run of
// \w always holds.
bool is_run(const PatternTree& tree, std::size_t& least) {
  const PatternNode& root = tree.nodes[tree.root];
  if (root.kind != Kind::sequence || tree.classes.size() != 1) return false;
  const CharClass& c = tree.classes[0];
  const bool word = c.ranges.empty() && c.flags == kWord && c.not_flags == 0 && !c.negated;
  bool endless = false;
  least = 0;
  for (std::size_t k = 0; k < root.children.size(); ++k) {
    const PatternNode& node = tree.nodes[root.children[k]];
    if (node.kind == Kind::one_of) {
      ++least;
    } else if (node.kind == Kind::repeat && !node.lazy && node.most == kForever &&
               tree.nodes[node.children[0]].kind == Kind::one_of) {
      least += node.least;
      endless = true;
    } else if (node.kind != Kind::assertion || node.assertion != Op::word_boundary || !word ||
               (k != 0 && k + 1 != root.children.size())) {
      return false;
    }
  }
  return endless && least > 0;
}

// Runs the program from one position on until a match that nothing can replace.
class Search {
 public:
  Search(const Program& program, const std::vector<CharClass>& classes, std::string_view text,
         PatternScratch& scratch)
      : program_(program),
        classes_(classes),
        text_(text),
        scratch_(scratch),
        beyond_ascii_(CharTables::get()) {
    scratch_.seen.assign(program.size(), 0);
    scratch_.step = 0;
    steps_left_ = 4096 + 256 * static_cast<std::uint64_t>(text.size());
  }

  // The first match at or after `from`; one that is empty at `from` only where `may_be_empty`.
  bool find(std::uint32_t from, bool may_be_empty, std::uint32_t (&slots)[4]) {
    auto& current = scratch_.current;
    auto& next = scratch_.next;
    current.clear();
    bool matched = false;
    const auto end = static_cast<std::uint32_t>(text_.size());
    for (std::uint32_t at = from;;) {
      // Threads of `current` wait at `at`; their closures are explored in order of preference.
      next.clear();
      ++scratch_.step;
      if (steps_left_-- == 0) throw PatternError("it looks ahead too far on this text");
      for (const auto& thread : current) follow(thread, at, next);
      if (!matched) follow({0, {kUnknown, kUnknown, kUnknown, kUnknown}}, at, next);
      if (next.empty()) {
        if (matched || at == end) return matched;
      }
      const char* p = text_.data() + at;
      const char32_t c = at < end ? next_point(p) : 0;
      const auto behind = static_cast<std::uint32_t>(p - text_.data());
      current.clear();
      for (const auto& thread : next) {
        const auto& instruction = program_[thread.pc];
        if (instruction.op == Op::match) {
          if (!may_be_empty && thread.slots[1] == from) continue;
          std::copy(std::begin(thread.slots), std::end(thread.slots), slots);
          matched = true;
          break;  // what comes after is less preferred
        }
        if (at < end && classes_[instruction.x].contains(c)) {
          current.push_back(thread);
          ++current.back().pc;
        }
      }
      if (at == end || (matched && current.empty())) return matched;
      at = behind;
    }
  }

 private:
  bool word_at(std::uint32_t at) const {
    if (at >= text_.size()) return false;
    const char* p = text_.data() + at;
    return (beyond_ascii_.flags(next_point(p)) & kWord) != 0;
  }
  bool word_before(std::uint32_t at) const {
    if (at == 0) return false;
    const char* p = text_.data() + at;
    return (beyond_ascii_.flags(previous_point(p)) & kWord) != 0;
  }
  bool holds(Op op, std::uint32_t at) const {
    const auto end = static_cast<std::uint32_t>(text_.size());
    switch (op) {
      case Op::word_boundary: return word_before(at) != word_at(at);
      case Op::no_word_boundary: return end > 0 && word_before(at) == word_at(at);
      case Op::text_begin: return at == 0;
      case Op::text_end: return at == end;
      default: return at == end || (at + 1 == end && text_[at] == '\n');
    }
  }

  // Adds to `out` what `thread` becomes without consuming anything.
  void follow(const PatternScratch::Thread& thread, std::uint32_t at,
              std::vector<PatternScratch::Thread>& out) {
    auto& stack = scratch_.stack;
    stack.clear();
    stack.push_back(thread);
    while (!stack.empty()) {
      PatternScratch::Thread t = stack.back();
      stack.pop_back();
      while (true) {
        if (scratch_.seen[t.pc] == scratch_.step) break;
        scratch_.seen[t.pc] = scratch_.step;
        const auto& instruction = program_[t.pc];
        if (instruction.op == Op::one_of || instruction.op == Op::match) {
          out.push_back(t);
          break;
        }
        if (instruction.op == Op::split) {
          stack.push_back(t);
          stack.back().pc = instruction.y;
          t.pc = instruction.x;
        } else if (instruction.op == Op::jump) {
          t.pc = instruction.x;
        } else if (instruction.op == Op::save) {
          t.slots[instruction.x] = at;
          ++t.pc;
        } else if (holds(instruction.op, at)) {
          ++t.pc;
        } else {
          break;
        }
      }
    }
  }

  const Program& program_;
  const std::vector<CharClass>& classes_;
  std::string_view text_;
  PatternScratch& scratch_;
  const CharTables& beyond_ascii_;
  // Every search is linear, but searches that look ahead to the end and fail there add up.
  std::uint64_t steps_left_ = 0;
};

}  // namespace

bool CharClass::contains_slowly(char32_t c) const {
  const std::uint8_t f = CharTables::get().flags(c);
  bool found = (f & flags) != 0 || (~f & not_flags) != 0;
  for (std::size_t k = 0; !found && k < ranges.size(); ++k) {
    found = ranges[k].first <= c && c <= ranges[k].second;
  }
  return found != negated;
}

void CharClass::seal() {
  for (char32_t c = 0; c < 128; ++c) ascii[c] = contains_slowly(c);
}

TokenPattern::TokenPattern(std::string_view pattern) {
  const PatternTree tree = parse_pattern(pattern);
  classes_ = tree.classes;
  has_group_ = tree.n_groups > 0;
  run_ = is_run(tree, min_run_);
  word_run_ = run_ && classes_[0].flags == kWord && classes_[0].ranges.empty() &&
              classes_[0].not_flags == 0 && !classes_[0].negated;
  if (!run_) program_ = Compiler(tree).run();
}

void TokenPattern::find_runs(std::string_view text, std::vector<Term>& out) const {
  const char* p = text.data();
  const char* const end = p + text.size();
  const CharClass& c = classes_[0];
  while (p < end) {
    const char* begin = p;
    std::size_t length = 0;
    for (const char* q = p; q < end && c.contains(next_point(q)); p = q) ++length;
    if (length >= min_run_) {
      out.push_back(
          {static_cast<std::uint32_t>(begin - text.data()), static_cast<std::uint32_t>(p - begin)});
    }
    if (p < end) next_point(p);  // the one that ended the run
  }
}

void TokenPattern::find_all(std::string_view text, std::vector<Term>& out,
                            PatternScratch& scratch) const {
  if (run_) return find_runs(text, out);
  Search search(program_, classes_, text, scratch);
  std::uint32_t slots[4];
  std::uint32_t from = 0;
  bool may_be_empty = true;
  while (search.find(from, may_be_empty, slots)) {
    const std::uint32_t* const token = has_group_ ? slots + 2 : slots;
    if (token[0] == kUnknown || token[1] == kUnknown) {
      out.push_back({slots[0], 0});  // the group took no part
    } else {
      out.push_back({token[0], token[1] - token[0]});
    }
    from = slots[1];
    may_be_empty = slots[0] != slots[1];
  }
}

}  // namespace skops_sklearn::text
