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
    thread_ = std::jthread([this, archive = std::move(archive)](const std::stop_token& stop) {
      for (std::uint32_t k = 0; k < archive->size() && !stop.stop_requested(); ++k) {
        archive->check_stored(k);
      }
      run(stop);
    });
  } catch (const std::system_error&) {
    // No thread to be had: the members are read when they are asked for.
  }
}

void ReadAhead::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (added_.wait(lock, stop, [&] { return next_ < tasks_.size(); })) {
    if (stop.stop_requested()) return;
    const Task task = tasks_[next_++];
    busy_ = true;
    lock.unlock();
    task.work(task.state);
    lock.lock();
    busy_ = false;
    done_.notify_all();
  }
}

void ReadAhead::add(Work work, void* state) {
  // Waking a thread takes as long as a small task: it is worth while for several only.
  constexpr std::size_t worth_waking = 8;
  if (!thread_.joinable()) return;
  std::size_t waiting = 0;
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back({work, state});
    waiting = tasks_.size() - next_;
  }
  if (waiting % worth_waking == 0) added_.notify_one();
}

void ReadAhead::clear() {
  std::unique_lock lock(mutex_);
  tasks_.clear();
  next_ = 0;
  done_.wait(lock, [&] { return !busy_; });
}

}  // namespace skops
