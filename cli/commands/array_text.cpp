#include "commands/array_text.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>

#include "data/npy_header.hpp"
#include "results/item_text.hpp"
#include "skops/error.hpp"
#include "skops/members.hpp"

namespace skops_cli {
namespace {

constexpr std::size_t head_bytes = 4096;

std::string size_text(const skops::File& file, const std::string& member) {
  const auto entry = skops::find_member(file, member);
  if (!entry) return "(member " + member + " is missing)";
  return std::to_string(entry->size) + " bytes";
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string out = "(";
  for (std::size_t k = 0; k < shape.size(); ++k) {
    out += (k ? ", " : "") + std::to_string(shape[k]);
  }
  return out + (shape.size() == 1 ? ",)" : ")");
}

std::string dtype_text(const NpyHeader& header) {
  if (header.record) {
    const auto fields = std::count(header.descr.begin(), header.descr.end(), '(');
    return "records of " + std::to_string(fields) + " fields";
  }
  const std::string_view known = "fiubU";
  const bool plain = !header.swapped && known.find(header.dtype.kind) != known.npos;
  return plain ? header.dtype.name() : header.descr;
}

// A NumPy scalar is an array without dimensions; its one item is in the first bytes.
void add_scalar(const NpyHeader& header, const std::vector<std::byte>& head, ArrayText& out) {
  const bool number = std::string_view("fiub").find(header.dtype.kind) != std::string_view::npos;
  const std::size_t size = header.dtype.itemsize;
  if (!header.shape.empty() || header.swapped || !number || size > 8) return;
  if (head.size() != header.data_offset + size) return;
  auto item = std::make_shared<std::vector<std::byte>>(
      head.begin() + static_cast<std::ptrdiff_t>(header.data_offset), head.end());
  const skops::Array array(header.dtype, {}, std::shared_ptr<const void>(item, item->data()));
  std::string text;
  append_item(text, array, 0, TextStyle::csv);
  append_item(out.value, array, 0, TextStyle::json);
  out.text += ' ' + text;
}

}  // namespace

ArrayText describe_array(const skops::File& file, const std::string& member) {
  ArrayText out;
  const auto head = skops::member_head(file, member, head_bytes);
  if (head) {
    try {
      const NpyHeader header =
          read_npy_header({reinterpret_cast<const char*>(head->data()), head->size()});
      out.dtype = dtype_text(header);
      out.shape = header.shape;
      out.text = out.dtype + ' ' + shape_text(header.shape);
      add_scalar(header, *head, out);
      return out;
    } catch (const skops::Error&) {
      // No array: bytes, a sparse matrix, or something broken. The size is what can be said.
    }
  }
  out.text = size_text(file, member);
  return out;
}

}  // namespace skops_cli
