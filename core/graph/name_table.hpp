// Interns the names of loaders, modules and classes: a few dozen different ones in an honest file,
// and any number of them in a hostile one. Names made to collide, which honest ones never do, cost
// a logarithm each.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "schema/tape.hpp"

namespace skops {

class NameTable {
 public:
  // `names` receives, per number, the tape index of the name's first occurrence.
  NameTable(const Tape& tape, std::vector<Tape::Index>& names) : tape_(tape), names_(names) {}

  std::uint32_t number(Tape::Index string);

 private:
  struct Slot {
    std::string_view text = {};
    std::uint32_t number = none;
  };
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  // The slot of a name: its own, or a free one for it. Null where all that it may lie in are taken.
  Slot* slot(std::string_view text);
  void grow();

  const Tape& tape_;
  std::vector<Tape::Index>& names_;
  std::vector<Slot> slots_;  // a power of two of them, half of them free
  std::uint32_t used_ = 0;
  std::map<std::string_view, std::uint32_t> crowded_;  // names that found no slot
};

}  // namespace skops
