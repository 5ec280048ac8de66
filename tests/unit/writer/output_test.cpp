// Files appear whole or not at all, beside whatever happens.
#include "skops/output.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fstream>

#include "skops/error.hpp"

using namespace skops;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "skops-output-XXXXXX").string();
    BOOST_TEST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
  fs::path path;
};

std::vector<std::byte> bytes(std::size_t size, char c) {
  return std::vector<std::byte>(size, static_cast<std::byte>(c));
}

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put(const fs::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

void fails(const fs::path& path, const std::string& reason, std::size_t size = 10) {
  try {
    FileOutput out(path);
    out.write(bytes(size, 'x'));
    out.commit();
    BOOST_ERROR("written: " + path.string());
  } catch (const Error& error) {
    BOOST_TEST(error.code() == "file.write");
    BOOST_TEST((error.family() == Family::input));
    BOOST_TEST(error.text().find(reason) != std::string::npos, error.text());
    BOOST_TEST(!error.remedy().empty());
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(writes_small_and_large_pieces) {
  const Folder folder;
  const fs::path path = folder.path / "new";
  FileOutput out(path);
  std::string expected;
  for (const std::size_t size : {0u, 1u, 1000u, 300000u, 5u, 262144u, 262145u, 7u}) {
    const char c = static_cast<char>('a' + expected.size() % 26);
    out.write(bytes(size, c));
    expected.append(size, c);
  }
  BOOST_TEST(folder.entries() == 0u);  // nameless until it is whole
  out.commit();
  BOOST_TEST((content(path) == expected));
  BOOST_TEST(folder.entries() == 1u);
}

BOOST_AUTO_TEST_CASE(without_commit_the_old_file_stays) {
  const Folder folder;
  const fs::path path = folder.path / "old";
  put(path, "old");
  {
    FileOutput out(path);
    out.write(bytes(1 << 20, 'x'));
  }
  BOOST_TEST(content(path) == "old");
  BOOST_TEST(folder.entries() == 1u);
}

BOOST_AUTO_TEST_CASE(keeps_permissions_and_links) {
  const Folder folder;
  const fs::path path = folder.path / "file", link = folder.path / "link";
  put(path, "old");
  fs::permissions(path, fs::perms(0640));
  fs::create_symlink("file", link);
  FileOutput out(link);
  out.write(bytes(3, 'n'));
  out.commit();
  BOOST_TEST(fs::is_symlink(link));
  BOOST_TEST(content(path) == "nnn");
  BOOST_TEST((fs::status(path).permissions() == fs::perms(0640)));
}

// As for every new file: what the mask of the process allows.
BOOST_AUTO_TEST_CASE(new_files_follow_the_mask) {
  const Folder folder;
  const mode_t old = ::umask(027);
  FileOutput out(folder.path / "file");
  out.commit();
  ::umask(old);
  BOOST_TEST((fs::status(folder.path / "file").permissions() == fs::perms(0640)));
}

BOOST_AUTO_TEST_CASE(relative_names) {
  const Folder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path);
  {
    FileOutput out("plain");
    out.write(bytes(1, 'p'));
    out.commit();
  }
  fs::current_path(before);
  BOOST_TEST(content(folder.path / "plain") == "p");
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong) {
  const Folder folder;
  fails(folder.path, "directory");
  fails(folder.path / "missing" / "file", "No such file");
  fails("", "");
  put(folder.path / "file", "");
  fails(folder.path / "file" / "below", "Not a directory");
  if (fs::exists("/dev/full")) {
    fails("/dev/full", "No space left");
    fails("/dev/full", "No space left", 1 << 20);
  }
  fs::create_symlink("self", folder.path / "self");
  fails(folder.path / "self", "symbolic links");
  BOOST_TEST(folder.entries() == 2u);
}

BOOST_AUTO_TEST_CASE(devices_are_written_as_they_are) {
  FileOutput out("/dev/null");
  out.write(bytes(10, 'x'));
  out.commit();
  BOOST_TEST(fs::is_character_file("/dev/null"));
}

// A device that is full in the middle: the limit of the process does the same.
BOOST_AUTO_TEST_CASE(a_full_device_leaves_the_old_file) {
  const Folder folder;
  const fs::path path = folder.path / "file";
  put(path, "old");
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 100000, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  fails(path, "File too large", 1 << 20);
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  BOOST_TEST(content(path) == "old");
  BOOST_TEST(folder.entries() == 1u);
}
