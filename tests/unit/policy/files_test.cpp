// Which files count, which are refused, and what adopting a project's file means.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>

#include "scratch.hpp"
#include "skops/error.hpp"

using namespace skops;
namespace data = boost::unit_test::data;
namespace fs = std::filesystem;

namespace {

std::string code_of(const std::function<void()>& step) {
  try {
    step();
    return "";
  } catch (const Error& error) {
    return error.code();
  }
}

std::vector<std::string> rules_of(const PolicyLocations& where) {
  std::vector<std::string> out;
  const PolicyFiles files = read_policy_files(where);
  for (const Rule& rule : files.policy.rules()) {
    out.push_back(std::string(text_of(rule.layer)) + ' ' + rule.text());
  }
  return out;
}

std::vector<std::string> notes_of(const PolicyLocations& where) {
  std::vector<std::string> out;
  const PolicyFiles files = read_policy_files(where);
  for (const PolicyNote& note : files.policy.notes()) out.push_back(note.code);
  return out;
}

using Texts = std::vector<std::string>;

// What is done to a good file at `path`, and whether it is refused then.
struct Change {
  const char* name;
  void (*apply)(const fs::path& path);
  bool refused;
};
std::ostream& operator<<(std::ostream& out, const Change& change) {
  return out << change.name;
}

void put_in_place(const fs::path& path, const fs::path& other) {
  fs::rename(path, other);
  fs::create_symlink(other, path);
}

const std::vector<Change> changes = {
    {"nothing", [](const fs::path&) {}, false},
    {"0600", [](const fs::path& p) { ::chmod(p.c_str(), 0600); }, false},
    {"0444", [](const fs::path& p) { ::chmod(p.c_str(), 0444); }, false},
    {"writable by its group", [](const fs::path& p) { ::chmod(p.c_str(), 0664); }, true},
    {"writable by all", [](const fs::path& p) { ::chmod(p.c_str(), 0646); }, true},
    {"a link", [](const fs::path& p) { put_in_place(p, p.string() + ".real"); }, true},
    {"a dangling link",
     [](const fs::path& p) {
       fs::remove(p);
       fs::create_symlink("/nowhere", p);
     },
     true},
    {"a link to itself",
     [](const fs::path& p) {
       fs::remove(p);
       fs::create_symlink(p, p);
     },
     true},
    {"a folder",
     [](const fs::path& p) {
       fs::remove(p);
       fs::create_directory(p);
     },
     true},
    {"a pipe",
     [](const fs::path& p) {
       fs::remove(p);
       BOOST_REQUIRE(::mkfifo(p.c_str(), 0644) == 0);
     },
     true},
    {"a socket",
     [](const fs::path& p) {
       fs::remove(p);
       const int s = ::socket(AF_UNIX, SOCK_STREAM, 0);
       sockaddr_un address{};
       address.sun_family = AF_UNIX;
       BOOST_REQUIRE(p.string().size() < sizeof address.sun_path);
       p.string().copy(address.sun_path, sizeof address.sun_path - 1);
       BOOST_REQUIRE(::bind(s, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
       ::close(s);
       ::chmod(p.c_str(), 0644);
     },
     true},
    {"in a folder that its group can write",
     [](const fs::path& p) { ::chmod(p.parent_path().c_str(), 0775); }, true},
    {"in a folder that all can write",
     [](const fs::path& p) { ::chmod(p.parent_path().c_str(), 0777); }, true},
    {"in a sticky folder", [](const fs::path& p) { ::chmod(p.parent_path().c_str(), 01777); },
     false},
    {"of another user",
     [](const fs::path& p) {
       if (::geteuid() == 0) BOOST_REQUIRE(::chown(p.c_str(), 54321, 54321) == 0);
     },
     ::geteuid() == 0},
    {"in a folder of another user",
     [](const fs::path& p) {
       if (::geteuid() == 0) {
         BOOST_REQUIRE(::chown(p.parent_path().c_str(), 54321, 54321) == 0);
       }
     },
     ::geteuid() == 0},
};

}  // namespace

BOOST_DATA_TEST_CASE(files_that_others_could_have_written_are_refused, data::make(changes),
                     change) {
  for (const bool system : {true, false}) {
    const Scratch scratch;
    const fs::path path = system ? scratch.where.system : scratch.where.user;
    write(path, allowing("a.B"));
    change.apply(path);
    if (change.refused) {
      const std::string code = code_of([&] { read_policy_files(scratch.where); });
      BOOST_TEST((code == "policy.unsafe-file" || code == "policy.unreadable"), code);
      BOOST_TEST(code_of([&] { read_policy_file(path, scratch.where.owner); }) == code);
    } else {
      BOOST_TEST(read_policy_files(scratch.where).policy.rules().size() == 1u);
    }
  }
}

BOOST_DATA_TEST_CASE(adopted_files_that_others_could_have_written_count_no_more,
                     data::make(changes), change) {
  const Scratch scratch;
  write(scratch.where.user, allowing("a.B"));
  write(scratch.project(), allowing("p.B"));
  adopt_project(scratch.where, scratch.project());
  change.apply(scratch.project());
  if (change.refused) {
    BOOST_TEST(rules_of(scratch.where) == Texts{"user a.B"}, boost::test_tools::per_element());
    BOOST_TEST(notes_of(scratch.where) == Texts{"policy.project-changed"},
               boost::test_tools::per_element());
    const std::string code = code_of([&] { adopt_project(scratch.where, scratch.project()); });
    BOOST_TEST((code == "policy.unsafe-file" || code == "policy.unreadable"), code);
  } else {
    BOOST_TEST(rules_of(scratch.where) == (Texts{"user a.B", "project p.B"}),
               boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_read_where_there_is_nothing) {
  Scratch scratch;
  BOOST_TEST(rules_of(scratch.where).empty());
  fs::remove_all(scratch.folder / "user");
  fs::remove_all(scratch.folder / "etc");
  BOOST_TEST(rules_of(scratch.where).empty());
  scratch.where.start = scratch.folder / "gone";
  BOOST_TEST(rules_of(scratch.where).empty());
  BOOST_TEST(rules_of(PolicyLocations{}).empty());
  BOOST_TEST(code_of([&] { read_policy_file(scratch.where.user, scratch.where.owner); }) ==
             "policy.unreadable");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_wrong_stops_everything) {
  const Scratch scratch;
  write(scratch.where.system, "{\"version\": 1, \"deny\": [\"a.B\"");
  write(scratch.where.user, allowing("a.B"));
  BOOST_TEST(code_of([&] { read_policy_files(scratch.where); }) == "policy.syntax");
}

BOOST_AUTO_TEST_CASE(a_projects_file_is_inert_until_it_is_adopted) {
  const Scratch scratch;
  write(scratch.project(), "{ this is nothing that could be read");
  BOOST_TEST(rules_of(scratch.where).empty());
  BOOST_TEST(notes_of(scratch.where) == Texts{"policy.not-adopted"},
             boost::test_tools::per_element());
  BOOST_TEST(code_of([&] { adopt_project(scratch.where, scratch.project()); }) == "policy.syntax");
  BOOST_TEST(!fs::exists(scratch.where.adopted));

  write(scratch.project(), allowing("p.B"));
  BOOST_TEST(rules_of(scratch.where).empty());
  BOOST_TEST(adopt_project(scratch.where, scratch.project()).rules().size() == 1u);
  BOOST_TEST(rules_of(scratch.where) == Texts{"project p.B"}, boost::test_tools::per_element());
  BOOST_TEST(notes_of(scratch.where).empty());

  // One byte, even in a comment, revokes; the old content counts again.
  write(scratch.project(), allowing("p.B") + "\n");
  BOOST_TEST(rules_of(scratch.where).empty());
  BOOST_TEST(notes_of(scratch.where) == Texts{"policy.project-changed"},
             boost::test_tools::per_element());
  write(scratch.project(), allowing("p.B"));
  BOOST_TEST(rules_of(scratch.where).size() == 1u);

  // Elsewhere it is another project.
  fs::create_directories(scratch.folder / "copy/.libskops");
  fs::copy_file(scratch.project(), scratch.folder / "copy/.libskops/policy.json");
  PolicyLocations copy = scratch.where;
  copy.start = scratch.folder / "copy";
  BOOST_TEST(rules_of(copy).empty());

  BOOST_TEST(revoke_project(scratch.where, scratch.project()));
  BOOST_TEST(!revoke_project(scratch.where, scratch.project()));
  BOOST_TEST(rules_of(scratch.where).empty());
}

BOOST_AUTO_TEST_CASE(links_on_the_way_to_a_project_do_not_matter) {
  const Scratch scratch;
  write(scratch.project(), allowing("p.B"));
  fs::create_directory_symlink(scratch.folder / "project", scratch.folder / "link");
  adopt_project(scratch.where, scratch.folder / "link/.libskops/policy.json");
  PolicyLocations through = scratch.where;
  through.start = scratch.folder / "link/src";
  BOOST_TEST(rules_of(through) == Texts{"project p.B"}, boost::test_tools::per_element());
  BOOST_TEST(find_project_file(through.start) == scratch.project());
  BOOST_TEST(revoke_project(scratch.where, scratch.folder / "link/.libskops/policy.json"));

  // But the folder of the policy is no link.
  adopt_project(scratch.where, scratch.project());
  fs::rename(scratch.folder / "project/.libskops", scratch.folder / "elsewhere");
  fs::create_directory_symlink(scratch.folder / "elsewhere", scratch.folder / "project/.libskops");
  BOOST_TEST(notes_of(scratch.where) == Texts{"policy.project-changed"},
             boost::test_tools::per_element());
  BOOST_TEST(code_of([&] { adopt_project(scratch.where, scratch.project()); }) ==
             "policy.unsafe-file");
}

// Bytes that are no UTF-8 may be in a path; what is told about it can be printed all the same.
BOOST_AUTO_TEST_CASE(odd_paths_are_told_in_a_printable_form) {
  const Scratch scratch;
  const fs::path odd = scratch.folder / "p\xff\x1b[2J";
  fs::create_directories(odd / ".libskops");
  write(odd / ".libskops/policy.json", allowing("p.B"));
  PolicyLocations where = scratch.where;
  where.start = odd;
  const PolicyFiles files = read_policy_files(where);
  BOOST_REQUIRE(files.policy.notes().size() == 1u);
  const std::string& text = files.policy.notes()[0].text;
  BOOST_TEST(text == printable(text, 10000));
  BOOST_TEST(code_of([&] { adopt_project(where, odd / ".libskops/policy.json"); }) ==
             "policy.path");
  write(odd / "given.json", allowing("p.B"));
  const Policy given = read_policy_file(odd / "given.json", where.owner);
  BOOST_TEST(given.rules().at(0).origin == printable(given.rules()[0].origin, 10000));
}

// What somebody puts below or above an adopted project changes nothing about it.
BOOST_AUTO_TEST_CASE(files_that_nobody_adopted_take_nothing_away) {
  const Scratch scratch;
  write(scratch.project(), "{\"version\": 1, \"deny\": [\"p.B\"]}");
  adopt_project(scratch.where, scratch.project());
  for (const char* place : {"project/src/.libskops", ".libskops", "project/src/deep/.libskops"}) {
    fs::create_directories(scratch.folder / place);
    write(scratch.folder / place / "policy.json", allowing("p.B"));
  }
  BOOST_TEST(rules_of(scratch.where) == Texts{"project p.B"}, boost::test_tools::per_element());
  BOOST_TEST(notes_of(scratch.where).size() == 3u);
  adopt_project(scratch.where, scratch.folder / ".libskops/policy.json");
  BOOST_TEST(rules_of(scratch.where).size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_record_of_adopted_projects_is_read_strictly) {
  const Scratch scratch;
  write(scratch.project(), allowing("p.B"));
  const std::string hash(64, 'a');
  for (const std::string& bad :
       {std::string("{}"), std::string("[]"), std::string("{\"version\": 2, \"projects\": []}"),
        std::string("{\"version\": 1, \"projects\": [{\"path\": \"/p\"}]}"),
        "{\"version\": 1, \"projects\": [{\"path\": \"/p\", \"sha256\": \"" + hash.substr(1) +
            "\"}]}",
        "{\"version\": 1, \"projects\": [{\"path\": 1, \"sha256\": \"" + hash + "\"}]}",
        "{\"version\": 1, \"projects\": [{\"path\": \"/p\", \"sha256\": \"" + hash +
            "\", \"x\": 1}]}"}) {
    write(scratch.where.adopted, bad);
    BOOST_TEST(code_of([&] { read_policy_files(scratch.where); }) == "policy.bad-file", bad);
    BOOST_TEST(code_of([&] { adopt_project(scratch.where, scratch.project()); }) ==
               "policy.bad-file");
  }
  write(scratch.where.adopted, "{\"version\": 1, \"projects\": []}");
  ::chmod(scratch.where.adopted.c_str(), 0666);
  BOOST_TEST(code_of([&] { read_policy_files(scratch.where); }) == "policy.unsafe-file");
}

BOOST_AUTO_TEST_CASE(the_users_places_come_from_the_password_database) {
  const PolicyLocations before = PolicyLocations::of_this_user();
  ::setenv("HOME", "/nowhere", 1);
  ::setenv("XDG_CONFIG_HOME", "/nowhere", 1);
  const PolicyLocations after = PolicyLocations::of_this_user();
  BOOST_TEST(before.user == after.user);
  BOOST_TEST(before.system == fs::path("/etc/libskops/policy.json"));
  BOOST_TEST(before.owner == ::geteuid());
}
