// A host for unit tests of a plugin: the functions of `skops_host` over parts that a test has
// written down (part.hpp). It checks what a host checks of a plugin and nothing of a file: no
// audit, no limits, every name is approved. One thread.
#pragma once

#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "skops/sdk/testing/json.hpp"

namespace skops::sdk::testing {

class FakeHost {
 public:
  // `part` must outlive this host. `protocol`: of the file.
  FakeHost(const skops_plugin& plugin, std::uint32_t protocol)
      : plugin_(plugin), protocol_(protocol) {
    fill();
  }
  FakeHost(const FakeHost&) = delete;
  ~FakeHost() {
    for (const Value& value : values_) {
      if (value.kind == SKOPS_VALUE_OBJECT && value.object.type->release != nullptr) {
        value.object.type->release(const_cast<void*>(value.object.state));
      }
    }
  }

  // The object that the plugin makes of the part; throws Failure with what the plugin reported.
  skops_object load(const Part& part) {
    skops_value out = 0;
    const skops_status status = value_of(context(), node_of(&part), &out);
    if (status != SKOPS_OK) raise(status);
    const Value& value = values_[out - 1];
    if (value.kind != SKOPS_VALUE_OBJECT) {
      throw Failure(SKOPS_UNSUPPORTED, "model.unsupported",
                    "no serializer of the plugin claims this object");
    }
    return value.object;
  }
  // The part that an object was loaded from; null where it comes from none.
  const Part* origin(const void* state) const {
    for (const Value& value : values_) {
      if (value.kind == SKOPS_VALUE_OBJECT && value.object.state == state) return value.part;
    }
    return nullptr;
  }
  const skops_serializer* serializer_of(const Part& part) const {
    const skops_serializer* whole = nullptr;
    for (std::uint64_t k = 0; k < plugin_.n_serializers; ++k) {
      const skops_serializer* s = plugin_.serializers[k];
      if (view(s->loader) != part.loader || protocol_ < s->protocol_from ||
          protocol_ > s->protocol_to) {
        continue;
      }
      if (view(s->module) == part.module && view(s->name) == part.cls) return s;
      if (s->name.size == 0) whole = s;
    }
    return whole;
  }

 private:
  struct Value {
    std::uint32_t kind = 0;
    const Part* part = nullptr;  // the node, or what a key or plain JSON was made of
    std::int64_t integer = 0;
    double real = 0;
    std::string text;
    std::vector<skops_value> keys, values;  // of plain values
    std::vector<skops_node> nodes;          // of containers whose items are nodes
    const skops_array* array = nullptr;
    const skops_csr* sparse = nullptr;
    skops_object object{};
  };

  skops_context* context() { return reinterpret_cast<skops_context*>(this); }
  static FakeHost& self(skops_context* context) { return *reinterpret_cast<FakeHost*>(context); }

  [[noreturn]] void raise(skops_status status) {
    if (failure_) throw Failure(*failure_);
    throw Failure(SKOPS_PLUGIN, "plugin.silent",
                  "the plugin failed with " + std::to_string(status) + " without saying why");
  }
  static skops_status fail(skops_context* context, skops_status family, skops_string code,
                           skops_string text, skops_string remedy) {
    FakeHost& host = self(context);
    if (!host.failure_) {
      host.failure_.emplace(family, std::string(view(code)), std::string(view(text)),
                            std::string(view(remedy)));
    }
    return family;
  }
  static skops_status refuse(skops_context* context, skops_status family, const char* code,
                             const std::string& text) {
    return fail(context, family, str(code), str(text), {});
  }

  // -- Handles. 0 is none.
  skops_node node_of(const Part* part) {
    const auto [at, added] = node_numbers_.emplace(part, nodes_.size() + 1);
    if (added) nodes_.push_back(part);
    return at->second;
  }
  static const Part* node(skops_context* context, skops_node node) {
    FakeHost& host = self(context);
    return node == 0 || node > host.nodes_.size() ? nullptr : host.nodes_[node - 1];
  }
  static const Part* json(skops_context* context, skops_json json) {
    FakeHost& host = self(context);
    return json == 0 || json > host.jsons_.size() ? nullptr : host.jsons_[json - 1];
  }
  static Value* value(skops_context* context, skops_value value) {
    FakeHost& host = self(context);
    return value == 0 || value > host.values_.size() ? nullptr : &host.values_[value - 1];
  }
  skops_json json_of(const Part* part) {
    jsons_.push_back(part);
    return jsons_.size();
  }
  skops_value add(Value value) {
    values_.push_back(std::move(value));
    return values_.size();
  }
  static skops_status handle(skops_context* context, bool good) {
    return good ? SKOPS_OK
                : refuse(context, SKOPS_PLUGIN, "plugin.handle",
                         "a handle that the host did not give, or a value of another kind");
  }

  // -- Values of parts.
  skops_value plain(const Part& part) {
    Value out;
    out.part = &part;
    out.integer = part.integer;
    out.real = part.real;
    out.text = part.text;
    switch (part.kind) {
      case Part::Kind::none: out.kind = SKOPS_VALUE_NONE; break;
      case Part::Kind::boolean: out.kind = SKOPS_VALUE_BOOL; break;
      case Part::Kind::integer: out.kind = SKOPS_VALUE_INTEGER; break;
      case Part::Kind::real: out.kind = SKOPS_VALUE_REAL; break;
      case Part::Kind::string: out.kind = SKOPS_VALUE_STRING; break;
      case Part::Kind::bytes: out.kind = SKOPS_VALUE_BYTES; break;
      case Part::Kind::list: out.kind = SKOPS_VALUE_LIST; break;
      case Part::Kind::tuple: out.kind = SKOPS_VALUE_TUPLE; break;
      case Part::Kind::set: out.kind = SKOPS_VALUE_SET; break;
      case Part::Kind::dict: out.kind = SKOPS_VALUE_MAPPING; break;
      case Part::Kind::array:
        out.kind = SKOPS_VALUE_ARRAY;
        out.array = &part.numbers->raw;
        break;
      case Part::Kind::name:
        out.kind = SKOPS_VALUE_NAME;
        out.text = part.module + '.' + part.cls;
        break;
      case Part::Kind::object:
        out.kind = SKOPS_VALUE_INERT;
        out.text = part.module + '.' + part.cls;
        return add(std::move(out));
    }
    for (const Part& item : part.items) out.nodes.push_back(node_of(&item));
    for (const std::string& key : part.keys) {
      Value text;
      text.kind = SKOPS_VALUE_STRING;
      text.text = key;
      out.keys.push_back(add(std::move(text)));
    }
    return add(std::move(out));
  }

  static skops_status value_of(skops_context* context, skops_node number, skops_value* out) {
    FakeHost& host = self(context);
    const Part* part = node(context, number);
    if (part == nullptr) return handle(context, false);
    if (const auto at = host.loaded_.find(part); at != host.loaded_.end()) {
      if (at->second == 0) {
        return refuse(context, SKOPS_MALFORMED, "graph.cycle", "an object contains itself");
      }
      *out = at->second;
      return SKOPS_OK;
    }
    const skops_serializer* serializer =
        part->kind == Part::Kind::object ? host.serializer_of(*part) : nullptr;
    if (serializer == nullptr) {
      *out = host.loaded_[part] = host.plain(*part);
      return SKOPS_OK;
    }
    host.loaded_[part] = 0;
    const Part* outer = std::exchange(host.loading_, part);
    skops_value made = 0;
    const skops_status status = serializer->load(&host.table_, context, number, &made);
    host.loading_ = outer;
    if (status != SKOPS_OK) {
      host.loaded_.erase(part);
      if (!host.failure_) {
        return refuse(context, SKOPS_PLUGIN, "plugin.silent", "load failed without saying why");
      }
      return status;
    }
    if (made == 0 || made > host.values_.size()) {
      return refuse(context, SKOPS_PLUGIN, "plugin.no-value", "load made no value");
    }
    *out = host.loaded_[part] = made;
    return SKOPS_OK;
  }

  // Sets `*out` to a new value of the node that is being loaded.
  template <class Fill>
  static skops_status make(skops_context* context, std::uint32_t kind, skops_value* out,
                           Fill&& fill) {
    Value made;
    made.kind = kind;
    made.part = self(context).loading_;
    fill(made);
    *out = self(context).add(std::move(made));
    return SKOPS_OK;
  }

  // A value's `field`, where it is of one of the kinds.
  template <class T, class Get>
  static skops_status get(skops_context* context, skops_value handle_, T* out,
                          std::initializer_list<std::uint32_t> kinds, Get&& of) {
    const Value* found = value(context, handle_);
    bool good = false;
    for (const std::uint32_t kind : kinds) good |= found != nullptr && found->kind == kind;
    if (good) *out = of(*found);
    return handle(context, good);
  }
  template <class T, class Get>
  static skops_status get_json(skops_context* context, skops_json json_, T* out,
                               std::initializer_list<Part::Kind> kinds, Get&& of) {
    const Part* found = json(context, json_);
    bool good = false;
    for (const Part::Kind kind : kinds) good |= found != nullptr && found->kind == kind;
    if (!good) return refuse(context, SKOPS_MALFORMED, "model.malformed", "JSON of another kind");
    *out = of(*found);
    return SKOPS_OK;
  }

  void* take(std::uint64_t size) {
    void* memory = std::aligned_alloc(64, (size + 64) / 64 * 64);
    if (memory != nullptr) memory_.emplace_back(memory);
    return memory;
  }
  skops_string keep(std::string text) { return str(texts_.emplace_back(std::move(text))); }

  void fill();
  void fill_nodes();
  void fill_makers();
  void fill_readers();

  struct Free {
    void operator()(void* p) const { std::free(p); }
  };

  const skops_plugin& plugin_;
  std::uint32_t protocol_;
  skops_host table_{};
  std::deque<const Part*> nodes_, jsons_;
  std::map<const Part*, skops_node> node_numbers_;
  std::map<const Part*, skops_value> loaded_;
  std::deque<Value> values_;
  std::deque<std::string> texts_;
  std::deque<Part> parsed_;  // of make_json
  std::vector<std::unique_ptr<void, Free>> memory_;
  const Part* loading_ = nullptr;
  std::optional<Failure> failure_;
};

}  // namespace skops::sdk::testing

#include "skops/sdk/testing/fake_host_table.hpp"
