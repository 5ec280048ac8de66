#include "validator/process_state.hpp"

#include <fenv.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <clocale>
#include <cstring>
#include <filesystem>
#include <thread>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace skops_validator {
namespace {

std::size_t entries(const char* folder) {
  std::error_code error;
  std::size_t n = 0;
  for (auto at = std::filesystem::directory_iterator(folder, error);
       !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    ++n;
  }
  return n;
}

std::size_t threads() {
  // A thread that has been joined may still be on its way out.
  std::size_t n = 0;
  for (int k = 0; k < 50; ++k) {
    n = entries("/proc/self/task");
    if (n <= 1) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return n;
}

std::string floating_point() {
  std::string out = "rounding " + std::to_string(::fegetround());
#if defined(__x86_64__)
  // Without the flags that say what happened so far.
  out += ", control " + std::to_string(_mm_getcsr() & ~0x3fu);
#endif
  out += ", traps " + std::to_string(::fegetexcept());
  return out;
}

std::string environment() {
  std::string out;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) out += std::string(*at) + '\n';
  return out;
}

}  // namespace

std::map<std::string, std::string> process_state() {
  std::map<std::string, std::string> out;
  const char* locale = std::setlocale(LC_ALL, nullptr);
  out["the locale"] = locale != nullptr ? locale : "";
  out["the floating-point mode"] = floating_point();
  for (int number = 1; number < 65; ++number) {
    struct sigaction action {};
    if (::sigaction(number, nullptr, &action) != 0) continue;
    const bool info = (action.sa_flags & SA_SIGINFO) != 0;
    const auto address = info ? reinterpret_cast<std::uintptr_t>(action.sa_sigaction)
                              : reinterpret_cast<std::uintptr_t>(action.sa_handler);
    out["the handler of signal " + std::to_string(number)] = std::to_string(address);
  }
  sigset_t blocked;
  ::sigprocmask(SIG_BLOCK, nullptr, &blocked);
  std::string mask;
  for (int number = 1; number < 65; ++number) mask += ::sigismember(&blocked, number) ? '1' : '0';
  out["the mask of signals"] = mask;
  const mode_t mode = ::umask(022);
  ::umask(mode);
  out["the umask"] = std::to_string(mode);
  std::error_code error;
  out["the working directory"] = std::filesystem::current_path(error).string();
  out["the environment"] = environment();
  out["the number of threads"] = std::to_string(threads());
  out["the number of open files"] = std::to_string(entries("/proc/self/fd"));
  return out;
}

std::vector<std::string> differences(const std::map<std::string, std::string>& before,
                                     const std::map<std::string, std::string>& after) {
  std::vector<std::string> out;
  for (const auto& [what, value] : before) {
    const auto now = after.find(what);
    if (now == after.end() || now->second == value) continue;
    const bool longish = value.size() > 60 || now->second.size() > 60;
    out.push_back(what +
                  (longish ? " is another one" : " was " + value + " and is " + now->second));
  }
  return out;
}

namespace {

void* environment_page = nullptr;
volatile sig_atomic_t environment_reads = 0;

// The page holds an empty list: once it can be read, the reader goes on and finds nothing.
void on_fault(int number, siginfo_t* info, void*) {
  const char* at = static_cast<const char*>(info->si_addr);
  const char* page = static_cast<const char*>(environment_page);
  if (page != nullptr && at >= page && at < page + 4096) {
    environment_reads = 1;
    ::mprotect(environment_page, 4096, PROT_READ);
    return;
  }
  ::signal(number, SIG_DFL);
}

}  // namespace

void watch_environment() {
  environment_page =
      ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (environment_page == MAP_FAILED) return;
  std::memset(environment_page, 0, 4096);
  ::mprotect(environment_page, 4096, PROT_NONE);
  struct sigaction action {};
  action.sa_sigaction = &on_fault;
  action.sa_flags = SA_SIGINFO;
  ::sigaction(SIGSEGV, &action, nullptr);
  environ = static_cast<char**>(environment_page);
}

bool environment_was_read() {
  return environment_reads != 0;
}

}  // namespace skops_validator
