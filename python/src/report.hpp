// Reports of audits, of one or of several files.
#pragma once

#include <nanobind/nanobind.h>

#include <string>

#include "skops/audit.hpp"

namespace skops_python {

// "text", "json", "sarif" or "html". Throws skops::Error (usage).
skops::Audit::Format format_of(const std::string& name);

// `report` of the module.
void add_report(nanobind::module_& module);

}  // namespace skops_python
