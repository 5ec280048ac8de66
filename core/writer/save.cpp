#include "skops/save.hpp"

#include "archive/zip_writer.hpp"
#include "graph/graph.hpp"
#include "skops/file.hpp"
#include "skops/host.hpp"
#include "writer/member_names.hpp"
#include "writer/schema_writer.hpp"

namespace skops {
namespace {

void write_archive(const Host& host, const File& file, const SaveOptions& options, Output& out) {
  ZipWriter zip(out, options);
  const auto graph = host.graph(file);
  MemberNames members(*file.archive(), *file.budget());
  const std::string schema = SchemaWriter(*graph, file.limits(), members).run();
  const auto bytes = std::as_bytes(std::span(schema.data(), schema.size()));
  zip.add("schema.json", bytes, checksum(bytes));
  for (const NamedMember& member : members.members()) {
    zip.add(member.name, member.bytes, member.crc);
  }
  zip.finish();
}

}  // namespace

void save(const Host& host, const File& file, const std::filesystem::path& path,
          const SaveOptions& options) {
  FileOutput out(path);
  write_archive(host, file, options, out);
  out.commit();
}

std::vector<std::byte> save_to_memory(const Host& host, const File& file,
                                      const SaveOptions& options) {
  MemoryOutput out;
  write_archive(host, file, options, out);
  return out.take();
}

}  // namespace skops
