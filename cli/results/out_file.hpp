// The file that a command writes: whole or not at all, as skops::FileOutput writes it. "-" is
// standard output, which is written as it is.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "output.hpp"
#include "skops/output.hpp"

namespace skops_cli {

class OutFile {
 public:
  // Throws skops::Error (input), as everything here does.
  explicit OutFile(const std::string& path);

  void write(std::string_view bytes);
  // Makes what was written the content of the file; without it the file stays as it was.
  void commit();
  bool is_terminal() const;

 private:
  std::variant<Output, skops::FileOutput> to_;
};

}  // namespace skops_cli
