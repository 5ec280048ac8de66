// What a shared library says of itself, read from its bytes: the program headers and the dynamic
// section, which are what the linker uses. Every offset and count is checked against the file.
//
// Own code, since this is a hundred lines, and no maintained library reads hostile ELF files with
// bounds checks: binutils' and elfutils' say themselves that they do not, and Boost.DLL's
// library_info allocates what the file tells it to. 64-bit little-endian files only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skops_validator {

struct ElfFile {
  std::uint16_t machine = 0, type = 0;
  std::vector<std::string> needed, exported, imported;
  std::vector<std::string> runpaths;
  std::uint64_t initialisers = 0;  // entries of DT_INIT_ARRAY
  bool executable_stack = false, text_relocations = false, writable_code = false;
};

// Throws std::runtime_error, saying what is wrong.
ElfFile read_elf(std::string_view bytes);

}  // namespace skops_validator
