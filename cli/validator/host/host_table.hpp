// What the functions of the table need of a load, and their declarations.
#pragma once

#include <string>
#include <vector>

#include "validator/host/host_functions.hpp"

namespace skops_validator {

struct HostAccess {
  struct Child {
    skops_string key;
    std::size_t slot;
  };
  static const skops_serializer& serializer(const FakeLoad& load) { return load.serializer_; }
  static std::uint32_t protocol(const FakeLoad& load) { return load.knobs_.protocol; }
  static const Knobs& knobs(const FakeLoad& load) { return load.knobs_; }
  static std::size_t slot_at(FakeLoad& load, const std::string& place, Choice otherwise = {}) {
    return load.slot_at(place, otherwise);
  }
  static Choice choice(const FakeLoad& load, std::size_t slot) { return load.slots_[slot].choice; }
  static const std::string& place(const FakeLoad& load, std::size_t slot) {
    return load.slots_[slot].place;
  }
  static skops_json json_handle(const FakeLoad& load, std::size_t slot) {
    return load.handle(FakeLoad::tag_json, slot);
  }
  static skops_string text(FakeLoad& load, std::size_t slot) {
    return load.text_of(load.slots_[slot]);
  }
  static void want(FakeLoad& load, std::size_t slot, Kind kind, bool node) {
    load.want(slot, kind, node);
  }
  struct Valued {
    std::size_t index = 0;
    const FakeLoad::Made* made = nullptr;  // of this load; null for a place of the file
    std::uint32_t kind = 0;
    Choice choice = {};
  };
  // What is behind a value's handle; a refusal where it is none.
  static Valued value(FakeLoad& load, skops_value handle);
  // Of a list, tuple, set or mapping.
  static std::uint64_t size(FakeLoad& load, std::size_t slot);
  static std::vector<Child> children(FakeLoad& load, std::size_t slot);
  static void charge(FakeLoad& load, std::uint64_t size);
  static const skops_array* array(FakeLoad& load, std::size_t slot);
  static const skops_csr* csr(FakeLoad& load, std::size_t slot);
  // A slot for the text of a key.
  static std::size_t literal(FakeLoad& load, std::string_view text);
  static skops_value make(FakeLoad& load, FakeLoad::Made made, bool whole);
  static void set_object(FakeLoad& load, const skops_object_type* type, void* state);
  static void put_off(FakeLoad& load, const FakeLoad::Later& later);
  static void report(FakeLoad& load, skops_status family, std::string code, std::string text);
  static void violation(FakeLoad& load, std::string text) { load.violation(std::move(text)); }
};

std::string escaped(std::string_view key);

namespace host {

skops_status fail(skops_context*, skops_status, skops_string, skops_string, skops_string);
skops_status node_names(skops_context*, skops_node, skops_string*, skops_string*, skops_string*);
skops_status node_protocol(skops_context*, skops_node, std::uint32_t*);
skops_status node_field(skops_context*, skops_node, skops_string, skops_json*);
skops_status json_kind(skops_context*, skops_json, std::uint32_t*);
skops_status json_integer(skops_context*, skops_json, std::int64_t*);
skops_status json_real(skops_context*, skops_json, double*);
skops_status json_text(skops_context*, skops_json, skops_string*);
skops_status json_size(skops_context*, skops_json, std::uint64_t*);
skops_status json_items(skops_context*, skops_json, skops_string*, skops_json*, std::uint64_t);
skops_status json_node(skops_context*, skops_json, skops_node*);
skops_status member(skops_context*, skops_string, skops_bytes*);
skops_status inner_member(skops_context*, skops_string, skops_string, skops_bytes*);
skops_status allocate(skops_context*, std::uint64_t, void**);
skops_status charge(skops_context*, std::uint64_t);
skops_status make_none(skops_context*, skops_value*);
skops_status make_bool(skops_context*, std::uint32_t, skops_value*);
skops_status make_integer(skops_context*, std::int64_t, skops_value*);
skops_status make_real(skops_context*, double, skops_value*);
skops_status make_string(skops_context*, skops_string, skops_value*);
skops_status make_bytes(skops_context*, skops_bytes, skops_value*);
skops_status make_json(skops_context*, skops_string, skops_value*);
skops_status make_sequence(skops_context*, std::uint32_t, const skops_node*, std::uint64_t,
                           skops_value*);
skops_status make_mapping(skops_context*, const skops_value*, const skops_node*, std::uint64_t,
                          skops_value*);
skops_status make_array(skops_context*, const skops_array*, skops_value*);
skops_status make_sparse(skops_context*, const skops_csr*, skops_value*);
skops_status make_name(skops_context*, skops_node, skops_value*);
skops_status make_object(skops_context*, const skops_object_type*, void*, skops_value*);
skops_status value_of(skops_context*, skops_node, skops_value*);
skops_status value_kind(skops_context*, skops_value, std::uint32_t*);
skops_status value_integer(skops_context*, skops_value, std::int64_t*);
skops_status value_real(skops_context*, skops_value, double*);
skops_status value_text(skops_context*, skops_value, skops_string*);
skops_status value_bytes(skops_context*, skops_value, skops_bytes*);
skops_status value_size(skops_context*, skops_value, std::uint64_t*);
skops_status value_item(skops_context*, skops_value, std::uint64_t, skops_value*);
skops_status value_key(skops_context*, skops_value, std::uint64_t, skops_value*);
skops_status value_find(skops_context*, skops_value, skops_string, skops_value*);
skops_status value_attribute(skops_context*, skops_value, skops_string, skops_value*);
skops_status value_array(skops_context*, skops_value, const skops_array**);
skops_status value_sparse(skops_context*, skops_value, const skops_csr**);
skops_status value_object(skops_context*, skops_value, skops_object*);
skops_status value_node(skops_context*, skops_value, skops_node*);
const void* service(skops_context*, skops_string);

}  // namespace host
}  // namespace skops_validator
