#include "objects/build_load.hpp"

#include <memory>

#include "archive/read_ahead.hpp"
#include "found_plugins.hpp"
#include "objects/build_objects.hpp"
#include "skops/file.hpp"

namespace skops_python {
namespace {

// Nothing that is being made can be garbage, and looking through it again and again costs as much
// as making it.
class NoCollection {
 public:
#if PY_VERSION_HEX >= 0x030a0000
  NoCollection() : was_on_(PyGC_Disable()) {}
  ~NoCollection() {
    if (was_on_ != 0) PyGC_Enable();
  }
#else
  NoCollection() : was_on_(0) {}
#endif
  NoCollection(const NoCollection&) = delete;
  NoCollection& operator=(const NoCollection&) = delete;

 private:
  int was_on_;
};

}  // namespace

Ref load_objects(const skops::Host& host, const skops::File& file, const skops::Policy& policy,
                 PyObject* progress, bool last, const skops::KnownNames* known) {
  const skops::ReadAhead read_ahead(file.archive());
  const auto graph = host.graph(file);
  const auto& plugins = host.registry();
  using Undeclared = skops::KnownNames::Undeclared;
  auto approved =
      (known != nullptr ? *known : plugins->known_names())
          .approve(graph, policy, last ? Undeclared::allowed : Undeclared::left_to_audit);
  if (!approved) {
    const skops::Audit audit = skops::audit_graph(*graph, plugins->manifests(), policy);
    if (!last && needs_more(audit)) return Ref();
    check_hooks(audit, policy);
    approved = skops::approve_objects(graph, audit);
  }
  ObjectBuilder builder(file.archive(), std::make_shared<skops::Budget>(*file.budget()),
                        std::move(*approved), plugins, policy);
  Watch watch(progress, builder.bytes());
  builder.watch(watch);
  const NoCollection no_collection;
  Ref root = builder.build();
  watch.finish();
  return root;
}

}  // namespace skops_python
