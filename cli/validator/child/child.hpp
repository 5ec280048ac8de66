// Code of a stranger, run in a child process: what it does to the process stays in the child.
//
// The child has limits of processor time, memory and wall-clock time, dumps no core, has no
// standard input, and its output is caught. What it finds is written into memory that both share,
// so that a crash loses nothing, and what it was doing is known when it ends early. The parent
// trusts nothing that it reads there. No exception of `body` leaves the child.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace skops_validator {

struct ChildLimits {
  unsigned cpu_seconds = 60;
  std::uint64_t memory = std::uint64_t{4} << 30;  // bytes of address space beyond today's
};

struct Finding {
  enum class Kind : char { failure = 'f', warning = 'w', skip = 's', note = 'n' };
  Kind kind = Kind::failure;
  std::string text;
};

struct SharedReport;

// The child's side. Cheap enough to be called for each of a million steps.
class Report {
 public:
  explicit Report(SharedReport* shared) : shared_(shared) {}
  // Equal texts count once; more than a few dozen are dropped.
  void add(Finding::Kind kind, std::string_view text);
  void fail(std::string_view text) { add(Finding::Kind::failure, text); }
  void warn(std::string_view text) { add(Finding::Kind::warning, text); }
  void skip(std::string_view text) { add(Finding::Kind::skip, text); }
  void note(std::string_view text) { add(Finding::Kind::note, text); }
  // What happens next, for the case that it never returns.
  void step(std::string_view text);
  // Everything is said: ends the process as programs end, destructors included.
  [[noreturn]] void end_in_order();
  bool failed() const { return failures_ != 0; }

 private:
  SharedReport* shared_;
  std::vector<std::string> seen_;
  unsigned failures_ = 0;
};

struct Outcome {
  std::vector<Finding> findings;
  std::string ended;   // how the child ended where it did not finish; empty otherwise
  std::string step;    // what it was doing then
  std::string output;  // the start of what it wrote to standard output and standard error
};

// Runs `body` in a child. Throws std::system_error where no process can be made.
Outcome run_in_child(const std::function<void(Report&)>& body, const ChildLimits& limits);

// Memory that a child fills and its parent reads afterwards.
class SharedMemory {
 public:
  explicit SharedMemory(std::size_t size);
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  char* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  char* data_;
  std::size_t size_;
};

// Whether this program was built with the sanitizers: they need more address space than any limit
// allows, and account for memory in their own way.
constexpr bool with_sanitizers() {
#if defined(__SANITIZE_ADDRESS__)
  return true;
#else
  return false;
#endif
}

}  // namespace skops_validator
