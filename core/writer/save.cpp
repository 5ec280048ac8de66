#include "skops/save.hpp"

#include "graph/graph.hpp"
#include "model/loaded_graph.hpp"
#include "skops/file.hpp"
#include "skops/host.hpp"
#include "skops/model.hpp"
#include "writer/member_names.hpp"
#include "writer/schema_writer.hpp"

namespace skops {
namespace {

void write_archive(const Graph& graph, const Archive& archive, Budget& budget,
                   const SaveOptions& options, Output& out) {
  ArchiveMembers source(archive, budget);
  MemberNames members(source);
  const std::string schema = SchemaWriter(graph, budget.limits(), members).run();
  write_members(schema, members, options, out);
}

void write_file(const Host& host, const File& file, const SaveOptions& options, Output& out) {
  const auto graph = host.graph(file);
  Budget budget(*file.budget());
  write_archive(*graph, *file.archive(), budget, options, out);
}

void write_model(LoadedGraph& model, const SaveOptions& options, Output& out) {
  Budget budget(model.budget());
  write_archive(model.graph(), model.archive(), budget, options, out);
}

}  // namespace

void save(const Host& host, const File& file, const std::filesystem::path& path,
          const SaveOptions& options) {
  FileOutput out(path);
  write_file(host, file, options, out);
  out.commit();
}

std::vector<std::byte> save_to_memory(const Host& host, const File& file,
                                      const SaveOptions& options) {
  MemoryOutput out;
  write_file(host, file, options, out);
  return out.take();
}

void Model::save(const std::filesystem::path& path, const SaveOptions& options) const {
  FileOutput out(path);
  write_model(*graph_, options, out);
  out.commit();
}

std::vector<std::byte> Model::save_to_memory(const SaveOptions& options) const {
  MemoryOutput out;
  write_model(*graph_, options, out);
  return out.take();
}

}  // namespace skops
