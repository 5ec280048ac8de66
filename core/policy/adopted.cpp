#include "policy/adopted.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include "policy/placed_json.hpp"
#include "policy/policy_bytes.hpp"
#include "policy/user_file.hpp"
#include "skops/error.hpp"

namespace skops {
namespace {

using Kind = PlacedValue::Kind;

constexpr std::uint64_t most_bytes = std::uint64_t{8} << 20;  // room for the longest paths

}  // namespace

std::vector<AdoptedProject> read_adopted(const PolicyLocations& where) {
  std::vector<AdoptedProject> out;
  if (where.adopted.empty()) return out;
  const auto file = read_policy_bytes(where.adopted, where.owner, most_bytes);
  if (!file) return out;
  const std::string origin = where.adopted.string();
  const PlacedJson json(file->text, origin, PolicyLimits{}.policy_depth);
  const PlacedValue& root = json.root();
  const auto part = [&](const PlacedValue& object, std::string_view key) -> const PlacedValue& {
    const PlacedValue* found = object.find(key);
    if (found != nullptr) return *found;
    json.fail(object.begin, "policy.bad-file", "the key " + std::string(key) + " is missing");
  };
  json.require(root, Kind::object, "the record is no object");
  json.keys(root, {"version", "projects"});
  json.require(part(root, "version"), Kind::integer, "the version is not a whole number");
  if (part(root, "version").integer != 1) {
    json.fail(part(root, "version").begin, "policy.bad-file", "the version is not 1",
              "update libskops");
  }
  json.require(part(root, "projects"), Kind::list, "the projects are no list");
  for (const PlacedValue& item : part(root, "projects").items) {
    json.require(item, Kind::object, "a project is an object");
    json.keys(item, {"path", "sha256"});
    json.require(part(item, "path"), Kind::text, "the path is no text");
    json.require(part(item, "sha256"), Kind::text, "the hash is no text");
    out.push_back({part(item, "path").text, part(item, "sha256").text});
    const std::string& hash = out.back().sha256;
    if (hash.size() != 64 || hash.find_first_not_of("0123456789abcdef") != hash.npos) {
      json.fail(part(item, "sha256").begin, "policy.bad-file",
                "this is no SHA-256 in lower-case digits");
    }
  }
  return out;
}

void write_adopted(const PolicyLocations& where, const std::vector<AdoptedProject>& projects) {
  if (projects.size() > PolicyLimits{}.adopted_projects) {
    throw Error(
        Family::limit, "limit.adopted_projects",
        "more than " + std::to_string(PolicyLimits{}.adopted_projects) + " adopted projects", {},
        "libskops trust revoke those that are gone");
  }
  std::string text = "{\"version\": 1, \"projects\": [";
  const char* separator = "\n";
  for (const AdoptedProject& project : projects) {
    if (printable(project.path, 10 * project.path.size() + 10) != project.path) {
      throw Error(Family::usage, "policy.path", "the path cannot be recorded: " + project.path, {},
                  "rename the folder: its name holds what cannot be seen, or no UTF-8");
    }
    text +=
        separator + ("  {\"path\": " + boost::json::serialize(boost::json::value(project.path)) +
                     ", \"sha256\": \"" + project.sha256 + "\"}");
    separator = ",\n";
  }
  write_user_file(where.adopted, text + "\n]}\n");
}

}  // namespace skops
