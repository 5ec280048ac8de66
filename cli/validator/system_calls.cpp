// A filter of system calls (seccomp) that makes the forbidden ones a signal, whose handler notes
// them and lets them fail.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "validator/process_state.hpp"

namespace skops_validator {

#if defined(__x86_64__)
namespace {

struct Watched {
  unsigned number;
  const char* name;
  int path_argument;  // -1: none
};
constexpr Watched watched[] = {{SYS_open, "open", 0},
                               {SYS_openat, "openat", 1},
                               {SYS_creat, "creat", 0},
                               {SYS_unlink, "unlink", 0},
                               {SYS_unlinkat, "unlinkat", 1},
                               {SYS_rename, "rename", 0},
                               {SYS_mkdir, "mkdir", 0},
                               {SYS_symlink, "symlink", 0},
                               {SYS_chmod, "chmod", 0},
                               {SYS_socket, "socket", -1},
                               {SYS_connect, "connect", -1},
                               {SYS_execve, "execve", 0},
                               {SYS_fork, "fork", -1},
                               {SYS_vfork, "vfork", -1},
                               {SYS_kill, "kill", -1},
                               {SYS_ptrace, "ptrace", -1},
                               {SYS_stat, "stat", 0},
                               {SYS_access, "access", 0},
                               {SYS_readlink, "readlink", 0},
                               {SYS_write, "write", -1},
                               {SYS_writev, "writev", -1},
                               {SYS_newfstatat, "stat", 1},
                               {SYS_memfd_create, "memfd_create", -1}};

struct Note {
  char text[160];
};
std::array<Note, 32> notes;
std::atomic<unsigned> used{0};

// What the C library itself looks at, to know the machine.
bool harmless(const char* path) {
  return std::strncmp(path, "/sys/devices/system/cpu", 23) == 0 ||
         std::strncmp(path, "/proc/", 6) == 0 || std::strncmp(path, "/sys/fs/cgroup", 14) == 0;
}

void on_call(int, siginfo_t* info, void* raw) {
  auto* context = static_cast<ucontext_t*>(raw);
  auto& registers = context->uc_mcontext.gregs;
  const Watched* found = nullptr;
  for (const Watched& one : watched) {
    if (one.number == static_cast<unsigned>(info->si_syscall)) found = &one;
  }
  registers[REG_RAX] = -EACCES;
  const char* path = "";
  if (found != nullptr && found->path_argument >= 0) {
    path = reinterpret_cast<const char*>(registers[found->path_argument == 0 ? REG_RDI : REG_RSI]);
    if (path == nullptr) path = "";
    if (harmless(path)) return;
  }
  const unsigned place = used.fetch_add(1);
  if (place >= notes.size()) return;
  char* text = notes[place].text;
  std::size_t at = 0;
  const auto add = [&](const char* part) {
    while (*part != '\0' && at + 1 < sizeof(Note::text)) text[at++] = *part++;
  };
  add(found != nullptr ? found->name : "a system call");
  if (*path != '\0') add(" of "), add(path);
}

}  // namespace

bool watch_system_calls() {
  struct sigaction action {};
  action.sa_sigaction = &on_call;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  if (::sigaction(SIGSYS, &action, nullptr) != 0) return false;
  std::array<sock_filter, 3 + 2 * std::size(watched) + 2> program;
  std::size_t n = 0;
  const auto load = [](std::size_t offset) {
    return sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
  };
  program[n++] = load(offsetof(seccomp_data, nr));
  for (const Watched& one : watched) {
    program[n++] = sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, one.number, 0, 1);
    program[n++] = sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
  }
  program[n++] = sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  const sock_fprog filter = {static_cast<unsigned short>(n), program.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

#else

bool watch_system_calls() {
  return false;
}

#endif

std::vector<std::string> watched_calls() {
  std::vector<std::string> out;
#if defined(__x86_64__)
  for (unsigned k = 0; k < std::min<unsigned>(used, notes.size()); ++k) {
    out.emplace_back(notes[k].text, ::strnlen(notes[k].text, sizeof(Note::text)));
  }
#endif
  return out;
}

}  // namespace skops_validator
