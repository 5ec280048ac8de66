#include "writer/member_names.hpp"

#include <cstdio>
#include <cstring>

#include "archive/zip_writer.hpp"
#include "skops/error.hpp"
#include "writer/repetition.hpp"

namespace skops {
namespace {

// So many members of one checksum and size are compared; more are no honest file's.
constexpr std::size_t most_compared = 16;

bool same(std::span<const std::byte> a, std::span<const std::byte> b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

// ".npy" of "140.npy"; what is no plain suffix becomes ".bin".
std::string suffix_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == name.npos || name.size() - dot > 8 || name.size() - dot < 2) return ".bin";
  for (const char c : name.substr(dot + 1)) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return ".bin";
  }
  return std::string(name.substr(dot));
}

}  // namespace

std::uint32_t MemberNames::find(std::string_view name) const {
  const auto member = source_->find(name);
  if (!member) {
    throw Error(Family::malformed, "archive.no-member",
                "the schema names a member that the archive does not have",
                {.member = std::string(name)}, "get the file again from where it was made");
  }
  return *member;
}

const std::string& MemberNames::of(std::string_view name) {
  const std::uint32_t source = find(name);
  const auto [known, added] = by_source_.emplace(source, 0);
  if (added) {
    known->second = place({}, source_->bytes(source), source_->crc(source), suffix_of(name));
  }
  return members_[known->second].name;
}

const std::string& MemberNames::add(std::string_view head, std::span<const std::byte> body,
                                    std::uint32_t crc, std::string_view suffix) {
  const auto first = std::as_bytes(std::span(head.data(), head.size()));
  return members_[place(first, body, crc, suffix)].name;
}

std::uint32_t MemberNames::place(std::span<const std::byte> head, std::span<const std::byte> body,
                                 std::uint32_t crc, std::string_view suffix) {
  char stem[32];
  const int length = std::snprintf(stem, sizeof stem, "%08x-%llx", static_cast<unsigned>(crc),
                                   static_cast<unsigned long long>(head.size() + body.size()));
  std::string name(stem, static_cast<std::size_t>(length));
  name += suffix;
  std::vector<std::uint32_t>& alike = by_content_[name];
  if (alike.size() <= most_compared) {
    for (const std::uint32_t other : alike) {
      // An archive's members have no heads, an object's all have theirs.
      const NamedMember& known = members_[other];
      if (head.size() == known.head.size() && same(known.head, head) && same(known.bytes, body)) {
        return other;
      }
    }
  }
  const auto number = static_cast<std::uint32_t>(members_.size());
  if (!alike.empty()) {
    name.insert(static_cast<std::size_t>(length), "-" + std::to_string(alike.size()));
  }
  alike.push_back(number);
  members_.push_back({std::move(name), head, body, crc});
  return number;
}

void MemberNames::expect_equal(std::string_view a, std::string_view b) {
  const std::uint32_t first = find(a), second = find(b);
  if (first == second || same(source_->bytes(first), source_->bytes(second))) {
    return;
  }
  throw Error(Family::malformed, "graph.id-conflict",
              "two copies of one node name members that differ", {.member = std::string(b)},
              "get the file again from where it was made");
}

void write_members(std::string_view schema, const MemberNames& members, const SaveOptions& options,
                   Output& out) {
  ZipWriter zip(out, options);
  const auto bytes = std::as_bytes(std::span(schema.data(), schema.size()));
  zip.add("schema.json", {}, bytes, checksum(bytes));
  for (const NamedMember& member : members.members()) {
    zip.add(member.name, member.head, member.bytes, member.crc, repeats_itself(member));
  }
  zip.finish();
}

}  // namespace skops
