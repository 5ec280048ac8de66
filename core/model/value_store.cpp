#include "model/value_store.hpp"

#include <bit>
#include <cstdlib>
#include <limits>

#include "schema/same_text.hpp"
#include "skops/error.hpp"
#include "support/abi_sizes.hpp"

namespace skops {
namespace {

[[noreturn]] void broken(std::string text) {
  throw Error(Family::plugin, "plugin.handle", std::move(text), {}, "report this to its authors");
}

// The attributes of an estimator are found sooner by looking at each than a table of them is made.
constexpr std::size_t large_mapping = 64;

}  // namespace

void ValueStore::Free::operator()(void* p) const {
  std::free(p);
}

ValueStore::~ValueStore() {
  for (std::size_t k = objects_.size(); k-- > 0;) {
    const skops_object& object = objects_[k];
    if (object.type->release != nullptr) object.type->release(const_cast<void*>(object.state));
  }
}

void* ValueStore::allocate(std::uint64_t size) {
  budget_.allocate(size);
  const std::uint64_t padded = size / 64 * 64 + 64;
  void* p = padded < size ? nullptr : std::aligned_alloc(64, padded);
  if (p == nullptr) throw Error(Family::limit, "limit.memory", "out of memory");
  blocks_.emplace_back(p);
  add_region({static_cast<const std::byte*>(p), static_cast<std::size_t>(size)});
  return p;
}

void ValueStore::add_region(std::span<const std::byte> bytes) {
  const auto at = reinterpret_cast<std::uintptr_t>(bytes.data());
  // A member of a stored inner archive lies in the region of that archive.
  if (!bytes.empty() && !in_region(at, bytes.size())) regions_[at] = bytes.size();
}

bool ValueStore::in_region(std::uintptr_t at, std::uint64_t size) const {
  auto behind = regions_.upper_bound(at);
  if (behind == regions_.begin()) return false;
  const auto& [begin, length] = *--behind;
  return size <= length && at - begin <= length - size;
}

// Shape and strides come from a plugin, which has them from a file: the first and the last byte of
// the elements must lie in memory that the array may use.
void ValueStore::check_region(const skops_array& array) const {
  const auto fits = [&] {
    auto first = static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(array.data));
    std::int64_t last = first;
    for (std::uint64_t k = 0; k < array.ndim; ++k) {
      std::int64_t span = 0;
      std::int64_t& end = array.strides[k] < 0 ? first : last;
      if (__builtin_mul_overflow(array.shape[k] - 1, array.strides[k], &span) ||
          __builtin_add_overflow(end, span, &end)) {
        return false;
      }
    }
    std::int64_t size = 0;
    if (__builtin_sub_overflow(last, first, &size) ||
        __builtin_add_overflow(size, static_cast<std::int64_t>(array.dtype->itemsize), &size)) {
      return false;
    }
    return size == 0 ||
           in_region(static_cast<std::uintptr_t>(first), static_cast<std::uint64_t>(size));
  };
  if (!fits()) broken("an array lies outside of what it was given");
}

ValueStore::Handle ValueStore::add(std::uint32_t kind, std::uint64_t a, std::uint64_t b,
                                   std::uint32_t plain) {
  records_.push_back({kind, plain, a, b, 0});
  return records_.size();
}

const ValueStore::Record& ValueStore::record(Handle h) const {
  if (h == 0 || h > records_.size()) broken("a value's handle is forged");
  return records_[h - 1];
}
ValueStore::Record& ValueStore::mutable_record(Handle h) {
  if (h == 0 || h > records_.size()) broken("a value's handle is forged");
  return records_[h - 1];
}
const ValueStore::Record& ValueStore::expect(Handle h, std::uint32_t kind) const {
  const Record& r = record(h);
  if (r.kind != kind) broken("a value is read as another kind than it has");
  return r;
}

ValueStore::Handle ValueStore::make_real(double real) {
  return add(SKOPS_VALUE_REAL, std::bit_cast<std::uint64_t>(real));
}

std::string_view ValueStore::keep(std::string_view text) {
  budget_.allocate(text.size());
  return texts_.emplace_back(text);
}

ValueStore::Handle ValueStore::make_text(std::uint32_t kind, std::string_view text) {
  return add(kind, reinterpret_cast<std::uintptr_t>(text.data()), text.size());
}

ValueStore::Handle ValueStore::make_json(std::string_view text) {
  // Most are one word or number; they need no tape that stays.
  const bool container = !text.empty() && (text.front() == '{' || text.front() == '[');
  if (container) text = keep(text);
  Tape tape = parse_json(text, budget_, Dialect::python, "schema.json");
  const JsonKind kind = tape.kind(Tape::root);
  if (kind == JsonKind::array || kind == JsonKind::object) {
    if (!container) text = keep(text);
    tapes_.push_back(container ? std::move(tape)
                               : parse_json(text, budget_, Dialect::python, "schema.json"));
    tape_handles_.emplace_back(tapes_.back().entries());
    plain_values_ += tapes_.back().entries();
    return of_tape(tapes_.size() - 1, Tape::root);
  }
  switch (kind) {
    case JsonKind::boolean: return make_bool(tape.boolean(Tape::root));
    case JsonKind::integer: return make_integer(tape.integer(Tape::root));
    case JsonKind::real: return make_real(tape.real(Tape::root));
    case JsonKind::big_integer:
      return make_text(SKOPS_VALUE_BIG_INTEGER, keep(tape.text(Tape::root)));
    case JsonKind::string: return make_text(SKOPS_VALUE_STRING, keep(tape.text(Tape::root)));
    default: return make_none();
  }
}

ValueStore::Handle ValueStore::of_tape(std::size_t number, Tape::Index index) {
  Handle& known = tape_handles_[number][index];
  return known != 0 ? known : known = make_of_tape(number, index);
}

ValueStore::Handle ValueStore::make_of_tape(std::size_t number, Tape::Index index) {
  const Tape& tape = tapes_[number];
  switch (tape.kind(index)) {
    case JsonKind::boolean: return make_bool(tape.boolean(index));
    case JsonKind::integer: return make_integer(tape.integer(index));
    case JsonKind::real: return make_real(tape.real(index));
    case JsonKind::big_integer: return make_text(SKOPS_VALUE_BIG_INTEGER, tape.text(index));
    case JsonKind::string: return make_text(SKOPS_VALUE_STRING, tape.text(index));
    case JsonKind::array: return add(SKOPS_VALUE_LIST, number, index, 1);
    case JsonKind::object: return add(SKOPS_VALUE_MAPPING, number, index, 1);
    default: return make_none();
  }
}

ValueStore::Handle ValueStore::make_sequence(std::uint32_t kind, const skops_node* items,
                                             std::uint64_t size) {
  if (kind != SKOPS_VALUE_LIST && kind != SKOPS_VALUE_TUPLE && kind != SKOPS_VALUE_SET) {
    broken("a sequence of an unknown kind");
  }
  budget_.allocate(size * sizeof *items);
  sequences_.emplace_back(items, items + size);
  return add(kind, sequences_.size() - 1, size);
}

ValueStore::Handle ValueStore::make_mapping(const Handle* keys, const skops_node* items,
                                            std::uint64_t size) {
  budget_.allocate(size * (sizeof *items + sizeof *keys));
  Mapping& mapping = mappings_.emplace_back();
  mapping.keys.assign(keys, keys + size);
  mapping.items.assign(items, items + size);
  if (size > large_mapping) mapping.by_text.reserve(size);
  for (std::uint64_t k = 0; k < size; ++k) {
    const Record& key = record(keys[k]);
    if (key.kind != SKOPS_VALUE_STRING || size <= large_mapping) continue;
    if (!mapping.by_text.emplace(text(keys[k]), static_cast<std::uint32_t>(k)).second) {
      throw Error(Family::malformed, "graph.duplicate-key",
                  "a dict has the key '" + std::string(text(keys[k])) + "' twice");
    }
  }
  return add(SKOPS_VALUE_MAPPING, mappings_.size() - 1, size);
}

const ValueStore::StoredArray& ValueStore::store(const skops_array& array) {
  const Limits& limits = budget_.limits();
  const auto refuse = [](const char* code, std::string text) {
    throw Error(Family::limit, code, std::move(text));
  };
  if (array.size < abi_1_0::array_size || array.dtype == nullptr) broken("an incomplete array");
  if (array.ndim > limits.array_rank)
    refuse("limit.array_rank", "an array has too many dimensions");
  if (array.dtype->itemsize > limits.item_bytes) {
    refuse("limit.item_bytes", "the items of an array are too large");
  }
  if (array.ndim != 0 && (array.shape == nullptr || array.strides == nullptr)) {
    broken("an array without shape or strides");
  }
  std::uint64_t bytes = array.dtype->itemsize;
  bool empty = false;
  for (std::uint64_t k = 0; k < array.ndim; ++k) {
    if (array.shape[k] < 0) broken("an array with a negative extent");
    if (array.shape[k] == 0) empty = true;
  }
  for (std::uint64_t k = 0; !empty && k < array.ndim; ++k) {
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(array.shape[k]), &bytes)) {
      refuse("limit.allocated_bytes", "an array is larger than memory can be");
    }
  }
  if (!empty) check_region(array);
  const std::uint64_t n = array.dtype->n_fields;
  if (n > 256) refuse("limit.fields", "a record has too many fields");
  if (n != 0 && array.dtype->fields == nullptr) broken("a record without its fields");
  StoredArray& own = arrays_.emplace_back();
  own.shape.assign(array.shape, array.shape + array.ndim);
  own.strides.assign(array.strides, array.strides + array.ndim);
  own.dtype = *array.dtype;
  own.dtype.size = sizeof(skops_dtype);
  own.field_dtypes.resize(n);
  own.fields.resize(n);
  own.field_pointers.resize(n);
  for (std::uint64_t k = 0; k < n; ++k) {
    if (array.dtype->fields[k] == nullptr || array.dtype->fields[k]->dtype == nullptr) {
      broken("a record with an incomplete field");
    }
    const skops_field& field = *array.dtype->fields[k];
    if (field.offset > own.dtype.itemsize ||
        field.dtype->itemsize > own.dtype.itemsize - field.offset) {
      broken("a field lies outside of its record");
    }
    own.field_dtypes[k] = *field.dtype;
    own.fields[k] = field;
    own.fields[k].name.data = texts_.emplace_back(field.name.data, field.name.size).data();
    own.fields[k].dtype = &own.field_dtypes[k];
    own.field_pointers[k] = &own.fields[k];
  }
  own.dtype.fields = own.field_pointers.data();
  own.raw = {sizeof(skops_array), array.data,       &own.dtype,
             array.ndim,          own.shape.data(), own.strides.data()};
  return own;
}

ValueStore::Handle ValueStore::make_array(const skops_array& array) {
  const StoredArray& own = store(array);
  if (own.dtype.kind == 'O') {
    std::uint64_t cells = 1;
    for (const std::int64_t extent : own.shape) {
      if (__builtin_mul_overflow(cells, static_cast<std::uint64_t>(extent), &cells)) {
        cells = UINT64_MAX;
      }
    }
    budget_.add_cells(cells);
  }
  return add(SKOPS_VALUE_ARRAY, reinterpret_cast<std::uintptr_t>(&own.raw));
}

ValueStore::Handle ValueStore::make_sparse(const skops_csr& csr) {
  if (csr.size < abi_1_0::csr_size || csr.data == nullptr || csr.indices == nullptr ||
      csr.indptr == nullptr) {
    broken("an incomplete sparse matrix");
  }
  skops_csr& own = sparse_.emplace_back(csr);
  own.data = &store(*csr.data).raw;
  own.indices = &store(*csr.indices).raw;
  own.indptr = &store(*csr.indptr).raw;
  return add(SKOPS_VALUE_SPARSE, reinterpret_cast<std::uintptr_t>(&own));
}

ValueStore::Handle ValueStore::make_object(const skops_object_type* type, void* state) {
  objects_.push_back({sizeof(skops_object), type, state});
  return add(SKOPS_VALUE_OBJECT, objects_.size() - 1);
}

std::int64_t ValueStore::integer(Handle h) const {
  const Record& r = record(h);
  if (r.kind != SKOPS_VALUE_INTEGER && r.kind != SKOPS_VALUE_BOOL) {
    broken("a value is read as an integer that is none");
  }
  return static_cast<std::int64_t>(r.a);
}

double ValueStore::real(Handle h) const {
  return std::bit_cast<double>(expect(h, SKOPS_VALUE_REAL).a);
}

std::string_view ValueStore::text(Handle h) const {
  const Record& r = record(h);
  switch (r.kind) {
    case SKOPS_VALUE_STRING:
    case SKOPS_VALUE_BIG_INTEGER:
    case SKOPS_VALUE_BYTES:
    case SKOPS_VALUE_NAME:
    case SKOPS_VALUE_INERT: return {reinterpret_cast<const char*>(r.a), r.b};
    default: throw Error(Family::malformed, "model.malformed", "a text is expected here");
  }
}

std::uint64_t ValueStore::size(Handle h) const {
  const Record& r = record(h);
  switch (r.kind) {
    case SKOPS_VALUE_LIST:
    case SKOPS_VALUE_TUPLE:
    case SKOPS_VALUE_SET:
    case SKOPS_VALUE_MAPPING:
      return r.plain ? tapes_[r.a].size(static_cast<Tape::Index>(r.b)) : r.b;
    default:
      throw Error(Family::malformed, "model.malformed", "a list, tuple or dict is expected here");
  }
}

ValueStore::Element ValueStore::item(Handle h, std::uint64_t index) {
  // How many there are is what the file says.
  if (index >= size(h)) {
    throw Error(Family::malformed, "model.malformed", "a list has fewer items than it needs");
  }
  const Record r = record(h);
  if (r.plain) {
    const Tape& tape = tapes_[r.a];
    const bool mapping = r.kind == SKOPS_VALUE_MAPPING;
    // Sequential readers ask for one after the other; remember where the last one was.
    Cursor& at = cursor_;
    if (at.tape != r.a || at.container != r.b || at.index > index) {
      at = {r.a, r.b, 0, tape.first(static_cast<Tape::Index>(r.b))};
    }
    for (; at.index < index; ++at.index) {
      at.position = mapping ? tape.next(at.position + 1) : tape.next(at.position);
    }
    return {of_tape(r.a, mapping ? at.position + 1 : at.position), 0};
  }
  if (r.kind == SKOPS_VALUE_MAPPING) return {0, mappings_[r.a].items[index]};
  return {0, sequences_[r.a][index]};
}

ValueStore::Handle ValueStore::key(Handle h, std::uint64_t index) {
  if (record(h).kind != SKOPS_VALUE_MAPPING) broken("a key of what is no mapping is asked for");
  if (index >= size(h)) broken("a key beyond the end is asked for");
  const Record r = record(h);
  if (!r.plain) return mappings_[r.a].keys[index];
  item(h, index);  // moves the cursor to the key
  return of_tape(r.a, cursor_.position);
}

ValueStore::Element ValueStore::find(Handle h, std::string_view key) {
  const Record r = record(h);
  if (r.kind != SKOPS_VALUE_MAPPING) {
    throw Error(Family::malformed, "model.malformed", "a dict is expected here");
  }
  if (r.plain) {
    const Tape::Index at = tapes_[r.a].find(static_cast<Tape::Index>(r.b), key);
    if (at == Tape::none) return {};
    return {of_tape(r.a, at), 0};
  }
  const Mapping& mapping = mappings_[r.a];
  if (!mapping.by_text.empty()) {
    const auto at = mapping.by_text.find(key);
    if (at == mapping.by_text.end()) return {};
    return {0, mapping.items[at->second]};
  }
  for (std::size_t k = 0; k < mapping.keys.size(); ++k) {
    const Record& candidate = record(mapping.keys[k]);
    if (candidate.kind == SKOPS_VALUE_STRING && same_text(text(mapping.keys[k]), key)) {
      return {0, mapping.items[k]};
    }
  }
  return {};
}

const skops_array* ValueStore::array(Handle h) const {
  return reinterpret_cast<const skops_array*>(expect(h, SKOPS_VALUE_ARRAY).a);
}
const skops_csr* ValueStore::sparse(Handle h) const {
  return reinterpret_cast<const skops_csr*>(expect(h, SKOPS_VALUE_SPARSE).a);
}
const skops_object& ValueStore::object(Handle h) const {
  return objects_[expect(h, SKOPS_VALUE_OBJECT).a];
}

}  // namespace skops
