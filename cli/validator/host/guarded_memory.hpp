// Memory whose end is the end of what may be read: one byte further is a page that nobody can
// touch, so that a plugin that reads or writes beyond an array ends there and then, in any build.
//
// Blocks stay until the object is destroyed, and their pages are used again after that. Not for
// several threads.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace skops_validator {

class GuardedMemory {
 public:
  GuardedMemory() = default;
  ~GuardedMemory();
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;

  // `size` bytes that end where the guard begins, but for what the alignment takes: that rest is
  // filled with a pattern. Null where there is no memory.
  std::byte* take(std::size_t size, std::size_t alignment = 1);
  // A copy of the text or struct.
  const char* text(std::string_view text);
  template <class T>
  T* copy(const T& value) {
    std::byte* at = take(sizeof(T), alignof(T));
    return new (at) T(value);
  }
  // From now on nothing here can be written to.
  void freeze();
  // Whether [at, at + size) lies in one block.
  bool holds(const void* at, std::size_t size) const;
  // Whether something was written between the end of a block and its guard.
  bool overrun() const;

 private:
  struct Block {
    std::byte* pages;
    std::size_t page_bytes;
    std::byte* begin;
    std::size_t size;
  };
  std::vector<Block> blocks_;
  bool frozen_ = false;
};

}  // namespace skops_validator
