// An opened `.skops` file: the checked archive and its node graph. Opening runs no plugin code,
// reads no array and follows no name, so any file can be opened and shown.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "skops/limits.hpp"

namespace skops {

class Archive;
class Graph;
class LoaderTable;

class File {
 public:
  // Maps the file; it must not be changed while anything made from it lives. Errors: `input`
  // (cannot be read), `malformed`, `limit`.
  static File open(const std::filesystem::path& path, const Limits& limits = {});
  // Copies nothing: the bytes must live as long as every model made from the file.
  static File from_memory(std::span<const std::byte> bytes, const Limits& limits = {},
                          std::string label = "<memory>");

  const std::string& label() const { return label_; }
  const Limits& limits() const { return limits_; }
  // The parts, for passes over the graph; see core/archive and core/graph.
  const std::shared_ptr<const Archive>& archive() const { return archive_; }
  const std::shared_ptr<Budget>& budget() const { return budget_; }
  // The node graph, built at the first call with these layouts; Host::graph is the way to it.
  std::shared_ptr<const Graph> graph(const LoaderTable& loaders) const;

 private:
  struct State;
  File() = default;

  std::string label_;
  Limits limits_;
  std::shared_ptr<Budget> budget_;
  std::shared_ptr<const Archive> archive_;
  std::shared_ptr<State> state_;
};

}  // namespace skops
