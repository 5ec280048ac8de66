// Writes a plugin's manifest from what its binary registers, so that the two cannot disagree.
//
//   skops_manifest PLUGIN.so MANIFEST.json               after linking
//   skops_manifest --only ID VERSION DECLARATIONS OUT    for a plugin without native code
//   skops_manifest --embed DECLARATIONS OUT.hpp          declarations as a C++ constant
//   skops_manifest --pins OUT.cpp MANIFEST.json ...      manifests as the pins of a host
//
// Run at build time, on the builder's own plugin: it loads the library.
#include <cryptopp/sha.h>
#include <dlfcn.h>
#include <elf.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "skops/plugin.h"

namespace {

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw std::runtime_error("cannot write " + path);
}

std::string text(skops_string s) {
  return {s.data, static_cast<std::size_t>(s.size)};
}

std::string quoted(const std::string& s) {
  for (const char c : s) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\') {
      throw std::runtime_error("a name with special characters: " + s);
    }
  }
  return '"' + s + '"';
}

std::string sha256(const std::string& bytes) {
  unsigned char digest[CryptoPP::SHA256::DIGESTSIZE];
  CryptoPP::SHA256().CalculateDigest(digest, reinterpret_cast<const unsigned char*>(bytes.data()),
                                     bytes.size());
  std::string hex;
  char pair[3];
  for (const unsigned char byte : digest) {
    std::snprintf(pair, sizeof pair, "%02x", byte);
    hex += pair;
  }
  return hex;
}

// The members of a JSON object, without its braces.
std::string members(const std::string& object) {
  const auto first = object.find_first_not_of(" \t\r\n"), last = object.find_last_not_of(" \t\r\n");
  if (first == std::string::npos || object[first] != '{' || object[last] != '}') {
    throw std::runtime_error("the declarations are not a JSON object");
  }
  return object.substr(first + 1, last - first - 1);
}

// JSON without the spaces between its tokens: a manifest has a size limit.
std::string dense(const std::string& json) {
  std::string out;
  bool inside = false;
  for (std::size_t k = 0; k < json.size(); ++k) {
    const char c = json[k];
    if (inside && c == '\\') {
      out += c;
      out += json.at(++k);
      continue;
    }
    if (c == '"') inside = !inside;
    if (inside || (c != ' ' && c != '\n' && c != '\t' && c != '\r')) out += c;
  }
  return out;
}

std::string manifest(const std::string& id, const std::string& version, unsigned major,
                     unsigned minor, const std::string& library, const std::string& declarations,
                     const std::string& serializers) {
  return "{\n\"manifest_version\": 1,\n\"id\": " + quoted(id) +
         ",\n\"version\": " + quoted(version) + ",\n\"abi\": [" + std::to_string(major) + ", " +
         std::to_string(minor) + "],\n\"library\": [" + library + "],\n" +
         members(dense(declarations)) + ",\n\"serializers\": [" + serializers + "]\n}\n";
}

// The platform of a shared object, by its ELF header: 64 bits, little-endian, e_machine.
std::string platform_of(const std::string& bytes) {
  if (bytes.size() < 20 || bytes.compare(0, 6,
                                         "\x7f"
                                         "ELF\x02\x01") != 0) {
    throw std::runtime_error("the library is no 64-bit little-endian ELF file");
  }
  const unsigned machine = static_cast<unsigned char>(bytes[18]) |
                           static_cast<unsigned>(static_cast<unsigned char>(bytes[19])) << 8;
  if (machine == EM_X86_64) return "linux-x86_64";
  if (machine == EM_AARCH64) return "linux-aarch64";
  throw std::runtime_error("the library is for a processor that has no name in manifests");
}

void from_binary(const std::string& path, const std::string& out) {
  void* library = dlopen(std::filesystem::absolute(path).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(dlerror());
  const auto* plugin = static_cast<const skops_plugin*>(dlsym(library, "skops_plugin_v1"));
  if (plugin == nullptr) throw std::runtime_error(path + " does not export skops_plugin_v1");
  const std::string bytes = read(path);
  std::string serializers;
  for (std::uint64_t k = 0; k < plugin->n_serializers; ++k) {
    const skops_serializer& s = *plugin->serializers[k];
    serializers += (k ? ",\n  {" : "\n  {");
    serializers += "\"loader\":" + quoted(text(s.loader)) +
                   ",\"module\":" + quoted(text(s.module)) + ",\"class\":" + quoted(text(s.name)) +
                   "}";
  }
  const std::string file = std::filesystem::path(path).filename().string();
  const std::string entry = "{\"platform\": " + quoted(platform_of(bytes)) +
                            ", \"file\": " + quoted(file) +
                            ", \"size\": " + std::to_string(bytes.size()) +
                            ", \"sha256\": " + quoted(sha256(bytes)) + "}";
  write(out, manifest(text(plugin->id), text(plugin->version), plugin->abi_major, plugin->abi_minor,
                      entry, text(plugin->declarations), serializers));
}

// A text as raw string literals, in pieces below what compilers accept in one.
std::string literal(const std::string& text) {
  std::string code;
  for (std::size_t at = 0; at < text.size(); at += 8000) {
    code += "    R\"json~(" + text.substr(at, 8000) + ")json~\"\n";
  }
  return code;
}

void embed(const std::string& declarations, const std::string& out) {
  write(out,
        "// Generated from declarations.json.\n#pragma once\n"
        "inline constexpr char skops_declarations[] =\n" +
            literal(dense(read(declarations))) + "    ;\n");
}

void pins(const std::string& out, char** manifests, int count) {
  std::string code =
      "// Generated from the manifests of the plugins that this build made.\n"
      "#include \"plugin/pins.hpp\"\n\nnamespace skops {\nnamespace {\n\n";
  std::string list;
  for (int k = 0; k < count; ++k) {
    const std::string name = "manifest_" + std::to_string(k);
    code += "constexpr std::string_view " + name + " =\n" + literal(read(manifests[k])) + "    ;\n";
    list += "    {" + name + "},\n";
  }
  code += "\nconstexpr Pin pins[] = {\n" + list +
          "};\n\n}  // namespace\n\n"
          "std::span<const Pin> built_in_pins() { return pins; }\n\n}  // namespace skops\n";
  write(out, code);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string mode = argc > 1 ? argv[1] : "";
    if (mode == "--embed" && argc == 4) {
      embed(argv[2], argv[3]);
    } else if (mode == "--only" && argc == 6) {
      write(argv[5],
            manifest(argv[2], argv[3], SKOPS_ABI_MAJOR, SKOPS_ABI_MINOR, "", read(argv[4]), ""));
    } else if (mode == "--pins" && argc > 3) {
      pins(argv[2], argv + 3, argc - 3);
    } else if (argc == 3) {
      from_binary(argv[1], argv[2]);
    } else {
      std::fprintf(stderr, "usage: skops_manifest PLUGIN.so MANIFEST.json\n");
      return 2;
    }
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "skops_manifest: %s\n", e.what());
    return 1;
  }
}
