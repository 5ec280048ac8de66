#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "validator/child/shared_report.hpp"

namespace skops_validator {
namespace {

constexpr std::size_t most_findings = 40;
constexpr std::size_t longest_text = 600;

}  // namespace

void Report::add(Finding::Kind kind, std::string_view text) {
  std::string line(1, static_cast<char>(kind));
  line += text.substr(0, longest_text);
  if (kind == Finding::Kind::failure) ++failures_;
  if (seen_.size() >= most_findings) return;
  if (std::find(seen_.begin(), seen_.end(), line) != seen_.end()) return;
  seen_.push_back(line);
  const std::uint64_t used = shared_->used;
  if (used + line.size() + 1 > sizeof shared_->text) return;
  std::replace(line.begin(), line.end(), '\0', '?');
  std::memcpy(shared_->text + used, line.c_str(), line.size() + 1);
  shared_->used = used + line.size() + 1;
}

void Report::step(std::string_view text) {
  const std::size_t size = std::min(text.size(), sizeof shared_->step - 1);
  std::memcpy(shared_->step, text.data(), size);
  shared_->step[size] = '\0';
}

void Report::end_in_order() {
  shared_->finished = finish_mark;
  std::exit(0);
}

std::vector<Finding> findings_of(const SharedReport& shared) {
  std::vector<Finding> out;
  const std::uint64_t used = std::min<std::uint64_t>(shared.used, sizeof shared.text);
  const std::string_view text(shared.text, used);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\0', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (line.empty() || std::string_view("fwsn").find(line[0]) == std::string_view::npos) continue;
    out.push_back({static_cast<Finding::Kind>(line[0]), std::string(line.substr(1))});
  }
  return out;
}

SharedMemory::SharedMemory(std::size_t size)
    : data_(static_cast<char*>(
          ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))),
      size_(size) {
  if (data_ == MAP_FAILED) throw std::bad_alloc();
}

SharedMemory::~SharedMemory() {
  ::munmap(data_, size_);
}

}  // namespace skops_validator
