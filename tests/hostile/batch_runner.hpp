// Runs numbered jobs in forked children, so that one that crashes, hangs or eats memory is named
// and the others still run.
//
// A child takes the jobs one after the other and notes in shared memory which one it is at. The
// parent watches its clock and its memory, and starts a new child behind a job that failed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace skops_test {

struct BatchLimits {
  double seconds = 20;                               // for one job
  std::uint64_t memory = std::uint64_t{1500} << 20;  // resident bytes of a child
  std::size_t batch = 500;                           // jobs of one child
  unsigned children = 2;                             // at once
};

struct BatchFailure {
  std::size_t job;
  std::string text;  // "signal 11", "hangs", ...
};

// `job` returns what is wrong, or an empty text. It runs in a child; what it prints is not lost.
std::vector<BatchFailure> run_batches(std::size_t jobs, const BatchLimits& limits,
                                      const std::function<std::string(std::size_t)>& job);

}  // namespace skops_test
