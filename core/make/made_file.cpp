#include "make/made_file.hpp"

#include "archive/archive.hpp"
#include "graph/graph.hpp"
#include "make/content.hpp"
#include "model/loaded_graph.hpp"
#include "trust/approved_graph.hpp"
#include "writer/saving.hpp"

namespace skops {
namespace {

std::vector<std::byte> described(const Part& object, const LoaderTable& loaders,
                                 const Limits& limits) {
  Draft draft(loaders, limits);
  ObjectStates states(draft);
  PartNodes nodes(draft, states, loaders, limits);
  const Draft::Handle root = nodes.of(object);
  states.finish();
  MemoryOutput out;
  write_draft(draft, root, loaders, limits, {}, out);
  return out.take();
}

// Objects that the root's class read by itself or, without native code, not at all. What nobody can
// build, an unfitted estimator that is a parameter for example, stays as it was described.
void load_rest(LoadedGraph& loaded) {
  for (NodeId id = 0; id < loaded.graph().size(); ++id) {
    const skops_serializer* serializer = loaded.serializer(id);
    if (serializer == nullptr || serializer->save == nullptr) continue;
    try {
      loaded.value_of(id);
    } catch (const Error& error) {
      if (loaded.unavailable() && error.family() != Family::unsupported) throw;
    }
  }
}

}  // namespace

std::shared_ptr<LoadedGraph> load_bytes(std::vector<std::byte> bytes,
                                        const std::shared_ptr<const PluginRegistry>& plugins,
                                        const Policy& policy) {
  struct Held {
    std::vector<std::byte> bytes;
    std::shared_ptr<const Archive> archive = {};
  };
  const auto budget = std::make_shared<Budget>(Limits{}, bytes.size());
  auto held = std::make_shared<Held>(Held{std::move(bytes)});
  held->archive = Archive::from_memory(held->bytes, *budget, "<made>");
  const std::shared_ptr<const Archive> archive(held, held->archive.get());

  const auto schema = archive->bytes(archive->find("schema.json").value(), *budget);
  const std::string_view text(reinterpret_cast<const char*>(schema.data()), schema.size());
  const auto graph = std::make_shared<const Graph>(Graph::build(text, *budget, plugins->loaders()));
  const Audit audit = audit_graph(*graph, plugins->manifests(), policy);
  auto loaded =
      std::make_shared<LoadedGraph>(archive, budget, approve_native(graph, audit), plugins);
  loaded->build_root();
  return loaded;
}

std::vector<std::byte> made_file(const Part& object,
                                 const std::shared_ptr<const PluginRegistry>& plugins,
                                 const Policy& policy, const SaveOptions& options) {
  const Limits limits;
  const LoaderTable& loaders = plugins->loaders();
  const auto loaded = load_bytes(described(object, loaders, limits), plugins, policy);
  const auto& unavailable = loaded->unavailable();
  if (unavailable && unavailable->code() == "model.unfitted") throw *unavailable;
  load_rest(*loaded);
  Saving saving(loaders, limits, [](const skops_object&) { return nullptr; });
  MemoryOutput out;
  saving.write(*loaded, options, out);
  return out.take();
}

}  // namespace skops
