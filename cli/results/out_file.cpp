#include "results/out_file.hpp"

#include <unistd.h>

#include <span>

namespace skops_cli {
namespace {

constexpr int standard_output = 1;

}  // namespace

OutFile::OutFile(const std::string& path) : to_(std::in_place_type<Output>, standard_output) {
  if (path != "-") to_.emplace<skops::FileOutput>(path);
}

bool OutFile::is_terminal() const {
  if (const auto* file = std::get_if<skops::FileOutput>(&to_)) return file->is_terminal();
  return ::isatty(standard_output) == 1;
}

void OutFile::write(std::string_view bytes) {
  if (auto* file = std::get_if<skops::FileOutput>(&to_)) {
    file->write(std::as_bytes(std::span(bytes)));
  } else {
    std::get<Output>(to_) << bytes;
  }
}

void OutFile::commit() {
  if (auto* file = std::get_if<skops::FileOutput>(&to_)) {
    file->commit();
  } else {
    std::get<Output>(to_).flush();
  }
}

}  // namespace skops_cli
