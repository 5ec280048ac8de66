// Files that lie, one place at a time and all over.
#include <random>
#include <set>

#include "validator/checks/checks.hpp"
#include "validator/host/host_functions.hpp"

namespace skops_validator {
namespace {

std::string is(const std::string& place, const Choice& choice) {
  return place_name(place) + " is " + describe(choice);
}

template <class F>
void each_change(const Context& context, F&& changes) {
  const Inputs inputs;
  Trial trial(context.report, inputs);
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    for (const auto& [place, choice] : base.graph) {
      changes(base.graph, place, choice, [&](const Choice& other) {
        if (other == choice) return;
        trial.run(s, changed(base.graph, place, other), is(place, other));
      });
    }
  });
}

}  // namespace

void robustness_empty(const Context& context) {
  const Inputs inputs;
  Trial trial(context.report, inputs);
  for_each_base(context, [&](const skops_serializer& s, const Base&) {
    for (std::uint32_t protocol = s.protocol_from; protocol <= std::min(s.protocol_to, 8u);
         ++protocol) {
      Knobs knobs;
      knobs.protocol = protocol;
      trial.run(s, {}, "an empty node of protocol " + std::to_string(protocol), Trial::Calls::usual,
                knobs);
    }
    trial.run(s, {{"/content", {Kind::mapping, true, 0}}}, "an object without attributes");
  });
}

void robustness_missing(const Context& context) {
  each_change(context, [](const Graph&, const std::string&, const Choice&, auto&& change) {
    change(Choice{});
  });
}

void robustness_types(const Context& context) {
  each_change(context, [](const Graph&, const std::string&, const Choice&, auto&& change) {
    for (const Choice& other : one_of_each()) change(other);
  });
}

void robustness_values(const Context& context) {
  each_change(context,
              [](const Graph&, const std::string& place, const Choice& choice, auto&& change) {
                if (place.starts_with('@') || choice.kind == Kind::array) return;
                // A place that was missing: plain numbers and texts, the hostile ones among them.
                const std::vector<Kind> tried =
                    choice.kind == Kind::missing
                        ? std::vector<Kind>{Kind::integer, Kind::real, Kind::text, Kind::list}
                        : std::vector<Kind>{choice.kind};
                for (const Kind kind : tried) {
                  for (std::uint16_t k = 0; k < variants(kind); ++k) change({kind, choice.node, k});
                }
              });
}

void robustness_arrays(const Context& context) {
  each_change(
      context, [](const Graph&, const std::string& place, const Choice& choice, auto&& change) {
        if (place.starts_with('@') || (choice.kind != Kind::array && choice.kind != Kind::sparse)) {
          return;
        }
        for (std::uint16_t k = 0; k < variants(Kind::array); ++k) change({Kind::array, true, k});
        for (std::uint16_t k = 0; k < variants(Kind::sparse); ++k) change({Kind::sparse, true, k});
      });
}

void robustness_members(const Context& context) {
  bool any = false;
  each_change(context,
              [&](const Graph&, const std::string& place, const Choice& choice, auto&& change) {
                if (!place.starts_with('@') && choice.kind != Kind::bytes) return;
                any = true;
                for (std::uint16_t k = 0; k < variants(Kind::bytes); ++k)
                  change({Kind::bytes, true, k});
                change(Choice{});
              });
  if (!any) context.report.skip("no serializer reads a member of the archive");
}

// Two and three changes at once, of any kind, from a fixed seed.
void robustness_random(const Context& context) {
  constexpr int graphs = 150;
  const Inputs inputs;
  Trial trial(context.report, inputs);
  std::mt19937 random(20240901);
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    std::vector<std::string> places;
    for (const auto& [place, choice] : base.graph) places.push_back(place);
    if (places.empty()) return;
    for (int k = 0; k < graphs; ++k) {
      Graph graph = base.graph;
      const std::size_t changes = 2 + random() % (1 + places.size() / 2);
      for (std::size_t n = 0; n < changes; ++n) {
        const auto kind = static_cast<Kind>(random() % kinds);
        graph[places[random() % places.size()]] = {
            kind, random() % 4 != 0, static_cast<std::uint16_t>(random() % variants(kind))};
      }
      trial.run(s, graph, "random node " + std::to_string(k));
    }
  });
}

void robustness_search(const Context& context) {
  const auto loaded = std::count_if(context.bases.begin(), context.bases.end(),
                                    [](const Base& base) { return base.loads; });
  context.report.note(std::to_string(loaded) + " of " + std::to_string(context.bases.size()) +
                      " serializers load a made-up file");
}

}  // namespace skops_validator
