#include "validator/host/guarded_memory.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <new>

namespace skops_validator {
namespace {

constexpr std::size_t page = 4096;
constexpr std::byte pattern{0xa7};

// Pages with their guard behind them, by size, of this thread. A context belongs to one thread.
std::map<std::size_t, std::vector<std::byte*>>& spare() {
  thread_local std::map<std::size_t, std::vector<std::byte*>> pages;
  return pages;
}

std::byte* map_pages(std::size_t bytes) {
  auto& kept = spare()[bytes];
  if (!kept.empty()) {
    std::byte* at = kept.back();
    kept.pop_back();
    return at;
  }
  void* at = ::mmap(nullptr, bytes + page, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) return nullptr;
  ::mprotect(static_cast<std::byte*>(at) + bytes, page, PROT_NONE);
  return static_cast<std::byte*>(at);
}

}  // namespace

GuardedMemory::~GuardedMemory() {
  for (const Block& block : blocks_) {
    if (frozen_) ::mprotect(block.pages, block.page_bytes, PROT_READ | PROT_WRITE);
    auto& kept = spare()[block.page_bytes];
    if (block.page_bytes > 64 * page || kept.size() > 4000) {
      ::munmap(block.pages, block.page_bytes + page);
    } else {
      kept.push_back(block.pages);
    }
  }
}

std::byte* GuardedMemory::take(std::size_t size, std::size_t alignment) {
  const std::size_t padded = (size + alignment - 1) / alignment * alignment;
  if (padded < size || padded > (std::size_t{1} << 40)) return nullptr;
  const std::size_t bytes = (padded + page - 1) / page * page + (padded == 0 ? page : 0);
  std::byte* pages = map_pages(bytes);
  if (pages == nullptr) return nullptr;
  std::byte* begin = pages + bytes - padded;
  std::memset(begin + size, static_cast<int>(pattern), padded - size);
  blocks_.push_back({pages, bytes, begin, size});
  return begin;
}

const char* GuardedMemory::text(std::string_view text) {
  std::byte* at = take(text.size());
  if (at == nullptr) throw std::bad_alloc();
  if (!text.empty()) std::memcpy(at, text.data(), text.size());
  return reinterpret_cast<const char*>(at);
}

void GuardedMemory::freeze() {
  frozen_ = true;
  for (const Block& block : blocks_) ::mprotect(block.pages, block.page_bytes, PROT_READ);
}

bool GuardedMemory::holds(const void* at, std::size_t size) const {
  const auto first = reinterpret_cast<std::uintptr_t>(at);
  for (const Block& block : blocks_) {
    const auto begin = reinterpret_cast<std::uintptr_t>(block.begin);
    if (first >= begin && first - begin <= block.size && size <= block.size - (first - begin)) {
      return true;
    }
  }
  return false;
}

bool GuardedMemory::overrun() const {
  for (const Block& block : blocks_) {
    const std::byte* end = block.pages + block.page_bytes;
    for (const std::byte* at = block.begin + block.size; at != end; ++at) {
      if (*at != pattern) return true;
    }
  }
  return false;
}

}  // namespace skops_validator
