#include <cstring>

#include "capi/handles.hpp"

namespace skops::capi {
namespace {

// Copies what fits, whole characters only, and ends it with NUL.
template <std::size_t N>
void copy(char (&to)[N], std::string_view from) noexcept {
  std::size_t n = from.size() < N - 1 ? from.size() : N - 1;
  if (n < from.size()) {
    while (n > 0 && (static_cast<unsigned char>(from[n]) & 0xc0u) == 0x80) --n;
  }
  std::memcpy(to, from.data(), n);
  to[n] = '\0';
}

}  // namespace

void clear(skops_error* error) noexcept {
  if (error == nullptr) return;
  error->family = SKOPS_FAMILY_NONE;
  error->code[0] = error->member[0] = error->path[0] = error->plugin[0] = error->message[0] = '\0';
}

void fill(skops_error* error, Family family, const char* code, const char* text) noexcept {
  if (error == nullptr) return;
  clear(error);
  error->family = static_cast<std::int32_t>(family);
  copy(error->code, code);
  copy(error->message, text);
}

void fill(skops_error* error, const Error& from) noexcept {
  if (error == nullptr) return;
  fill(error, from.family(), from.code().c_str(), from.what());
  try {
    copy(error->member, printable(from.where().member));
    copy(error->path, printable(from.where().path, 300));
    copy(error->plugin, printable(from.where().plugin));
  } catch (const std::bad_alloc&) {
    // The message already holds them.
  }
}

}  // namespace skops::capi
