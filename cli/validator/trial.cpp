#include "validator/trial.hpp"

#include <algorithm>
#include <set>

#include "validator/host/content.hpp"
#include "validator/host/fake_call.hpp"
#include "validator/host/host_functions.hpp"
#include "validator/subject.hpp"

namespace skops_validator {
namespace {

constexpr std::uint64_t most_methods = 1000;

}  // namespace

std::string place_name(std::string_view place) {
  return std::string(place.starts_with('/') ? place.substr(1) : place);
}

Graph changed(const Graph& graph, const std::string& place, const Choice& choice) {
  Graph out = graph;
  out[place] = choice;
  return out;
}

std::vector<std::string> methods_of(const skops_object& object, const std::string& who,
                                    Report& report) {
  std::vector<std::string> out;
  const skops_object_type& type = *object.type;
  if (type.name.data == nullptr || type.name.size == 0 || !is_utf8(view(type.name))) {
    report.fail(who + ": the object's type has no name");
  }
  if (type.method_count == nullptr) return out;
  const std::uint64_t n = type.method_count(object.state);
  if (n > most_methods) {
    report.fail(who + ": an object has " + std::to_string(n) + " methods");
    return out;
  }
  std::set<std::string> seen;
  for (std::uint64_t k = 0; k < n; ++k) {
    const std::string name(view(type.method_name(object.state, k)));
    if (name.empty()) report.fail(who + ": method " + std::to_string(k) + " has no name");
    if (!seen.insert(name).second) report.fail(who + ": two methods are called " + name);
    out.push_back(name);
  }
  if (type.method_count(object.state) != n) {
    report.fail(who + ": the number of methods changes after load");
  }
  return out;
}

void Trial::report(const FakeLoad& load, const std::string& who) {
  for (const std::string& text : load.violations()) report_.fail(who + ": " + text);
}

std::string Trial::call_all(const skops_object& object, const std::string& who, Calls calls,
                            std::uint64_t threads) {
  std::string results;
  if (object.type == nullptr || calls == Calls::none) return results;
  const auto methods = methods_of(object, who, report_);
  const auto call = [&](std::uint64_t method, const GivenInput& given, CallKnobs knobs) {
    report_.step(who + ", " + methods[method] + " of " + given.name);
    FakeCall fake(object, method, given.input, knobs);
    fake.run();
    for (const std::string& text : fake.violations()) {
      report_.fail(who + ", " + methods[method] + " of " + given.name + ": " + text);
    }
    results += fake.result() + '\n';
  };
  for (std::uint64_t k = 0; k < methods.size(); ++k) {
    for (const GivenInput& given : inputs_.usual()) call(k, given, {0, threads, false});
    if (calls != Calls::all) continue;
    for (const GivenInput& given : inputs_.odd()) call(k, given, {0, threads, false});
    call(k, inputs_.usual().front(), {0, threads, true});
  }
  if (object.type->work_per_row != nullptr) object.type->work_per_row(object.state);
  return results;
}

bool Trial::run(const skops_serializer& serializer, const Graph& graph, std::string_view what,
                Calls calls, const Knobs& knobs, const std::function<void(const FakeLoad&)>& look) {
  std::string who = name_of(serializer);
  if (!what.empty()) who += ", " + std::string(what);
  report_.step(who);
  FakeLoad load(serializer, graph, knobs);
  const bool made = load.run();
  report(load, who);
  // What the fake host gives is less than any limit, so it was the plugin's own.
  if (load.code() == "limit.memory" && load.injected().empty()) {
    report_.fail(who + ": the plugin takes more memory than there is without asking the host");
  }
  if (look) look(load);
  if (made) call_all(load.object(), who, calls);
  report_.step(who + ", release");
  load.release();
  return made;
}

namespace {

struct Tried {
  bool made;
  std::uint64_t score;
  std::vector<std::string> looked_at;
  std::map<std::string, Choice, std::less<>> wanted;
  Graph seen;
  std::string error;
};

Tried attempt(Trial& trial, const skops_serializer& serializer, const Graph& graph) {
  FakeLoad load(serializer, graph, {});
  const bool made = load.run();
  trial.report(load, name_of(serializer) + ", searching");
  // How far it comes: places before calls, since the way to an error may be long, too.
  const std::uint64_t score =
      (load.looked_at().size() << 12) + std::min<std::uint64_t>(load.calls(), 4095);
  Tried out{made, score, load.looked_at(), load.wanted(), load.seen(), load.error()};
  if (made) {
    out.score += std::uint64_t{1} << 32;
    // An object with methods is worth more than one that has none yet.
    const skops_object object = load.object();
    if (object.type != nullptr && object.type->method_count != nullptr) {
      out.score += object.type->method_count(object.state) << 16;
    }
  }
  return out;
}

}  // namespace

Base search(Trial& trial, const skops_serializer& serializer, unsigned trials) {
  constexpr std::size_t steps_back = 5;
  Base best;
  trial.findings().step(name_of(serializer) + ", the empty node, then a search");
  Tried now = attempt(trial, serializer, best.graph);
  unsigned spent = 1;
  bool better = true;
  while (better && !now.made && spent < trials) {
    better = false;
    std::vector<std::string> places(now.looked_at.rbegin(), now.looked_at.rend());
    if (places.size() > steps_back) places.resize(steps_back);
    for (const auto& [place, choice] : now.wanted) {
      if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
    }
    for (const std::string& place : places) {
      std::vector<Choice> choices;
      const auto wanted = now.wanted.find(place);
      if (wanted != now.wanted.end()) {
        for (std::uint16_t k = 0; k < std::min<std::uint16_t>(variants(wanted->second.kind), 4);
             ++k)
          choices.push_back({wanted->second.kind, wanted->second.node, k});
      }
      choices.insert(choices.end(), usual_choices().begin(), usual_choices().end());
      // Is a certain text expected where the load stops? One of the words that the library knows?
      for (std::uint16_t k = 0; place == places.front() && k < word_count(); ++k) {
        for (const bool node : {true, false}) {
          choices.push_back(
              {Kind::text, node, static_cast<std::uint16_t>(variants(Kind::text) + k)});
        }
      }
      for (const Choice& choice : choices) {
        const auto here = best.graph.find(place);
        if (here != best.graph.end() && here->second == choice) continue;
        if (++spent >= trials) break;
        const Graph graph = changed(best.graph, place, choice);
        trial.findings().step(name_of(serializer) + ", searching, " + place_name(place) + " is " +
                              describe(choice));
        Tried tried = attempt(trial, serializer, graph);
        if (tried.score <= now.score) continue;
        best.graph = graph;
        now = std::move(tried);
        better = true;
        break;
      }
      if (better) break;
    }
  }
  best.loads = now.made;
  if (!best.loads) {
    // What a person needs to know to give a real file instead.
    const std::string last = now.looked_at.empty() ? "nothing was looked at"
                                                   : "after " + place_name(now.looked_at.back());
    trial.findings().note(name_of(serializer) + " loads nothing that was tried: " + now.error +
                          " (" + last + ")");
  }
  // Everything that was looked at belongs to the graph, also what is missing.
  best.graph.insert(now.seen.begin(), now.seen.end());
  return best;
}

}  // namespace skops_validator
