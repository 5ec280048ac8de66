#include "plugin/sha256.hpp"

#include <cryptopp/sha.h>

namespace skops {

std::string sha256_hex(std::span<const std::byte> bytes) {
  unsigned char digest[CryptoPP::SHA256::DIGESTSIZE];
  CryptoPP::SHA256().CalculateDigest(digest, reinterpret_cast<const unsigned char*>(bytes.data()),
                                     bytes.size());
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const unsigned char byte : digest) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace skops
