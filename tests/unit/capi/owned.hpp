// What the C API gives, freed by itself.
#pragma once

#include <skops/skops.h>

#include <memory>

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using Runtime = std::unique_ptr<skops_runtime, Deleter<skops_runtime_free>>;
using Plugins = std::unique_ptr<skops_plugins, Deleter<skops_plugins_free>>;
using File = std::unique_ptr<skops_file, Deleter<skops_file_free>>;
using Audit = std::unique_ptr<skops_audit, Deleter<skops_audit_free>>;
using Model = std::unique_ptr<skops_model, Deleter<skops_model_free>>;
using Result = std::unique_ptr<skops_result, Deleter<skops_result_free>>;
