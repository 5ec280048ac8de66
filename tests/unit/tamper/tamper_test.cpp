// Installed plugins whose files were changed after they were enabled: every class of byte of the
// manifest, the library and the lock file; files that are no files; files that others can write;
// and a library or manifest that is swapped while the host reads it, ten thousand times. What a
// swapped library would run ends the process with status 66.
#define BOOST_TEST_MODULE tamper
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "plugin/registry.hpp"
#include "plugin/sha256.hpp"
#include "skops/plugin_lock.hpp"

using namespace skops;
namespace fs = std::filesystem;

namespace {

const fs::path libraries = fs::path(SKOPS_BUILD) / "test-plugins";
constexpr int ran_other_code = 66;
#ifdef __SANITIZE_ADDRESS__
constexpr int slower = 20;  // so much a child costs more
#else
constexpr int slower = 1;
#endif

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(file, "cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

std::string hash_of(const std::string& bytes) {
  return sha256_hex(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

std::string manifest_of(const std::string& library) {
  return R"({"manifest_version": 1, "id": "minimal", "version": "1.0", "abi": [1, 0], "library":)"
         R"( [{"platform": "linux-x86_64", "file": "minimal.so", "size": )" +
         std::to_string(library.size()) + R"(, "sha256": ")" + hash_of(library) +
         R"("}], "loaders":[{"loader":"ObjectNode","protocols":[0,3],"use":"object",)"
         R"("fields":[{"name":"content","kind":"node","required":false,"step":"state"}]}],)"
         R"("types":[{"trust":"opt-in","uses":["object"],"modules":["test"],"names":["Doubler"]}],)"
         R"("serializers": [{"loader": "ObjectNode", "module": "test", "class": "Doubler"}]})";
}

// A plugin that was installed and enabled, in folders of its own.
struct Enabled {
  Enabled() {
    std::string name = (fs::temp_directory_path() / "skops-tamper-XXXXXX").string();
    BOOST_TEST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
    ::umask(022);
    fs::create_directory(folder / "plugins");
    fs::create_directory(folder / "settings");
    manifest = folder / "plugins/minimal.skops-plugin.json";
    library = folder / "plugins/minimal.so";
    lock = folder / "settings/plugins.lock.json";
    bytes = read(libraries / "minimal.so");
    other = read(libraries / "other_code.so");
    // The linker ignores what follows the sections: both have one size, and a hash of which this
    // process has mapped nothing, or the host would not look at the file again.
    static int count = 10000;
    const std::string tail = std::to_string(++count);
    bytes.resize(std::max(bytes.size(), other.size()), '\0');
    other.resize(bytes.size(), '\0');
    bytes += tail;
    other += tail;
    write(library, bytes);
    write(manifest, manifest_of(bytes));
    PluginLock pins;
    pins.plugins.push_back({.id = "minimal",
                            .manifest_sha256 = hash_of(read(manifest)),
                            .library_sha256 = hash_of(bytes),
                            .enabled_by = "ana",
                            .enabled_at = "2026-11-26T12:00:00Z"});
    write(lock, pins.text());
  }
  ~Enabled() { fs::remove_all(folder); }

  Host::Options options() const {
    return {.installed_directories = {folder / "plugins"}, .lock_files = {lock}};
  }
  // The rows after all that may be mapped was mapped.
  std::vector<PluginStatus> rows() const {
    const PluginRegistry registry({}, options());
    registry.map_all();
    return registry.status();
  }
  PluginStatus row() const { return rows().at(0); }

  fs::path folder, manifest, library, lock;
  std::string bytes, other;
};

void check_refused(const PluginStatus& row, const std::string& code) {
  BOOST_TEST(row.state == "refused");
  BOOST_TEST(row.code == code, row.text);
  BOOST_TEST(!row.remedy.empty());
}

// Names of changes, and what they make of a file.
std::vector<std::pair<std::string, std::string>> changes_of(const std::string& bytes,
                                                            std::vector<std::size_t> places) {
  std::vector<std::pair<std::string, std::string>> out;
  for (std::size_t at : {std::size_t{0}, bytes.size() / 4, bytes.size() / 2, bytes.size() - 1}) {
    places.push_back(at);
  }
  for (const std::size_t at : places) {
    for (const int bit : {0, 7}) {
      std::string text = bytes;
      text[at] = static_cast<char>(text[at] ^ (1 << bit));
      out.emplace_back("bit " + std::to_string(bit) + " of byte " + std::to_string(at), text);
    }
  }
  out.emplace_back("one byte more", bytes + '\0');
  out.emplace_back("a page more", bytes + std::string(4096, 'x'));
  out.emplace_back("one byte less", bytes.substr(0, bytes.size() - 1));
  out.emplace_back("the first half", bytes.substr(0, bytes.size() / 2));
  out.emplace_back("without its first byte", bytes.substr(1));
  out.emplace_back("nothing", "");
  return out;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_changed_library_is_refused_with_both_hashes, Enabled) {
  // The ELF header, the program headers, and the section headers at the end.
  std::vector<std::size_t> places{1, 4, 16, 24, 40, 64, 64 + 32};
  for (std::size_t k = 0; k < bytes.size(); k += bytes.size() / 97) places.push_back(k);
  for (const auto& [name, text] : changes_of(bytes, places)) {
    BOOST_TEST_CONTEXT(name) {
      write(library, text);
      const PluginStatus found = row();
      check_refused(found, "library.changed");
      BOOST_TEST(found.text.find(hash_of(bytes)) != std::string::npos, found.text);
      BOOST_TEST(found.text.find(hash_of(text)) != std::string::npos, found.text);
      BOOST_TEST(found.remedy.find("install the plugin again") != std::string::npos);
      // The report says so, too, without mapping anything; rows of what is known cannot.
      const PluginRegistry registry({}, options());
      check_refused(registry.report().at(0), "library.changed");
      check_refused(registry.verify().at(0), "library.changed");
      BOOST_TEST(registry.status().at(0).state == "pinned");
    }
  }
  write(library, bytes);
  BOOST_TEST(row().state == "loaded");
}

// What was found counts for one report: a library that is whole again is "pinned" again. One that
// was mapped is what was pinned, whatever lies there now; only who asks for the files is told.
BOOST_FIXTURE_TEST_CASE(reports_follow_the_files, Enabled) {
  const PluginRegistry registry({}, options());
  BOOST_TEST(registry.report().at(0).state == "pinned");
  write(library, other);
  check_refused(registry.report().at(0), "library.changed");
  write(library, bytes);
  BOOST_TEST(registry.report().at(0).state == "pinned");
  registry.map_all();
  BOOST_TEST(registry.report().at(0).state == "loaded");
  BOOST_TEST(registry.verify().at(0).state == "loaded");
  write(library, other);
  BOOST_TEST(registry.report().at(0).state == "loaded");
  check_refused(registry.verify().at(0), "library.changed");
}

BOOST_FIXTURE_TEST_CASE(a_changed_manifest_is_refused_with_both_hashes, Enabled) {
  const std::string text = read(manifest), pinned = hash_of(text);
  std::vector<std::size_t> everywhere(text.size());
  for (std::size_t k = 0; k < text.size(); ++k) everywhere[k] = k;
  for (const auto& [name, changed] : changes_of(text, everywhere)) {
    BOOST_TEST_CONTEXT(name) {
      write(manifest, changed);
      const PluginStatus found = row();
      check_refused(found, "policy.manifest-changed");
      BOOST_TEST(found.remedy.find("libskops plugins info minimal") != std::string::npos);
      BOOST_TEST(found.text.find(pinned) != std::string::npos, found.text);
      BOOST_TEST(found.text.find(hash_of(changed)) != std::string::npos, found.text);
    }
  }
}

// A changed lock file pins the same, pins something else, which is not there, or is refused.
BOOST_FIXTURE_TEST_CASE(a_changed_lock_file_pins_nothing_else, Enabled) {
  const std::string text = read(lock);
  const PluginLockEntry pin = PluginLock::parse(text, "L").plugins.at(0);
  std::vector<std::size_t> everywhere(text.size());
  for (std::size_t k = 0; k < text.size(); ++k) everywhere[k] = k;
  std::size_t same = 0, refused = 0;
  for (const auto& [name, changed] : changes_of(text, everywhere)) {
    BOOST_TEST_CONTEXT(name) {
      write(lock, changed);
      const PluginStatus found = PluginRegistry({}, options()).status().at(0);
      if (found.state == "pinned") {
        const PluginLock now = PluginLock::parse(changed, "L");
        BOOST_TEST(now.plugins.at(0).id == pin.id);
        BOOST_TEST(now.plugins[0].manifest_sha256 == pin.manifest_sha256);
        BOOST_TEST(now.plugins[0].library_sha256 == pin.library_sha256);
        ++same;
      } else {
        BOOST_TEST(found.state == "refused");
        ++refused;
      }
    }
  }
  BOOST_TEST(same > 0u);
  BOOST_TEST(refused > same);
}

namespace {

enum class Which { manifest, library, lock, plugins_folder, settings_folder };
enum class How { link, pipe, folder, world_writable, group_writable, foreign, dangling_link };

struct Odd {
  const char* name;
  Which which;
  How how;
  const char* code;
};
std::ostream& operator<<(std::ostream& out, const Odd& row) {
  return out << row.name;
}

const std::vector<Odd> odd{
    {"manifest-link", Which::manifest, How::link, "manifest.missing"},
    {"manifest-dangling-link", Which::manifest, How::dangling_link, "manifest.missing"},
    {"manifest-pipe", Which::manifest, How::pipe, "manifest.missing"},
    {"manifest-folder", Which::manifest, How::folder, "manifest.missing"},
    {"manifest-world", Which::manifest, How::world_writable, "file.unsafe"},
    {"manifest-group", Which::manifest, How::group_writable, "file.unsafe"},
    {"manifest-foreign", Which::manifest, How::foreign, "file.unsafe"},
    {"library-link", Which::library, How::link, "library.missing"},
    {"library-dangling-link", Which::library, How::dangling_link, "library.missing"},
    {"library-pipe", Which::library, How::pipe, "library.missing"},
    {"library-folder", Which::library, How::folder, "library.missing"},
    {"library-world", Which::library, How::world_writable, "file.unsafe"},
    {"library-group", Which::library, How::group_writable, "file.unsafe"},
    {"library-foreign", Which::library, How::foreign, "file.unsafe"},
    {"lock-link", Which::lock, How::link, "lock.unreadable"},
    {"lock-dangling-link", Which::lock, How::dangling_link, "lock.unreadable"},
    {"lock-pipe", Which::lock, How::pipe, "lock.unreadable"},
    {"lock-folder", Which::lock, How::folder, "lock.unreadable"},
    {"lock-world", Which::lock, How::world_writable, "file.unsafe"},
    {"lock-group", Which::lock, How::group_writable, "file.unsafe"},
    {"lock-foreign", Which::lock, How::foreign, "file.unsafe"},
    {"plugins-link", Which::plugins_folder, How::link, "file.unsafe"},
    {"plugins-world", Which::plugins_folder, How::world_writable, "file.unsafe"},
    {"plugins-group", Which::plugins_folder, How::group_writable, "file.unsafe"},
    {"plugins-foreign", Which::plugins_folder, How::foreign, "file.unsafe"},
    {"settings-link", Which::settings_folder, How::link, "file.unsafe"},
    {"settings-world", Which::settings_folder, How::world_writable, "file.unsafe"},
    {"settings-group", Which::settings_folder, How::group_writable, "file.unsafe"},
    {"settings-foreign", Which::settings_folder, How::foreign, "file.unsafe"},
};

}  // namespace

BOOST_DATA_TEST_CASE_F(Enabled, what_others_could_have_written_is_refused, odd, row_of_table) {
  const fs::path path = row_of_table.which == Which::manifest         ? manifest
                        : row_of_table.which == Which::library        ? library
                        : row_of_table.which == Which::lock           ? lock
                        : row_of_table.which == Which::plugins_folder ? folder / "plugins"
                                                                      : folder / "settings";
  const fs::path aside = folder / "aside";
  const auto mode = fs::status(path).permissions();
  switch (row_of_table.how) {
    case How::link:
      fs::rename(path, aside);
      fs::create_symlink(aside, path);
      break;
    case How::dangling_link:
      fs::remove(path);
      fs::create_symlink(folder / "nothing", path);
      break;
    case How::pipe:
      fs::remove(path);
      BOOST_TEST_REQUIRE(::mkfifo(path.c_str(), 0644) == 0);
      break;
    case How::folder:
      fs::remove(path);
      fs::create_directory(path);
      break;
    case How::world_writable: fs::permissions(path, mode | fs::perms::others_write); break;
    case How::group_writable: fs::permissions(path, mode | fs::perms::group_write); break;
    case How::foreign:
      if (::chown(path.c_str(), 12345, 12345) != 0) {
        BOOST_TEST_MESSAGE("only root can give files away: not tested");
        return;
      }
      break;
  }
  check_refused(row(), row_of_table.code);
}

BOOST_FIXTURE_TEST_CASE(a_folder_that_everybody_can_replace_is_refused, Enabled) {
  fs::permissions(folder, fs::perms::all);
  check_refused(row(), "file.unsafe");
  fs::permissions(folder, fs::perms::all | fs::perms::sticky_bit);
  BOOST_TEST(row().state == "loaded");
}

BOOST_FIXTURE_TEST_CASE(what_nobody_pinned_is_listed_and_never_mapped, Enabled) {
  fs::remove(lock);
  write(library, other);  // would end this process
  write(manifest, manifest_of(other));
  BOOST_TEST(row().state == "not enabled");
  PluginRegistry registry({}, options());
  BOOST_TEST(registry.manifests().empty());
  write(library, bytes);
  const PluginStatus changed = registry.report().at(0);
  BOOST_TEST(changed.state == "not enabled");
  BOOST_TEST(changed.code == "library.changed");
  BOOST_TEST(changed.remedy.find("libskops plugins remove minimal") != std::string::npos);
  BOOST_TEST((registry.find("ObjectNode", "test", "Doubler", 2) == nullptr));
}

BOOST_FIXTURE_TEST_CASE(a_directory_of_the_host_enables_what_is_complete, Enabled) {
  fs::remove(lock);
  Host::Options all{.installed_directories = {folder / "plugins"}};
  all.policy = PluginPolicy::directory;
  const auto state = [&] {
    const PluginRegistry registry({}, all);
    registry.map_all();
    return registry.status().at(0);
  };
  BOOST_TEST(state().state == "loaded");
  // Another library than the manifest's; this process has mapped neither.
  write(library, other);
  std::string text = manifest_of(bytes + "?");
  write(manifest, text);
  BOOST_TEST(state().code == "library.changed");
  fs::permissions(folder / "plugins", fs::perms::all);
  BOOST_TEST(state().code == "file.unsafe");
}

BOOST_AUTO_TEST_CASE(a_static_host_names_no_further_plugins) {
  Host::Options options{.lock_files = {"/nowhere/plugins.lock.json"}};
  options.policy = PluginPolicy::static_only;
  BOOST_CHECK_EXCEPTION(PluginRegistry({}, options), Error,
                        [](const Error& error) { return error.code() == "host.options"; });
}

namespace {

// A process that swaps things as fast as it can until it is ended.
template <typename Swap>
class Swapping {
 public:
  explicit Swapping(Swap swap) : child_(::fork()) {
    if (child_ == 0) {
      for (;;) swap();
    }
  }
  ~Swapping() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }

 private:
  pid_t child_;
};

struct Outcomes {
  int loaded = 0, refused = 0, other = 0;
};

// Reads and maps in a child process each time: a library is mapped once a process. `prepare` makes
// that process what it has to be.
Outcomes race(
    const Enabled& plugin, int tries, void (*prepare)() = [] {}) {
  Outcomes out;
  for (int k = 0; k < tries / slower; ++k) {
    const pid_t child = ::fork();
    if (child == 0) {
      prepare();
      const PluginRegistry registry({}, plugin.options());
      registry.map_all();
      const PluginStatus found = registry.status().at(0);
      ::_exit(found.state == "loaded" ? 0 : found.state == "refused" ? 1 : 2);
    }
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (code == ran_other_code) BOOST_FAIL("code ran whose hash is not pinned");
    ++(code == 0 ? out.loaded : code == 1 ? out.refused : out.other);
  }
  BOOST_TEST_MESSAGE(std::to_string(out.loaded) + " loaded, " + std::to_string(out.refused) +
                     " refused");
  return out;
}

// Otherwise nothing was raced.
void check_both(const Outcomes& out) {
  BOOST_TEST(out.loaded > 0);
  BOOST_TEST(out.refused > 0);
  BOOST_TEST(out.other == 0);
}

// From here on this process is one of a system without memory files: the kernel itself refuses
// them.
void no_memory_files() {
  sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_memfd_create, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{std::size(steps), steps};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0 ||
      ::memfd_create("none", 0) >= 0) {
    ::_exit(3);
  }
}

// And here of one without /proc, through which a memory file is mapped.
void no_proc() {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, "") != 0 ||
      ::mount("none", "/proc", "tmpfs", 0, "") != 0) {
    ::_exit(3);
  }
}

std::set<fs::path> private_copies() {
  std::set<fs::path> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/tmp", error)) {
    if (entry.path().filename().string().starts_with("libskops-")) out.insert(entry.path());
  }
  return out;
}

void exchange(const fs::path& a, const fs::path& b) {
  ::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE);
}

}  // namespace

// The races below would tell: this is what a pinned library with that code does.
BOOST_FIXTURE_TEST_CASE(the_other_code_tells_that_it_ran, Enabled) {
  write(library, other);
  write(manifest, manifest_of(other));
  PluginLock pins = PluginLock::read(lock);
  pins.plugins[0].manifest_sha256 = hash_of(read(manifest));
  pins.plugins[0].library_sha256 = hash_of(other);
  write(lock, pins.text());
  const pid_t child = ::fork();
  if (child == 0) {
    PluginRegistry({}, options()).map_all();
    ::_exit(0);
  }
  int status = 0;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == ran_other_code));
}

// The swapped library is at the path half of the time. It would run if what was hashed were not
// what is mapped.
BOOST_FIXTURE_TEST_CASE(a_library_swapped_while_it_is_read_never_runs, Enabled) {
  const fs::path aside = folder / "plugins/aside.so";
  write(aside, other);
  const Swapping swapping([&] { exchange(library, aside); });
  check_both(race(*this, 10000));
}

// The same file, written over in place: what is read may be half of each.
void race_overwritten(
    const Enabled& plugin, int tries, void (*prepare)() = [] {}) {
  const int file = ::open(plugin.library.c_str(), O_WRONLY | O_CLOEXEC);
  bool turn = false;
  const Swapping swapping([&] {
    const std::string& text = (turn = !turn) ? plugin.other : plugin.bytes;
    (void)!::pwrite(file, text.data(), text.size(), 0);
  });
  const Outcomes out = race(plugin, tries, prepare);
  ::close(file);
  BOOST_TEST(out.refused > 0);
  BOOST_TEST(out.other == 0);
}

BOOST_FIXTURE_TEST_CASE(a_library_overwritten_while_it_is_read_never_runs, Enabled) {
  race_overwritten(*this, 1000);
}

// The manifest and the library of another plugin that fit each other, swapped one after the other.
BOOST_FIXTURE_TEST_CASE(a_manifest_swapped_with_its_library_brings_no_other_code, Enabled) {
  const fs::path aside = folder / "plugins/aside.so",
                 manifest_aside = folder / "plugins/aside.json";
  write(aside, other);
  write(manifest_aside, manifest_of(other));
  const Swapping swapping([&] {
    exchange(library, aside);
    exchange(manifest, manifest_aside);
  });
  check_both(race(*this, 1000));
}

// Where memory files cannot be mapped, a private copy takes their place, and is gone afterwards.
BOOST_FIXTURE_TEST_CASE(a_private_copy_runs_where_memory_files_cannot, Enabled) {
  const auto before = private_copies();
  const Outcomes out = race(*this, slower, no_memory_files);
  BOOST_TEST(out.loaded == 1);
  if (::geteuid() == 0) {
    const Outcomes without_proc = race(*this, slower, no_proc);
    BOOST_TEST(without_proc.refused == 0);
    if (without_proc.loaded == 0) BOOST_TEST_MESSAGE("no namespace to be had: not tested");
  }
  // Those of other processes, which run this test beside us, go in a moment.
  std::set<fs::path> left = private_copies();
  for (int k = 0; k < 100 && !left.empty(); ++k) {
    std::erase_if(left, [&](const fs::path& copy) {
      return before.contains(copy) || !private_copies().contains(copy);
    });
    if (!left.empty()) ::usleep(50'000);
  }
  BOOST_TEST(left.empty());
}

BOOST_FIXTURE_TEST_CASE(a_library_swapped_while_a_private_copy_is_made_never_runs, Enabled) {
  const fs::path aside = folder / "plugins/aside.so";
  write(aside, other);
  const Swapping swapping([&] { exchange(library, aside); });
  check_both(race(*this, 2000, no_memory_files));
}

BOOST_FIXTURE_TEST_CASE(a_library_overwritten_while_a_private_copy_is_made_never_runs, Enabled) {
  race_overwritten(*this, 500, no_memory_files);
}

// Another user who knows where the copies are made: every one loads, and is the pinned one.
BOOST_FIXTURE_TEST_CASE(another_user_cannot_swap_a_private_copy, Enabled) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("only root can be another user: not tested");
    return;
  }
  const std::string theirs = "/tmp/skops-theirs-" + std::to_string(::getpid());
  write(theirs, other);
  fs::permissions(theirs, fs::perms::all);
  bool stranger = false;
  {
    const Swapping swapping([&] {
      if (!stranger && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(1);
      stranger = true;
      for (const fs::path& copy : private_copies()) {
        const fs::path inside = copy / library.filename();
        ::link(theirs.c_str(), inside.c_str());
        ::rename(theirs.c_str(), inside.c_str());
        ::unlink(inside.c_str());
        ::rename(copy.c_str(), (copy.string() + "-taken").c_str());
        ::rmdir(copy.c_str());
      }
    });
    const Outcomes out = race(*this, 500, no_memory_files);
    BOOST_TEST(out.loaded == 500 / slower);
  }
  fs::remove(theirs);
}
