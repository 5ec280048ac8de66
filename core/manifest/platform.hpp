// The platform that this code is built for, as manifests call it: "linux-x86_64", "linux-aarch64".
// The tool that writes manifests (sdk/tools/skops_manifest.cpp) takes it from the library's own
// header.
#pragma once

#include <string_view>

namespace skops {

#if !defined(__linux__)
#error "plugins are loaded from sealed memory files, which only Linux has"
#elif defined(__x86_64__) && defined(__LP64__)
inline constexpr std::string_view platform_here = "linux-x86_64";
#elif defined(__aarch64__) && defined(__LP64__) && defined(__AARCH64EL__)
inline constexpr std::string_view platform_here = "linux-aarch64";
#else
#error "this processor has no name in manifests yet: add it here and in skops_manifest.cpp"
#endif

}  // namespace skops
