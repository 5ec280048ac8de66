// Hosts that fail, older and newer hosts, threads, leaks and appetite.
#include <malloc.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <thread>

#include "validator/checks/checks.hpp"
#include "validator/host/content.hpp"
#include "validator/host/fake_call.hpp"
#include "validator/host/fake_save.hpp"
#include "validator/real_host.hpp"

extern "C" __attribute__((weak)) std::size_t __sanitizer_get_current_allocated_bytes();

namespace skops_validator {
namespace {

constexpr std::uint64_t most_failures = 300;

std::size_t bytes_in_use() {
  if (__sanitizer_get_current_allocated_bytes != nullptr) {
    return __sanitizer_get_current_allocated_bytes();
  }
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

// Peak of the address space, in bytes.
std::uint64_t peak_memory() {
  std::uint64_t kib = 0;
  if (std::FILE* file = std::fopen("/proc/self/status", "re")) {
    char line[256];
    while (std::fgets(line, sizeof line, file) != nullptr) {
      if (std::strncmp(line, "VmPeak:", 7) == 0) kib = std::strtoull(line + 7, nullptr, 10);
    }
    std::fclose(file);
  }
  return kib << 10;
}

}  // namespace

void robustness_host_failures(const Context& context) {
  const Inputs inputs;
  Trial trial(context.report, inputs);
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    for (std::uint64_t k = 1; k <= most_failures; ++k) {
      const std::string who = name_of(s) + ", call " + std::to_string(k) + " of the host fails";
      context.report.step(who);
      Knobs knobs;
      knobs.fail_at = k;
      FakeLoad load(s, base.graph, knobs);
      load.run();
      if (load.injected().empty()) break;
      trial.report(load, name_of(s));
    }
  });
}

void robustness_sink_failures(const Context& context) {
  const Inputs inputs;
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    FakeLoad load(s, base.graph);
    if (!base.loads || !load.run() || load.object().type == nullptr) return;
    const auto methods = methods_of(load.object(), name_of(s), context.report);
    for (std::uint64_t method = 0; method < methods.size(); ++method) {
      for (const GivenInput& given : inputs.usual()) {
        for (std::uint64_t k = 1; k < 20; ++k) {
          const std::string who = name_of(s) + ", " + methods[method] + " of " + given.name;
          context.report.step(who + ", call " + std::to_string(k) + " of the sink fails");
          FakeCall call(load.object(), method, given.input, {k, 1, false});
          call.run();
          if (call.injected().empty()) break;
          for (const std::string& text : call.violations()) {
            context.report.fail(who + ": " + text);
          }
        }
      }
    }
  });
}

// The tables of hosts that never had the later fields, and of hosts that have more.
void robustness_host_sizes(const Context& context) {
  // The size of skops_host in each minor version that was released.
  static constexpr std::uint64_t sizes[] = {368};
  static_assert(sizes[SKOPS_ABI_MINOR] == sizeof(skops_host));
  const Inputs inputs;
  Trial trial(context.report, inputs);
  const skops_plugin* plugin = map(context.subject, context.report);
  if (plugin == nullptr) return;
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    for (std::uint32_t minor = plugin->abi_minor; minor <= SKOPS_ABI_MINOR; ++minor) {
      Knobs knobs;
      knobs.minor = minor;
      knobs.host_size = sizes[minor];
      trial.run(s, base.graph, "a host of ABI 1." + std::to_string(minor), Trial::Calls::usual,
                knobs);
    }
    Knobs newer;
    newer.minor = SKOPS_ABI_MINOR + 7;
    newer.host_size = sizeof(skops_host) + 200;
    const bool made = trial.run(s, base.graph, "a newer host", Trial::Calls::usual, newer);
    if (base.loads && !made) {
      context.report.fail(name_of(s) + ": a newer host of the same major version is refused");
    }
  });
}

void robustness_threads(const Context& context) {
  const Inputs inputs;
  Trial trial(context.report, inputs);
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    if (!base.loads) return;
    const std::string who = name_of(s);
    FakeLoad shared(s, base.graph);
    if (!shared.run()) return;
    const std::string expected = trial.call_all(shared.object(), who, Trial::Calls::usual);
    if (expected != trial.call_all(shared.object(), who, Trial::Calls::usual, 4)) {
      context.report.fail(who + ": results depend on the number of threads");
    }
    context.report.step(who + ", four threads at once");
    std::atomic<int> differ{0}, refused{0};
    const auto results = [&](const skops_object& object) {
      std::string out;
      if (object.type == nullptr || object.type->method_count == nullptr) return out;
      const std::uint64_t n = object.type->method_count(object.state);
      for (std::uint64_t k = 0; k < n; ++k) {
        for (const GivenInput& given : inputs.usual()) {
          FakeCall call(object, k, given.input);
          call.run();
          out += call.result() + '\n';
        }
      }
      return out;
    };
    const auto work = [&] {
      for (int k = 0; k < 8; ++k) {
        if (results(shared.object()) != expected) ++differ;
        FakeLoad own(s, base.graph);
        if (!own.run()) {
          ++refused;
        } else if (results(own.object()) != expected) {
          ++differ;
        }
      }
    };
    std::vector<std::thread> threads;
    for (int k = 0; k < 4; ++k) threads.emplace_back(work);
    for (std::thread& thread : threads) thread.join();
    if (differ != 0)
      context.report.fail(who + ": results differ when several threads load or call");
    if (refused != 0) context.report.fail(who + ": loads fail when several threads load");
  });
}

// Two hosts of the real core in one process: each has its own registry and may map the library.
void robustness_hosts(const Context& context) {
  if (!context.subject.manifest) return context.report.skip("see manifest.schema");
  const Inputs inputs;
  Trial trial(context.report, inputs);
  std::string expected;
  {
    const RealHost first(context.subject), second(context.subject);
    for (const RealHost* host : {&first, &second}) {
      const skops::PluginStatus row = host->status();
      const std::string state = row.state + ' ' + row.code;
      if (expected.empty()) expected = state;
      if (state != expected) context.report.fail("the second host says of the plugin: " + state);
    }
  }
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    if (!base.loads) return;
    const std::string who = name_of(s) + ", two hosts";
    auto first = std::make_unique<FakeLoad>(s, base.graph);
    FakeLoad second(s, base.graph);
    if (!first->run() || !second.run()) {
      context.report.fail(who + ": the second one cannot load what the first one can");
      trial.report(*first, who);
      trial.report(second, who);
      return;
    }
    const std::string results = trial.call_all(first->object(), who, Trial::Calls::usual);
    first.reset();
    if (results != trial.call_all(second.object(), who, Trial::Calls::usual)) {
      context.report.fail(who + ": results change when the first one is gone");
    }
  });
}

void robustness_leaks(const Context& context) {
  constexpr int rounds = 20;
  const Inputs inputs;
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    const std::string who = name_of(s);
    const auto round = [&](const Graph& graph, const Knobs& knobs) {
      FakeLoad load(s, graph, knobs);
      const bool made = load.run();
      const bool again = !load.injected().empty();
      if (made && load.object().type != nullptr && load.object().type->method_count != nullptr) {
        const std::uint64_t n = load.object().type->method_count(load.object().state);
        for (std::uint64_t k = 0; k < n; ++k) {
          for (const GivenInput& given : inputs.usual()) {
            FakeCall(load.object(), k, given.input).run();
          }
        }
      }
      load.release();
      return again;
    };
    const auto grows = [&](const auto& once) {
      for (int k = 0; k < 3; ++k) once();
      // Several times, so that caches that fill up, the C library's among them, are no leak.
      for (int measured = 0; measured < 8; ++measured) {
        const std::size_t before = bytes_in_use();
        for (int k = 0; k < rounds; ++k) once();
        if (bytes_in_use() < before + rounds * 8) return false;
      }
      return true;
    };
    context.report.step(who + ", the same file many times");
    if (grows([&] { round(base.graph, {}); })) {
      context.report.fail(who + ": memory is lost each time that a file is loaded and released");
    }
    if (grows([&] { round({}, {}); })) {
      context.report.fail(who + ": memory is lost each time that a node is refused");
    }
    for (std::uint64_t k = 1; k <= 60; ++k) {
      Knobs knobs;
      knobs.fail_at = k;
      bool happened = false;
      const bool lost = grows([&] { happened = round(base.graph, knobs); });
      if (!happened) break;
      if (lost) {
        context.report.fail(who + ": memory is lost when call " + std::to_string(k) +
                            " of the host fails");
        break;
      }
    }
  });
}

// A small file must not cost much memory: numbers in it are no sizes.
void robustness_memory(const Context& context) {
  constexpr std::uint64_t allowed = std::uint64_t{48} << 20;
  if (with_sanitizers()) return context.report.skip("the sanitizers keep memory for themselves");
  const Inputs inputs;
  Trial trial(context.report, inputs);
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    for (const auto& [place, choice] : base.graph) {
      for (std::uint16_t k = 0; k < variants(Kind::integer); ++k) {
        const std::int64_t number = integer_content(k);
        if (number < (1 << 20) || place.starts_with('@')) continue;
        for (const bool node : {true, false}) {
          const std::string who =
              name_of(s) + ", " + place_name(place) + " is " + std::to_string(number);
          context.report.step(who);
          const std::uint64_t before = peak_memory();
          FakeLoad load(s, changed(base.graph, place, {Kind::integer, node, k}));
          load.run();
          load.release();
          const std::uint64_t grown = peak_memory() - before;
          const bool refused_by_system = load.code() == "limit.memory";
          if (grown > allowed + load.charged() || refused_by_system) {
            context.report.fail(who + ": the plugin takes " +
                                (refused_by_system ? "more memory than there is"
                                                   : std::to_string(grown >> 20) + " MiB") +
                                " without asking the host");
          }
        }
      }
    }
  });
}

}  // namespace skops_validator
