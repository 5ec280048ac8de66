// The metadata of a file in Arrow's IPC format: its schema, its one record batch, its footer. See
// data/arrow/messages.hpp for how they stand in the file.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "skops/array.hpp"

namespace skops_cli {

enum class ArrowForm { null, boolean, number, text, large_text };

struct ArrowOutField {
  std::string name;
  ArrowForm form = ArrowForm::null;
  skops::Dtype dtype;  // of numbers
};

// As they lie in the file: a column's rows and nulls, and where a buffer is in the body.
struct ArrowOutNode {
  std::int64_t rows, nulls;
};
struct ArrowOutBuffer {
  std::int64_t offset, length;
};

// Whole messages, padded to 8 bytes. Throw skops::Error (unsupported) for too many columns.
std::string arrow_schema_message(std::span<const ArrowOutField> fields);
std::string arrow_batch_message(std::span<const ArrowOutNode> nodes,
                                std::span<const ArrowOutBuffer> buffers, std::int64_t rows,
                                std::int64_t body_size);

// From the batch's message on to the end of the file; `offset` and `metadata_size` are the
// message's.
std::string arrow_footer(std::span<const ArrowOutField> fields, std::int64_t offset,
                         std::size_t metadata_size, std::int64_t body_size);

}  // namespace skops_cli
