// A host that links the core and loads no plugin opens no file and reads no environment variable:
// neither before main, nor while a host, a policy and a file from memory are made.
//
// The functions below take the place of the C library's for the whole process, because the
// program's symbols come first. They count, and do the same.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "skops/skops.hpp"

namespace {

int opened = 0, asked = 0;
char last[256] = "";

void note(int& count, const char* what) {
  ++count;
  std::strncpy(last, what, sizeof last - 1);
}

int open_at(int folder, const char* path, int flags, int mode) {
  note(opened, path);
  return static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
}

const char* variable(const char* name) {
  note(asked, name);
  const std::size_t n = std::strlen(name);
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    if (std::strncmp(*entry, name, n) == 0 && (*entry)[n] == '=') return *entry + n + 1;
  }
  return nullptr;
}

std::FILE* open_stream(const char* function, const char* path, const char* mode) {
  note(opened, path);
  using Function = std::FILE* (*)(const char*, const char*);
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, function))(path, mode);
}

int mode_of(int flags, std::va_list arguments) {
  return (flags & O_CREAT) != 0 ? va_arg(arguments, int) : 0;
}

}  // namespace

#define SKOPS_TEST_OPEN(NAME)                    \
  int NAME(const char* path, int flags, ...) {   \
    std::va_list arguments;                      \
    va_start(arguments, flags);                  \
    const int mode = mode_of(flags, arguments);  \
    va_end(arguments);                           \
    return open_at(AT_FDCWD, path, flags, mode); \
  }
#define SKOPS_TEST_OPENAT(NAME)                            \
  int NAME(int folder, const char* path, int flags, ...) { \
    std::va_list arguments;                                \
    va_start(arguments, flags);                            \
    const int mode = mode_of(flags, arguments);            \
    va_end(arguments);                                     \
    return open_at(folder, path, flags, mode);             \
  }

#pragma GCC visibility push(default)
extern "C" {
#undef open
#undef open64
SKOPS_TEST_OPEN(open)
SKOPS_TEST_OPEN(open64)
SKOPS_TEST_OPENAT(openat)
SKOPS_TEST_OPENAT(openat64)
std::FILE* fopen(const char* path, const char* mode) {
  return open_stream("fopen", path, mode);
}
std::FILE* fopen64(const char* path, const char* mode) {
  return open_stream("fopen64", path, mode);
}
char* getenv(const char* name) noexcept {
  return const_cast<char*>(variable(name));
}
char* secure_getenv(const char* name) noexcept {
  return const_cast<char*>(variable(name));
}
}
#pragma GCC visibility pop

int main(int argc, char** argv) {
  const auto quiet = [](const char* when) {
    if (opened == 0 && asked == 0) return true;
    std::printf("%s: %d files opened, %d variables read, the last one is %s\n", when, opened, asked,
                last);
    return false;
  };
  if (!quiet("before main")) return 1;
  const skops::Host host;
  skops::Policy policy;
  const std::string nothing = "no archive";
  try {
    (void)skops::File::from_memory(std::as_bytes(std::span(nothing.data(), nothing.size())));
    return 1;
  } catch (const skops::Error& error) {
    if (error.code() != "archive.not-zip") return 1;
  }
  if (!quiet("after main has begun")) return 1;
  if (argc < 2) return 0;

  // The counters must be able to count, or the above proves nothing.
  (void)std::getenv("HOME");
  const skops::Model model = host.load(argv[1], policy);
  if (opened < 2 || asked != 1 || model.methods().empty()) {
    std::printf("the counters do not work: %d, %d\n", opened, asked);
    return 1;
  }
  return 0;
}
