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
  auto& same = by_loader_[layout.loader];
  for (const auto& known : same) {
    if (conflict(*known, layout)) {
      throw Error(Family::plugin, "graph.loader-conflict",
                  "the loader " + layout.loader + " is described twice for one protocol", {},
                  "load only one of the plugins that claim it");
    }
  }
  layout.leaf = true;
  layout.text = false;
  for (LoaderField& field : layout.fields) {
    field.key = schema_key(field.path);
    layout.leaf &= field.kind != FieldKind::node && field.kind != FieldKind::nodes &&
                   field.kind != FieldKind::map;
    layout.text |= field.kind == FieldKind::text;
  }
  same.push_back(std::make_shared<const LoaderLayout>(std::move(layout)));
  identity_ = std::make_shared<const char>();
}

std::span<const std::shared_ptr<const LoaderLayout>> LoaderTable::of(
    std::string_view loader) const {
  const auto entry = by_loader_.find(loader);
  if (entry == by_loader_.end()) return {};
  return entry->second;
}

std::vector<const LoaderLayout*> LoaderTable::find(std::string_view loader, int protocol) const {
  std::vector<const LoaderLayout*> found;
  for (const auto& layout : of(loader)) {
    if (layout->covers(protocol)) found.push_back(layout.get());
  }
  return found;
}

}  // namespace skops
