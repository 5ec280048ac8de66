// A host for one save: notes what is written, notices broken rules.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "skops/plugin.h"
#include "validator/host/choice.hpp"
#include "validator/host/guarded_memory.hpp"

namespace skops_validator {

struct SaveKnobs {
  std::uint64_t fail_at = 0;  // this call of the writer fails, counted from 1; 0: none
  bool origin = true;         // whether the object comes from a file
};

class FakeSave {
 public:
  // `graph` is what the object was loaded from.
  FakeSave(const skops_serializer& serializer, const skops_object& object, const Graph& graph,
           const SaveKnobs& knobs = {});
  ~FakeSave();
  FakeSave(const FakeSave&) = delete;
  FakeSave& operator=(const FakeSave&) = delete;

  bool run();
  // All that was written, in order, without the numbers of nodes.
  const std::string& written() const { return written_; }
  const std::string& error() const { return error_; }
  const std::vector<std::string>& violations() const { return violations_; }
  const std::string& injected() const { return injected_; }
  bool used_origin() const { return used_origin_; }
  // Whether the saved node says something at this place of the graph, or of something around it.
  bool has(const std::string& place) const;

 private:
  friend struct WriterFunctions;
  struct Node {
    std::string loader;
    std::map<std::string, std::uint64_t> fields;  // to a node, or 0 for what is not one
    std::map<std::string, std::uint64_t> items;   // of the field "content"
  };
  void violation(std::string text);
  void collect(std::uint64_t node, const std::string& place, int depth);

  const skops_serializer& serializer_;
  skops_object object_;
  const Graph& graph_;
  SaveKnobs knobs_;
  GuardedMemory memory_;
  std::vector<Node> nodes_;
  std::uint64_t salt_;
  std::uint64_t root_ = 0;
  std::set<std::string> places_;
  std::string written_, error_, injected_;
  std::vector<std::string> violations_;
  bool reported_ = false, used_origin_ = false;
  skops_status family_ = 0;
  std::uint64_t calls_ = 0;
};

}  // namespace skops_validator
