// The second thread of loading a large model. While the first one parses the schema and builds, it
// checks the stored members of the archive: whoever comes to a member first reads it and compares
// its checksum, the other finds that done. Then it does what the first thread puts off (`add`), for
// example the checks of a forest's trees.
//
// Errors are left to the thread that builds, which meets the same member. Archives of less than
// `least_bytes` and processes with one processor do without; so does one that gets no thread:
// nothing may depend on it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "archive/archive.hpp"

namespace skops {

class ReadAhead {
 public:
  static constexpr std::uint64_t least_bytes = std::uint64_t{4} << 20;
  using Work = void (*)(void* state);

  explicit ReadAhead(std::shared_ptr<const Archive> archive);
  // Ends with the member or the work in hand.
  ~ReadAhead() = default;
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  // May call `work(state)`, once, until `clear` returns. `work` must not throw.
  void add(Work work, void* state);
  // Forgets what was added, and waits for what is being done.
  void clear();

 private:
  void run(const std::stop_token& stop);

  struct Task {
    Work work;
    void* state;
  };
  std::mutex mutex_;
  std::condition_variable_any added_, done_;
  std::vector<Task> tasks_;
  std::size_t next_ = 0;  // of tasks_
  bool busy_ = false;
  std::jthread thread_;  // the last member: it uses the others
};

}  // namespace skops
