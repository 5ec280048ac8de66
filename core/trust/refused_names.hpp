// Names that stay refused even when a rule lists them: what imports, evaluates, starts processes,
// reaches around the audit, or loads further files.
#pragma once

#include <string_view>

namespace skops {

// Why a name is refused, or an empty text. `name` is module.Class, however it was split.
std::string_view refused_reason(std::string_view name);

}  // namespace skops
