#include "skops/file.hpp"

#include <mutex>
#include <optional>
#include <vector>

#include "archive/archive.hpp"
#include "graph/graph.hpp"
#include "skops/error.hpp"

namespace skops {

// Graphs by the layouts they were built with: two hosts of one process know different loaders.
struct File::State {
  struct Built {
    std::weak_ptr<const char> layouts;  // of a host that may be gone
    std::shared_ptr<const Graph> graph;
  };
  std::mutex mutex;
  std::vector<Built> built;
  // What opening has used. Each graph charges its own copy, so that hosts do not add up; the file's
  // own budget is charged with the first.
  std::optional<Budget> opened;
};

File File::open(const std::filesystem::path& path, const Limits& limits) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  File file;
  file.label_ = path.string();
  file.limits_ = limits;
  file.budget_ = std::make_shared<Budget>(limits, error ? 0 : size);
  file.archive_ = Archive::open(path, *file.budget_);
  file.state_ = std::make_shared<State>();
  return file;
}

File File::from_memory(std::span<const std::byte> bytes, const Limits& limits, std::string label) {
  File file;
  file.limits_ = limits;
  file.budget_ = std::make_shared<Budget>(limits, bytes.size());
  file.archive_ = Archive::from_memory(bytes, *file.budget_, label);
  file.label_ = std::move(label);
  file.state_ = std::make_shared<State>();
  return file;
}

std::shared_ptr<const Graph> File::graph(const LoaderTable& loaders) const {
  const std::lock_guard lock(state_->mutex);
  std::erase_if(state_->built, [](const auto& built) { return built.layouts.expired(); });
  for (const State::Built& built : state_->built) {
    if (built.layouts.lock() == loaders.identity()) return built.graph;
  }
  const bool first = !state_->opened;
  if (first) state_->opened.emplace(*budget_);
  std::optional<Budget> copy;
  if (!first) copy.emplace(*state_->opened);
  Budget& budget = first ? *budget_ : *copy;
  const auto member = archive_->find("schema.json");
  if (!member) {
    throw Error(Family::malformed, "archive.no-schema", "the archive has no schema.json",
                {.member = "schema.json"}, "this is a ZIP archive, but not a .skops file");
  }
  const std::uint64_t size = (*archive_)[*member].size;
  if (size > limits_.schema_bytes) {
    throw Error(Family::limit, "limit.schema_bytes",
                "the schema has " + std::to_string(size) + " bytes", {.member = "schema.json"},
                "raise Limits::schema_bytes if you trust the origin of the file");
  }
  const auto bytes = archive_->bytes(*member, budget);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  // The text lives in the archive, which this graph keeps alive.
  auto graph = std::make_shared<Graph>(Graph::build(text, budget, loaders));
  state_->built.push_back(
      {loaders.identity(),
       std::shared_ptr<const Graph>(
           graph.get(), [graph, archive = archive_](const Graph*) mutable { graph.reset(); })});
  return state_->built.back().graph;
}

}  // namespace skops
