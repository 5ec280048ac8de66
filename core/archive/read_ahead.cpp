#include "archive/read_ahead.hpp"

#include <sched.h>

#include <system_error>

namespace skops {
namespace {

// Without looking at files of the system, as std::thread::hardware_concurrency does.
bool has_several_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 1;
}

}  // namespace

ReadAhead::ReadAhead(std::shared_ptr<const Archive> archive) {
  if (archive->stored_bytes() < least_bytes || !has_several_processors()) return;
  try {
    thread_ = std::jthread([archive = std::move(archive)](const std::stop_token& stop) {
      for (std::uint32_t k = 0; k < archive->size() && !stop.stop_requested(); ++k) {
        archive->check_stored(k);
      }
    });
  } catch (const std::system_error&) {
    // No thread to be had: the members are read when they are asked for.
  }
}

}  // namespace skops
