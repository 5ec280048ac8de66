// What a plugin promises when everything goes well, and when it does not.
#include <algorithm>

#include "validator/checks/checks.hpp"
#include "validator/host/content.hpp"
#include "validator/host/fake_call.hpp"
#include "validator/host/host_functions.hpp"

namespace skops_validator {

void contract_entry(const Context& context) {
  std::string why;
  context.report.step("loading the library");
  const skops_plugin* plugin = map_unchecked(context.subject, why);
  if (plugin == nullptr) return context.report.skip(why + "; see binary.loads");
  for (const std::string& text : wrong_with_entry(*plugin)) context.report.fail(text);
}

// The ordinary file, as far as the search came, and every method with every input.
void contract_load(const Context& context) {
  const Inputs inputs;
  Trial trial(context.report, inputs);
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    trial.run(s, base.graph, "", Trial::Calls::usual);
  });
}

void contract_errors(const Context& context) {
  const Inputs inputs;
  Trial trial(context.report, inputs);
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    trial.run(s, {}, "an empty node", Trial::Calls::none);
    for (const auto& [place, choice] : base.graph) {
      for (const Choice& other : {Choice{}, Choice{Kind::none, true, 0}}) {
        trial.run(s, changed(base.graph, place, other),
                  place_name(place) + " is " + describe(other), Trial::Calls::none);
      }
    }
  });
}

void contract_services(const Context& context) {
  const Inputs inputs;
  Trial trial(context.report, inputs);
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    Knobs none, all;
    none.services = false;
    all.later = true;
    trial.run(s, base.graph, "without services", Trial::Calls::usual, none);
    trial.run(s, base.graph, "with work put off", Trial::Calls::usual, all);
  });
}

void contract_methods(const Context& context) {
  const Inputs inputs;
  Trial trial(context.report, inputs);
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    if (!base.loads) return;
    const std::string who = name_of(s);
    FakeLoad load(s, base.graph);
    if (!load.run() || load.object().type == nullptr) return;
    trial.call_all(load.object(), who, Trial::Calls::all);
    // A method that does not exist is refused, or at least harmless.
    const skops_object_type& type = *load.object().type;
    if (type.method_count == nullptr) return;
    const std::uint64_t n = type.method_count(load.object().state);
    for (const std::uint64_t beyond : {n, n + 1, UINT64_MAX}) {
      context.report.step(who + ", method " + std::to_string(beyond) + " of " + std::to_string(n));
      const std::string name(view(type.method_name(load.object().state, beyond)));
      if (!name.empty()) {
        context.report.fail(who + ": method " + std::to_string(beyond) + " of " +
                            std::to_string(n) + " is called " + name);
      }
      FakeCall call(load.object(), beyond, inputs.usual().front().input);
      if (call.run()) {
        context.report.fail(who + ": a method that it does not have gives a result");
      }
      for (const std::string& text : call.violations()) context.report.fail(who + ": " + text);
    }
  });
}

// The same rows in other layouts give the same results.
void contract_inputs(const Context& context) {
  const Inputs inputs;
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    const std::string who = name_of(s);
    FakeLoad load(s, base.graph);
    if (!base.loads || !load.run() || load.object().type == nullptr) return;
    const auto methods = methods_of(load.object(), who, context.report);
    for (std::uint64_t k = 0; k < methods.size(); ++k) {
      for (const Inputs::Layout& layout : inputs.layouts()) {
        context.report.step(who + ", " + methods[k] + " of " + layout.given.name);
        FakeCall usual(load.object(), k, inputs.usual()[layout.same_as].input);
        FakeCall other(load.object(), k, layout.given.input);
        usual.run();
        other.run();
        if (usual.result() != other.result()) {
          context.report.fail(who + ", " + methods[k] + ": the same numbers as " +
                              layout.given.name + " give another result");
        }
      }
    }
  });
}

namespace {

// The graph with its numbers changed, still loadable as far as one can tell.
Graph other_numbers(const Graph& graph) {
  Graph out = graph;
  for (auto& [place, choice] : out) {
    if (choice.kind == Kind::real) choice.variant = 3;
    if (choice.kind == Kind::array && choice.variant <= 1) {
      // The same shape, other numbers.
      for (std::uint16_t k = 0; k < array_contents().size(); ++k) {
        const ArrayContent& content = array_contents()[k];
        if (content.fill == Fill::falling_halves &&
            content.shape == array_contents()[choice.variant].shape) {
          choice.variant = k;
          break;
        }
      }
    }
  }
  return out;
}

}  // namespace

void contract_state(const Context& context) {
  const Inputs inputs;
  Trial trial(context.report, inputs);
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    if (!base.loads) return;
    const std::string who = name_of(s);
    FakeLoad first(s, base.graph);
    if (!first.run()) return;
    const std::string before = trial.call_all(first.object(), who, Trial::Calls::usual);
    {
      FakeLoad other(s, other_numbers(base.graph));
      if (other.run()) trial.call_all(other.object(), who, Trial::Calls::usual);
      trial.report(other, who + ", a second object");
      if (before != trial.call_all(first.object(), who, Trial::Calls::usual)) {
        context.report.fail(who + ": the results of an object change when another one is loaded");
      }
    }
    if (before != trial.call_all(first.object(), who, Trial::Calls::usual)) {
      context.report.fail(who + ": the results of an object change when another one is released");
    }
    FakeLoad again(s, base.graph);
    if (!again.run()) {
      context.report.fail(who +
                          ": a file that was loaded is refused the second time: " + again.error());
      trial.report(again, who + ", loaded again");
    } else if (before != trial.call_all(again.object(), who, Trial::Calls::usual)) {
      context.report.fail(who + ": the same file gives an object with other results");
    }
  });
}

}  // namespace skops_validator
