#include "skops/host.hpp"

#include "archive/read_ahead.hpp"
#include "make/made_file.hpp"
#include "model/loaded_graph.hpp"
#include "plugin/registry.hpp"
#include "trust/approved_graph.hpp"
#include "skops/output.hpp"

namespace skops {

struct Host::Impl {
  std::shared_ptr<const PluginRegistry> plugins;
};

Host::Host() : Host(Options{}) {}

Host::Host(Options options)
    : impl_(std::make_unique<Impl>(
          Impl{std::make_shared<PluginRegistry>(built_in_pins(), std::move(options))})) {}

Host::~Host() = default;

const std::shared_ptr<const PluginRegistry>& Host::registry() const {
  return impl_->plugins;
}

std::shared_ptr<const Graph> Host::graph(const File& file) const {
  return file.graph(impl_->plugins->loaders());
}

Audit Host::audit(const File& file, const Policy& policy) const {
  return audit_graph(*graph(file), impl_->plugins->manifests(), policy, file.label());
}

Model Host::load(const File& file, const Policy& policy) const {
  ReadAhead read_ahead(file.archive());
  const auto nodes = graph(file);
  const Audit audit = audit_graph(*nodes, impl_->plugins->manifests(), policy);
  auto loaded =
      std::make_shared<LoadedGraph>(file.archive(), std::make_shared<Budget>(*file.budget()),
                                    approve_native(nodes, audit), impl_->plugins);
  loaded->build_root(&read_ahead);
  return Model(std::move(loaded));
}

Model Host::load(const std::filesystem::path& path, const Policy& policy) const {
  return load(File::open(path), policy);
}

Model Host::make(const Part& object, const Policy& policy) const {
  return Model(load_bytes(made_file(object, impl_->plugins, policy, {}), impl_->plugins, policy));
}

std::vector<std::byte> save_to_memory(const Host& host, const Part& object,
                                      const SaveOptions& options) {
  return made_file(object, host.impl_->plugins, {}, options);
}

void save(const Host& host, const Part& object, const std::filesystem::path& path,
          const SaveOptions& options) {
  const std::vector<std::byte> bytes = save_to_memory(host, object, options);
  FileOutput out(path);
  out.write(bytes);
  out.commit();
}

std::vector<PluginStatus> Host::plugins() const {
  return impl_->plugins->report();
}

std::vector<PluginStatus> Host::known_plugins() const {
  return impl_->plugins->status();
}

std::vector<PluginStatus> Host::verify_plugins() const {
  return impl_->plugins->verify();
}

std::vector<PluginStatus> Host::load_plugins() const {
  impl_->plugins->map_all();
  return impl_->plugins->report();
}

}  // namespace skops
