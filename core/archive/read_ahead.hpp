// Checks the stored members of a large archive in a second thread, while the first one parses the
// schema and builds: whoever comes to a member first reads it and compares its checksum, the other
// finds that done. Half of the time of loading a large model is spent on that.
//
// Errors are left to the thread that builds, which meets the same member. Archives of less than
// `least_bytes` and processes with one processor do without; so does one that gets no thread.
#pragma once

#include <memory>
#include <thread>

#include "archive/archive.hpp"

namespace skops {

class ReadAhead {
 public:
  static constexpr std::uint64_t least_bytes = std::uint64_t{4} << 20;

  explicit ReadAhead(std::shared_ptr<const Archive> archive);
  // Ends with the member that is being read.
  ~ReadAhead() = default;
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

 private:
  std::jthread thread_;
};

}  // namespace skops
