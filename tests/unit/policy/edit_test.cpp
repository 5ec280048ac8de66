// Rules that are added to and removed from a file that a person writes, too.
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <random>

#include "scratch.hpp"
#include "skops/error.hpp"

using namespace skops;

namespace {

Rule rule(const std::string& text, Rule::Effect effect = Rule::Effect::allow,
          const std::string& version = {}, const std::string& reason = {}) {
  Rule out = make_rule(effect, text);
  out.version = version;
  out.reason = reason;
  return out;
}

std::vector<std::string> sorted_rules(const PolicyLocations& where) {
  std::vector<std::string> out;
  const Policy policy = read_policy_files(where).policy;
  for (const Rule& known : policy.rules()) {
    out.push_back((known.effect == Rule::Effect::allow ? "+" : "-") + known.text());
  }
  std::sort(out.begin(), out.end());
  return out;
}

// The comments of a text whose strings hold no slashes.
std::vector<std::string> comments(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; (at = text.find('/', at)) != text.npos;) {
    const bool line = text[at + 1] == '/';
    const std::size_t end =
        std::min(line ? text.find('\n', at) : text.find("*/", at) + 2, text.size());
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(rules_are_added_and_removed) {
  const Scratch scratch;
  const auto& where = scratch.where;
  BOOST_TEST(add_user_rule(where, rule("xgboost", Rule::Effect::allow, ">=2,<4", "ours \"&\"")));
  BOOST_TEST(!add_user_rule(where, rule("xgboost", Rule::Effect::allow, ">=2,<4")));
  BOOST_TEST(add_user_rule(where, rule("xgboost")));
  BOOST_TEST(add_user_rule(where, rule("m.*", Rule::Effect::deny)));
  BOOST_TEST(
      read(where.user) ==
      "{\n  \"version\": 1,\n  \"allow\": [\n    {\"library\": \"xgboost\", \"version\": "
      "\">=2,<4\", \"reason\": \"ours \\\"&\\\"\"},\n    \"xgboost\"\n  ],\n  \"deny\": [\n   "
      " \"m.*\"\n  ]\n}\n");
  BOOST_TEST(!remove_user_rule(where, rule("m.*")));
  BOOST_TEST(remove_user_rule(where, rule("m.*", Rule::Effect::deny)));
  BOOST_TEST(remove_user_rule(where, rule("xgboost", Rule::Effect::allow, ">=2,<4")));
  BOOST_TEST(sorted_rules(where) == std::vector<std::string>{"+xgboost"},
             boost::test_tools::per_element());
  add_user_rule(where, rule("xgboost", Rule::Effect::allow, ">=3"));
  BOOST_TEST(remove_user_rule(where, rule("xgboost")));  // with any range
  BOOST_TEST(sorted_rules(where).empty());
}

BOOST_AUTO_TEST_CASE(what_is_refused_is_not_written) {
  const Scratch scratch;
  write(scratch.where.user, "{\"version\": 1, // mine\n \"alow\": []}");
  const std::string before = read(scratch.where.user);
  BOOST_CHECK_THROW(add_user_rule(scratch.where, rule("a.B")), Error);
  BOOST_CHECK_THROW(remove_user_rule(scratch.where, rule("a.B")), Error);
  BOOST_TEST(read(scratch.where.user) == before);
  write(scratch.where.user, "{\"version\": 1}");
  Rule bad = rule("a.B");
  bad.version = ">=1";
  BOOST_CHECK_THROW(add_user_rule(scratch.where, bad), Error);
  bad = rule("a.B");
  bad.reason = std::string(1001, 'x');
  BOOST_CHECK_THROW(add_user_rule(scratch.where, bad), Error);
  bad.reason = "\x1b[2J";
  BOOST_CHECK_THROW(add_user_rule(scratch.where, bad), Error);
  BOOST_TEST(read(scratch.where.user) == "{\"version\": 1}");
  ::chmod(scratch.where.user.c_str(), 0666);
  BOOST_CHECK_THROW(add_user_rule(scratch.where, rule("a.B")), Error);
  BOOST_TEST(read(scratch.where.user) == "{\"version\": 1}");
}

BOOST_AUTO_TEST_CASE(folders_and_files_are_made_for_their_owner_alone) {
  const Scratch scratch;
  PolicyLocations where = scratch.where;
  where.user = scratch.folder / "home/.config/libskops/policy.json";
  const mode_t old = ::umask(0);
  add_user_rule(where, rule("a.B"));
  ::umask(old);
  struct stat status {};
  BOOST_REQUIRE(::stat(where.user.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 07777) == 0644u);
  BOOST_REQUIRE(::stat(where.user.parent_path().c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 07777) == 0700u);
  BOOST_TEST(sorted_rules(where).size() == 1u);
  for (const auto& entry : std::filesystem::directory_iterator(where.user.parent_path())) {
    BOOST_TEST(entry.path() == where.user);  // no sibling is left
  }
}

// Files as people write them, and hundreds of edits: the rules are those expected, and no comment
// goes but one on the line of a rule that is removed.
BOOST_AUTO_TEST_CASE(edits_keep_what_stands_around) {
  std::mt19937 random(7);
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const std::vector<std::string> files = {
      "{\"version\": 1}",
      "// one\n{\"version\": 1 /* two */ /* three */}\n// four",
      "{\"version\":1,\"allow\":[],\"deny\":[]}",
      "{\"allow\": [ /* nothing, yet */ ], // none\n\"version\": 1}",
      "{\n  \"version\": 1,\n  \"allow\": [ // to come\n  ],\n  \"deny\": [\n    // neither\n  "
      "]\n}\n",
      "{\n  \"version\": 1,\n  \"allow\": [\n    /* of a */ \"a.A\", // ours, \"all\" [of] them\n  "
      "  "
      "\"b.B\" // the last, of {all}\n    // end\n  ]\n}\n",
      "{\"version\": 1, \"deny\": [\"d.D\", /* a, b */ \"e.E\" /* c */, {\"library\": \"lib\", "
      "\"version\": \">=2,<4\"}], \"allow\": [\"a.A\"]}",
      "{\"version\": 1,\r\n \"allow\": [\r\n  \"a.A\",\r\n  \"b.B\"\r\n ]\r\n}\r\n"};
  const std::vector<std::string> names = {"a.A", "b.B", "d.D", "e.E", "m.*", "lib", "x.y.Z"};
  for (int round = 0; round < 200; ++round) {
    const Scratch scratch;
    const std::string start = files[static_cast<std::size_t>(round) % files.size()];
    write(scratch.where.user, start);
    std::vector<std::string> expected = sorted_rules(scratch.where);
    bool removed_any = false;
    for (int step = 0; step < 12; ++step) {
      const auto effect = pick(2) == 0 ? Rule::Effect::allow : Rule::Effect::deny;
      const std::string name = names[pick(names.size())];
      const std::string shown = (effect == Rule::Effect::allow ? "+" : "-") + name;
      if (pick(2) == 0) {
        const bool there = std::count(expected.begin(), expected.end(), shown) > 0;
        BOOST_TEST(add_user_rule(scratch.where, rule(name, effect)) == !there);
        if (!there) expected.push_back(shown);
      } else {
        const auto same = [&](const std::string& text) {
          return text == shown || text.starts_with(shown + " ");
        };
        const bool there = std::any_of(expected.begin(), expected.end(), same);
        BOOST_TEST(remove_user_rule(scratch.where, rule(name, effect)) == there);
        std::erase_if(expected, same);
        removed_any |= there;
      }
      std::sort(expected.begin(), expected.end());
      const auto found = sorted_rules(scratch.where);
      BOOST_TEST_REQUIRE(found == expected, "round " << round << ":\n" << read(scratch.where.user));
    }
    if (!removed_any) {
      const auto left = comments(read(scratch.where.user));
      for (const std::string& comment : comments(start)) {
        BOOST_TEST(std::count(left.begin(), left.end(), comment) > 0,
                   comment << " is gone from\n"
                           << read(scratch.where.user));
      }
    }
  }
}

// The device is full in the middle of writing: the old file stays, and nothing else.
BOOST_AUTO_TEST_CASE(a_write_that_fails_changes_nothing) {
  const Scratch scratch;
  const std::string before = "{\"version\": 1 /* " + std::string(5000, 'x') + " */}";
  write(scratch.where.user, before);
  const pid_t child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &small);
    int status = 1;
    try {
      add_user_rule(scratch.where, rule("a.B"));
    } catch (const Error& error) {
      status = error.code() == "file.write" ? 0 : 2;
    }
    ::_exit(status);
  }
  int status = -1;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST(status == 0);
  BOOST_TEST(read(scratch.where.user) == before);
  for (const auto& entry : std::filesystem::directory_iterator(scratch.folder / "user")) {
    BOOST_TEST(entry.path() == scratch.where.user);
  }
}

BOOST_AUTO_TEST_CASE(writers_at_once_lose_nothing) {
  const Scratch scratch;
  constexpr int writers = 4, each = 25;
  for (int writer = 0; writer < writers; ++writer) {
    const pid_t child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child != 0) continue;
    int status = 0;
    try {
      for (int k = 0; k < each; ++k) {
        add_user_rule(scratch.where, rule("w" + std::to_string(writer) + ".C" + std::to_string(k)));
      }
    } catch (...) {
      status = 1;
    }
    ::_exit(status);
  }
  // Whoever reads meanwhile sees a whole file.
  int done = 0, seen = 0;
  while (done < writers) {
    int status = 0;
    if (::waitpid(-1, &status, WNOHANG) > 0) {
      BOOST_TEST(status == 0);
      ++done;
    }
    seen = static_cast<int>(sorted_rules(scratch.where).size());
  }
  seen = static_cast<int>(sorted_rules(scratch.where).size());
  BOOST_TEST(seen == writers * each);
}
