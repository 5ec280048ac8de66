// Validation of one plugin: every check in a child process of its own.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/child/child.hpp"
#include "validator/random.hpp"
#include "validator/subject.hpp"

namespace skops_validator {

enum class State { passed, warning, failed, skipped };
std::string_view name_of(State state);

struct Result {
  std::string id;
  State state = State::passed;
  std::vector<std::string> details;
};

struct CheckText {
  std::string id, sentence, reason;
};
std::vector<CheckText> check_texts();

struct Settings {
  std::vector<std::string> patterns;  // "robustness", "*.save"; none: all
  ChildLimits limits;
  Random random;
};

// Whether a check is asked for. A pattern without wildcards is an id or a group.
bool selected(std::string_view id, const std::vector<std::string>& patterns);

// Each result is given to `done` as soon as it is there. Never throws for anything that the plugin
// does.
std::vector<Result> validate(const Subject& subject, const Settings& settings,
                             const std::function<void(const Result&)>& done);

}  // namespace skops_validator
