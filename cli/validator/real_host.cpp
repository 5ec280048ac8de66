#include "validator/real_host.hpp"

#include <algorithm>

#include "manifest/manifest.hpp"
#include "model/loaded_graph.hpp"
#include "skops/audit.hpp"
#include "trust/approved_graph.hpp"

namespace skops_validator {

RealHost::RealHost(const Subject& subject) : id_(subject.manifest->id) {
  for (const skops::Pin& pin : skops::built_in_pins()) {
    if (skops::read_manifest(pin.manifest, "pinned").id != id_) pins_.push_back(pin);
  }
  skops::PluginPin own = skops::PluginPin::of(subject.path);
  own.accept_proposals = true;
  registry_ =
      std::make_shared<skops::PluginRegistry>(pins_, skops::Host::Options{.plugins = {own}});
}

skops::PluginStatus RealHost::status() const {
  registry_->map_all();
  return registry_->status().back();
}

skops::Model RealHost::load(const skops::File& file) const {
  const auto graph = file.graph(registry_->loaders());
  const skops::Audit audit =
      skops::audit_graph(*graph, registry_->manifests(), skops::Policy().trust(id_));
  auto loaded = std::make_shared<skops::LoadedGraph>(
      file.archive(), std::make_shared<skops::Budget>(*file.budget()),
      skops::approve_native(graph, audit), registry_);
  loaded->build_root();
  return skops::Model(std::move(loaded));
}

}  // namespace skops_validator
