// Policies from files: in layers, strict, and only where a host asks for them.
//
//   skops::PolicyFiles files = skops::read_policy_files(skops::PolicyLocations::of_this_user());
//   skops::Policy policy = files.policy;       // system + user + adopted project files
//   policy.trust("mycompany.models.*");        // the layer of the call
//
// A file is JSON with comments, `//` and `/* */` (docs/policy.schema.json):
//
//   {
//     "version": 1,
//     "allow": ["sklearn.metrics._scorer._Scorer", "mycompany.models.*",
//               {"library": "xgboost", "version": ">=2,<4", "reason": "our ranking models"}],
//     "deny": [{"name": "numpy.dtype"}, {"prefix": "experiments.*"}]
//   }
//
// Unknown and duplicate keys, wrong types and rules that make no sense are skops::Error with file,
// line and column. A file that another user could have written is refused: it and its folder must
// belong to root or to `owner`, must not be writable by group or others (a sticky folder may be),
// and neither may be a link; docs/trust.md has all the rules. Nothing is read from the environment.
//
// A project's file, `.libskops/policy.json` in the working directory or above it, is inert until
// its user adopts it: its path and SHA-256 are kept beside the user's file. When it is changed it
// is inert again, and every audit has a finding that says so.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "skops/locations.hpp"
#include "skops/policy.hpp"

namespace skops {

// What one file may hold; more is skops::Error (limit).
struct PolicyLimits {
  // A file so large that reading it starves the host.
  std::uint64_t policy_bytes = std::uint64_t{256} << 10;
  // Brackets without end.
  std::uint64_t policy_depth = 8;
  // Rules that nobody can have looked at.
  std::uint64_t policy_rules = 10000;
  // A reason that hides what the rule is.
  std::uint64_t reason_bytes = 1000;
  // A working directory so deep that looking for a project's file never ends; deeper than any path.
  std::uint64_t project_parents = 4096;
  // A record of adopted projects that grows without end.
  std::uint64_t adopted_projects = 1000;
};

// Where the files lie. An empty path: there is none.
struct PolicyLocations {
  std::filesystem::path system, user;
  std::filesystem::path adopted;  // the record of adopted projects
  std::filesystem::path start;    // where the search for projects' files begins
  std::uint32_t owner = 0;        // whose files count, besides those of root

  // policy.json of both settings' folders, adopted.json of the user's; the working directory; the
  // effective user.
  static PolicyLocations in(const Locations& folders);
  static PolicyLocations of_this_user() { return in(Locations::of_user()); }
};

struct PolicyFile {
  enum class State {
    absent,
    read,
    not_adopted,  // a project's file, which is inert
    changed,      // one that was adopted, and is another one now, or cannot be read
  };
  Layer layer = Layer::call;
  std::filesystem::path path;
  State state = State::absent;
  std::string text;  // why it is inert
  std::string sha256;
  std::size_t rules = 0;
};

struct PolicyFiles {
  Policy policy;  // its notes say which files are inert
  std::vector<PolicyFile> files;
};

// Throws skops::Error where a file of the system or of the user, or an adopted one, is wrong: a
// policy that is half read would lack what the other half denies.
PolicyFiles read_policy_files(const PolicyLocations& where);
// The rules of one file, for example as the layer of the call. It must exist.
Policy read_policy_file(const std::filesystem::path& path, std::uint32_t owner,
                        Layer layer = Layer::call);
// The rules of a text; `origin` names it in errors, and with the line in rules.
Policy read_policy_text(std::string_view text, std::string_view origin, Layer layer = Layer::call);

// Changes to the user's file. It is written beside its place and renamed, comments and the order of
// rules stay. Both give whether anything has changed.
bool add_user_rule(const PolicyLocations& where, const Rule& rule);
// Removes each rule of this effect with this text: of a library those with any range, unless
// `rule.version` names one.
bool remove_user_rule(const PolicyLocations& where, const Rule& rule);

// The file of the project that `folder` lies in: the nearest one upwards, or empty.
std::filesystem::path find_project_file(const std::filesystem::path& folder);
// Records a project's file as it is now, after reading it; gives its rules.
Policy adopt_project(const PolicyLocations& where, const std::filesystem::path& file);
// Forgets it; false where it was not adopted. The file need not exist any more.
bool revoke_project(const PolicyLocations& where, const std::filesystem::path& file);

}  // namespace skops
