#include "validator/child/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <system_error>

#include "validator/child/shared_report.hpp"

namespace skops_validator {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_output = 4096;
constexpr std::uint64_t most_written = std::uint64_t{256} << 20;

[[noreturn]] void cannot(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

std::uint64_t address_space() {
  unsigned long pages = 0;
  if (FILE* file = std::fopen("/proc/self/statm", "re")) {
    if (std::fscanf(file, "%lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return std::uint64_t{pages} * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void limit(int resource, std::uint64_t soft, std::uint64_t hard) {
  const rlimit value = {soft, hard};
  ::setrlimit(static_cast<__rlimit_resource>(resource), &value);
}

// Everything between fork and the body.
void become_child(const ChildLimits& limits, int output) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_DUMPABLE, 1);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, 0);
  ::close(nothing);
  ::dup2(output, 1);
  ::dup2(output, 2);
  ::close(output);
  limit(RLIMIT_CORE, 0, 0);
  limit(RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1);
  // Only a copy of the library is written, into memory; what writes more gets an error instead of
  // a full disk.
  limit(RLIMIT_FSIZE, most_written, most_written);
  ::signal(SIGXFSZ, SIG_IGN);
  if constexpr (!with_sanitizers()) {
    const std::uint64_t most = address_space() + limits.memory;
    limit(RLIMIT_AS, most, most);
  }
}

[[noreturn]] void run_child(const std::function<void(Report&)>& body, SharedReport* shared) {
  Report report(shared);
  try {
    body(report);
  } catch (const std::bad_alloc&) {
    report.fail("the check needs more memory than its limit");
  } catch (const std::exception& error) {
    report.fail(std::string("the check itself fails: ") + error.what());
  } catch (...) {
    report.fail("an exception of an unknown type leaves the plugin");
  }
  std::fflush(nullptr);
  shared->finished = finish_mark;
  ::_exit(0);
}

// Reads what is there; false at the end.
bool drain(int from, std::string& into) {
  std::array<char, 4096> buffer;
  while (true) {
    const ssize_t n = ::read(from, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno == EAGAIN;
    if (n == 0) return false;
    const std::size_t room = most_output - std::min(most_output, into.size());
    into.append(buffer.data(), std::min(room, static_cast<std::size_t>(n)));
  }
}

std::string how(int status, unsigned cpu_seconds) {
  if (WIFEXITED(status)) {
    return "the process was ended with status " + std::to_string(WEXITSTATUS(status));
  }
  const int number = WTERMSIG(status);
  if (number == SIGKILL) return "the process was killed: its time was over, or memory was";
  if (number == SIGXCPU) {
    return "it used more than " + std::to_string(cpu_seconds) + " s of processor time";
  }
  const char* name = ::sigabbrev_np(number);
  return "the process was ended by SIG" +
         (name != nullptr ? std::string(name) : std::to_string(number));
}

}  // namespace

Outcome run_in_child(const std::function<void(Report&)>& body, const ChildLimits& limits) {
  const SharedMemory memory(sizeof(SharedReport));
  auto* shared = reinterpret_cast<SharedReport*>(memory.data());
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) cannot("pipe");
  Descriptor read_end(ends[0]), write_end(ends[1]);
  ::fcntl(read_end.get(), F_SETFL, O_NONBLOCK);
  const pid_t child = ::fork();
  if (child < 0) cannot("fork");
  if (child == 0) {
    read_end.close();
    become_child(limits, write_end.get());
    run_child(body, shared);
  }
  write_end.close();
  // glibc 2.36 declares pidfd_open for C alone.
  const Descriptor alive(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));

  Outcome out;
  bool timed_out = false;
  // For what waits instead of working. Generous: this machine may be busy with something else.
  const auto deadline = Clock::now() + std::chrono::seconds(10 + 4 * limits.cpu_seconds);
  while (true) {
    std::array<pollfd, 2> both = {{{alive.get(), POLLIN, 0}, {read_end.get(), POLLIN, 0}}};
    ::poll(both.data(), read_end.get() < 0 ? 1 : 2, alive.get() < 0 ? 20 : 1000);
    if (read_end.get() >= 0 && !drain(read_end.get(), out.output)) read_end.close();
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) == child) {
      ::kill(-child, SIGKILL);  // what it may have started
      if (read_end.get() >= 0) drain(read_end.get(), out.output);
      const bool finished =
          WIFEXITED(status) && WEXITSTATUS(status) == 0 && shared->finished == finish_mark;
      if (timed_out) {
        out.ended = "it did not end, and used little processor time";
      } else if (!finished) {
        out.ended = how(status, limits.cpu_seconds);
      }
      break;
    }
    if (!timed_out && Clock::now() > deadline) {
      timed_out = true;
      ::kill(-child, SIGKILL);
      ::kill(child, SIGKILL);
    }
  }
  shared->step[sizeof shared->step - 1] = '\0';
  if (!out.ended.empty()) out.step = shared->step;
  out.findings = findings_of(*shared);
  return out;
}

}  // namespace skops_validator
