// The functions of skops_host, each a bounds check and a call. Nothing throws across: what does is
// reported, and its family is the status.
#include <new>

#include "model/loaded_graph.hpp"
#include "support/abi_sizes.hpp"

namespace skops {
namespace {

std::string_view view(skops_string s) {
  return s.data == nullptr ? std::string_view() : std::string_view(s.data, s.size);
}
skops_string str(std::string_view s) {
  return {s.data(), s.size()};
}

// What a plugin passes as the place for a result, or as an argument.
template <class T>
T& given(T* pointer) {
  if (pointer == nullptr) throw Error(Family::plugin, "plugin.null", "a pointer is null");
  return *pointer;
}
template <class T>
void given(const T* items, std::uint64_t size) {
  if (size != 0) given(items);
}

template <class F>
skops_status guarded(skops_context* context, F&& body) noexcept {
  LoadedGraph& load = LoadedGraph::of(context);
  try {
    body(load);
    return SKOPS_OK;
  } catch (const Error& error) {
    return load.report(error);
  } catch (const std::bad_alloc&) {
    return load.report(Error(Family::limit, "limit.memory", "out of memory"));
  } catch (const std::exception& error) {
    return load.report(Error(Family::plugin, "host.exception", error.what()));
  } catch (...) {
    return load.report(Error(Family::plugin, "host.exception", "an unknown exception"));
  }
}

NodeId checked(LoadedGraph& load, skops_node node) {
  if (node == 0 || node > load.graph().size()) {
    throw Error(Family::plugin, "plugin.handle", "a node's handle is forged");
  }
  return static_cast<NodeId>(node - 1);
}

Tape::Index json_index(LoadedGraph& load, skops_json json) {
  if (json == 0 || json > load.graph().tape().entries()) {
    throw Error(Family::plugin, "plugin.handle", "a JSON value's handle is forged");
  }
  return static_cast<Tape::Index>(json - 1);
}

Tape::Index expect(LoadedGraph& load, skops_json json, JsonKind kind, const char* what) {
  const Tape::Index index = json_index(load, json);
  if (load.graph().tape().kind(index) != kind) {
    throw Error(Family::malformed, "graph.field", std::string(what) + " is expected in the schema");
  }
  return index;
}

skops_status fail(skops_context* context, skops_status family, skops_string code, skops_string text,
                  skops_string remedy) {
  if (family < SKOPS_USAGE || family > SKOPS_INPUT) family = SKOPS_PLUGIN;
  return LoadedGraph::of(context).report(Error(static_cast<Family>(family), std::string(view(code)),
                                               std::string(view(text)), {},
                                               std::string(view(remedy))));
}

skops_status node_names(skops_context* context, skops_node node, skops_string* loader,
                        skops_string* module, skops_string* name) {
  return guarded(context, [&](LoadedGraph& load) {
    const NodeId id = checked(load, node);
    given(loader) = str(load.graph().loader(id));
    given(module) = str(load.graph().module(id));
    given(name) = str(load.graph().cls(id));
  });
}

skops_status node_protocol(skops_context* context, skops_node node, std::uint32_t* protocol) {
  return guarded(context, [&](LoadedGraph& load) {
    checked(load, node);
    given(protocol) = static_cast<std::uint32_t>(load.graph().protocol());
  });
}

skops_status node_field(skops_context* context, skops_node node, skops_string field,
                        skops_json* json) {
  return guarded(context, [&](LoadedGraph& load) {
    const Tape::Index index = load.graph().field(checked(load, node), view(field));
    given(json) = index == Tape::none ? 0 : skops_json{index} + 1;
  });
}

skops_status json_kind(skops_context* context, skops_json json, std::uint32_t* kind) {
  return guarded(context, [&](LoadedGraph& load) {
    static constexpr char letters[] = {'n', 'b', 'i', 'I', 'r', 's', 'a', 'o'};
    const Tape::Index index = json_index(load, json);
    given(kind) = static_cast<std::uint32_t>(
        letters[static_cast<std::size_t>(load.graph().tape().kind(index))]);
  });
}

skops_status json_integer(skops_context* context, skops_json json, std::int64_t* integer) {
  return guarded(context, [&](LoadedGraph& load) {
    given(integer) =
        load.graph().tape().integer(expect(load, json, JsonKind::integer, "an integer"));
  });
}

skops_status json_real(skops_context* context, skops_json json, double* real) {
  return guarded(context, [&](LoadedGraph& load) {
    given(real) = load.graph().tape().real(expect(load, json, JsonKind::real, "a number"));
  });
}

skops_status json_text(skops_context* context, skops_json json, skops_string* text) {
  return guarded(context, [&](LoadedGraph& load) {
    given(text) = str(load.graph().tape().text(expect(load, json, JsonKind::string, "a string")));
  });
}

bool is_container(JsonKind kind) {
  return kind == JsonKind::array || kind == JsonKind::object;
}

skops_status json_size(skops_context* context, skops_json json, std::uint64_t* size) {
  return guarded(context, [&](LoadedGraph& load) {
    const Tape::Index index = json_index(load, json);
    const Tape& tape = load.graph().tape();
    if (!is_container(tape.kind(index))) {
      throw Error(Family::malformed, "graph.field", "an array or object is expected in the schema");
    }
    given(size) = tape.size(index);
  });
}

skops_status json_items(skops_context* context, skops_json json, skops_string* keys,
                        skops_json* values, std::uint64_t size) {
  return guarded(context, [&](LoadedGraph& load) {
    const Tape::Index index = json_index(load, json);
    const Tape& tape = load.graph().tape();
    const bool object = tape.kind(index) == JsonKind::object;
    if (!is_container(tape.kind(index)) || tape.size(index) != size) {
      throw Error(Family::plugin, "plugin.handle", "json_items is asked for another size");
    }
    given(values, size);
    std::uint64_t k = 0;
    for (Tape::Index at = tape.first(index); at != tape.next(index); ++k) {
      const Tape::Index value = object ? at + 1 : at;
      if (keys != nullptr) keys[k] = object ? str(tape.text(at)) : skops_string{nullptr, 0};
      values[k] = skops_json{value} + 1;
      at = tape.next(value);
    }
  });
}

skops_status json_node(skops_context* context, skops_json json, skops_node* node) {
  return guarded(context, [&](LoadedGraph& load) {
    const NodeId id = load.graph().node_at(json_index(load, json));
    given(node) = id == no_node ? 0 : skops_node{id} + 1;
  });
}

skops_status member(skops_context* context, skops_string name, skops_bytes* bytes) {
  return guarded(context, [&](LoadedGraph& load) {
    const auto found = load.member(view(name));
    given(bytes) = {reinterpret_cast<const unsigned char*>(found.data()), found.size()};
  });
}

skops_status inner_member(skops_context* context, skops_string name, skops_string inner,
                          skops_bytes* bytes) {
  return guarded(context, [&](LoadedGraph& load) {
    const auto found = load.inner_member(view(name), view(inner));
    given(bytes) =
        found ? skops_bytes{reinterpret_cast<const unsigned char*>(found->data()), found->size()}
              : skops_bytes{nullptr, 0};
  });
}

skops_status allocate(skops_context* context, std::uint64_t size, void** memory) {
  return guarded(context, [&](LoadedGraph& load) { given(memory) = load.values().allocate(size); });
}

skops_status charge(skops_context* context, std::uint64_t size) {
  return guarded(context, [&](LoadedGraph& load) { load.budget().allocate(size); });
}

skops_status make_none(skops_context* context, skops_value* value) {
  return guarded(context, [&](LoadedGraph& load) { given(value) = load.values().make_none(); });
}
skops_status make_bool(skops_context* context, std::uint32_t truth, skops_value* value) {
  return guarded(context,
                 [&](LoadedGraph& load) { given(value) = load.values().make_bool(truth != 0); });
}
skops_status make_integer(skops_context* context, std::int64_t integer, skops_value* value) {
  return guarded(context,
                 [&](LoadedGraph& load) { given(value) = load.values().make_integer(integer); });
}
skops_status make_real(skops_context* context, double real, skops_value* value) {
  return guarded(context, [&](LoadedGraph& load) { given(value) = load.values().make_real(real); });
}
skops_status make_string(skops_context* context, skops_string text, skops_value* value) {
  return guarded(context, [&](LoadedGraph& load) {
    ValueStore& values = load.values();
    const std::string_view chars = view(text);
    // The keys of most dicts: the schema outlives the values.
    const bool stays = load.graph().tape().holds(chars);
    given(value) = values.make_text(SKOPS_VALUE_STRING, stays ? chars : values.keep(chars));
  });
}
skops_status make_bytes(skops_context* context, skops_bytes bytes, skops_value* value) {
  return guarded(context, [&](LoadedGraph& load) {
    given(bytes.data, bytes.size);
    given(value) = load.values().make_text(SKOPS_VALUE_BYTES,
                                           {reinterpret_cast<const char*>(bytes.data), bytes.size});
  });
}
skops_status make_json(skops_context* context, skops_string text, skops_value* value) {
  return guarded(context,
                 [&](LoadedGraph& load) { given(value) = load.values().make_json(view(text)); });
}
skops_status make_sequence(skops_context* context, std::uint32_t kind, const skops_node* items,
                           std::uint64_t size, skops_value* value) {
  return guarded(context, [&](LoadedGraph& load) {
    given(items, size);
    for (std::uint64_t k = 0; k < size; ++k) checked(load, items[k]);
    given(value) = load.values().make_sequence(kind, items, size);
  });
}
skops_status make_mapping(skops_context* context, const skops_value* keys, const skops_node* items,
                          std::uint64_t size, skops_value* value) {
  return guarded(context, [&](LoadedGraph& load) {
    given(items, size);
    given(keys, size);
    for (std::uint64_t k = 0; k < size; ++k) checked(load, items[k]);
    given(value) = load.values().make_mapping(keys, items, size);
  });
}
skops_status make_array(skops_context* context, const skops_array* array, skops_value* value) {
  return guarded(context,
                 [&](LoadedGraph& load) { given(value) = load.values().make_array(given(array)); });
}
skops_status make_sparse(skops_context* context, const skops_csr* csr, skops_value* value) {
  return guarded(context,
                 [&](LoadedGraph& load) { given(value) = load.values().make_sparse(given(csr)); });
}
skops_status make_name(skops_context* context, skops_node node, skops_value* value) {
  return guarded(context,
                 [&](LoadedGraph& load) { given(value) = load.make_name(checked(load, node)); });
}
skops_status make_object(skops_context* context, const skops_object_type* type, void* state,
                         skops_value* value) {
  bool taken = false;
  const skops_status status = guarded(context, [&](LoadedGraph& load) {
    if (given(type).size < abi_1_0::object_type_size) {
      throw Error(Family::plugin, "plugin.size", "the table of an object's type is too short");
    }
    if (type->method_count != nullptr) {
      given(type->method_name);
      given(type->call);
    }
    given(value);
    *value = load.values().make_object(type, state);
    taken = true;
  });
  const bool whole = type != nullptr && SKOPS_HAS(skops_object_type, type, release);
  if (!taken && whole && type->release != nullptr) type->release(state);
  return status;
}

skops_status value_of(skops_context* context, skops_node node, skops_value* value) {
  return guarded(context,
                 [&](LoadedGraph& load) { given(value) = load.value_of(checked(load, node)); });
}
skops_status value_kind(skops_context* context, skops_value value, std::uint32_t* kind) {
  return guarded(context, [&](LoadedGraph& load) { given(kind) = load.values().kind(value); });
}
skops_status value_integer(skops_context* context, skops_value value, std::int64_t* integer) {
  return guarded(context,
                 [&](LoadedGraph& load) { given(integer) = load.values().integer(value); });
}
skops_status value_real(skops_context* context, skops_value value, double* real) {
  return guarded(context, [&](LoadedGraph& load) { given(real) = load.values().real(value); });
}
skops_status value_text(skops_context* context, skops_value value, skops_string* text) {
  return guarded(context, [&](LoadedGraph& load) {
    ValueStore& values = load.values();
    if (values.kind(value) == SKOPS_VALUE_BYTES) {
      throw Error(Family::malformed, "model.malformed", "a text is expected here, not bytes");
    }
    if (values.kind(value) == SKOPS_VALUE_OBJECT) {
      given(text) = values.object(value).type->name;
    } else {
      given(text) = str(values.text(value));
    }
  });
}
skops_status value_bytes(skops_context* context, skops_value value, skops_bytes* bytes) {
  return guarded(context, [&](LoadedGraph& load) {
    const std::string_view text = load.values().text(value);
    given(bytes) = {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
  });
}
skops_status value_size(skops_context* context, skops_value value, std::uint64_t* size) {
  return guarded(context, [&](LoadedGraph& load) { given(size) = load.values().size(value); });
}
skops_status value_item(skops_context* context, skops_value value, std::uint64_t index,
                        skops_value* item) {
  return guarded(context, [&](LoadedGraph& load) {
    given(item) = load.value_of(load.values().item(value, index));
  });
}
skops_status value_key(skops_context* context, skops_value value, std::uint64_t index,
                       skops_value* key) {
  return guarded(context, [&](LoadedGraph& load) { given(key) = load.values().key(value, index); });
}
skops_status value_find(skops_context* context, skops_value value, skops_string key,
                        skops_value* item) {
  return guarded(context, [&](LoadedGraph& load) {
    given(item) = load.value_of(load.values().find(value, view(key)));
  });
}
skops_status value_attribute(skops_context* context, skops_value value, skops_string name,
                             skops_value* attribute) {
  return guarded(context, [&](LoadedGraph& load) {
    const std::uint32_t kind = load.values().kind(value);
    const skops_node node = load.values().node(value);
    const bool has = node != 0 && (kind == SKOPS_VALUE_OBJECT || kind == SKOPS_VALUE_INERT);
    given(attribute) = has ? load.attribute(checked(load, node), view(name)) : 0;
  });
}
skops_status value_array(skops_context* context, skops_value value, const skops_array** array) {
  return guarded(context, [&](LoadedGraph& load) { given(array) = load.values().array(value); });
}
skops_status value_sparse(skops_context* context, skops_value value, const skops_csr** csr) {
  return guarded(context, [&](LoadedGraph& load) { given(csr) = load.values().sparse(value); });
}
skops_status value_object(skops_context* context, skops_value value, skops_object* object) {
  return guarded(context, [&](LoadedGraph& load) { given(object) = load.values().object(value); });
}
skops_status value_node(skops_context* context, skops_value value, skops_node* node) {
  return guarded(context, [&](LoadedGraph& load) { given(node) = load.values().node(value); });
}

skops_status put_off(skops_context* context, skops_value object, void (*work)(void*),
                     skops_status (*finish)(const skops_host*, skops_context*, void*),
                     void* state) {
  return guarded(context, [&](LoadedGraph& load) { load.put_off(object, work, finish, state); });
}
skops_status finish(skops_context* context, skops_value value) {
  return guarded(context, [&](LoadedGraph& load) { load.finish(value); });
}

const void* service(skops_context* context, skops_string id) {
  static constexpr skops_later later = {sizeof(skops_later), &put_off, &finish};
  const std::string_view name(id.data, id.data == nullptr ? 0 : id.size);
  const LoadedGraph& load = LoadedGraph::of(context);
  if (name == "skops.limits/1") return &load.plugin_limits();
  if (name == "skops.later/1" && load.building()) return &later;
  return nullptr;
}

}  // namespace

const skops_host& host_table() {
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

}  // namespace skops
