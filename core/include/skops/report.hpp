// One report of the audits of several files, for code scanning or for a browser.
//
//   std::vector<skops::AuditedFile> files;
//   files.push_back({"model.skops", host.audit(file, policy)});
//   std::string log = skops::report(files, skops::Audit::Format::sarif);
//
// SARIF is one run of version 2.1.0: a rule for each kind of answer with its help, a result for
// each name that is not allowed and for each finding, with the file (a URI) and the path in the
// object, and a fingerprint that stays the same when the file, its order or other names change.
// HTML is one page without scripts. Text is one report after the other, each after its name where
// there are several. JSON is one line a file: {"file": …, "audit": {…}} or {"file": …, "error":
// {…}}.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "skops/audit.hpp"
#include "skops/error.hpp"

namespace skops {

struct AuditedFile {
  std::string name;                 // as the reader knows it, most often a path
  std::optional<Audit> audit = {};  // nothing where the file could not be audited:
  std::optional<Error> error = {};  // why
};

std::string report(std::span<const AuditedFile> files, Audit::Format format);

// The same JSON, with what moves a terminal's cursor, reorders or hides text (printable() says
// what) as \u escapes: texts of hostile files reach terminals and logs by JSON, too.
std::string visible_json(std::string json);

}  // namespace skops
