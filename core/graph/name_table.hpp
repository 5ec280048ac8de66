// Interns the names of loaders, modules and classes: a few dozen different ones in an honest file,
// which the cache answers, and any number of them in a hostile one, which cost a logarithm each.
#pragma once

#include <array>
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
  struct Cached {
    std::string_view text = {};
    std::uint32_t number = 0;
  };

  const Tape& tape_;
  std::vector<Tape::Index>& names_;
  std::array<Cached, 256> cache_ = {};
  std::map<std::string_view, std::uint32_t> numbers_;
};

}  // namespace skops
