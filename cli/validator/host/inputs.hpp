// Inputs of methods: the same rows in several layouts, and inputs that are odd in some way.
//
// All of them lie in memory that ends at a guard and that nobody can write to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "skops/plugin.h"
#include "validator/host/guarded_memory.hpp"

namespace skops_validator {

struct GivenInput {
  std::string name;
  skops_input input;
};

class Inputs {
 public:
  Inputs();

  // Rows of three to six numbers each, in the usual layout.
  const std::vector<GivenInput>& usual() const { return usual_; }
  // usual()[k] in other layouts; `same_as` is k.
  struct Layout {
    GivenInput given;
    std::size_t same_as;
  };
  const std::vector<Layout>& layouts() const { return layouts_; }
  const std::vector<GivenInput>& odd() const { return odd_; }

 private:
  void add_layouts();
  void add_numbers();
  void add_others();
  GivenInput dense(std::string name, const skops_array* array) const;

  GuardedMemory memory_;
  std::vector<GivenInput> usual_, odd_;
  std::vector<Layout> layouts_;
};

}  // namespace skops_validator
