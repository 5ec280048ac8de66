// Reading ahead changes nothing that can be seen: the same bytes, and the same error where a member
// is damaged, whichever thread came to it first.
#include "archive/read_ahead.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <vector>

#include "skops/error.hpp"
#include "unit/archive/archive_builder.hpp"

using skops::Archive;
using skops::Budget;
using skops::Error;
using skops::Limits;

namespace {

constexpr std::size_t members = 64;

// Just beyond the size from which a thread is started; `damaged` has one byte changed.
std::string large_archive(int damaged) {
  const std::string data(skops::ReadAhead::least_bytes / members + 1, 'x');
  std::vector<std::pair<std::string, std::string>> all;
  for (std::size_t k = 0; k < members; ++k) all.emplace_back("m" + std::to_string(k), data);
  std::string out = skops_test::plain_archive(all);
  if (damaged >= 0) {
    const std::string header = "m" + std::to_string(damaged) + "xxxx";
    out[out.find(header) + header.size() + data.size() / 2] = 'y';
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(members_are_the_same) {
  const std::string bytes = large_archive(-1);
  for (int round = 0; round < 20; ++round) {
    Budget budget(Limits{}, bytes.size());
    const auto archive = Archive::from_memory(std::as_bytes(std::span(bytes)), budget, "a case");
    const skops::ReadAhead ahead(archive);
    // From both ends, so that the two threads meet.
    for (std::uint32_t k = 0; k < members; ++k) {
      const std::uint32_t member = round % 2 == 0 ? k : members - 1 - k;
      BOOST_TEST(archive->bytes(member, budget).size() == (*archive)[member].size);
    }
  }
}

BOOST_AUTO_TEST_CASE(damage_is_reported_by_who_asks_every_time) {
  for (const int damaged : {0, 31, 63}) {
    const std::string bytes = large_archive(damaged);
    Budget budget(Limits{}, bytes.size());
    const auto archive = Archive::from_memory(std::as_bytes(std::span(bytes)), budget, "a case");
    const skops::ReadAhead ahead(archive);
    for (std::uint32_t k = 0; k < members; ++k) {
      for (int again = 0; again < 2; ++again) {
        if (k == static_cast<std::uint32_t>(damaged)) {
          BOOST_CHECK_EXCEPTION(archive->bytes(k, budget), Error,
                                [](const Error& e) { return e.code() == "archive.crc"; });
        } else {
          BOOST_TEST(archive->bytes(k, budget).size() > 0u);
        }
      }
    }
  }
}

// Given up in the middle: the thread ends before the archive's bytes do.
BOOST_AUTO_TEST_CASE(it_can_be_given_up) {
  for (int round = 0; round < 50; ++round) {
    const std::string bytes = large_archive(-1);
    Budget budget(Limits{}, bytes.size());
    const skops::ReadAhead ahead(
        Archive::from_memory(std::as_bytes(std::span(bytes)), budget, "a case"));
  }
}

// Whatever the helper gets done of it: no work twice, and none after `clear`.
BOOST_AUTO_TEST_CASE(work_is_done_once_or_never) {
  const std::string bytes = large_archive(-1);
  Budget budget(Limits{}, bytes.size());
  const auto archive = Archive::from_memory(std::as_bytes(std::span(bytes)), budget, "a case");
  skops::ReadAhead ahead(archive);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::atomic<int>> done(100);
    for (std::atomic<int>& count : done) {
      ahead.add([](void* state) { ++*static_cast<std::atomic<int>*>(state); }, &count);
    }
    ahead.clear();
    const std::vector<int> before(done.begin(), done.end());
    for (std::uint32_t k = 0; k < members; ++k) archive->bytes(k, budget);
    for (std::size_t k = 0; k < done.size(); ++k) {
      BOOST_TEST(done[k] <= 1);
      BOOST_TEST(done[k] == before[k]);
    }
  }
}
