// Files that lie, one place at a time and all over.
#include <random>
#include <set>

#include "validator/checks/checks.hpp"
#include "validator/host/content.hpp"
#include "validator/host/host_functions.hpp"
#include "validator/host/host_table.hpp"

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

void robustness_more(const Context& context) {
  constexpr std::string_view further[] = {"predict", "new_in_1_99_", "__class__", "_", "\xc3\xa4"};
  const std::vector<Choice> kinds_of_further = {{Kind::array, true, 0},
                                                {Kind::text, true, 1},
                                                {Kind::object, true, 0},
                                                {Kind::list, true, 4}};
  each_change(context, [](const Graph&, const std::string&, const Choice&, auto&& change) {
    for (std::uint16_t k = 0; k < variants(Kind::alias); ++k) change({Kind::alias, true, k});
    for (const Kind kind : {Kind::list, Kind::tuple, Kind::set}) {
      for (const bool node : {true, false}) {
        const auto nest = static_cast<std::uint16_t>(variants(kind) - 1);
        change({kind, node, nest});
      }
    }
  });
  const Inputs inputs;
  Trial trial(context.report, inputs);
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    for (const auto& [place, choice] : base.graph) {
      if (choice.kind != Kind::mapping) continue;
      for (const std::string_view name : further) {
        for (const Choice& what : kinds_of_further) {
          const std::string key = place + '.' + escaped(name);
          if (base.graph.contains(key)) continue;
          trial.run(s, changed(base.graph, key, what), is(key, what));
        }
      }
    }
  });
}

namespace {

// An error without its numbers: two that differ in nothing else are one.
std::string words_of(const std::string& error) {
  std::string out;
  for (const char c : error) {
    if (c < '0' || c > '9') out += c;
  }
  return out;
}

// Changes to graphs, and the graphs that led to something new: changes to those lead further than
// changes to what loads.
class RandomGraphs {
 public:
  RandomGraphs(const Graph& base, std::uint32_t seed) : random_(seed), kept_{base} {}

  Graph next() {
    Graph graph = kept_[below(3) == 0 ? 0 : below(kept_.size())];
    std::vector<std::string> places;
    for (const auto& [place, choice] : graph) places.push_back(place);
    if (places.empty()) return graph;
    const std::size_t changes = 1 + below(2 + places.size() / 3);
    for (std::size_t n = 0; n < changes; ++n) {
      const std::string& place = places[below(places.size())];
      Choice& choice = graph[place];
      // Half of the time the same kind, with another content.
      const auto kind = below(2) == 0 ? choice.kind : static_cast<Kind>(below(kinds));
      choice = {kind, below(4) != 0, static_cast<std::uint16_t>(below(variants(kind)))};
      if (kind == Kind::mapping && below(4) == 0) graph[place + ".more"] = any();
    }
    return graph;
  }
  // What came of the last one.
  void learn(const Graph& seen, const std::string& error) {
    constexpr std::size_t most_kept = 400;
    if (kept_.size() < most_kept && known_.insert(words_of(error)).second) kept_.push_back(seen);
  }

 private:
  std::size_t below(std::size_t n) { return random_() % n; }
  Choice any() {
    const auto kind = static_cast<Kind>(below(kinds));
    return {kind, below(4) != 0, static_cast<std::uint16_t>(below(variants(kind)))};
  }

  std::mt19937 random_;
  std::vector<Graph> kept_;
  std::set<std::string> known_;
};

}  // namespace

// Several changes at once, of any kind.
void robustness_random(const Context& context) {
  const Inputs inputs;
  Trial trial(context.report, inputs);
  std::uint32_t seed = context.random.seed;
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    if (base.graph.empty()) return;
    RandomGraphs graphs(base.graph, ++seed);
    for (std::uint32_t k = 0; k < context.random.graphs; ++k) {
      std::string error;
      Graph seen;
      trial.run(s, graphs.next(), "random node " + std::to_string(k), Trial::Calls::usual, {},
                [&](const FakeLoad& load) {
                  error = load.error();
                  seen = load.graph();
                  for (const auto& [place, choice] : load.seen()) seen.emplace(place, choice);
                });
      graphs.learn(seen, error);
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
