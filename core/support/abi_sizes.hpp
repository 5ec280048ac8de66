// How large the structs that plugins hand over were in ABI 1.0: what every plugin has, whatever its
// release. `sizeof` is what *this* host knows; once a struct has grown it would refuse every plugin
// of before. Later fields are read after SKOPS_HAS. A test compares these with the layout of the
// release (sdk/abi/layout-1.0.txt).
#pragma once

#include <cstddef>
#include <cstdint>

#include "skops/plugin.h"

namespace skops::abi_1_0 {

inline constexpr std::uint64_t plugin_size =
    offsetof(skops_plugin, serializers) + sizeof(skops_plugin::serializers);
inline constexpr std::uint64_t serializer_size =
    offsetof(skops_serializer, save) + sizeof(skops_serializer::save);
inline constexpr std::uint64_t object_type_size =
    offsetof(skops_object_type, work_per_row) + sizeof(skops_object_type::work_per_row);
inline constexpr std::uint64_t array_size =
    offsetof(skops_array, strides) + sizeof(skops_array::strides);
inline constexpr std::uint64_t csr_size = offsetof(skops_csr, indptr) + sizeof(skops_csr::indptr);

}  // namespace skops::abi_1_0
