#include "policy/policy_bytes.hpp"

#include <cerrno>
#include <cstring>
#include <span>

#include "plugin/sha256.hpp"
#include "support/trusted_file.hpp"

namespace skops {

std::optional<PolicyBytes> read_policy_bytes(const std::filesystem::path& path, std::uint32_t owner,
                                             std::uint64_t most) {
  const FileErrors errors{
      .unsafe = {Family::usage, "policy.unsafe-file"},
      .irregular = {Family::usage, "policy.unsafe-file", "put a regular file into a real folder"},
      .unreadable = {Family::input, "policy.unreadable", "make it readable, or remove it"}};
  const auto file = open_trusted_file(path, owner, errors);
  if (!file) return std::nullopt;
  PolicyBytes out;
  const bool read = read_pieces(file->descriptor.get(), [&](std::span<const std::byte> piece) {
    out.text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    return out.text.size() <= most;
  });
  if (!read) {
    throw Error(errors.unreadable.family, errors.unreadable.code,
                path.string() + ": " + std::strerror(errno), {}, errors.unreadable.remedy);
  }
  if (out.text.size() > most) {
    throw Error(Family::limit, "limit.policy_bytes",
                path.string() + " has more than " + std::to_string(most) + " bytes", {},
                "trust libraries, or prefixes of your own modules");
  }
  out.sha256 = sha256_hex(std::as_bytes(std::span(out.text.data(), out.text.size())));
  return out;
}

}  // namespace skops
