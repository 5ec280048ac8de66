// What of a process belongs to its program and not to a library in it: locale, floating-point mode,
// signal handlers, environment, threads, open files.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace skops_validator {

// By what it is ("the locale"), as text.
std::map<std::string, std::string> process_state();

// "the locale was C and is de_DE", for each that differs.
std::vector<std::string> differences(const std::map<std::string, std::string>& before,
                                     const std::map<std::string, std::string>& after);

// From now on this process sees no environment: whoever reads it is noticed, and reads none.
void watch_environment();
bool environment_was_read();

// From now on system calls that open files, make sockets or processes fail, and are noted. False
// where the system offers no such filter.
bool watch_system_calls();
// "openat of /etc/passwd"
std::vector<std::string> watched_calls();

}  // namespace skops_validator
