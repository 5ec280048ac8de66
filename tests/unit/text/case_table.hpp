// The tables that generate_cases.py writes: lines of fields separated by tabs.
#pragma once

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

inline std::vector<std::vector<std::string>> read_cases(const std::string& name) {
  std::ifstream in(std::string(SKOPS_TEXT_CASES) + "/" + name, std::ios::binary);
  if (!in) throw std::runtime_error("no table " + name);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> row(1);
    for (std::size_t k = 0; k < line.size(); ++k) {
      if (line[k] == '\t') {
        row.emplace_back();
      } else if (line[k] == '\\' && k + 1 < line.size()) {
        const char c = line[++k];
        row.back() += c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
      } else {
        row.back() += line[k];
      }
    }
    rows.push_back(std::move(row));
  }
  if (rows.empty()) throw std::runtime_error("an empty table " + name);
  return rows;
}
