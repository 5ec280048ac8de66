#include "validator/validate.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>

#include "manifest/manifest.hpp"
#include "validator/check.hpp"
#include "validator/host/content.hpp"

namespace skops_validator {
namespace {

constexpr std::string_view search_id = "robustness.search";
constexpr unsigned most_trials = 6000;  // a serializer
constexpr int most_restarts = 20;
constexpr char end_of_base = '\x1d';

Result result_of(std::string_view id, const Outcome& outcome) {
  Result out{std::string(id), State::passed, {}};
  bool skipped = false, warned = false, failed = false;
  for (const Finding& finding : outcome.findings) {
    failed |= finding.kind == Finding::Kind::failure;
    warned |= finding.kind == Finding::Kind::warning;
    skipped |= finding.kind == Finding::Kind::skip;
    out.details.push_back(finding.text);
  }
  if (!outcome.ended.empty()) {
    failed = true;
    out.details.push_back(outcome.step.empty() ? outcome.ended
                                               : outcome.step + ": " + outcome.ended);
  }
  if (!outcome.output.empty()) {
    failed = true;
    out.details.push_back("the plugin writes to standard output or standard error: " +
                          outcome.output.substr(0, 200));
  }
  out.state = failed    ? State::failed
              : warned  ? State::warning
              : skipped ? State::skipped
                        : State::passed;
  return out;
}

// What the plugin may compare texts with: conditions of its loaders, and what its library holds.
std::vector<std::string> words_of(const Subject& subject) {
  std::vector<std::string> out;
  for (const skops::LoaderEntry& loader : subject.manifest->loaders) {
    if (!loader.layout.value.empty()) out.push_back(loader.layout.value);
  }
  // Outside of a child: nothing that could wait or be endless is opened.
  constexpr std::uintmax_t largest = std::uintmax_t{256} << 20;
  std::error_code error;
  if (!std::filesystem::is_regular_file(subject.library, error) ||
      std::filesystem::file_size(subject.library, error) > largest) {
    return out;
  }
  std::ifstream file(subject.library, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  for (std::string& word : words_in(bytes)) out.push_back(std::move(word));
  return out;
}

// The search, in a child that is started again behind a serializer that ended it: the others shall
// be looked at all the same.
class Search {
 public:
  explicit Search(const Subject& subject, const ChildLimits& limits)
      : subject_(subject), limits_(limits), memory_(std::size_t{16} << 20) {}

  void run() {
    for (int restart = 0; restart <= most_restarts; ++restart) {
      const Outcome outcome = run_in_child([&](Report& report) { body(report); }, limits_);
      outcome_.findings.insert(outcome_.findings.end(), outcome.findings.begin(),
                               outcome.findings.end());
      outcome_.output += outcome.output.substr(0, 400);
      collect();
      if (outcome.ended.empty()) break;
      outcome_.findings.push_back(
          {Finding::Kind::failure,
           outcome.step.empty() ? outcome.ended : outcome.step + ": " + outcome.ended});
      // Where not even the loading of the library comes to an end, there is nothing to search.
      std::uint64_t next = 0;
      std::memcpy(&next, memory_.data(), sizeof next);
      if (next <= from_) break;
      if (bases_.empty() || bases_.back().serializer + 1 != next)
        bases_.push_back({next - 1, false, {}});
      from_ = next;
    }
  }
  const std::vector<Base>& bases() const { return bases_; }
  const Outcome& outcome() const { return outcome_; }

 private:
  // In the child: the number of serializers begun, then a line for each that was searched.
  void body(Report& report) {
    char* at = memory_.data() + sizeof(std::uint64_t);
    *at = '\0';
    const skops_plugin* plugin = map(subject_, report);
    if (plugin == nullptr) return;
    const Inputs inputs;
    Trial trial(report, inputs);
    const char* end = memory_.data() + memory_.size();
    for (std::uint64_t k = from_; k < plugin->n_serializers; ++k) {
      const std::uint64_t begun = k + 1;
      std::memcpy(memory_.data(), &begun, sizeof begun);
      const Base base = search(trial, *plugin->serializers[k], most_trials);
      const std::string line =
          std::to_string(k) + ' ' + (base.loads ? '+' : '-') + to_text(base.graph) + end_of_base;
      if (line.size() + 1 > static_cast<std::size_t>(end - at)) break;
      std::memcpy(at, line.c_str(), line.size() + 1);
      at += line.size();
    }
  }
  void collect() {
    const char* start = memory_.data() + sizeof(std::uint64_t);
    const std::string_view all(start, ::strnlen(start, memory_.size() - sizeof(std::uint64_t)));
    for (std::size_t at = 0; at < all.size();) {
      const std::size_t end = std::min(all.find(end_of_base, at), all.size());
      const std::string line(all.substr(at, end - at));
      at = end + 1;
      const std::size_t space = line.find(' ');
      if (space == line.npos || space + 1 >= line.size()) continue;
      Base base;
      base.serializer = std::strtoull(line.c_str(), nullptr, 10);
      base.loads = line[space + 1] == '+';
      base.graph = graph_of(std::string_view(line).substr(space + 2));
      bases_.push_back(std::move(base));
    }
    memory_.data()[sizeof(std::uint64_t)] = '\0';
  }

  const Subject& subject_;
  ChildLimits limits_;
  SharedMemory memory_;
  std::uint64_t from_ = 0;
  std::vector<Base> bases_;
  Outcome outcome_;
};

}  // namespace

std::string_view name_of(State state) {
  static constexpr std::string_view names[] = {"passed", "warning", "failed", "skipped"};
  return names[static_cast<std::size_t>(state)];
}

std::vector<CheckText> check_texts() {
  std::vector<CheckText> out;
  for (const Check& check : checks()) {
    out.push_back({std::string(check.id), std::string(check.sentence), std::string(check.reason)});
  }
  return out;
}

bool selected(std::string_view id, const std::vector<std::string>& patterns) {
  const std::string text(id), group(id.substr(0, id.find('.')));
  return patterns.empty() ||
         std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
           return pattern == group || ::fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
         });
}

std::vector<Result> validate(const Subject& subject, const Settings& settings,
                             const std::function<void(const Result&)>& done) {
  std::vector<Result> out;
  const auto add = [&](Result result) {
    done(result);
    out.push_back(std::move(result));
  };
  const bool has_library = !subject.library.empty();
  const auto asked = [&](const Check& check) { return selected(check.id, settings.patterns); };
  std::vector<Base> bases;
  Outcome searched;
  // Most checks start from what the search finds.
  const bool search_needed =
      has_library && std::any_of(checks().begin(), checks().end(), [&](const Check& check) {
        return asked(check) && check.needs_library && !check.id.starts_with("binary.");
      });
  if (search_needed) {
    set_words(words_of(subject));
    Search search(subject, settings.limits);
    search.run();
    bases = search.bases();
    searched = search.outcome();
  }
  for (const Check& check : checks()) {
    if (!asked(check)) continue;
    if (check.needs_library && !has_library) {
      add({std::string(check.id),
           State::skipped,
           {subject.manifest ? "the plugin is a manifest alone"
                             : "the manifest cannot be read; see manifest.schema"}});
      continue;
    }
    Outcome outcome = run_in_child(
        [&](Report& report) {
          check.run({subject, bases, settings.random, report});
        },
        settings.limits);
    if (check.id == search_id) {
      outcome.findings.insert(outcome.findings.begin(), searched.findings.begin(),
                              searched.findings.end());
      outcome.output += searched.output;
    }
    add(result_of(check.id, outcome));
  }
  return out;
}

}  // namespace skops_validator
