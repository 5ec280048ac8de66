// SHA-256 (FIPS 180-4) as lower-case hexadecimal digits, of a block of memory or piece by piece.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace skops {

std::string sha256_hex(std::span<const std::byte> bytes);

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void add(std::span<const std::byte> bytes);
  std::string hex();  // ends it

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace skops
