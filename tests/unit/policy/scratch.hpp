// A folder of its own for a test, with the places of a system, a user and a project in it.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "skops/policy_files.hpp"

struct Scratch {
  std::filesystem::path folder;
  skops::PolicyLocations where;

  Scratch() {
    ::umask(022);
    std::string name = (std::filesystem::temp_directory_path() / "skops-policy-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = std::filesystem::canonical(name);
    for (const char* part : {"etc", "user", "project/.libskops", "project/src/deep"}) {
      std::filesystem::create_directories(folder / part);
    }
    for (const char* part : {"etc", "user", "project", "project/.libskops"}) {
      ::chmod((folder / part).c_str(), 0755);
    }
    where.system = folder / "etc/policy.json";
    where.user = folder / "user/policy.json";
    where.adopted = folder / "user/adopted.json";
    where.start = folder / "project/src/deep";
    where.owner = ::geteuid();
  }
  ~Scratch() {
    std::error_code error;
    std::filesystem::remove_all(folder, error);
  }
  Scratch(const Scratch&) = delete;

  std::filesystem::path project() const { return folder / "project/.libskops/policy.json"; }
};

inline void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::remove(path);
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  BOOST_REQUIRE(out.good());
  ::chmod(path.c_str(), 0644);
}

inline std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string allowing(const std::string& rule) {
  return "{\"version\": 1, \"allow\": [\"" + rule + "\"]}";
}
