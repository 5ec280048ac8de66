// What people configure, changed at random: manifests, policy files, lock files, the record of
// adopted projects. Each text is refused by a skops::Error that says file, line and column, or it
// is read as what an independent parser reads in it; texts that only are written another way are
// read as before.
//
//   test_settings -- --seed 7 --count 100000      # longer, with other texts
#define BOOST_TEST_MODULE settings
#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "manifest/manifest.hpp"
#include "meaning.hpp"
#include "policy/adopted.hpp"
#include "skops/error.hpp"
#include "skops/plugin_lock.hpp"
#include "support/json_text.hpp"
#include "text_mutator.hpp"
#include "unit/policy/scratch.hpp"

using namespace skops_test;
namespace fs = std::filesystem;

namespace {

struct Format {
  std::string name;
  bool comments = false;
  std::vector<skops::Family> families;
  // Line and column come behind this, as `L:C: ` or `line L, column C: `.
  std::string place;
  std::uint64_t most_bytes = 0;  // what is larger may be refused without a place
  std::function<std::string(const std::string&)> meaning;
};

std::uint64_t option(const char* name, std::uint64_t otherwise) {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  for (int k = 1; k + 1 < suite.argc; ++k) {
    if (std::string_view(suite.argv[k]) == name) {
      return std::strtoull(suite.argv[k + 1], nullptr, 10);
    }
  }
  return otherwise;
}

// Empty, or what is wrong with the error.
std::string wrong_with(const Format& format, const std::string& text, const skops::Error& error) {
  if (std::find(format.families.begin(), format.families.end(), error.family()) ==
      format.families.end()) {
    return "another family";
  }
  if (error.remedy().empty()) return "no remedy";
  const std::string_view what = error.what();
  if (skops::printable(what, 10 * what.size() + 10) != what) return "it holds what cannot be seen";
  if (text.size() > format.most_bytes) return {};
  if (!error.text().starts_with(format.place)) return "no file";
  const std::string said = error.text().substr(format.place.size());
  std::size_t line = 0, column = 0;
  int end_of_place = 0;
  const auto place = [&](const char* pattern) {
    return std::sscanf(said.c_str(), pattern, &line, &column, &end_of_place) == 2 &&
           end_of_place != 0;
  };
  if (!place("%zu:%zu: %n") && !place("line %zu, column %zu: %n")) return "no line and column";
  std::size_t begin = 0;
  for (std::size_t k = 1; k < line; ++k) {
    begin = text.find('\n', begin);
    if (begin == text.npos) return "a line that is not there";
    ++begin;
  }
  const std::size_t end = std::min(text.find('\n', begin), text.size());
  const std::size_t most = skops::TextLines(text).column(end);
  if (line == 0 || column == 0 || column > most) return "a column that is not there";
  return {};
}

struct Count {
  std::size_t refused = 0, taken = 0, same = 0;
};

void check(const Format& format, const std::string& original, const Mutant& mutant, Count& count) {
  const auto report = [&](const std::string& what) {
    BOOST_ERROR(format.name + ", " + mutant.what + ": " + what + "\n" +
                skops::printable(mutant.text, 3000));
  };
  std::string meaning;
  try {
    meaning = format.meaning(mutant.text);
  } catch (const skops::Error& error) {
    ++count.refused;
    const std::string wrong = wrong_with(format, mutant.text, error);
    if (!wrong.empty()) report("the error has " + wrong + ": " + error.what());
    if (mutant.expect == Expect::same) report(std::string("refused: ") + error.what());
    return;
  } catch (const std::exception& error) {
    return report(std::string("another exception: ") + error.what());
  }
  ++count.taken;
  if (mutant.expect == Expect::refused) return report("read as if nothing was wrong");
  try {
    const boost::json::value tree = parsed(mutant.text);
    if (tree == parsed(original)) {
      ++count.same;
      if (meaning != format.meaning(original)) report("the same tree is read as another");
    } else if (mutant.expect == Expect::same) {
      report("the mutator has changed the tree");
    }
    if (meaning != format.meaning(boost::json::serialize(tree))) {
      report("read as something else than what it holds");
    }
  } catch (const std::exception& error) {
    report(std::string("read, but an independent parser refuses it: ") + error.what());
  }
}

void run(const Format& format, const std::vector<std::string>& originals, std::size_t count) {
  TextMutator mutator(option("--seed", 1));
  count = option("--count", count);
  Count done;
  for (const std::string& original : originals) {
    BOOST_REQUIRE_NO_THROW((void)format.meaning(original));
    for (std::size_t k = 0; k < count; ++k) {
      check(format, original, mutator.mutate(original, format.comments), done);
    }
  }
  // Both outcomes, or nothing was tested.
  const std::size_t all = originals.size() * count;
  BOOST_TEST(done.refused >= all / 4);
  BOOST_TEST(done.same >= all / 10);
  BOOST_TEST_MESSAGE(format.name << ": " << done.refused << " refused, " << done.taken << " read, "
                                 << done.same << " of them as before");
}

const std::string hash(64, 'a');

}  // namespace

BOOST_AUTO_TEST_CASE(manifests) {
  // The large ones take longer, and hold nothing that others do not.
  std::vector<std::string> small, large;
  for (const char* folder :
       {SKOPS_BUILD "/plugins", SKOPS_TEST_DATA "/../examples/plugins/manifest/src"}) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (!entry.path().string().ends_with(".skops-plugin.json")) continue;
      const std::string text = read(entry.path());
      (text.size() < 10'000 ? small : large).push_back(text);
    }
  }
  BOOST_REQUIRE(small.size() >= 3u);
  BOOST_REQUIRE(!large.empty());
  const Format format = {
      "manifest", false, {skops::Family::plugin}, "", 64 << 10, [](const std::string& text) {
        return meaning_of(skops::read_manifest(text, "m.json"));
      }};
  run(format, small, 500);
  run(format, large, 60);
}

BOOST_AUTO_TEST_CASE(policies) {
  const std::string page = read(SKOPS_TEST_DATA "/../docs/trust.md");
  std::vector<std::string> originals;
  for (std::size_t at = 0; (at = page.find("```json\n{", at)) != page.npos;) {
    const std::size_t begin = at + 8, end = page.find("```", begin);
    const std::string text = page.substr(begin, end - begin);
    if (text.find("\"version\": 1,") != text.npos) originals.push_back(text);
    at = end;
  }
  BOOST_REQUIRE(!originals.empty());
  // As the command writes it.
  const Scratch scratch;
  for (const char* name : {"a.b.C", "xgboost", "mine.*"}) {
    skops::add_user_rule(scratch.where, skops::make_rule(skops::Rule::Effect::allow, name));
  }
  skops::Rule ours = skops::make_rule(skops::Rule::Effect::deny, "lightgbm");
  ours.version = ">=2,<4";
  ours.reason = "caf\u00e9 \"x\"";
  skops::add_user_rule(scratch.where, ours);
  originals.push_back(read(scratch.where.user));
  const Format format = {
      "policy",
      true,
      {skops::Family::usage, skops::Family::limit},
      "p.json:",
      skops::PolicyLimits().policy_bytes,
      [](const std::string& text) { return meaning_of(skops::read_policy_text(text, "p.json")); }};
  run(format, originals, 2000);
}

BOOST_AUTO_TEST_CASE(lock_files) {
  skops::PluginLock lock;
  for (const char* id : {"acme", "beta", "manifest-only"}) {
    lock.plugins.push_back({.id = id,
                            .manifest_sha256 = hash,
                            .library_sha256 = lock.plugins.size() < 2 ? hash : "",
                            .accept_proposals = id[0] == 'b',
                            .enabled_by = "\u00e4na \"x\"",
                            .enabled_at = "2026-11-26T12:00:00Z"});
  }
  const Format format = {
      "lock file",
      false,
      {skops::Family::plugin},
      "L, ",
      skops::PluginLimits().lock_bytes,
      [](const std::string& text) {
        const skops::PluginLock read = skops::PluginLock::parse(text, "L");
        // What is written is read as what was written.
        BOOST_TEST(skops::PluginLock::parse(read.text(), "L").text() == read.text());
        return read.text();
      }};
  run(format, {lock.text(), skops::PluginLock().text()}, 2000);
}

BOOST_AUTO_TEST_CASE(adopted_projects) {
  const Scratch scratch;
  skops::write_adopted(scratch.where, {{"/srv/project/.libskops/policy.json", hash},
                                       {"/srv/\u00e4 \"x\"/.libskops/policy.json", hash}});
  const std::string path = scratch.where.adopted.string();
  const Format format = {"adopted.json",
                         true,
                         {skops::Family::usage, skops::Family::limit},
                         path + ":",
                         std::uint64_t{8} << 20,
                         [&](const std::string& text) {
                           write(path, text);
                           std::string out;
                           for (const auto& project : skops::read_adopted(scratch.where)) {
                             out += project.path + '\n' + project.sha256 + '\n';
                           }
                           return out;
                         }};
  run(format, {read(path)}, 1500);
}
