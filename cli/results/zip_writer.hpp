// A ZIP archive of stored members, for .npz files: no compression, fixed dates, at most 4 GiB (so
// that every reader takes it).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "results/out_file.hpp"

namespace skops_cli {

class ZipWriter {
 public:
  explicit ZipWriter(OutFile& out) : out_(out) {}
  // The member's bytes in pieces. Throws skops::Error (unsupported) beyond 4 GiB.
  void add(std::string_view name, std::initializer_list<std::string_view> pieces);
  // The directory; nothing may follow.
  void finish();

 private:
  struct Member {
    std::string name;
    std::uint32_t crc, size, offset;
  };
  OutFile& out_;
  std::uint64_t offset_ = 0;
  std::vector<Member> members_;
};

}  // namespace skops_cli
