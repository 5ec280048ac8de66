#include "skops/save.hpp"

#include "archive/zip_writer.hpp"
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
  ZipWriter zip(out, options);
  MemberNames members(archive, budget);
  const std::string schema = SchemaWriter(graph, budget.limits(), members).run();
  const auto bytes = std::as_bytes(std::span(schema.data(), schema.size()));
  zip.add("schema.json", bytes, checksum(bytes));
  for (const NamedMember& member : members.members()) {
    zip.add(member.name, member.bytes, member.crc);
  }
  zip.finish();
}

void write_file(const Host& host, const File& file, const SaveOptions& options, Output& out) {
  write_archive(*host.graph(file), *file.archive(), *file.budget(), options, out);
}

void write_model(LoadedGraph& model, const SaveOptions& options, Output& out) {
  const std::lock_guard lock(model.mutex());
  write_archive(model.graph(), model.archive(), model.budget(), options, out);
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
