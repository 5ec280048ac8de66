#include <algorithm>
#include <cstring>
#include <set>

#include "make/content.hpp"
#include "schema/tape.hpp"
#include "skops/error.hpp"
#include "skops/limits.hpp"
#include "skops/model.hpp"
#include "writer/json_text.hpp"

namespace skops {
namespace {

using Content = Part::Content;
using Kind = Content::Kind;

constexpr std::uint32_t deepest = 300;  // far below Limits::json_depth in braces

[[noreturn]] void usage(const char* code, std::string text, std::string remedy) {
  throw Error(Family::usage, code, std::move(text), {}, std::move(remedy));
}

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

Part made(Content content) {
  return Part(std::make_shared<const Content>(std::move(content)));
}

Part plain_json(std::string json) {
  return made({.kind = Kind::json, .json = std::move(json)});
}

void add_depth(Content& content, const Part& below) {
  content.depth = std::max(content.depth, below.content().depth + 1);
  if (content.depth > deepest) {
    usage("make.depth", "parts are nested too deeply", "flatten them: most readers stop there");
  }
}

std::string checked_json(std::string json, const char* what) {
  try {
    Budget budget{Limits{}};
    parse_json(json, budget, Dialect::python, {});
  } catch (const Error& error) {
    usage("make.text", std::string(what) + ": " + error.text(), "correct it");
  }
  return json;
}

Part sequence(const char* loader, const char* cls, std::vector<Part> items) {
  Content out{.kind = Kind::sequence, .loader = loader, .module = "builtins", .cls = cls};
  for (Part& item : items) {
    add_depth(out, item);
    out.items.emplace_back(std::string(), std::move(item));
  }
  return made(std::move(out));
}

// "module.Class" as two names; what a file allows as names is checked when it is written.
void split_name(std::string_view name, Content& out) {
  const std::size_t dot = name.rfind('.');
  if (dot == name.npos || dot == 0 || dot + 1 == name.size()) {
    usage("make.name", "'" + printable(name) + "' names no class or function",
          "write its module too: sklearn.linear_model._base.LinearRegression");
  }
  out.module = name.substr(0, dot);
  out.cls = name.substr(dot + 1);
}

Part name_of(const char* loader, std::string_view name) {
  Content out{.kind = Kind::name, .loader = loader};
  split_name(name, out);
  return made(std::move(out));
}

std::size_t product(const std::vector<std::int64_t>& shape) {
  if (shape.size() > 64) usage("make.shape", "an array has more than 64 dimensions", "");
  std::size_t size = 1;
  for (const std::int64_t extent : shape) {
    if (extent < 0 || __builtin_mul_overflow(size, static_cast<std::size_t>(extent), &size)) {
      usage("make.shape", "an extent is below 0, or the array larger than memory", "");
    }
  }
  return size;
}

// C order.
OwnArray own_array(Dtype dtype, std::vector<std::int64_t> shape) {
  if (dtype.kind == 'O' && dtype.itemsize != sizeof(Cell)) {
    usage("make.array", "an array of objects holds something else than cells", "");
  }
  OwnArray out{.dtype = dtype, .shape = std::move(shape)};
  const std::size_t size = product(out.shape);
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(size, std::size_t{dtype.itemsize}, &bytes) ||
      bytes > Limits{}.allocated_bytes) {
    throw Error(Family::limit, "limit.allocated_bytes", "an array is larger than readers take", {},
                "");
  }
  out.strides.resize(out.shape.size());
  auto step = static_cast<std::int64_t>(dtype.itemsize);
  for (std::size_t d = out.shape.size(); d-- > 0;) {
    out.strides[d] = step;
    step *= out.shape[d];
  }
  out.bytes.resize(bytes);
  return out;
}

Part array_part(OwnArray array) {
  return made({.kind = Kind::array, .array = std::move(array)});
}

// Cells of a caller's array keep their texts here.
void put_cell(OwnArray& to, std::size_t k, Cell cell) {
  if (cell.kind == Cell::Kind::string) {
    checked_json(json_string(cell.text()), "a text");
    to.texts.emplace_back(cell.text());
    cell.as.integer = static_cast<std::int64_t>(to.texts.size() - 1);
  }
  std::memcpy(to.bytes.data() + k * sizeof cell, &cell, sizeof cell);
}

// Calls f(address) for each element in C order.
template <class F>
void each(const ArrayView& view, F&& f) {
  const auto* data = static_cast<const char*>(view.data);
  const std::int64_t rows = view.ndim > 0 ? view.shape[0] : 1;
  const std::int64_t columns = view.ndim > 1 ? view.shape[1] : 1;
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) {
      f(data + (view.ndim > 0 ? i * view.strides[0] : 0) +
        (view.ndim > 1 ? j * view.strides[1] : 0));
    }
  }
}

void check_view(const ArrayView& view) {
  if (view.ndim > 2) usage("make.shape", "a view has more than two dimensions", "use Part::array");
  std::int64_t size = 1;
  for (std::uint32_t d = 0; d < view.ndim; ++d) size *= std::min<std::int64_t>(view.shape[d], 1);
  if (size > 0 && view.dtype.itemsize > 0 && view.data == nullptr) {
    usage("make.array", "an array has no data", "");
  }
}

}  // namespace

Part::Part(std::nullptr_t) : Part(plain_json("null")) {}
Part Part::of_bool(bool truth) {
  return plain_json(truth ? "true" : "false");
}
Part Part::of_integer(std::int64_t integer) {
  return plain_json(std::to_string(integer));
}
Part Part::of_unsigned(std::uint64_t integer) {
  return plain_json(std::to_string(integer));
}
Part Part::of_real(double real) {
  std::string out;
  append_json_real(out, real);
  return plain_json(std::move(out));
}
Part::Part(std::string_view text) : Part(plain_json(checked_json(json_string(text), "a text"))) {}
Part Part::json(std::string_view text) {
  return plain_json(checked_json(std::string(text), "the JSON text"));
}

Part Part::list(std::vector<Part> items) {
  return sequence("ListNode", "list", std::move(items));
}
Part Part::tuple(std::vector<Part> items) {
  return sequence("TupleNode", "tuple", std::move(items));
}
Part Part::set(std::vector<Part> items) {
  return sequence("SetNode", "set", std::move(items));
}

Part Part::dict(const std::vector<std::pair<Part, Part>>& items) {
  Content out{.kind = Kind::dict};
  std::set<std::string> seen;
  for (const auto& [key, value] : items) {
    const Content& k = key.content();
    if (k.kind != Kind::json || k.json.empty()) {
      usage("make.key", "a key of a dict is no text or number", "use texts, integers or floats");
    }
    const char first = k.json[0];
    std::string text = k.json;
    if (first == '"') {
      Budget budget{Limits{}};
      const Tape tape = parse_json(k.json, budget, Dialect::python, {});
      text = tape.text(Tape::root);
      out.key_types.push_back("str");
    } else if (first == '-' || (first >= '0' && first <= '9') || first == 'N' || first == 'I') {
      const bool real = text.find_first_of(".eNI") != text.npos;
      out.key_types.push_back(real ? "float" : "int");
    } else {
      usage("make.key", "a key of a dict is " + printable(k.json, 40),
            "use texts, integers or floats: released readers lose other keys");
    }
    if (!seen.insert(text).second) {
      usage("make.key", "a dict has a key twice, or as text and number", "");
    }
    add_depth(out, value);
    out.items.emplace_back(std::move(text), value);
  }
  return made(std::move(out));
}

Part Part::bytes(std::span<const std::byte> bytes) {
  return made({.kind = Kind::bytes, .bytes = {bytes.begin(), bytes.end()}});
}

Part Part::type(std::string_view name) {
  return name_of("TypeNode", name);
}
Part Part::function(std::string_view name) {
  return name_of("FunctionNode", name);
}

Part::Part(const ArrayView& view) : Part(nullptr) {
  check_view(view);
  OwnArray array = own_array(view.dtype, {view.shape, view.shape + view.ndim});
  std::size_t k = 0;
  if (!array.bytes.empty()) {
    each(view, [&](const char* p) {
      if (view.dtype.kind == 'O') {
        Cell cell;
        std::memcpy(&cell, p, sizeof cell);
        put_cell(array, k++, cell);
      } else {
        std::memcpy(array.bytes.data() + k++ * view.dtype.itemsize, p, view.dtype.itemsize);
      }
    });
  }
  *this = array_part(std::move(array));
}

Part::Part(const Array& from) : Part(nullptr) {
  OwnArray array = own_array(from.dtype(), {from.shape().begin(), from.shape().end()});
  if (from.dtype().kind == 'O') {
    for (std::size_t k = 0; k < from.size(); ++k) {
      put_cell(array, k, static_cast<const Cell*>(from.data())[k]);
    }
  } else if (!array.bytes.empty()) {
    std::memcpy(array.bytes.data(), from.data(), array.bytes.size());
  }
  *this = array_part(std::move(array));
}

Part Part::array_of(const void* data, std::size_t count, Dtype dtype,
                    const std::vector<std::int64_t>& shape) {
  OwnArray array = own_array(dtype, shape);
  if (count != product(shape)) {
    usage("make.shape",
          std::to_string(count) + " numbers do not fill an array of " +
              std::to_string(product(shape)),
          "correct the shape");
  }
  if (count > 0) std::memcpy(array.bytes.data(), data, array.bytes.size());
  return array_part(std::move(array));
}

Part Part::scalar_of(const void* value, Dtype dtype) {
  OwnArray array = own_array(dtype, {});
  array.scalar = true;
  std::memcpy(array.bytes.data(), value, dtype.itemsize);
  return array_part(std::move(array));
}

Part Part::texts(std::span<const std::string_view> texts) {
  std::vector<std::u32string> points;
  std::size_t longest = 1;
  for (const std::string_view text : texts) {
    checked_json(json_string(text), "a text");
    std::u32string& out = points.emplace_back();
    for (std::size_t k = 0; k < text.size();) {
      const auto lead = static_cast<unsigned char>(text[k]);
      const std::size_t more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
      char32_t point = more == 0 ? lead : lead & (0x3fu >> more);
      for (++k; k < text.size() && (static_cast<unsigned char>(text[k]) & 0xc0) == 0x80; ++k) {
        point = point << 6 | (static_cast<unsigned char>(text[k]) & 0x3fu);
      }
      out += point;
    }
    longest = std::max(longest, out.size());
  }
  if (longest > Limits{}.item_bytes / 4) {
    usage("make.text", "a text of an array is longer than readers take", "use Part::cells");
  }
  OwnArray array = own_array({'U', static_cast<std::uint32_t>(4 * longest)},
                             {static_cast<std::int64_t>(texts.size())});
  for (std::size_t k = 0; k < points.size(); ++k) {
    std::memcpy(array.bytes.data() + k * 4 * longest, points[k].data(), 4 * points[k].size());
  }
  return array_part(std::move(array));
}

Part Part::cells(std::span<const Cell> cells) {
  OwnArray array = own_array({'O', sizeof(Cell)}, {static_cast<std::int64_t>(cells.size())});
  for (std::size_t k = 0; k < cells.size(); ++k) {
    if (cells[k].kind == Cell::Kind::other || cells[k].kind == Cell::Kind::missing) {
      usage("make.array", "a cell holds no text, number, bool or None", "use Part::list");
    }
    put_cell(array, k, cells[k]);
  }
  return array_part(std::move(array));
}

Part Part::records(std::span<const ColumnView> fields) {
  std::uint32_t size = 0;
  std::vector<OwnArray::Field> own;
  for (const ColumnView& field : fields) {
    check_view(field.values);
    if (field.values.ndim != 1 || field.values.shape[0] != fields[0].values.shape[0]) {
      usage("make.shape", "the field '" + printable(field.name) + "' has another length", "");
    }
    if (std::any_of(own.begin(), own.end(), [&](const auto& f) { return f.name == field.name; })) {
      usage("make.array", "the field '" + printable(field.name) + "' is there twice", "");
    }
    own.push_back({std::string(field.name), field.values.dtype, size});
    size += field.values.dtype.itemsize;
    if (own.size() > 256 || size > Limits{}.item_bytes) {
      usage("make.array", "a record is larger than readers take", "");
    }
  }
  if (own.empty()) usage("make.array", "a record needs fields", "");
  OwnArray array = own_array({'V', size}, {fields[0].values.shape[0]});
  for (std::size_t k = 0; k < own.size() && !array.bytes.empty(); ++k) {
    std::byte* at = array.bytes.data() + own[k].offset;
    each(fields[k].values, [&](const char* p) {
      std::memcpy(at, p, own[k].dtype.itemsize);
      at += size;
    });
  }
  array.fields = std::move(own);
  return array_part(std::move(array));
}

Part::Part(const Model& model) : Part(of(model, 0)) {}

Part::Part(const ObjectBuilder& object) : Part(std::make_shared<const Content>(*object.content_)) {}

ObjectBuilder::ObjectBuilder(std::string_view type, std::string_view loader)
    : content_(std::make_unique<Content>()) {
  content_->kind = Kind::object;
  content_->loader = loader;
  split_name(type, *content_);
}
ObjectBuilder::ObjectBuilder(const ObjectBuilder& other)
    : content_(std::make_unique<Content>(*other.content_)) {}
ObjectBuilder::ObjectBuilder(ObjectBuilder&&) noexcept = default;
ObjectBuilder& ObjectBuilder::operator=(const ObjectBuilder& other) {
  if (this != &other) content_ = std::make_unique<Content>(*other.content_);
  return *this;
}
ObjectBuilder& ObjectBuilder::operator=(ObjectBuilder&&) noexcept = default;
ObjectBuilder::~ObjectBuilder() = default;

namespace {

void put(Content& content, std::vector<std::pair<std::string, Part>>& to, std::string_view name,
         Part value) {
  if (name.empty()) usage("make.field", "an attribute or field has no name", "");
  checked_json(json_string(name), "the name of an attribute");
  add_depth(content, value);
  const auto at =
      std::find_if(to.begin(), to.end(), [&](const auto& f) { return f.first == name; });
  if (at != to.end()) {
    at->second = std::move(value);
  } else {
    to.emplace_back(std::string(name), std::move(value));
  }
}

}  // namespace

ObjectBuilder& ObjectBuilder::set(std::string_view name, Part value) {
  put(*content_, content_->items, name, std::move(value));
  return *this;
}

ObjectBuilder& ObjectBuilder::field(std::string_view name, Part value) {
  put(*content_, content_->fields, name, std::move(value));
  return *this;
}

}  // namespace skops
