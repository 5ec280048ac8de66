// Archives that the writer made, read by the strict reader: contents, places, and the wide form.
#include "archive/zip_writer.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <random>

#include "archive/archive.hpp"
#include "skops/error.hpp"

using namespace skops;
namespace data = boost::unit_test::data;

namespace {

using Bytes = std::vector<std::byte>;
using Members = std::vector<std::pair<std::string, Bytes>>;

Bytes text(std::size_t size) {
  return Bytes(size, std::byte{'a'});
}

Bytes noise(std::size_t size) {
  std::mt19937 random(static_cast<unsigned>(size));
  Bytes out(size);
  for (std::byte& b : out) b = static_cast<std::byte>(random());
  return out;
}

Bytes write(const Members& members, const SaveOptions& options = {},
            std::uint64_t most = 0xfffffffe) {
  MemoryOutput out;
  ZipWriter zip(out, options, 0, most);
  for (const auto& [name, bytes] : members) zip.add(name, bytes, checksum(bytes));
  zip.finish();
  return out.take();
}

std::shared_ptr<const Archive> check(const Bytes& bytes, const Members& members) {
  Budget budget{Limits{}};
  auto archive = Archive::from_memory(bytes, budget, "written");
  BOOST_TEST_REQUIRE(archive->size() == members.size());
  for (std::uint32_t k = 0; k < members.size(); ++k) {
    BOOST_TEST((*archive)[k].name == members[k].first);
    const auto content = archive->bytes(k, budget);
    BOOST_TEST(std::equal(content.begin(), content.end(), members[k].second.begin(),
                          members[k].second.end()));
  }
  return archive;
}

Members mixed() {
  return {{"schema.json", text(5000)}, {"empty.npy", {}},         {"one.npy", text(1)},
          {"4095.npy", noise(4095)},   {"4096.npy", noise(4096)}, {"long.npy", text(70000)},
          {"é.bin", noise(10000)}};
}

constexpr SaveOptions deflated{.compression = SaveOptions::Compression::deflated};

}  // namespace

BOOST_AUTO_TEST_CASE(reads_back) {
  for (const SaveOptions& options : {SaveOptions{}, deflated}) {
    const Bytes bytes = write(mixed(), options);
    check(bytes, mixed());
    BOOST_TEST((bytes == write(mixed(), options)));
  }
  check(write({}), {});
}

// Wherever the members before it end, and whatever the length of its name.
BOOST_DATA_TEST_CASE(large_stored_members_are_aligned, data::xrange(130), shift) {
  const Members members{{"first", noise(static_cast<std::size_t>(shift))},
                        {"a", noise(4096)},
                        {std::string(static_cast<std::size_t>(shift % 7 + 1), 'n'), noise(5000)}};
  const Bytes bytes = write(members);
  const auto archive = check(bytes, members);
  BOOST_TEST((*archive)[1].data_offset % 64 == 0);
  BOOST_TEST((*archive)[2].data_offset % 64 == 0);
  BOOST_TEST((*archive)[2].data_offset - (*archive)[1].data_offset < 4096 + 31 + 70 + 64);
}

BOOST_AUTO_TEST_CASE(deflates_only_what_gets_smaller) {
  const Bytes bytes = write(mixed(), deflated);
  const auto archive = check(bytes, mixed());
  BOOST_TEST(((*archive)[0].method == Compression::deflated));
  BOOST_TEST(((*archive)[2].method == Compression::stored));
  BOOST_TEST(((*archive)[4].method == Compression::stored));
  BOOST_TEST((*archive)[4].data_offset % 64 == 0);
  BOOST_TEST(((*archive)[5].method == Compression::deflated));
  SaveOptions level = deflated;
  level.level = 0;
  check(write(mixed(), level), mixed());
  level.level = 9;
  BOOST_TEST(write(mixed(), level).size() <= bytes.size());
  for (const int wrong : {-2, 10}) {
    level.level = wrong;
    BOOST_CHECK_EXCEPTION(write({}, level), Error,
                          [](const Error& e) { return e.code() == "save.level"; });
  }
}

// Each number of 32 bits moves into ZIP64 fields by itself, as in files of more than 4 GiB.
BOOST_DATA_TEST_CASE(wide_form,
                     data::make({0u, 1u, 100u, 4095u, 5200u, 9300u, 14000u, 70000u, 90000u}),
                     most) {
  for (const SaveOptions& options : {SaveOptions{}, deflated}) {
    const auto archive = check(write(mixed(), options, most), mixed());
    for (std::uint32_t k = 0; k < archive->size(); ++k) {
      const Member& member = (*archive)[k];
      if (member.method == Compression::stored && member.size >= 4096) {
        BOOST_TEST(member.data_offset % 64 == 0);
      }
    }
  }
}

BOOST_DATA_TEST_CASE(counts, data::make({65534u, 65535u, 65536u, 70000u}), count) {
  Members members;
  for (unsigned k = 0; k < count; ++k) members.emplace_back(std::to_string(k), Bytes{});
  check(write(members), members);
}
