// Seeded changes to JSON texts that people and tools write: to bytes, to the tree, and to how the
// same tree is written. The same seed gives the same texts everywhere.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <random>
#include <string>

namespace skops_test {

// What is known of a changed text beforehand.
enum class Expect {
  anything,  // refused, or read as what an independent parser reads in it
  same,      // written another way: must be read as before
  refused,   // breaks a rule of every format
};

struct Mutant {
  std::string text, what;
  Expect expect = Expect::anything;
};

class TextMutator {
 public:
  explicit TextMutator(std::uint64_t seed) : random_(seed) {}

  // `comments`: whether the format has them.
  Mutant mutate(const std::string& text, bool comments);

 private:
  std::size_t below(std::size_t n) { return n == 0 ? 0 : random_() % n; }
  Mutant bytes(std::string text);
  Mutant tree(const std::string& text);
  Mutant rewritten(const std::string& text, bool comments);
  Mutant broken(std::string text);
  boost::json::value any_value(int depth);
  std::string between_tokens(bool comments);

  std::mt19937_64 random_;
};

// The tree of a text as Boost.JSON reads it: comments allowed, the last of two equal keys.
boost::json::value parsed(const std::string& text);

}  // namespace skops_test
