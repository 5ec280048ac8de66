#include "plugin/sha256.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "skops/error.hpp"

namespace skops {

std::string sha256_hex(std::span<const std::byte> bytes) {
  // Without this, OpenSSL reads its configuration file.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr) != 1) {
    throw Error(Family::plugin, "library.hash", "SHA-256 is not available");
  }
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (unsigned k = 0; k < size; ++k) {
    out += digits[digest[k] >> 4];
    out += digits[digest[k] & 15];
  }
  return out;
}

}  // namespace skops
