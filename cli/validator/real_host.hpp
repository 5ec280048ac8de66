// The real core with the plugin under test in it, in place of a first-party plugin of the same id.
// In a child.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plugin/registry.hpp"
#include "skops/file.hpp"
#include "skops/model.hpp"
#include "validator/subject.hpp"

namespace skops_validator {

class RealHost {
 public:
  explicit RealHost(const Subject& subject);

  // The row of the plugin under test, after its library was mapped.
  skops::PluginStatus status() const;
  // Every name that the subject declares is trusted.
  skops::Model load(const skops::File& file) const;

 private:
  std::string id_;
  std::vector<skops::Pin> pins_;
  std::shared_ptr<skops::PluginRegistry> registry_;
};

}  // namespace skops_validator
