#include "archive/archive.hpp"

#include <libdeflate.h>
#include <sys/mman.h>

#include <atomic>
#include <boost/iostreams/device/mapped_file.hpp>
#include <mutex>

#include "archive/directory.hpp"
#include "archive/inflate.hpp"
#include "schema/same_text.hpp"
#include "skops/error.hpp"

namespace skops {

struct Archive::Mapping {
  boost::iostreams::mapped_file_source file;

  // Headers lie far apart. Around each page that is touched the system would read 128 KB from the
  // disk and map 64 KB of what it already has: without this, opening reads and maps every array.
  void expect_headers() { advise(MADV_RANDOM); }
  void forget_headers() { advise(MADV_DONTNEED); }
  // From their first byte to the last; without this the system also reads what lies before them.
  void expect_members() {
    forget_headers();
    advise(MADV_SEQUENTIAL);
  }

 private:
  // Advice only: what is forgotten comes back from the file.
  void advise(int advice) { ::madvise(const_cast<char*>(file.data()), file.size(), advice); }
};

// Like std::call_once, which calls the system each time that somebody is first.
struct Archive::Content {
  std::atomic<bool> checked{false};
  std::mutex mutex;
  bool intact = false;
  std::unique_ptr<std::byte[]> inflated;  // as many as the member's size

  // Runs `check` unless it has been run to its end.
  template <class Check>
  void once(Check&& check) {
    if (checked.load(std::memory_order_acquire)) return;
    const std::lock_guard lock(mutex);
    if (checked.load(std::memory_order_relaxed)) return;
    check();
    checked.store(true, std::memory_order_release);
  }

  void check(const Member& member, std::span<const std::byte> bytes) {
    intact = libdeflate_crc32(0, bytes.data(), bytes.size()) == member.crc;
  }
};

// So few members are looked through faster than a table is made of them.
constexpr std::size_t most_scanned = 16;

Archive::Archive() = default;
Archive::~Archive() = default;

namespace {

// A pickle is what people take for a model most often.
void check_magic(std::span<const std::byte> file, const std::string& label) {
  const auto byte = [&](std::size_t k) { return std::to_integer<unsigned>(file[k]); };
  if (file.empty()) {
    throw Error(Family::malformed, "archive.empty", label + " is empty", {},
                "save the model again");
  }
  if (file.size() >= 2 && byte(0) == 0x80 && byte(1) <= 5) {
    throw Error(Family::malformed, "archive.pickle", label + " is a pickle, not a .skops file", {},
                "pickles can run any code: load it where you trust it, and save it with skops");
  }
  if (file.size() < 4 || byte(0) != 'P' || byte(1) != 'K') {
    throw Error(Family::malformed, "archive.not-zip", label + " is not a .skops file", {},
                ".skops files are ZIP archives");
  }
}

}  // namespace

std::shared_ptr<const Archive> Archive::open(const std::filesystem::path& path, Budget& budget) {
  const std::string label = path.string();
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  const auto unreadable = [&](std::string text) {
    throw Error(Family::input, "file.unreadable", label + ": " + std::move(text), {},
                "name an existing .skops file");
  };
  if (!std::filesystem::exists(status)) unreadable("no such file");
  if (std::filesystem::is_directory(status)) unreadable("this is a directory");
  if (!std::filesystem::is_regular_file(status)) unreadable("this is not a regular file");
  const auto size = std::filesystem::file_size(path, error);
  if (error) unreadable(error.message());
  if (size == 0) check_magic({}, label);
  if (size > budget.limits().file_bytes) {
    throw Error(Family::limit, "limit.file_bytes",
                label + " has " + std::to_string(size) + " bytes", {},
                "raise Limits::file_bytes if you trust the origin of the file");
  }
  std::shared_ptr<Archive> archive(new Archive);
  archive->mapping_ = std::make_unique<Mapping>();
  try {
    archive->mapping_->file.open(label);
  } catch (const std::exception& e) {
    unreadable(e.what());
  }
  archive->file_ =
      std::as_bytes(std::span(archive->mapping_->file.data(), archive->mapping_->file.size()));
  archive->label_ = label;
  archive->mapping_->expect_headers();
  archive->read_directory(budget);
  archive->mapping_->expect_members();
  return archive;
}

std::shared_ptr<const Archive> Archive::from_memory(std::span<const std::byte> bytes,
                                                    Budget& budget, std::string label) {
  std::shared_ptr<Archive> archive(new Archive);
  archive->file_ = bytes;
  archive->label_ = std::move(label);
  archive->read_directory(budget);
  return archive;
}

void Archive::read_directory(Budget& budget) {
  check_magic(file_, label_);
  members_ = read_zip_directory(file_, budget.limits(), [&] {
    if (mapping_) mapping_->forget_headers();
  });
  std::optional<std::uint32_t> twice;
  if (members_.size() > most_scanned) {
    twice = by_name_.fill(members_);
  } else {
    for (std::uint32_t k = 0; k < members_.size(); ++k) {
      if (find(members_[k].name) != k) twice = k;
    }
  }
  if (twice) {
    throw Error(Family::malformed, "archive.duplicate-name", "two members have the same name",
                {.member = std::string(members_[*twice].name)},
                "get the file again from where it was made");
  }
  contents_ = std::make_unique<Content[]>(members_.size());
}

std::optional<std::uint32_t> Archive::find(std::string_view name) const {
  if (members_.size() <= most_scanned) {
    for (std::uint32_t k = 0; k < members_.size(); ++k) {
      if (same_text(members_[k].name, name)) return k;
    }
    return std::nullopt;
  }
  return by_name_.find(members_, name);
}

std::span<const std::byte> Archive::bytes(std::uint32_t member, Budget& budget) const {
  const Member& m = members_[member];
  Content& content = contents_[member];
  if (m.method == Compression::stored) {
    check_stored(member);
  } else {
    content.once([&] {
      budget.inflate(m.size);
      content.inflated = std::make_unique_for_overwrite<std::byte[]>(m.size);
      const std::span out(content.inflated.get(), m.size);
      inflate_member(m, stored(m), out);
      content.check(m, out);
    });
  }
  if (!content.intact) {
    throw Error(Family::malformed, "archive.crc", "the checksum of the data differs",
                {.member = std::string(m.name)}, "get the file again from where it was made");
  }
  if (m.method == Compression::stored) return stored(m);
  return {content.inflated.get(), m.size};
}

void Archive::check_stored(std::uint32_t member) const noexcept {
  const Member& m = members_[member];
  if (m.method != Compression::stored) return;
  Content& content = contents_[member];
  content.once([&] { content.check(m, stored(m)); });
}

std::uint64_t Archive::stored_bytes() const {
  std::uint64_t sum = 0;
  for (const Member& m : members_) sum += m.method == Compression::stored ? m.size : 0;
  return sum;
}

std::optional<std::vector<std::byte>> Archive::head(std::uint32_t member, std::size_t most) const {
  const Member& m = members_[member];
  const auto bytes = stored(m);
  const std::size_t size = std::min<std::uint64_t>(m.size, most);
  if (m.method == Compression::stored) {
    return std::vector<std::byte>(bytes.begin(), bytes.begin() + static_cast<long>(size));
  }
  if (m.method != Compression::deflated) return std::nullopt;
  std::vector<std::byte> out(size);
  if (!inflate_head(bytes, out)) return std::nullopt;
  return out;
}

}  // namespace skops
