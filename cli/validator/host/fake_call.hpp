// One call of a method: the sink that takes its result, and the judgement of both.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "skops/plugin.h"
#include "validator/host/guarded_memory.hpp"

namespace skops_validator {

struct CallKnobs {
  std::uint64_t fail_at = 0;  // this call of a sink's function fails, counted from 1; 0: none
  std::uint64_t threads = 1;
  bool unknown_option = false;
};

class FakeCall {
 public:
  FakeCall(const skops_object& object, std::uint64_t method, const skops_input& input,
           const CallKnobs& knobs = {});
  FakeCall(const FakeCall&) = delete;
  FakeCall& operator=(const FakeCall&) = delete;

  // Calls the method; true where it gave a result. Nothing is thrown.
  bool run();
  // The result as bytes, to be compared; or "code: text" where it failed.
  std::string result() const;
  const std::vector<std::string>& violations() const { return violations_; }
  std::uint64_t calls() const { return calls_; }
  const std::string& injected() const { return injected_; }

 private:
  friend struct SinkFunctions;
  struct Part {
    skops_dtype dtype;
    std::vector<std::int64_t> shape;
    std::byte* data;
    std::size_t size;
  };
  void violation(std::string text);
  void judge(skops_status status);

  const skops_object object_;
  const std::uint64_t method_;
  const skops_input& input_;
  CallKnobs knobs_;
  GuardedMemory memory_;
  std::vector<Part> parts_;
  std::string layout_;       // what was begun, ended and given, a letter each
  std::uint64_t whole_ = 0;  // results outside of any list
  std::uint64_t depth_ = 0;
  std::uint64_t calls_ = 0;
  std::string injected_, error_;
  bool reported_ = false;
  skops_status family_ = 0;
  std::vector<std::string> violations_;
};

}  // namespace skops_validator
