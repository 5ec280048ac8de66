// What a plugin does to the process around it.
#include "validator/checks/checks.hpp"
#include "validator/process_state.hpp"

namespace skops_validator {
namespace {

// Every ordinary file and a broken one, with all that objects can do.
void everything(const Context& context, Trial& trial) {
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    trial.run(s, base.graph, "");
    trial.run(s, {}, "an empty node");
  });
}

}  // namespace

void contract_process(const Context& context) {
  const Inputs inputs;
  Trial trial(context.report, inputs);
  const auto start = process_state();
  if (map(context.subject, context.report) == nullptr) return;
  for (const std::string& text : differences(start, process_state())) {
    context.report.fail("after loading the library " + text);
  }
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    const auto before = process_state();
    trial.run(s, base.graph, "");
    trial.run(s, {}, "an empty node");
    for (const std::string& text : differences(before, process_state())) {
      context.report.fail(name_of(s) + ": afterwards " + text);
    }
  });
}

void contract_environment(const Context& context) {
  const Inputs inputs;
  Trial trial(context.report, inputs);
  if (map(context.subject, context.report) == nullptr) return;
  watch_environment();
  everything(context, trial);
  if (environment_was_read()) context.report.fail("the plugin reads environment variables");
}

void contract_system(const Context& context) {
  if (with_sanitizers()) {
    return context.report.skip("the sanitizers make system calls of their own");
  }
  const Inputs inputs;
  Trial trial(context.report, inputs);
  if (map(context.subject, context.report) == nullptr) return;
  if (!watch_system_calls()) {
    return context.report.skip("this system has no filter for system calls");
  }
  everything(context, trial);
  for (const std::string& call : watched_calls()) {
    context.report.fail("the plugin calls " + call);
  }
}

void contract_output(const Context& context) {
  const Inputs inputs;
  Trial trial(context.report, inputs);
  everything(context, trial);
}

}  // namespace skops_validator
