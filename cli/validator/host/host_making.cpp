// Errors, services, and the values that the plugin makes.
#include <algorithm>

#include "validator/host/host_functions.hpp"
#include "validator/host/host_table.hpp"

namespace skops_validator {
namespace {

using Fn = HostFunctions;

[[noreturn]] void broken(const char* text, const char* code = "plugin.handle") {
  throw Refusal{SKOPS_PLUGIN, code, text};
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t k = 0; k < text.size();) {
    const auto c = static_cast<unsigned char>(text[k]);
    const std::size_t n = c < 0x80 ? 1 : c >> 5 == 6 ? 2 : c >> 4 == 14 ? 3 : c >> 3 == 30 ? 4 : 0;
    if (n == 0 || n > text.size() - k) return false;
    for (std::size_t j = 1; j < n; ++j) {
      if ((static_cast<unsigned char>(text[k + j]) & 0xc0) != 0x80) return false;
    }
    k += n;
  }
  return true;
}

std::string wrong_with_error(skops_string code, skops_string text, skops_string remedy) {
  if (view(code).empty()) return "an error has no code";
  if (view(text).empty()) return "the error " + std::string(view(code)) + " has no text";
  for (const skops_string part : {code, text, remedy}) {
    if (!is_utf8(view(part))) return "the error " + std::string(view(code)) + " is not UTF-8";
  }
  return {};
}

skops_value HostAccess::make(FakeLoad& load, FakeLoad::Made made, bool whole) {
  load.made_.push_back(std::move(made));
  if (whole) ++load.whole_values_;
  return load.handle(FakeLoad::tag_made, load.made_.size() - 1);
}

void HostAccess::set_object(FakeLoad& load, const skops_object_type* type, void* state) {
  load.object_ = {sizeof(skops_object), type, state};
}

void HostAccess::put_off(FakeLoad& load, const FakeLoad::Later& later) {
  if (load.later_) broken("work is put off twice for one object", "plugin.put-off");
  load.later_ = later;
}

void HostAccess::report(FakeLoad& load, skops_status family, std::string code, std::string text) {
  load.reported_ = family;
  load.error_ = code + ": " + text;
  load.code_ = std::move(code);
}

namespace host {

skops_status fail(skops_context* context, skops_status family, skops_string code, skops_string text,
                  skops_string remedy) {
  FakeLoad* load = Fn::live(context);
  if (load == nullptr) return SKOPS_PLUGIN;
  const std::string wrong = wrong_with_error(code, text, remedy);
  if (!wrong.empty()) HostAccess::violation(*load, wrong);
  if (family < SKOPS_USAGE || family > SKOPS_INPUT) {
    HostAccess::violation(*load,
                          "fail is told family " + std::to_string(family) + ", which is none");
    family = SKOPS_PLUGIN;
  }
  HostAccess::report(*load, family, std::string(view(code)), std::string(view(text)));
  return family;
}

skops_status make_none(skops_context* context, skops_value* value) {
  return Fn::run(context, "make_none", [&](FakeLoad& load) {
    given(value) = HostAccess::make(load, {SKOPS_VALUE_NONE}, false);
  });
}
skops_status make_bool(skops_context* context, std::uint32_t truth, skops_value* value) {
  return Fn::run(context, "make_bool", [&](FakeLoad& load) {
    given(value) = HostAccess::make(load, {SKOPS_VALUE_BOOL, truth != 0}, false);
  });
}
skops_status make_integer(skops_context* context, std::int64_t integer, skops_value* value) {
  return Fn::run(context, "make_integer", [&](FakeLoad& load) {
    given(value) = HostAccess::make(load, {SKOPS_VALUE_INTEGER, integer}, false);
  });
}
skops_status make_real(skops_context* context, double real, skops_value* value) {
  return Fn::run(context, "make_real", [&](FakeLoad& load) {
    given(value) = HostAccess::make(load, {SKOPS_VALUE_REAL, 0, real}, false);
  });
}
skops_status make_string(skops_context* context, skops_string text, skops_value* value) {
  return Fn::run(context, "make_string", [&](FakeLoad& load) {
    if (!is_utf8(view(text))) broken("a text is not UTF-8", "plugin.text");
    FakeLoad::Made made{SKOPS_VALUE_STRING};
    made.text = {load.memory().text(view(text)), view(text).size()};
    given(value) = HostAccess::make(load, made, false);
  });
}
skops_status make_bytes(skops_context* context, skops_bytes bytes, skops_value* value) {
  return Fn::run(context, "make_bytes", [&](FakeLoad& load) {
    if (bytes.size != 0) given(bytes.data);
    if (bytes.size != 0 && !load.memory().holds(bytes.data, bytes.size)) {
      broken("bytes lie outside of what the host gave", "plugin.bytes");
    }
    FakeLoad::Made made{SKOPS_VALUE_BYTES};
    made.text = {reinterpret_cast<const char*>(bytes.data), bytes.size};
    given(value) = HostAccess::make(load, made, true);
  });
}

// Enough of JSON for the value's kind; the real host parses all of it.
skops_status make_json(skops_context* context, skops_string text, skops_value* value) {
  return Fn::run(context, "make_json", [&](FakeLoad& load) {
    const std::string json(view(text));
    const char first = json.empty() ? '\0' : json[0];
    FakeLoad::Made made{SKOPS_VALUE_NONE};
    if (first == '"') {
      made.kind = SKOPS_VALUE_STRING;
      made.text = {load.memory().text(json), json.size()};
    } else if (first == '[' || first == '{') {
      made.kind = first == '[' ? SKOPS_VALUE_LIST : SKOPS_VALUE_MAPPING;
    } else if ((first >= '0' && first <= '9') || first == '-') {
      made.kind = SKOPS_VALUE_INTEGER;
    } else if (first != 't' && first != 'f' && first != 'n') {
      throw Refusal{SKOPS_MALFORMED, "schema.json", "this is no JSON"};
    }
    given(value) = HostAccess::make(load, made, false);
  });
}

skops_status make_sequence(skops_context* context, std::uint32_t kind, const skops_node* items,
                           std::uint64_t size, skops_value* value) {
  return Fn::run(context, "make_sequence", [&](FakeLoad& load) {
    if (kind != SKOPS_VALUE_LIST && kind != SKOPS_VALUE_TUPLE && kind != SKOPS_VALUE_SET) {
      broken("a sequence of an unknown kind");
    }
    if (size != 0) given(items);
    FakeLoad::Made made{kind};
    for (std::uint64_t k = 0; k < size; ++k) Fn::node(load, items[k]);
    made.items.assign(items, items + size);
    given(value) = HostAccess::make(load, std::move(made), true);
  });
}

skops_status make_mapping(skops_context* context, const skops_value* keys, const skops_node* items,
                          std::uint64_t size, skops_value* value) {
  return Fn::run(context, "make_mapping", [&](FakeLoad& load) {
    if (size != 0) given(items), given(keys);
    FakeLoad::Made made{SKOPS_VALUE_MAPPING};
    for (std::uint64_t k = 0; k < size; ++k) {
      Fn::node(load, items[k]);
      HostAccess::value(load, keys[k]);
    }
    made.items.assign(items, items + size);
    made.keys.assign(keys, keys + size);
    given(value) = HostAccess::make(load, std::move(made), true);
  });
}

namespace {

// The first and the last byte of the elements must lie in memory that the host gave.
void check_array(FakeLoad& load, const skops_array& array) {
  if (array.size < sizeof(skops_array) || array.dtype == nullptr) broken("an incomplete array");
  if (array.dtype->size < sizeof(skops_dtype)) broken("an incomplete dtype");
  if (array.ndim > 64) throw Refusal{SKOPS_LIMIT, "limit.array_rank", "too many dimensions"};
  if (array.ndim != 0 && (array.shape == nullptr || array.strides == nullptr)) {
    broken("an array without shape or strides");
  }
  std::int64_t first = 0, last = 0;
  std::uint64_t bytes = array.dtype->itemsize;
  bool empty = bytes == 0;
  for (std::uint64_t k = 0; k < array.ndim; ++k) {
    if (array.shape[k] < 0) broken("an array with a negative extent");
    empty |= array.shape[k] == 0;
  }
  if (empty) return;
  for (std::uint64_t k = 0; k < array.ndim; ++k) {
    std::int64_t span = 0;
    std::int64_t& end = array.strides[k] < 0 ? first : last;
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(array.shape[k]), &bytes)) {
      throw Refusal{SKOPS_LIMIT, "limit.allocated_bytes", "an array is larger than memory can be"};
    }
    if (__builtin_mul_overflow(array.shape[k] - 1, array.strides[k], &span) ||
        __builtin_add_overflow(end, span, &end)) {
      broken("an array lies outside of what it was given");
    }
  }
  const auto at = static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(array.data));
  std::int64_t begin = 0, size = 0;
  if (__builtin_add_overflow(at, first, &begin) || __builtin_sub_overflow(last, first, &size) ||
      __builtin_add_overflow(size, static_cast<std::int64_t>(array.dtype->itemsize), &size) ||
      !load.memory().holds(reinterpret_cast<const void*>(begin), static_cast<std::size_t>(size))) {
    broken("an array lies outside of what it was given");
  }
}

}  // namespace

skops_status make_array(skops_context* context, const skops_array* array, skops_value* value) {
  return Fn::run(context, "make_array", [&](FakeLoad& load) {
    check_array(load, given(array));
    FakeLoad::Made made{SKOPS_VALUE_ARRAY};
    made.array = load.memory().copy(*array);
    given(value) = HostAccess::make(load, made, true);
  });
}

skops_status make_sparse(skops_context* context, const skops_csr* csr, skops_value* value) {
  return Fn::run(context, "make_sparse", [&](FakeLoad& load) {
    if (given(csr).size < sizeof(skops_csr)) broken("an incomplete sparse matrix");
    for (const skops_array* part : {csr->data, csr->indices, csr->indptr}) {
      check_array(load, given(part));
    }
    FakeLoad::Made made{SKOPS_VALUE_SPARSE};
    made.csr = load.memory().copy(*csr);
    given(value) = HostAccess::make(load, made, true);
  });
}

skops_status make_name(skops_context* context, skops_node node, skops_value* value) {
  return Fn::run(context, "make_name", [&](FakeLoad& load) {
    Fn::node(load, node);
    FakeLoad::Made made{SKOPS_VALUE_NAME};
    made.text = {load.memory().text("numpy.ndarray"), 13};
    given(value) = HostAccess::make(load, made, true);
  });
}

skops_status make_object(skops_context* context, const skops_object_type* type, void* state,
                         skops_value* value) {
  bool taken = false;
  const skops_status status = Fn::run(context, "make_object", [&](FakeLoad& load) {
    if (given(type).size < sizeof(skops_object_type)) {
      broken("the table of an object's type is too short", "plugin.size");
    }
    if (type->method_count != nullptr && (type->method_name == nullptr || type->call == nullptr)) {
      broken("a type counts methods, but lacks method_name or call", "plugin.null");
    }
    if (load.object().type != nullptr) broken("one load makes two objects", "plugin.two-objects");
    FakeLoad::Made made{SKOPS_VALUE_OBJECT};
    made.object = {sizeof(skops_object), type, state};
    given(value) = HostAccess::make(load, made, true);
    HostAccess::set_object(load, type, state);
    taken = true;
  });
  // The state is the host's from here on, also where this fails.
  const bool whole = type != nullptr && SKOPS_HAS(skops_object_type, type, release);
  if (!taken && whole && type->release != nullptr) type->release(state);
  return status;
}

namespace {

skops_status put_off(skops_context* context, skops_value object, void (*work)(void*),
                     skops_status (*finish)(const skops_host*, skops_context*, void*),
                     void* state) {
  return Fn::run(context, "put_off", [&](FakeLoad& load) {
    const auto v = HostAccess::value(load, object);
    if (v.made == nullptr || v.kind != SKOPS_VALUE_OBJECT || work == nullptr || finish == nullptr) {
      broken("work is put off that cannot be", "plugin.put-off");
    }
    HostAccess::put_off(load, {work, finish, state});
  });
}
skops_status finish(skops_context* context, skops_value value) {
  return Fn::run(context, "finish", [&](FakeLoad& load) { HostAccess::value(load, value); });
}

}  // namespace

const void* service(skops_context* context, skops_string id) {
  static constexpr skops_later later = {sizeof(skops_later), &put_off, &finish};
  static constexpr skops_limits limits = {sizeof(skops_limits), std::uint64_t{64} << 10,
                                          std::uint64_t{1} << 20};
  FakeLoad* load = Fn::live(context);
  if (load == nullptr || !HostAccess::knobs(*load).services) return nullptr;
  if (view(id) == "skops.limits/1") return &limits;
  if (view(id) == "skops.later/1" && HostAccess::knobs(*load).later) return &later;
  return nullptr;
}

}  // namespace host

const skops_host& HostFunctions::table() {
  using namespace host;
  static constexpr skops_host table = {
      sizeof(skops_host), SKOPS_ABI_MAJOR,  SKOPS_ABI_MINOR, &fail,          &node_names,
      &node_protocol,     &node_field,      &json_kind,      &json_integer,  &json_real,
      &json_text,         &json_size,       &json_items,     &json_node,     &member,
      &inner_member,      &allocate,        &charge,         &make_none,     &make_bool,
      &make_integer,      &make_real,       &make_string,    &make_bytes,    &make_json,
      &make_sequence,     &make_mapping,    &make_array,     &make_sparse,   &make_name,
      &make_object,       &value_of,        &value_kind,     &value_integer, &value_real,
      &value_text,        &value_bytes,     &value_size,     &value_item,    &value_key,
      &value_find,        &value_attribute, &value_array,    &value_sparse,  &value_object,
      &value_node,        &service};
  return table;
}

}  // namespace skops_validator
