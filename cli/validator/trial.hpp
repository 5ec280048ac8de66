// One made-up file against one serializer: load, the methods of the object, release; every broken
// rule is a failure of the check that runs it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/child/child.hpp"
#include "validator/host/choice.hpp"
#include "validator/host/fake_load.hpp"
#include "validator/host/inputs.hpp"

namespace skops_validator {

// A graph that a search found for a serializer: as deep as it came, at best to a value.
struct Base {
  std::uint64_t serializer = 0;
  bool loads = false;
  Graph graph;
};

// "content.scale_", as people write it.
std::string place_name(std::string_view place);

class Trial {
 public:
  enum class Calls { none, usual, all };

  Trial(Report& report, const Inputs& inputs) : report_(report), inputs_(inputs) {}

  // Whether a value was made. `what` says how the file differs from an ordinary one.
  // `look` sees the load before its object is released.
  bool run(const skops_serializer& serializer, const Graph& graph, std::string_view what,
           Calls calls = Calls::usual, const Knobs& knobs = {},
           const std::function<void(const FakeLoad&)>& look = {});
  // Calls every method and judges; the results, one text after the other.
  std::string call_all(const skops_object& object, const std::string& who, Calls calls,
                       std::uint64_t threads = 1);
  void report(const FakeLoad& load, const std::string& who);
  Report& findings() const { return report_; }
  const Inputs& inputs() const { return inputs_; }

 private:
  Report& report_;
  const Inputs& inputs_;
};

// Names of the methods; what is wrong with the table goes to the report.
std::vector<std::string> methods_of(const skops_object& object, const std::string& who,
                                    Report& report);

// `graph` with one place changed.
Graph changed(const Graph& graph, const std::string& place, const Choice& choice);

// Tries to find a graph that the serializer loads, guided by what it asks for and how far it comes.
Base search(Trial& trial, const skops_serializer& serializer, unsigned trials);

}  // namespace skops_validator
