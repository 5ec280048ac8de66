#include "skops/policy_files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "policy/adopted.hpp"
#include "policy/policy_bytes.hpp"
#include "policy/policy_document.hpp"
#include "policy/user_file.hpp"
#include "skops/error.hpp"

namespace skops {
namespace {

namespace fs = std::filesystem;

constexpr const char* project_file = ".libskops/policy.json";

// As it stands in rules, errors and notes, which are printed and become texts of Python.
std::string shown(const fs::path& path) {
  return printable(path.string(), 4096);
}

std::optional<PolicyBytes> read(const fs::path& path, std::uint32_t owner) {
  return read_policy_bytes(path, owner, PolicyLimits{}.policy_bytes);
}

// One that must be there; `remedy` says what to name instead.
PolicyBytes read_present(const fs::path& path, std::uint32_t owner, std::string remedy) {
  auto file = read(path, owner);
  if (file) return std::move(*file);
  throw Error(Family::input, "policy.unreadable", path.string() + ": no such file", {},
              std::move(remedy));
}

bool is_there(const fs::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

// The folder and those above it, without links; the nearest one first.
std::vector<fs::path> upwards(const fs::path& start) {
  std::vector<fs::path> out;
  std::error_code error;
  fs::path folder = fs::canonical(start, error);
  if (error) return out;
  while (out.size() < PolicyLimits{}.project_parents) {
    out.push_back(folder);
    if (folder == folder.root_path()) break;
    folder = folder.parent_path();
  }
  return out;
}

// The path that is recorded, and compared: the project's folder without links, and below it what
// every project's file is called.
fs::path real_place(const fs::path& file) {
  std::error_code error;
  const fs::path folder = fs::absolute(file).parent_path().parent_path();
  const fs::path real = fs::canonical(folder, error);
  return (error ? folder : real) / project_file;
}

class Reading {
 public:
  explicit Reading(const PolicyLocations& where) : where_(where) {}

  PolicyFiles run() {
    add_required(where_.system, Layer::system);
    add_required(where_.user, Layer::user);
    if (!where_.start.empty()) add_projects();
    return std::move(out_);
  }

 private:
  PolicyFile& row(const fs::path& path, Layer layer) {
    PolicyFile& file = out_.files.emplace_back();
    file.layer = layer;
    file.path = path;
    return file;
  }

  void take(PolicyFile& row, const PolicyBytes& file) {
    const Policy policy = read_policy_text(file.text, shown(row.path), row.layer);
    row.state = PolicyFile::State::read;
    row.sha256 = file.sha256;
    row.rules = policy.rules().size();
    out_.policy.add(policy);
  }

  void add_required(const fs::path& path, Layer layer) {
    if (path.empty()) return;
    PolicyFile& known = row(path, layer);
    if (const auto file = read(path, where_.owner)) take(known, *file);
  }

  // One that nobody has adopted changes nothing: neither what applies, nor whether others do.
  void add_projects() {
    const std::vector<AdoptedProject> adopted = read_adopted(where_);
    for (const fs::path& folder : upwards(where_.start)) {
      const fs::path path = folder / project_file;
      if (!is_there(path)) continue;
      PolicyFile& known = row(path, Layer::project);
      const auto at = std::find_if(adopted.begin(), adopted.end(), [&](const AdoptedProject& a) {
        return a.path == path.string();
      });
      if (at == adopted.end()) {
        known.state = PolicyFile::State::not_adopted;
        known.text = "is not adopted, and counts for nothing; to adopt it: libskops trust adopt " +
                     shown(folder);
        out_.policy.note("policy.not-adopted", shown(path) + " " + known.text);
        continue;
      }
      add_adopted(known, *at, folder);
    }
  }

  void add_adopted(PolicyFile& known, const AdoptedProject& record, const fs::path& folder) {
    const auto changed = [&](const std::string& why) {
      known.state = PolicyFile::State::changed;
      known.text =
          why + ", and counts for nothing; look at it, then: libskops trust adopt " + shown(folder);
      out_.policy.note("policy.project-changed", shown(known.path) + " " + known.text);
    };
    std::optional<PolicyBytes> file;
    try {
      file = read(known.path, where_.owner);
    } catch (const Error& error) {
      return changed("was adopted, but is no safe file now (" + printable(error.text(), 4096) +
                     ")");
    }
    if (!file || file->sha256 != record.sha256) {
      return changed("has been changed since it was adopted");
    }
    take(known, *file);
  }

  const PolicyLocations& where_;
  PolicyFiles out_;
};

}  // namespace

PolicyLocations PolicyLocations::in(const Locations& folders) {
  PolicyLocations where;
  where.owner = ::geteuid();
  if (!folders.system_settings.empty()) where.system = folders.system_settings / "policy.json";
  if (!folders.user_settings.empty()) {
    where.user = folders.user_settings / "policy.json";
    where.adopted = folders.user_settings / "adopted.json";
  }
  std::error_code error;
  where.start = fs::current_path(error);
  if (error) where.start.clear();
  return where;
}

PolicyFiles read_policy_files(const PolicyLocations& where) {
  return Reading(where).run();
}

Policy read_policy_text(std::string_view text, std::string_view origin, Layer layer) {
  const PolicyDocument document(text, origin, layer);
  Policy policy;
  for (const PlacedRule& placed : document.rules()) policy.add(placed.rule);
  return policy;
}

Policy read_policy_file(const fs::path& path, std::uint32_t owner, Layer layer) {
  const PolicyBytes file = read_present(path, owner, "name an existing policy file");
  return read_policy_text(file.text, shown(path), layer);
}

fs::path find_project_file(const fs::path& folder) {
  for (const fs::path& parent : upwards(folder)) {
    if (is_there(parent / project_file)) return parent / project_file;
  }
  return {};
}

Policy adopt_project(const PolicyLocations& where, const fs::path& file) {
  const FolderLock lock(where.adopted);
  const fs::path path = real_place(file);
  const PolicyBytes found =
      read_present(path, where.owner, std::string("name the folder that holds ") + project_file);
  Policy policy = read_policy_text(found.text, shown(path), Layer::project);
  std::vector<AdoptedProject> projects = read_adopted(where);
  std::erase_if(projects, [&](const AdoptedProject& p) { return p.path == path.string(); });
  projects.push_back({path.string(), found.sha256});
  write_adopted(where, projects);
  return policy;
}

bool revoke_project(const PolicyLocations& where, const fs::path& file) {
  const FolderLock lock(where.adopted);
  std::vector<AdoptedProject> projects = read_adopted(where);
  const std::string path = real_place(file).string();
  if (std::erase_if(projects, [&](const AdoptedProject& p) { return p.path == path; }) == 0) {
    return false;
  }
  write_adopted(where, projects);
  return true;
}

}  // namespace skops
