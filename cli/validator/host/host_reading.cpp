// Nodes, JSON and values as the plugin reads them.
#include <algorithm>
#include <cstring>

#include "validator/host/content.hpp"
#include "validator/host/host_functions.hpp"
#include "validator/host/host_table.hpp"

namespace skops_validator {
namespace {

using Fn = HostFunctions;

[[noreturn]] void malformed(std::string text, const char* code = "graph.field") {
  throw Refusal{SKOPS_MALFORMED, code, std::move(text)};
}

// "content.main" is the member "main" of the field "content".
std::string field_place(const std::string& place, std::string_view field) {
  const std::size_t dot = field.find('.');
  std::string out = place + '/' + escaped(field.substr(0, dot));
  if (dot != field.npos) out += '.' + escaped(field.substr(dot + 1));
  return out;
}

}  // namespace

std::string escaped(std::string_view key) {
  std::string out(key);
  for (char& c : out) {
    if (std::string_view("./[@").find(c) != std::string_view::npos) c = '_';
  }
  return out;
}

std::size_t Fn::node(FakeLoad& load, skops_node handle) {
  return load.index_of(handle, {FakeLoad::tag_node}, "a node");
}
std::size_t Fn::json(FakeLoad& load, skops_json handle) {
  return load.index_of(handle, {FakeLoad::tag_json}, "a JSON value");
}
skops_node Fn::node_handle(FakeLoad& load, std::size_t slot) {
  return load.handle(FakeLoad::tag_node, slot);
}
skops_value Fn::value_handle(FakeLoad& load, std::size_t slot) {
  return load.handle(FakeLoad::tag_value, slot);
}

skops_string FakeLoad::text_of(Slot& slot) {
  if (!slot.text) {
    std::string text;
    const Named name = name_content(slot.choice.variant);
    switch (slot.choice.kind) {
      case Kind::text:
        text = slot.literal ? *slot.literal : std::string(text_content(slot.choice.variant));
        break;
      case Kind::big_integer: text = "123456789012345678901234567890"; break;
      case Kind::name:
      case Kind::inert: text = std::string(name.module) + '.' + std::string(name.name); break;
      case Kind::object: text = "acme.Thing"; break;
      case Kind::bytes: text = member_contents()[slot.choice.variant]; break;
      default: malformed("a text is expected", "model.malformed");
    }
    slot.text = skops_string{memory_.text(text), text.size()};
  }
  return *slot.text;
}

namespace host {

skops_status node_names(skops_context* context, skops_node node, skops_string* loader,
                        skops_string* module, skops_string* name) {
  return Fn::run(context, "node_names", [&](FakeLoad& load) {
    const std::size_t index = Fn::node(load, node);
    given(loader), given(module), given(name);
    if (index == 0) {
      const auto& s = HostAccess::serializer(load);
      *loader = s.loader;
      *module = view(s.name).empty() ? str("numpy") : s.module;
      *name = view(s.name).empty() ? str("ndarray") : s.name;
      return;
    }
    const Choice choice = HostAccess::choice(load, index);
    struct Names {
      std::string_view loader, module, name;
    };
    const Named named = name_content(choice.variant);
    const Names names = choice.kind == Kind::mapping ? Names{"DictNode", "builtins", "dict"}
                        : choice.kind == Kind::list  ? Names{"ListNode", "builtins", "list"}
                        : choice.kind == Kind::tuple ? Names{"TupleNode", "builtins", "tuple"}
                        : choice.kind == Kind::set   ? Names{"SetNode", "builtins", "set"}
                        : choice.kind == Kind::array ? Names{"NdArrayNode", "numpy", "ndarray"}
                        : choice.kind == Kind::name  ? Names{"TypeNode", named.module, named.name}
                        : choice.kind == Kind::inert ? Names{"ObjectNode", named.module, named.name}
                        : choice.kind == Kind::object ? Names{"ObjectNode", "acme", "Thing"}
                                                      : Names{"JsonNode", "builtins", "str"};
    *loader = str(names.loader);
    *module = str(names.module);
    *name = str(names.name);
  });
}

skops_status node_protocol(skops_context* context, skops_node node, std::uint32_t* protocol) {
  return Fn::run(context, "node_protocol", [&](FakeLoad& load) {
    Fn::node(load, node);
    given(protocol) = HostAccess::protocol(load);
  });
}

skops_status node_field(skops_context* context, skops_node node, skops_string field,
                        skops_json* json) {
  return Fn::run(context, "node_field", [&](FakeLoad& load) {
    const std::size_t index = Fn::node(load, node);
    const std::size_t child =
        HostAccess::slot_at(load, field_place(HostAccess::place(load, index), view(field)));
    const bool missing = HostAccess::choice(load, child).kind == Kind::missing;
    given(json) = missing ? 0 : HostAccess::json_handle(load, child);
  });
}

skops_status json_kind(skops_context* context, skops_json json, std::uint32_t* kind) {
  return Fn::run(context, "json_kind", [&](FakeLoad& load) {
    static constexpr char letters[] = "nnbiIrs?a??o";
    const Choice choice = HostAccess::choice(load, Fn::json(load, json));
    const auto k = static_cast<std::size_t>(choice.kind);
    const char letter = choice.node || k >= sizeof letters - 1 ? 'o' : letters[k];
    given(kind) = static_cast<std::uint32_t>(letter == '?' ? 'o' : letter);
  });
}

namespace {

std::size_t plain(FakeLoad& load, skops_json json, Kind kind, const char* what) {
  const std::size_t index = Fn::json(load, json);
  const Choice choice = HostAccess::choice(load, index);
  if (choice.node || choice.kind != kind) {
    HostAccess::want(load, index, kind, false);
    malformed(std::string(what) + " is expected in the schema");
  }
  return index;
}

}  // namespace

skops_status json_integer(skops_context* context, skops_json json, std::int64_t* integer) {
  return Fn::run(context, "json_integer", [&](FakeLoad& load) {
    const std::size_t index = plain(load, json, Kind::integer, "an integer");
    given(integer) = integer_content(HostAccess::choice(load, index).variant);
  });
}

skops_status json_real(skops_context* context, skops_json json, double* real) {
  return Fn::run(context, "json_real", [&](FakeLoad& load) {
    const std::size_t index = plain(load, json, Kind::real, "a number");
    given(real) = real_content(HostAccess::choice(load, index).variant);
  });
}

skops_status json_text(skops_context* context, skops_json json, skops_string* text) {
  return Fn::run(context, "json_text", [&](FakeLoad& load) {
    given(text) = HostAccess::text(load, plain(load, json, Kind::text, "a string"));
  });
}

skops_status json_size(skops_context* context, skops_json json, std::uint64_t* size) {
  return Fn::run(context, "json_size", [&](FakeLoad& load) {
    const std::size_t index = Fn::json(load, json);
    const Choice choice = HostAccess::choice(load, index);
    if (!choice.node && choice.kind != Kind::list && choice.kind != Kind::mapping) {
      HostAccess::want(load, index, Kind::mapping, false);
      malformed("an array or object is expected in the schema");
    }
    given(size) = HostAccess::size(load, index);
  });
}

skops_status json_items(skops_context* context, skops_json json, skops_string* keys,
                        skops_json* values, std::uint64_t size) {
  return Fn::run(context, "json_items", [&](FakeLoad& load) {
    const std::size_t index = Fn::json(load, json);
    const Choice choice = HostAccess::choice(load, index);
    const bool container = choice.node || choice.kind == Kind::list || choice.kind == Kind::mapping;
    if (!container || HostAccess::size(load, index) != size) {
      throw Refusal{SKOPS_PLUGIN, "plugin.handle", "json_items is asked for another size"};
    }
    if (size != 0) given(values);
    const auto children = HostAccess::children(load, index);
    for (std::size_t k = 0; k < children.size(); ++k) {
      if (keys != nullptr) keys[k] = children[k].key;
      values[k] = HostAccess::json_handle(load, children[k].slot);
    }
  });
}

skops_status json_node(skops_context* context, skops_json json, skops_node* node) {
  return Fn::run(context, "json_node", [&](FakeLoad& load) {
    const std::size_t index = Fn::json(load, json);
    const Choice choice = HostAccess::choice(load, index);
    if (!choice.node) HostAccess::want(load, index, choice.kind, true);
    given(node) = choice.node ? Fn::node_handle(load, index) : 0;
  });
}

namespace {

skops_bytes member_bytes(FakeLoad& load, const std::string& place, bool optional) {
  const std::size_t slot = HostAccess::slot_at(load, place);
  if (HostAccess::choice(load, slot).kind == Kind::missing && optional) return {nullptr, 0};
  if (HostAccess::choice(load, slot).kind != Kind::bytes) {
    HostAccess::want(load, slot, Kind::bytes, true);
    malformed("the archive has no such member", "archive.no-member");
  }
  const skops_string text = HostAccess::text(load, slot);
  return {reinterpret_cast<const unsigned char*>(text.data), text.size};
}

}  // namespace

skops_status member(skops_context* context, skops_string name, skops_bytes* bytes) {
  return Fn::run(context, "member", [&](FakeLoad& load) {
    given(bytes) = member_bytes(load, '@' + escaped(view(name)), false);
  });
}

skops_status inner_member(skops_context* context, skops_string name, skops_string inner,
                          skops_bytes* bytes) {
  return Fn::run(context, "inner_member", [&](FakeLoad& load) {
    const std::string place = '@' + escaped(view(name));
    member_bytes(load, place, false);
    given(bytes) = member_bytes(load, place + '@' + escaped(view(inner)), true);
  });
}

skops_status allocate(skops_context* context, std::uint64_t size, void** memory) {
  return Fn::run(context, "allocate", [&](FakeLoad& load) {
    HostAccess::charge(load, size);
    given(memory) = load.memory().take(size, 64);
    if (*memory == nullptr) throw Refusal{SKOPS_LIMIT, "limit.memory", "out of memory"};
  });
}

skops_status charge(skops_context* context, std::uint64_t size) {
  return Fn::run(context, "charge", [&](FakeLoad& load) { HostAccess::charge(load, size); });
}

}  // namespace host
}  // namespace skops_validator
