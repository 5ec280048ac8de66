#include "graph/loader_table.hpp"

#include "skops/error.hpp"

namespace skops {
namespace {

bool conflict(const LoaderLayout& a, const LoaderLayout& b) {
  if (a.last_protocol < b.first_protocol || b.last_protocol < a.first_protocol) return false;
  // Variants of one loader are told apart by different values of the same field.
  return a.selector != b.selector || a.value == b.value;
}

}  // namespace

void LoaderTable::add(LoaderLayout layout) {
  std::vector<std::uint32_t>& same = by_loader_[layout.loader];
  for (const std::uint32_t index : same) {
    if (conflict(layouts_[index], layout)) {
      throw Error(Family::plugin, "graph.loader-conflict",
                  "the loader " + layout.loader + " is described twice for one protocol", {},
                  "load only one of the plugins that claim it");
    }
  }
  same.push_back(static_cast<std::uint32_t>(layouts_.size()));
  layouts_.push_back(std::move(layout));
}

std::vector<const LoaderLayout*> LoaderTable::find(std::string_view loader, int protocol) const {
  std::vector<const LoaderLayout*> found;
  const auto entry = by_loader_.find(std::string(loader));
  if (entry == by_loader_.end()) return found;
  for (const std::uint32_t index : entry->second) {
    const LoaderLayout& layout = layouts_[index];
    if (layout.first_protocol <= protocol && protocol <= layout.last_protocol) {
      found.push_back(&layout);
    }
  }
  return found;
}

}  // namespace skops
