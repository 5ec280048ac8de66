// The directory of a ZIP archive (PKWARE's APPNOTE, 4.3 to 4.5), read strictly.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "archive/archive.hpp"

namespace skops {

// The members in the order of the directory. Throws skops::Error. `pause` is called now and then,
// so that the pages touched so far can be given back.
std::vector<Member> read_zip_directory(std::span<const std::byte> file, const Limits& limits,
                                       const std::function<void()>& pause);

}  // namespace skops
