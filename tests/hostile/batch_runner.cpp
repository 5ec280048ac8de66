#include "hostile/batch_runner.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace skops_test {
namespace {

using Clock = std::chrono::steady_clock;

// What a child tells its parent; lies in shared memory.
struct Progress {
  std::atomic<std::size_t> job;
  std::atomic<bool> told;  // `text` says why the job failed
  char text[400];
};

struct Child {
  pid_t pid = -1;
  std::size_t end = 0, seen = 0;
  Clock::time_point since;
  Progress* progress = nullptr;
};

std::uint64_t resident_bytes(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/statm");
  std::uint64_t size = 0, resident = 0;
  in >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

[[noreturn]] void run_child(Progress& progress, std::size_t end,
                            const std::function<std::string(std::size_t)>& job) {
  for (std::size_t k = progress.job; k < end; progress.job = ++k) {
    std::string text;
    try {
      text = job(k);
    } catch (const std::exception& error) {
      text = std::string("an exception leaves it: ") + error.what();
    }
    if (text.empty()) continue;
    std::snprintf(progress.text, sizeof progress.text, "%s", text.c_str());
    progress.told = true;
    std::fflush(nullptr);
    _exit(1);
  }
  std::fflush(nullptr);
  _exit(0);
}

std::string describe(int status) {
  if (WIFSIGNALED(status)) {
    return std::string("it dies of signal ") + strsignal(WTERMSIG(status));
  }
  return "it ends the process with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

std::vector<BatchFailure> run_batches(std::size_t jobs, const BatchLimits& limits,
                                      const std::function<std::string(std::size_t)>& job) {
  std::vector<BatchFailure> failures;
  std::vector<Child> children(limits.children);
  const std::size_t bytes = children.size() * sizeof(Progress);
  void* shared = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) throw std::runtime_error("no shared memory");
  for (std::size_t k = 0; k < children.size(); ++k) {
    children[k].progress = static_cast<Progress*>(shared) + k;
  }
  std::size_t next = 0, running = 0;

  const auto start = [&](Child& child, std::size_t begin) {
    child.progress->job = begin;
    child.progress->told = false;
    child.seen = begin;
    child.since = Clock::now();
    std::fflush(nullptr);
    child.pid = fork();
    if (child.pid < 0) throw std::runtime_error("fork fails");
    if (child.pid == 0) run_child(*child.progress, child.end, job);
    ++running;
  };
  // A child is gone: notes why its job failed and goes on behind it.
  const auto ended = [&](Child& child, int status, std::string why) {
    child.pid = -1;
    --running;
    const std::size_t at = child.progress->job;
    if (at >= child.end) return;
    if (why.empty()) why = child.progress->told ? child.progress->text : describe(status);
    failures.push_back({at, std::move(why)});
    if (at + 1 < child.end) start(child, at + 1);
  };

  while (running > 0 || next < jobs) {
    for (Child& child : children) {
      if (child.pid < 0 && next < jobs) {
        const std::size_t begin = next;
        child.end = next = std::min(jobs, next + limits.batch);
        start(child, begin);
      }
      if (child.pid < 0) continue;
      int status = 0;
      if (waitpid(child.pid, &status, WNOHANG) == child.pid) {
        ended(child, status, {});
        continue;
      }
      if (const std::size_t at = child.progress->job; at != child.seen) {
        child.seen = at;
        child.since = Clock::now();
      }
      const std::chrono::duration<double> spent = Clock::now() - child.since;
      std::string why;
      if (spent.count() > limits.seconds) why = "it takes too long";
      if (resident_bytes(child.pid) > limits.memory) why = "it takes too much memory";
      if (why.empty()) continue;
      kill(child.pid, SIGKILL);
      waitpid(child.pid, &status, 0);
      ended(child, status, std::move(why));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  munmap(shared, bytes);
  std::sort(failures.begin(), failures.end(),
            [](const BatchFailure& a, const BatchFailure& b) { return a.job < b.job; });
  return failures;
}

}  // namespace skops_test
