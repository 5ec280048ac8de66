#include "validator/elf_file.hpp"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace skops_validator {
namespace {

constexpr std::uint64_t most_symbols = 10'000'000;

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
  T at(std::uint64_t offset) const {
    if (offset > bytes_.size() || sizeof(T) > bytes_.size() - offset) broken("ends early");
    T out;
    std::memcpy(&out, bytes_.data() + offset, sizeof out);
    return out;
  }
  template <class T>
  T at(std::uint64_t start, std::uint64_t index) const {
    std::uint64_t offset = 0;
    if (__builtin_mul_overflow(index, sizeof(T), &offset) ||
        __builtin_add_overflow(start, offset, &offset)) {
      broken("has an offset beyond any file");
    }
    return at<T>(offset);
  }
  std::string text(std::uint64_t table, std::uint64_t offset) const {
    std::uint64_t start = 0;
    if (__builtin_add_overflow(table, offset, &start) || start >= bytes_.size()) {
      broken("names a text outside of itself");
    }
    const std::string_view rest = bytes_.substr(start, 4096);
    const std::size_t end = rest.find('\0');
    if (end == rest.npos) broken("has a text without an end");
    return std::string(rest.substr(0, end));
  }
  [[noreturn]] static void broken(const char* what) {
    throw std::runtime_error(std::string("the file ") + what);
  }

 private:
  std::string_view bytes_;
};

struct Dynamic {
  std::uint64_t strings = 0, symbols = 0, hash = 0, gnu_hash = 0, init_bytes = 0, flags = 0;
  bool textrel = false;
  std::vector<std::uint64_t> needed, runpaths;
};

std::uint64_t count_symbols(const Reader& file, std::uint64_t hash, std::uint64_t gnu_hash) {
  if (hash != 0) return file.at<Elf64_Word>(hash, 1);
  if (gnu_hash == 0) return 0;
  const auto buckets = file.at<Elf64_Word>(gnu_hash, 0), first = file.at<Elf64_Word>(gnu_hash, 1),
             words = file.at<Elf64_Word>(gnu_hash, 2);
  const std::uint64_t bucket_at = gnu_hash + 16 + std::uint64_t{words} * 8;
  const std::uint64_t chain_at = bucket_at + std::uint64_t{buckets} * 4;
  std::uint64_t last = 0;
  for (std::uint64_t k = 0; k < buckets; ++k) {
    last = std::max<std::uint64_t>(last, file.at<Elf64_Word>(bucket_at, k));
  }
  if (last < first) return first;
  while ((file.at<Elf64_Word>(chain_at, last - first) & 1) == 0) ++last;
  return last + 1;
}

}  // namespace

ElfFile read_elf(std::string_view bytes) {
  const Reader file(bytes);
  const auto header = file.at<Elf64_Ehdr>(0);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) Reader::broken("is no ELF file");
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB) {
    Reader::broken("is not a 64-bit little-endian ELF file");
  }
  if (header.e_phentsize != sizeof(Elf64_Phdr))
    Reader::broken("has program headers of a wrong size");
  ElfFile out;
  out.machine = header.e_machine;
  out.type = header.e_type;
  std::vector<Elf64_Phdr> loads;
  Elf64_Phdr dynamic{};
  bool stack_said = false;
  for (std::uint64_t k = 0; k < header.e_phnum; ++k) {
    const auto segment = file.at<Elf64_Phdr>(header.e_phoff, k);
    if (segment.p_type == PT_LOAD) {
      loads.push_back(segment);
      out.writable_code |= (segment.p_flags & (PF_W | PF_X)) == (PF_W | PF_X);
    }
    if (segment.p_type == PT_DYNAMIC) dynamic = segment;
    if (segment.p_type == PT_GNU_STACK) {
      stack_said = true;
      out.executable_stack = (segment.p_flags & PF_X) != 0;
    }
  }
  out.executable_stack |= !stack_said;  // what the linker assumes then
  if (dynamic.p_type != PT_DYNAMIC)
    Reader::broken("is no shared library: it has no dynamic section");
  const auto offset = [&](std::uint64_t address) -> std::uint64_t {
    for (const Elf64_Phdr& load : loads) {
      if (address >= load.p_vaddr && address - load.p_vaddr < load.p_filesz) {
        return load.p_offset + (address - load.p_vaddr);
      }
    }
    Reader::broken("names an address outside of its segments");
  };

  Dynamic found;
  for (std::uint64_t k = 0; k < dynamic.p_filesz / sizeof(Elf64_Dyn); ++k) {
    const auto entry = file.at<Elf64_Dyn>(dynamic.p_offset, k);
    if (entry.d_tag == DT_NULL) break;
    switch (entry.d_tag) {
      case DT_STRTAB: found.strings = offset(entry.d_un.d_ptr); break;
      case DT_SYMTAB: found.symbols = offset(entry.d_un.d_ptr); break;
      case DT_HASH: found.hash = offset(entry.d_un.d_ptr); break;
      case DT_GNU_HASH: found.gnu_hash = offset(entry.d_un.d_ptr); break;
      case DT_INIT_ARRAYSZ: found.init_bytes = entry.d_un.d_val; break;
      case DT_NEEDED: found.needed.push_back(entry.d_un.d_val); break;
      case DT_RPATH:
      case DT_RUNPATH: found.runpaths.push_back(entry.d_un.d_val); break;
      case DT_TEXTREL: found.textrel = true; break;
      case DT_FLAGS: found.flags = entry.d_un.d_val; break;
      default: break;
    }
  }
  out.text_relocations = found.textrel || (found.flags & DF_TEXTREL) != 0;
  out.initialisers = found.init_bytes / sizeof(Elf64_Addr);
  for (const auto at : found.needed) out.needed.push_back(file.text(found.strings, at));
  for (const auto at : found.runpaths) out.runpaths.push_back(file.text(found.strings, at));
  const std::uint64_t symbols = count_symbols(file, found.hash, found.gnu_hash);
  if (symbols > most_symbols) Reader::broken("has more symbols than any");
  for (std::uint64_t k = 1; k < symbols; ++k) {
    const auto symbol = file.at<Elf64_Sym>(found.symbols, k);
    if (ELF64_ST_BIND(symbol.st_info) == STB_LOCAL) continue;
    auto& list = symbol.st_shndx == SHN_UNDEF ? out.imported : out.exported;
    list.push_back(file.text(found.strings, symbol.st_name));
  }
  return out;
}

}  // namespace skops_validator
