// Every folder of tests/cases/archive is a test: case.json describes an archive byte for byte
// (archive_builder.hpp), or archive.zip is one that Python's zipfile, numpy.savez or
// scipy.sparse.save_npz wrote. Its members are read, or the error must be the one that is named.
#define BOOST_TEST_MODULE archive
#include "archive/archive.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "schema/key_hash.hpp"
#include "skops/error.hpp"
#include "unit/archive/archive_builder.hpp"

using namespace skops;
namespace fs = std::filesystem;

namespace {

const fs::path cases = fs::path(SKOPS_TEST_DATA) / "cases/archive";

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(file, "cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(cases)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Limits limits_of(const boost::json::object& expected) {
  Limits limits;
  const auto* given = expected.if_contains("limits");
  if (given == nullptr) return limits;
  for (const auto& [key, value] : given->as_object()) {
    const auto most = value.to_number<std::uint64_t>();
    if (key == "members") {
      limits.members = most;
    } else if (key == "inflated_bytes") {
      limits.inflated_bytes = most;
    } else {
      BOOST_ERROR("no such limit in this runner: " << key);
    }
  }
  return limits;
}

std::span<const std::byte> span_of(const std::string& bytes) {
  return std::as_bytes(std::span(bytes.data(), bytes.size()));
}

// Reads every member; what was read must be what the description says, and where it says it.
void check_members(const Archive& archive, std::span<const std::byte> file, Budget& budget,
                   const boost::json::object& description) {
  for (std::uint32_t k = 0; k < archive.size(); ++k) {
    const auto bytes = archive.bytes(k, budget);
    BOOST_TEST(bytes.size() == archive[k].size);
    const auto again = archive.bytes(k, budget);
    BOOST_TEST(static_cast<const void*>(again.data()) == static_cast<const void*>(bytes.data()));
    if (archive[k].method == Compression::stored) {
      BOOST_TEST((bytes.data() >= file.data()));
      BOOST_TEST((bytes.data() + bytes.size() <= file.data() + file.size()));
    }
    const auto head = archive.head(k, 16);
    if (head) {
      BOOST_TEST(head->size() == std::min<std::size_t>(16, bytes.size()));
      BOOST_TEST(std::equal(head->begin(), head->end(), bytes.begin()));
    }
  }
  if (description.contains("members")) {
    const auto contents = skops_test::contents_of(description);
    BOOST_REQUIRE(archive.size() == contents.size());
    for (const auto& [name, data] : contents) {
      const auto member = archive.find(name);
      BOOST_REQUIRE(member.has_value());
      const auto bytes = archive.bytes(*member, budget);
      BOOST_TEST(
          (std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()) == data));
    }
  }
  if (const auto* list = description.if_contains("crcs")) {
    BOOST_TEST(archive.size() == list->as_object().size());
    for (const auto& [name, crc] : list->as_object()) {
      const auto member = archive.find(name);
      BOOST_REQUIRE(member.has_value());
      BOOST_TEST(archive[*member].crc == crc.to_number<std::uint32_t>());
    }
  }
}

std::string bytes_of_case(const fs::path& folder, const boost::json::object& description) {
  if (!description.contains("members")) return read(folder / "archive.zip");
  return skops_test::build_archive(description);
}

}  // namespace

BOOST_DATA_TEST_CASE(archive_case, boost::unit_test::data::make(case_names()), name) {
  const auto description = boost::json::parse(read(cases / name / "case.json")).as_object();
  const std::string bytes = bytes_of_case(cases / name, description);
  const auto* code = description.if_contains("error");
  BOOST_TEST((name.rfind("accept-", 0) == 0) == (code == nullptr));
  Budget budget(limits_of(description), bytes.size());
  try {
    const auto archive = Archive::from_memory(span_of(bytes), budget, "a case");
    check_members(*archive, span_of(bytes), budget, description);
    BOOST_TEST(code == nullptr, "read, but must be refused");
  } catch (const Error& error) {
    BOOST_REQUIRE_MESSAGE(code != nullptr, "must be read, but " << error.what());
    BOOST_TEST(error.code() == code->as_string().c_str(), error.what());
    const auto* member = description.if_contains("member");
    BOOST_TEST(printable(error.where().member) ==
               (member == nullptr ? "" : printable(member->as_string())));
    const Family wanted = name.rfind("limit-", 0) == 0 ? Family::limit : Family::malformed;
    BOOST_TEST((error.family() == wanted));
  }
}

// Each case again as a file, which is mapped: the same answer.
BOOST_AUTO_TEST_CASE(stored_members_lie_in_the_map) {
  const std::string text(100'000, 'x');
  const fs::path path = fs::temp_directory_path() / "libskops-archive-test.zip";
  std::ofstream(path, std::ios::binary) << skops_test::plain_archive({{"a", text}, {"b", "y"}});
  Budget budget(Limits{}, fs::file_size(path));
  const auto archive = Archive::open(path, budget);
  const auto a = archive->bytes(0, budget), b = archive->bytes(1, budget);
  BOOST_TEST(a.size() == text.size());
  // One after the other in the file, so one after the other in memory: nothing was copied.
  BOOST_TEST((b.data() - a.data() == static_cast<std::ptrdiff_t>(text.size() + 30 + 1)));
  fs::remove(path);
}

BOOST_AUTO_TEST_CASE(every_truncation_is_refused) {
  const auto description = boost::json::parse(R"({"members": [
      {"name": "a", "data": "text"}, {"name": "b", "data": "more text", "method": 8}]})");
  const std::string whole = skops_test::build_archive(description.as_object());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Budget budget(Limits{}, size);
    BOOST_CHECK_THROW(Archive::from_memory(span_of(whole).first(size), budget, "a case"), Error);
  }
}

// Every bit that matters: an archive with one bit changed is refused, or gives the same members.
BOOST_AUTO_TEST_CASE(every_changed_bit_is_refused_or_means_nothing) {
  const auto description = boost::json::parse(R"({"members": [
      {"name": "a", "data": "text"}, {"name": "b", "data": "more text", "method": 8},
      {"name": "c", "data": "zip64", "zip64": 1}], "zip64": {}, "end": {"entries": 65535}})");
  const std::string whole = skops_test::build_archive(description.as_object());
  const auto contents = skops_test::contents_of(description.as_object());
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string changed = whole;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    Budget budget(Limits{}, changed.size());
    try {
      const auto archive = Archive::from_memory(span_of(changed), budget, "a case");
      BOOST_REQUIRE(archive->size() == contents.size());
      for (std::uint32_t k = 0; k < archive->size(); ++k) {
        const auto bytes = archive->bytes(k, budget);
        BOOST_TEST(((*archive)[k].name == contents[k].first));
        BOOST_TEST((std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()) ==
                    contents[k].second));
      }
    } catch (const Error& error) {
      BOOST_TEST((error.family() == Family::malformed), error.what());
    }
  }
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_read) {
  const auto code_of = [](const fs::path& path) {
    Budget budget(Limits{});
    try {
      Archive::open(path, budget);
      return std::string("opened");
    } catch (const Error& error) {
      BOOST_TEST((error.family() == Family::input));
      return error.code() + ": " + error.text();
    }
  };
  BOOST_TEST(code_of("/no/such/file.skops") ==
             "file.unreadable: /no/such/file.skops: no such file");
  BOOST_TEST(code_of("/") == "file.unreadable: /: this is a directory");
  BOOST_TEST(code_of("/dev/null") == "file.unreadable: /dev/null: this is not a regular file");
}

// One member that is named again and again is inflated and charged once.
BOOST_AUTO_TEST_CASE(a_member_is_charged_once) {
  const auto description = boost::json::parse(
      R"({"members": [{"name": "big", "data": {"zeros": 1000000}, "method": 8}]})");
  const std::string bytes = skops_test::build_archive(description.as_object());
  Limits limits;
  limits.inflated_bytes = 1'500'000;
  Budget budget(limits, bytes.size());
  const auto archive = Archive::from_memory(span_of(bytes), budget, "a case");
  for (int k = 0; k < 1000; ++k) BOOST_TEST(archive->bytes(0, budget).size() == 1'000'000u);
}

// The names of many members are found by their hashes; names that a file has made for the same few
// of them by their order.
BOOST_AUTO_TEST_CASE(many_members_are_found_whatever_their_names) {
  for (const bool hostile : {false, true}) {
    std::vector<std::pair<std::string, std::string>> members;
    for (std::size_t k = 0; members.size() < 400; ++k) {
      const std::string name = std::to_string(k) + ".npy";
      if (!hostile || key_hash(name) % 1024 < 8) members.emplace_back(name, name);
    }
    const std::string bytes = skops_test::plain_archive(members);
    Budget budget(Limits{}, bytes.size());
    const auto archive = Archive::from_memory(span_of(bytes), budget, "a case");
    for (std::uint32_t k = 0; k < members.size(); ++k) {
      BOOST_TEST((archive->find(members[k].first) == k));
      BOOST_TEST(!archive->find(members[k].first + "x"));
    }
    BOOST_TEST(!archive->find(""));

    members[371].first = members[20].first;
    const std::string twice = skops_test::plain_archive(members);
    BOOST_CHECK_EXCEPTION(
        Archive::from_memory(span_of(twice), budget, "a case"), Error, [&](const Error& error) {
          return error.code() == "archive.duplicate-name" &&
                 std::string(error.what()).find(members[20].first) != std::string::npos;
        });
  }
}
