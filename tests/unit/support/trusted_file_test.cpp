// support/trusted_file.hpp: each of its rules, broken and kept.
#include "support/trusted_file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>

using namespace skops;
namespace data = boost::unit_test::data;
namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t stranger = 54321;
const FileErrors errors{.unsafe = {Family::usage, "unsafe"},
                        .irregular = {Family::usage, "irregular", "remedy"},
                        .unreadable = {Family::usage, "unreadable", "remedy"}};

// way/settings/file, with a folder `other` beside `way`.
struct Scratch {
  fs::path top, way, settings, file, other;

  Scratch() {
    ::umask(022);
    std::string name = (fs::temp_directory_path() / "skops-trusted-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    top = fs::canonical(name);
    way = top / "way";
    settings = way / "settings";
    file = settings / "file";
    other = top / "other";
    fs::create_directories(settings);
    fs::create_directory(other);
    std::ofstream(file) << "mine";
  }
  ~Scratch() {
    std::error_code error;
    fs::remove_all(top, error);
  }
  Scratch(const Scratch&) = delete;
};

// What opening `path` gives: the text, "absent", or the code of the error.
std::string outcome(const fs::path& path, std::uint32_t owner = ::geteuid()) {
  try {
    const auto file = open_trusted_file(path, owner, errors);
    if (!file) return "absent";
    std::string text;
    read_pieces(file->descriptor.get(), [&](std::span<const std::byte> piece) {
      text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
      return true;
    });
    return text;
  } catch (const Error& error) {
    BOOST_TEST(!error.remedy().empty());
    return error.code();
  }
}

void mode(const fs::path& path, unsigned bits) {
  BOOST_REQUIRE(::chmod(path.c_str(), bits) == 0);
}
void give_away(const fs::path& path) {
  BOOST_REQUIRE(::lchown(path.c_str(), stranger, stranger) == 0);
}
// Puts the thing elsewhere and a link in its place.
void link_to(const fs::path& path, const fs::path& moved) {
  fs::rename(path, moved);
  fs::create_symlink(moved, path);
}

struct Case {
  const char* name;
  void (*apply)(const Scratch& at);
  const char* expected;
  bool root = false;  // only root can make this one
};
std::ostream& operator<<(std::ostream& out, const Case& row) {
  return out << row.name;
}

const std::vector<Case> cases{
    {"nothing", [](const Scratch&) {}, "mine"},
    {"file-0600", [](const Scratch& at) { mode(at.file, 0600); }, "mine"},
    {"file-0444", [](const Scratch& at) { mode(at.file, 0444); }, "mine"},
    {"file-gone", [](const Scratch& at) { fs::remove(at.file); }, "absent"},
    {"file-group", [](const Scratch& at) { mode(at.file, 0664); }, "unsafe"},
    {"file-world", [](const Scratch& at) { mode(at.file, 0646); }, "unsafe"},
    {"file-sticky-world", [](const Scratch& at) { mode(at.file, 01646); }, "unsafe"},
    {"file-foreign", [](const Scratch& at) { give_away(at.file); }, "unsafe", true},
    {"file-link", [](const Scratch& at) { link_to(at.file, at.settings / "real"); }, "irregular"},
    {"file-dangling",
     [](const Scratch& at) {
       fs::remove(at.file);
       fs::create_symlink("/nowhere", at.file);
     },
     "irregular"},
    {"file-pipe",
     [](const Scratch& at) {
       fs::remove(at.file);
       BOOST_REQUIRE(::mkfifo(at.file.c_str(), 0644) == 0);
     },
     "irregular"},
    {"file-folder",
     [](const Scratch& at) {
       fs::remove(at.file);
       fs::create_directory(at.file);
     },
     "irregular"},
    {"file-socket",
     [](const Scratch& at) {
       fs::remove(at.file);
       sockaddr_un address{};
       address.sun_family = AF_UNIX;
       BOOST_REQUIRE(at.file.string().size() < sizeof address.sun_path);
       at.file.string().copy(address.sun_path, sizeof address.sun_path - 1);
       const int open = ::socket(AF_UNIX, SOCK_STREAM, 0);
       BOOST_REQUIRE(::bind(open, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
       ::close(open);
     },
     "irregular"},
    {"file-device",
     [](const Scratch& at) {
       fs::remove(at.file);
       BOOST_REQUIRE(::mknod(at.file.c_str(), S_IFCHR | 0600, 0x103) == 0);  // /dev/null
     },
     "irregular", true},
    {"file-two-names",
     [](const Scratch& at) { fs::create_hard_link(at.file, at.settings / "second"); }, "mine"},

    {"folder-gone", [](const Scratch& at) { fs::remove_all(at.settings); }, "absent"},
    {"folder-group", [](const Scratch& at) { mode(at.settings, 0775); }, "unsafe"},
    {"folder-world", [](const Scratch& at) { mode(at.settings, 0777); }, "unsafe"},
    {"folder-world-file-gone",
     [](const Scratch& at) {
       fs::remove(at.file);
       mode(at.settings, 0777);
     },
     "unsafe"},
    {"folder-sticky", [](const Scratch& at) { mode(at.settings, 01777); }, "mine"},
    {"folder-sticky-group", [](const Scratch& at) { mode(at.settings, 01775); }, "mine"},
    {"folder-sticky-file-two-names",
     [](const Scratch& at) {
       mode(at.settings, 01777);
       fs::create_hard_link(at.file, at.other / "second");
     },
     "unsafe"},
    {"folder-sticky-file-foreign",
     [](const Scratch& at) {
       mode(at.settings, 01777);
       give_away(at.file);
     },
     "unsafe", true},
    {"folder-sticky-foreign",
     [](const Scratch& at) {
       mode(at.settings, 01777);
       give_away(at.settings);
     },
     "unsafe", true},
    {"folder-foreign", [](const Scratch& at) { give_away(at.settings); }, "unsafe", true},
    {"folder-link", [](const Scratch& at) { link_to(at.settings, at.way / "real"); }, "irregular"},
    {"folder-file",
     [](const Scratch& at) {
       fs::remove_all(at.settings);
       std::ofstream(at.settings) << "a file";
     },
     "irregular"},

    {"way-gone", [](const Scratch& at) { fs::remove_all(at.way); }, "absent"},
    {"way-file",
     [](const Scratch& at) {
       fs::remove_all(at.way);
       std::ofstream(at.way) << "a file";
     },
     "absent"},
    {"way-world", [](const Scratch& at) { mode(at.way, 0777); }, "unsafe"},
    {"way-world-folder-gone",
     [](const Scratch& at) {
       mode(at.way, 0777);
       fs::remove_all(at.settings);
     },
     "absent"},
    {"way-group", [](const Scratch& at) { mode(at.way, 0775); }, "mine"},
    {"way-sticky", [](const Scratch& at) { mode(at.way, 01777); }, "mine"},
    {"way-link", [](const Scratch& at) { link_to(at.way, at.other / "real"); }, "mine"},
    {"way-relative-link",
     [](const Scratch& at) {
       fs::rename(at.way, at.other / "real");
       fs::create_symlink("./other/../other/real/", at.way);
     },
     "mine"},
    {"way-links",
     [](const Scratch& at) {
       fs::rename(at.way, at.other / "real");
       fs::create_symlink(at.other / "real", at.top / "again");
       fs::create_symlink("again", at.way);
     },
     "mine"},
    {"way-loop",
     [](const Scratch& at) {
       fs::remove_all(at.way);
       fs::create_symlink(at.way, at.way);
     },
     "unreadable"},
    {"way-dangling",
     [](const Scratch& at) {
       fs::remove_all(at.way);
       fs::create_symlink("/nowhere", at.way);
     },
     "absent"},
    {"way-link-through-world",
     [](const Scratch& at) {
       link_to(at.way, at.other / "real");
       mode(at.other, 0777);
     },
     "unsafe"},
    {"way-link-foreign",
     [](const Scratch& at) {
       link_to(at.way, at.other / "real");
       give_away(at.way);
     },
     "mine", true},
    {"way-link-foreign-where-others-can-link",
     [](const Scratch& at) {
       link_to(at.way, at.other / "real");
       give_away(at.way);
       mode(at.top, 01777);
     },
     "unsafe", true},
    {"way-link-where-others-can-link",
     [](const Scratch& at) {
       link_to(at.way, at.other / "real");
       mode(at.top, 01777);
     },
     "mine"},
};

}  // namespace

BOOST_DATA_TEST_CASE(rules_of_trusted_files, data::make(cases), row) {
  if (row.root && ::geteuid() != 0) {
    BOOST_TEST_MESSAGE("only root can make it: not tested");
    return;
  }
  const Scratch at;
  row.apply(at);
  BOOST_TEST(outcome(at.file) == row.expected);
  // Nothing depends on how the way is written.
  BOOST_TEST(outcome(at.top / "." / "other/../way//settings/file") == row.expected);
  const fs::path before = fs::current_path();
  fs::current_path(at.top);
  BOOST_TEST(outcome("way/settings/file") == row.expected);
  fs::current_path(before);
}

BOOST_AUTO_TEST_CASE(a_name_alone_is_in_the_working_directory) {
  const Scratch at;
  const fs::path before = fs::current_path();
  fs::current_path(at.settings);
  BOOST_TEST(outcome("file") == "mine");
  BOOST_TEST(outcome("none") == "absent");
  BOOST_TEST(outcome("") == "absent");
  mode(at.settings, 0777);
  BOOST_TEST(outcome("file") == "unsafe");
  fs::current_path(before);
  BOOST_TEST(outcome("/dev/null/settings/file") == "absent");  // the home of some users
}

BOOST_AUTO_TEST_CASE(files_of_another_owner_count_for_that_owner) {
  if (::geteuid() != 0) return;
  const Scratch at;
  give_away(at.file);
  BOOST_TEST(outcome(at.file) == "unsafe");
  BOOST_TEST(outcome(at.file, stranger) == "mine");
  give_away(at.settings);
  BOOST_TEST(outcome(at.file, stranger) == "mine");
  BOOST_TEST(outcome(at.file, stranger + 1) == "unsafe");
}

// The folder is exchanged with one that everybody can write, as fast as that goes. Its file is
// never read: what was checked is what is open.
BOOST_AUTO_TEST_CASE(a_folder_swapped_on_the_way_is_never_read) {
  const Scratch at;
  std::ofstream(at.other / "file") << "theirs";
  mode(at.other, 0777);
  const pid_t child = ::fork();
  if (child == 0) {
    for (;;) {
      ::renameat2(AT_FDCWD, at.settings.c_str(), AT_FDCWD, at.other.c_str(), RENAME_EXCHANGE);
    }
  }
  int mine = 0, refused = 0, other = 0;
  for (int k = 0; k < 20000; ++k) {
    const std::string found = outcome(at.file);
    ++(found == "mine" ? mine : found == "unsafe" ? refused : other);
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  BOOST_TEST(mine > 0);
  BOOST_TEST(refused > 0);
  BOOST_TEST(other == 0);
}
