// The table of functions of FakeHost, in the order of skops_host. Included by fake_host.hpp.
#pragma once

#include "skops/sdk/testing/fake_host.hpp"

namespace skops::sdk::testing {

inline void FakeHost::fill() {
  table_.size = sizeof table_;
  table_.abi_major = SKOPS_ABI_MAJOR;
  table_.abi_minor = SKOPS_ABI_MINOR;
  table_.fail = &fail;
  fill_nodes();
  fill_makers();
  fill_readers();
  table_.service = [](skops_context*, skops_string) -> const void* { return nullptr; };
}

inline void FakeHost::fill_nodes() {
  table_.node_names = [](skops_context* c, skops_node n, skops_string* loader, skops_string* module,
                         skops_string* name) {
    const Part* part = node(c, n);
    if (part == nullptr) return handle(c, false);
    *loader = str(part->loader);
    *module = str(part->module);
    *name = str(part->cls);
    return SKOPS_OK;
  };
  table_.node_protocol = [](skops_context* c, skops_node n, std::uint32_t* protocol) {
    *protocol = self(c).protocol_;
    return handle(c, node(c, n) != nullptr);
  };
  table_.node_field = [](skops_context* c, skops_node n, skops_string field, skops_json* out) {
    const Part* part = node(c, n);
    if (part == nullptr) return handle(c, false);
    const Part* found = part->kind == Part::Kind::object ? part->find(view(field)) : nullptr;
    *out = found != nullptr ? self(c).json_of(found) : 0;
    return SKOPS_OK;
  };
  table_.json_kind = [](skops_context* c, skops_json j, std::uint32_t* kind) {
    const Part* part = json(c, j);
    if (part == nullptr) return handle(c, false);
    static constexpr char kinds[] = "nbirssooooooo";
    *kind = static_cast<std::uint32_t>(kinds[static_cast<std::size_t>(part->kind)]);
    if (part->kind == Part::Kind::list && !part->node) *kind = 'a';
    return SKOPS_OK;
  };
  table_.json_integer = [](skops_context* c, skops_json j, std::int64_t* out) {
    return get_json(c, j, out, {Part::Kind::integer, Part::Kind::boolean},
                    [](const Part& part) { return part.integer; });
  };
  table_.json_real = [](skops_context* c, skops_json j, double* out) {
    return get_json(c, j, out, {Part::Kind::real, Part::Kind::integer}, [](const Part& part) {
      return part.kind == Part::Kind::real ? part.real : static_cast<double>(part.integer);
    });
  };
  table_.json_text = [](skops_context* c, skops_json j, skops_string* out) {
    const Part* bytes = json(c, j);
    if (bytes != nullptr && bytes->kind == Part::Kind::bytes) {  // the name of a member
      *out = self(c).keep(std::to_string(self(c).node_of(bytes)));
      return SKOPS_OK;
    }
    return get_json(c, j, out, {Part::Kind::string},
                    [](const Part& part) { return str(part.text); });
  };
  table_.json_size = [](skops_context* c, skops_json j, std::uint64_t* out) {
    return get_json(c, j, out, {Part::Kind::list, Part::Kind::dict},
                    [](const Part& part) { return part.items.size(); });
  };
  table_.json_items = [](skops_context* c, skops_json j, skops_string* keys, skops_json* values,
                         std::uint64_t size) {
    const Part* part = json(c, j);
    if (part == nullptr || size != part->items.size()) return handle(c, false);
    for (std::size_t k = 0; k < size; ++k) {
      if (keys != nullptr) keys[k] = part->keys.empty() ? skops_string{} : str(part->keys[k]);
      values[k] = self(c).json_of(&part->items[k]);
    }
    return SKOPS_OK;
  };
  table_.json_node = [](skops_context* c, skops_json j, skops_node* out) {
    const Part* part = json(c, j);
    if (part == nullptr) return handle(c, false);
    *out = part->is_plain() ? 0 : self(c).node_of(part);
    return SKOPS_OK;
  };
  table_.member = [](skops_context* c, skops_string name, skops_bytes* out) {
    skops_node number = 0;
    std::from_chars(name.data, name.data + name.size, number);
    const Part* part = node(c, number);
    if (part == nullptr || part->kind != Part::Kind::bytes) {
      return refuse(c, SKOPS_MALFORMED, "archive.no-member", "there is no such member");
    }
    *out = {reinterpret_cast<const unsigned char*>(part->text.data()), part->text.size()};
    return SKOPS_OK;
  };
  table_.inner_member = [](skops_context* c, skops_string, skops_string, skops_bytes*) {
    return refuse(c, SKOPS_UNSUPPORTED, "model.unsupported",
                  "the fake host has no archives inside of archives; test these with files");
  };
  table_.allocate = [](skops_context* c, std::uint64_t size, void** memory) {
    if (size > std::uint64_t{1} << 32 || (*memory = self(c).take(size)) == nullptr) {
      return refuse(c, SKOPS_LIMIT, "limit.allocated_bytes", "too much memory is asked for");
    }
    return SKOPS_OK;
  };
  table_.charge = [](skops_context* c, std::uint64_t size) {
    if (size <= std::uint64_t{1} << 32) return SKOPS_OK;
    return refuse(c, SKOPS_LIMIT, "limit.allocated_bytes", "too much memory is announced");
  };
}

inline void FakeHost::fill_makers() {
  table_.make_none = [](skops_context* c, skops_value* out) {
    return make(c, SKOPS_VALUE_NONE, out, [](Value&) {});
  };
  table_.make_bool = [](skops_context* c, std::uint32_t truth, skops_value* out) {
    return make(c, SKOPS_VALUE_BOOL, out, [=](Value& v) { v.integer = truth != 0; });
  };
  table_.make_integer = [](skops_context* c, std::int64_t integer, skops_value* out) {
    return make(c, SKOPS_VALUE_INTEGER, out, [=](Value& v) { v.integer = integer; });
  };
  table_.make_real = [](skops_context* c, double real, skops_value* out) {
    return make(c, SKOPS_VALUE_REAL, out, [=](Value& v) { v.real = real; });
  };
  table_.make_string = [](skops_context* c, skops_string text, skops_value* out) {
    return make(c, SKOPS_VALUE_STRING, out, [=](Value& v) { v.text = view(text); });
  };
  table_.make_bytes = [](skops_context* c, skops_bytes bytes, skops_value* out) {
    return make(c, SKOPS_VALUE_BYTES, out, [=](Value& v) {
      v.text.assign(reinterpret_cast<const char*>(bytes.data), bytes.size);
    });
  };
  table_.make_json = [](skops_context* c, skops_string text, skops_value* out) {
    FakeHost& host = self(c);
    try {
      *out = host.plain(host.parsed_.emplace_back(JsonText(view(text)).read()));
      return SKOPS_OK;
    } catch (const Failure& failure) {
      return refuse(c, SKOPS_MALFORMED, "json.syntax", failure.text);
    }
  };
  table_.make_sequence = [](skops_context* c, std::uint32_t kind, const skops_node* items,
                            std::uint64_t size, skops_value* out) {
    if (kind < SKOPS_VALUE_LIST || kind > SKOPS_VALUE_SET) return handle(c, false);
    return make(c, kind, out, [=](Value& v) { v.nodes.assign(items, items + size); });
  };
  table_.make_mapping = [](skops_context* c, const skops_value* keys, const skops_node* items,
                           std::uint64_t size, skops_value* out) {
    return make(c, SKOPS_VALUE_MAPPING, out, [=](Value& v) {
      v.keys.assign(keys, keys + size);
      v.nodes.assign(items, items + size);
    });
  };
  table_.make_array = [](skops_context* c, const skops_array* array, skops_value* out) {
    return make(c, SKOPS_VALUE_ARRAY, out, [=](Value& v) { v.array = array; });
  };
  table_.make_sparse = [](skops_context* c, const skops_csr* csr, skops_value* out) {
    return make(c, SKOPS_VALUE_SPARSE, out, [=](Value& v) { v.sparse = csr; });
  };
  table_.make_name = [](skops_context* c, skops_node n, skops_value* out) {
    const Part* part = node(c, n);
    if (part == nullptr) return handle(c, false);
    return make(c, SKOPS_VALUE_NAME, out,
                [=](Value& v) { v.text = part->module + '.' + part->cls; });
  };
  table_.make_object = [](skops_context* c, const skops_object_type* type, void* state,
                          skops_value* out) {
    if (type == nullptr || type->size < sizeof(skops_object_type)) {
      return refuse(c, SKOPS_PLUGIN, "plugin.size", "the table of an object is too short");
    }
    return make(c, SKOPS_VALUE_OBJECT, out, [=](Value& v) {
      v.object = {sizeof(skops_object), type, state};
    });
  };
}

inline void FakeHost::fill_readers() {
  table_.value_of = &value_of;
  table_.value_kind = [](skops_context* c, skops_value v, std::uint32_t* kind) {
    const Value* found = value(c, v);
    if (found != nullptr) *kind = found->kind;
    return handle(c, found != nullptr);
  };
  table_.value_integer = [](skops_context* c, skops_value v, std::int64_t* out) {
    return get(c, v, out, {SKOPS_VALUE_INTEGER, SKOPS_VALUE_BOOL},
               [](const Value& found) { return found.integer; });
  };
  table_.value_real = [](skops_context* c, skops_value v, double* out) {
    return get(c, v, out, {SKOPS_VALUE_REAL}, [](const Value& found) { return found.real; });
  };
  table_.value_text = [](skops_context* c, skops_value v, skops_string* out) {
    return get(c, v, out,
               {SKOPS_VALUE_STRING, SKOPS_VALUE_BIG_INTEGER, SKOPS_VALUE_NAME, SKOPS_VALUE_INERT},
               [](const Value& found) { return str(found.text); });
  };
  table_.value_bytes = [](skops_context* c, skops_value v, skops_bytes* out) {
    return get(c, v, out, {SKOPS_VALUE_BYTES}, [](const Value& found) {
      return skops_bytes{reinterpret_cast<const unsigned char*>(found.text.data()),
                         found.text.size()};
    });
  };
  table_.value_size = [](skops_context* c, skops_value v, std::uint64_t* out) {
    return get(c, v, out,
               {SKOPS_VALUE_LIST, SKOPS_VALUE_TUPLE, SKOPS_VALUE_SET, SKOPS_VALUE_MAPPING},
               [](const Value& found) { return found.nodes.size(); });
  };
  table_.value_item = [](skops_context* c, skops_value v, std::uint64_t index, skops_value* out) {
    const Value* found = value(c, v);
    if (found == nullptr || index >= found->nodes.size()) return handle(c, false);
    return value_of(c, found->nodes[index], out);
  };
  table_.value_key = [](skops_context* c, skops_value v, std::uint64_t index, skops_value* out) {
    const Value* found = value(c, v);
    if (found == nullptr || index >= found->keys.size()) return handle(c, false);
    *out = found->keys[index];
    return SKOPS_OK;
  };
  table_.value_find = [](skops_context* c, skops_value v, skops_string key, skops_value* out) {
    const Value* found = value(c, v);
    if (found == nullptr || found->kind != SKOPS_VALUE_MAPPING) return handle(c, false);
    *out = 0;
    for (std::size_t k = 0; k < found->keys.size(); ++k) {
      const Value* text = value(c, found->keys[k]);
      if (text->kind == SKOPS_VALUE_STRING && text->text == view(key)) {
        return value_of(c, found->nodes[k], out);
      }
    }
    return SKOPS_OK;
  };
  table_.value_attribute = [](skops_context* c, skops_value v, skops_string name,
                              skops_value* out) {
    const Value* found = value(c, v);
    if (found == nullptr) return handle(c, false);
    *out = 0;
    const Part* content = found->part != nullptr && found->part->kind == Part::Kind::object
                              ? found->part->find("content")
                              : nullptr;
    const Part* item = content != nullptr && content->kind == Part::Kind::dict
                           ? content->find(view(name))
                           : nullptr;
    return item == nullptr ? SKOPS_OK : value_of(c, self(c).node_of(item), out);
  };
  table_.value_array = [](skops_context* c, skops_value v, const skops_array** out) {
    return get(c, v, out, {SKOPS_VALUE_ARRAY}, [](const Value& found) { return found.array; });
  };
  table_.value_sparse = [](skops_context* c, skops_value v, const skops_csr** out) {
    return get(c, v, out, {SKOPS_VALUE_SPARSE}, [](const Value& found) { return found.sparse; });
  };
  table_.value_object = [](skops_context* c, skops_value v, skops_object* out) {
    return get(c, v, out, {SKOPS_VALUE_OBJECT}, [](const Value& found) { return found.object; });
  };
  table_.value_node = [](skops_context* c, skops_value v, skops_node* out) {
    const Value* found = value(c, v);
    if (found == nullptr) return handle(c, false);
    *out = found->part == nullptr ? 0 : self(c).node_of(found->part);
    return SKOPS_OK;
  };
}

}  // namespace skops::sdk::testing
