// A policy file as rules with their places: what reading it and editing it share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/placed_json.hpp"
#include "skops/policy_files.hpp"

namespace skops {

struct PlacedRule {
  Rule rule;
  std::size_t begin, end;  // bytes of the text
};

class PolicyDocument {
 public:
  // Throws skops::Error. `text` and `origin` must outlive it.
  PolicyDocument(std::string_view text, std::string_view origin, Layer layer);

  const std::vector<PlacedRule>& rules() const { return rules_; }
  const PlacedJson& json() const { return json_; }
  // "allow" or "deny", or null.
  const PlacedValue* list(Rule::Effect effect) const;

 private:
  void read_list(const PlacedValue& list, Rule::Effect effect, Layer layer);
  Rule read_rule(const PlacedValue& value, Rule::Effect effect) const;

  PlacedJson json_;
  std::vector<PlacedRule> rules_;
};

const char* key_of(Rule::Effect effect);  // "allow", "deny"

}  // namespace skops
