// The library as a file, and loading it.
#include <elf.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>

#include "validator/checks/checks.hpp"
#include "validator/elf_file.hpp"

namespace skops_validator {
namespace {

constexpr std::string_view entry_symbol = "skops_plugin_v1";

std::optional<ElfFile> elf_of(const Context& context) {
  std::ifstream file(context.subject.library, std::ios::binary);
  if (!file) {
    context.report.skip("there is no library; see manifest.hash");
    return std::nullopt;
  }
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  try {
    return read_elf(bytes);
  } catch (const std::runtime_error& error) {
    context.report.skip(std::string(error.what()) + "; see binary.elf");
    return std::nullopt;
  }
}

bool is_system_library(std::string_view name) {
  const std::string_view base = name.substr(0, name.find(".so"));
  static const std::set<std::string_view> known = {"libc",       "libm",  "libstdc++", "libgcc_s",
                                                   "libpthread", "libdl", "librt"};
  if (with_sanitizers() && (base == "libasan" || base == "libubsan")) return true;
  return known.contains(base) || base.starts_with("ld-linux-");
}

}  // namespace

void binary_elf(const Context& context) {
  std::ifstream file(context.subject.library, std::ios::binary);
  if (!file) return context.report.fail("there is no such file");
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  try {
    const ElfFile elf = read_elf(bytes);
    if (elf.type != ET_DYN) context.report.fail("the file is no shared library");
#if defined(__x86_64__)
    if (elf.machine != EM_X86_64) context.report.fail("the file is for another processor");
#endif
  } catch (const std::runtime_error& error) {
    context.report.fail(error.what());
  }
}

void binary_symbols(const Context& context) {
  const auto elf = elf_of(context);
  if (!elf) return;
  bool found = false;
  for (const std::string& name : elf->exported) {
    found |= name == entry_symbol;
    if (name != entry_symbol) context.report.fail("exports " + name);
  }
  if (!found) context.report.fail("does not export " + std::string(entry_symbol));
}

void binary_needs(const Context& context) {
  const auto elf = elf_of(context);
  if (!elf) return;
  for (const std::string& name : elf->needed) {
    if (!is_system_library(name)) {
      context.report.fail("needs " + name + "; link it statically or do without");
    }
  }
}

void binary_runpath(const Context& context) {
  const auto elf = elf_of(context);
  if (!elf) return;
  for (const std::string& path : elf->runpaths) {
    context.report.fail("looks for libraries in " + (path.empty() ? "an empty path" : path));
  }
}

void binary_imports(const Context& context) {
  static const std::set<std::string_view> banned = {
      "system",     "popen",    "execv",      "execve",       "execvp",       "execl",
      "execlp",     "execle",   "execvpe",    "posix_spawn",  "posix_spawnp", "fork",
      "vfork",      "dlopen",   "dlmopen",    "socket",       "connect",      "ptrace",
      "longjmp",    "_longjmp", "siglongjmp", "exit",         "_exit",        "_Exit",
      "quick_exit", "setenv",   "putenv",     "unsetenv",     "signal",       "sigaction",
      "setlocale",  "chdir",    "umask",      "__longjmp_chk"};
  const auto elf = elf_of(context);
  if (!elf) return;
  for (const std::string& name : elf->imported) {
    if (banned.contains(name)) context.report.fail("uses " + name);
  }
}

void binary_memory(const Context& context) {
  const auto elf = elf_of(context);
  if (!elf) return;
  if (elf->executable_stack) context.report.fail("asks for a stack that code can run on");
  if (elf->text_relocations) context.report.fail("has relocations in its code");
  if (elf->writable_code) context.report.fail("has memory that is both written and run");
}

void binary_initialisers(const Context& context) {
  const auto elf = elf_of(context);
  if (!elf) return;
  // The first one is the C runtime's.
  if (elf->initialisers > 1 && !with_sanitizers()) {
    context.report.warn(std::to_string(elf->initialisers - 1) +
                        " static initialisers run before the host has looked at the entry");
  }
}

void binary_loads(const Context& context) {
  std::string why;
  context.report.step("loading the library");
  if (map_unchecked(context.subject, why) == nullptr) context.report.fail(why);
}

void binary_load_time(const Context& context) {
  using Clock = std::chrono::steady_clock;
  const auto before = Clock::now();
  std::string why;
  context.report.step("loading the library");
  if (map_unchecked(context.subject, why) == nullptr) return context.report.skip(why);
  const std::chrono::duration<double, std::milli> spent = Clock::now() - before;
  if (spent.count() > 250) {
    context.report.warn("loading takes " + std::to_string(static_cast<int>(spent.count())) +
                        " ms; a host waits for it when a file first needs the plugin");
  }
}

void binary_ends(const Context& context) {
  std::string why;
  context.report.step("loading the library, then the end of the process");
  if (map_unchecked(context.subject, why) == nullptr) return context.report.skip(why);
  context.report.end_in_order();
}

}  // namespace skops_validator
