#include "writer/member_checksums.hpp"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>

#include "archive/zip_writer.hpp"

namespace skops {
namespace {

constexpr std::uint64_t worth_a_thread = std::uint64_t{8} << 20;  // bytes
constexpr std::size_t at_once = 16;                               // members

}  // namespace

std::uint32_t member_checksum(const NodeList::Member& member) {
  const auto head = std::as_bytes(std::span(member.head.data(), member.head.size()));
  return checksum(member.body, checksum(head));
}

std::vector<std::uint32_t> member_checksums(const NodeList& list, unsigned threads) {
  const auto& members = list.members();
  std::vector<std::uint32_t> out(members.size());
  std::uint64_t bytes = 0;
  for (const NodeList::Member& member : members) bytes += member.body.size();
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t first; (first = next.fetch_add(at_once)) < members.size();) {
      const std::size_t end = std::min(first + at_once, members.size());
      for (std::size_t k = first; k < end; ++k) {
        out[k] = member_checksum(members[k]);
      }
    }
  };
  std::vector<std::jthread> helpers;
  for (std::uint64_t k = 1; k < threads && k * worth_a_thread <= bytes; ++k) {
    try {
      helpers.emplace_back(work);
    } catch (const std::system_error&) {
      break;  // no more threads: this one does the rest
    }
  }
  work();
  return out;
}

}  // namespace skops
