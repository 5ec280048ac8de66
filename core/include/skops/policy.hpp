// The trust policy: which names of a file may be built. A value, made by the one who loads.
//
//   skops::Policy policy;
//   policy.trust("xgboost")                // a library: what its plugin's manifest declares
//       .trust("sklearn.metrics._scorer._Scorer")   // exactly this type or function
//       .trust("mycompany.models.*")       // everything below, matched at dots
//       .deny("sklearn.svm.*");
//
// Deny beats allow, whatever the order. There is no rule for everything, and nothing in or beside a
// model file can add one. What the pinned plugins declare as trusted by default needs no rule.
// Importers, evaluators, starters of processes and re-entrant loaders stay refused even when a rule
// names them; only host code can say otherwise (`trust_refused`).
//
// A rule for a library may have a range of releases, which is compared with the releases that the
// plugin's manifest describes (its optional key "releases"): it allows where all of them lie in the
// range, and denies where any of them does. Where the manifest names no releases, it allows nothing
// and denies all.
//
// A rule that makes no sense (empty, a bare `*`, a `*` elsewhere than at the end, no valid name, no
// valid range) is refused with skops::Error (family usage, code "policy.bad-rule").
//
// A policy reads no file; policy_files.hpp does, where a host asks for it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skops {

// Where a rule comes from, from the outermost to the innermost. Rules of all layers are one set, in
// which deny beats allow: no layer takes back what another one denies.
enum class Layer { defaults, system, user, project, call };

const char* text_of(Layer layer);  // "system", ...

struct Rule {
  enum class Effect { allow, deny };
  enum class Kind {
    exact,    // `numpy.add`: the module and the class, joined by a dot
    library,  // `xgboost`: the id of a manifest
    prefix,   // `mycompany.models.*`; `name` is kept without the `.*`
  };
  Effect effect = Effect::allow;
  std::string name = {};
  Kind kind = Kind::exact;
  std::string origin = {};   // where it stands: "call", "--trust", or file:line
  std::string version = {};  // of a library: the range, as `>=2,<4`; empty: whatever release
  std::string reason = {};   // what its author says of it
  Layer layer = Layer::call;

  // As the user wrote it: `numpy.add`, `mycompany.models.*`, `xgboost >=2,<4`.
  std::string text() const;
};

// What reading policy files met that is no rule: a finding of every audit with this policy.
struct PolicyNote {
  std::string code, text;
};

class Policy {
 public:
  // The kind of rule follows from the text: ends with `.*`: prefix; holds a dot: exact; otherwise a
  // library.
  Policy& trust(std::string_view name, std::string_view origin = "call");
  Policy& deny(std::string_view name, std::string_view origin = "call");
  Policy& add(Rule rule);
  // The rules and notes of another policy, and what it lifts, after these.
  Policy& add(const Policy& other);
  Policy& note(std::string code, std::string text);
  // Lifts the standing refusal of exactly this name (it still needs a rule that trusts it). Only
  // for host code that knows why; never from a file or an option.
  Policy& trust_refused(std::string_view exact_name);

  const std::vector<Rule>& rules() const { return rules_; }
  const std::vector<std::string>& lifted() const { return lifted_; }
  const std::vector<PolicyNote>& notes() const { return notes_; }

 private:
  std::vector<Rule> rules_;
  std::vector<PolicyNote> notes_;
  std::vector<std::string> lifted_;
};

// The rule that a text stands for. Throws skops::Error for one that makes no sense.
Rule make_rule(Rule::Effect effect, std::string_view text, std::string_view origin = "call");

}  // namespace skops
