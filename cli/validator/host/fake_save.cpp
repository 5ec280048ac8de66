#include "validator/host/fake_save.hpp"

#include <atomic>

#include "validator/host/content.hpp"
#include "validator/host/host_functions.hpp"
#include "validator/host/host_table.hpp"

namespace skops_validator {
namespace {

std::atomic<std::uint64_t> saves{1};

}  // namespace

struct WriterFunctions {
  static FakeSave& of(skops_context* context) { return *reinterpret_cast<FakeSave*>(context); }

  template <class F>
  static skops_status run(skops_context* context, const char* name, F&& body) {
    FakeSave& save = of(context);
    try {
      if (++save.calls_ == save.knobs_.fail_at) {
        save.injected_ = name;
        throw Refusal{SKOPS_LIMIT, "limit.injected", "a limit that this check made up"};
      }
      body(save);
      return SKOPS_OK;
    } catch (const Refusal& refusal) {
      save.reported_ = true;
      save.family_ = refusal.family;
      save.error_ = refusal.code + ": " + refusal.text;
      if (refusal.code.starts_with("plugin.")) {
        save.violation(std::string(name) + ": " + refusal.text);
      }
      return refusal.family;
    }
  }

  static FakeSave::Node& node_of(FakeSave& save, skops_node handle) {
    const std::uint64_t index = (handle & 0xffffff) - 1;
    if (handle >> 24 != save.salt_ || index >= save.nodes_.size()) {
      throw Refusal{SKOPS_PLUGIN, "plugin.handle", "a node's handle was not given by this save"};
    }
    return save.nodes_[index];
  }
  static skops_node add(FakeSave& save, std::string_view loader, std::string_view what) {
    save.nodes_.push_back({std::string(loader), {}, {}});
    save.written_ += "node " + std::string(loader) + ' ' + std::string(what) + '\n';
    return save.salt_ << 24 | save.nodes_.size();
  }
  static void note(FakeSave& save, const char* what, skops_string a, skops_string b = {}) {
    for (const skops_string text : {a, b}) {
      if (!is_utf8(view(text))) throw Refusal{SKOPS_PLUGIN, "plugin.text", "a text is not UTF-8"};
    }
    save.written_ +=
        std::string(what) + ' ' + std::string(view(a)) + ' ' + std::string(view(b)) + '\n';
  }
  static void field(FakeSave& save, skops_node node, skops_string name, skops_node child) {
    node_of(save, node).fields[std::string(view(name))] = child;
  }

  static skops_status fail(skops_context* context, skops_status family, skops_string code,
                           skops_string text, skops_string remedy) {
    FakeSave& save = of(context);
    const std::string wrong = wrong_with_error(code, text, remedy);
    if (!wrong.empty()) save.violation(wrong);
    if (family < SKOPS_USAGE || family > SKOPS_INPUT) family = SKOPS_PLUGIN;
    save.reported_ = true;
    save.family_ = family;
    save.error_ = std::string(view(code)) + ": " + std::string(view(text));
    return family;
  }
  static skops_status node(skops_context* context, skops_string loader, skops_string module,
                           skops_string name, skops_node* out) {
    return run(context, "node", [&](FakeSave& save) {
      note(save, "names", module, name);
      given(out) = add(save, view(loader), "");
    });
  }
  static skops_status plain(skops_context* context, skops_string json, skops_node* out) {
    return run(context, "plain", [&](FakeSave& save) {
      note(save, "plain", json);
      given(out) = add(save, "JsonNode", "");
    });
  }
  static skops_status object(skops_context* context, const skops_object* object, skops_node* out) {
    return run(context, "object", [&](FakeSave& save) {
      if (given(object).type == nullptr) {
        throw Refusal{SKOPS_PLUGIN, "plugin.null", "an object has no type"};
      }
      given(out) = add(save, "object", view(object->type->name));
    });
  }
  static skops_status set_json(skops_context* context, skops_node node, skops_string name,
                               skops_string json) {
    return run(context, "set_json", [&](FakeSave& save) {
      field(save, node, name, 0);
      note(save, "set_json", name, json);
    });
  }
  static skops_status set_node(skops_context* context, skops_node node, skops_string name,
                               skops_node child) {
    return run(context, "set_node", [&](FakeSave& save) {
      node_of(save, child);
      field(save, node, name, child);
      note(save, "set_node", name);
    });
  }
  static skops_status append_node(skops_context* context, skops_node node, skops_string name,
                                  skops_node child) {
    return run(context, "append_node", [&](FakeSave& save) {
      node_of(save, child);
      field(save, node, name, 0);
      note(save, "append_node", name);
    });
  }
  static skops_status put_node(skops_context* context, skops_node node, skops_string name,
                               skops_string key, skops_node child) {
    return run(context, "put_node", [&](FakeSave& save) {
      node_of(save, child);
      node_of(save, node).items[std::string(view(key))] = child;
      note(save, "put_node", name, key);
    });
  }
  static skops_status set_member(skops_context* context, skops_node node, skops_string name,
                                 skops_string suffix, skops_bytes bytes) {
    return run(context, "set_member", [&](FakeSave& save) {
      if (bytes.size != 0) given(bytes.data);
      field(save, node, name, 0);
      note(save, "set_member", name, suffix);
      save.written_.append(reinterpret_cast<const char*>(bytes.data), bytes.size);
    });
  }
  static skops_status array(skops_context* context, const skops_array* array, std::uint32_t scalar,
                            skops_node* out) {
    return run(context, "array", [&](FakeSave& save) {
      if (given(array).size < sizeof(skops_array) || array->dtype == nullptr) {
        throw Refusal{SKOPS_PLUGIN, "plugin.size", "an incomplete array"};
      }
      std::string text(1, static_cast<char>(array->dtype->kind));
      text += std::to_string(array->dtype->itemsize) + (scalar != 0 ? " scalar" : "");
      std::uint64_t count = 1;
      for (std::uint64_t k = 0; k < array->ndim; ++k) {
        text += ' ' + std::to_string(array->shape[k]);
        count *= static_cast<std::uint64_t>(std::max<std::int64_t>(array->shape[k], 0));
      }
      // Every element, as far as there are not too many: what lies outside of memory is seen.
      std::vector<std::int64_t> index(array->ndim, 0);
      for (std::uint64_t n = 0; n < std::min<std::uint64_t>(count, 100'000); ++n) {
        const auto* at = static_cast<const char*>(array->data);
        for (std::uint64_t k = 0; k < array->ndim; ++k) at += index[k] * array->strides[k];
        if (array->dtype->kind != 'O') text.append(at, array->dtype->itemsize);
        for (std::uint64_t k = array->ndim; k-- > 0;) {
          if (++index[k] < array->shape[k]) break;
          index[k] = 0;
        }
      }
      given(out) = add(save, "array", text);
    });
  }
  static skops_status origin(skops_context* context, const skops_object* object, skops_node* out) {
    return run(context, "origin", [&](FakeSave& save) {
      if (given(object).state != save.object_.state) {
        throw Refusal{SKOPS_PLUGIN, "plugin.object", "the origin of another object is asked for"};
      }
      given(out) = save.knobs_.origin ? add(save, "origin", "") : 0;
      save.used_origin_ = save.knobs_.origin;
    });
  }
  static skops_status find_attribute(skops_context* context, skops_node node, skops_string name,
                                     std::uint32_t* has, skops_string* json) {
    return run(context, "find_attribute", [&](FakeSave& save) {
      const FakeSave::Node& target = node_of(save, node);
      given(has) = 0;
      given(json) = {nullptr, 0};
      const std::string key(view(name));
      if (target.items.contains(key)) *has = 1;
      if (target.loader != "origin") return;
      const auto at = save.graph_.find("/content." + escaped(key));
      if (at == save.graph_.end() || at->second.kind == Kind::missing) return;
      *has = 1;
      const Choice& choice = at->second;
      std::string text;
      if (choice.kind == Kind::integer) text = std::to_string(integer_content(choice.variant));
      if (choice.kind == Kind::boolean) text = choice.variant != 0 ? "true" : "false";
      if (choice.kind == Kind::none) text = "null";
      *json = {save.memory_.text(text), text.size()};
    });
  }
  static skops_status set_attribute(skops_context* context, skops_node node, skops_string name,
                                    skops_node value) {
    return run(context, "set_attribute", [&](FakeSave& save) {
      node_of(save, value);
      node_of(save, node).items[std::string(view(name))] = value;
      note(save, "set_attribute", name);
    });
  }
};

FakeSave::FakeSave(const skops_serializer& serializer, const skops_object& object,
                   const Graph& graph, const SaveKnobs& knobs)
    : serializer_(serializer),
      object_(object),
      graph_(graph),
      knobs_(knobs),
      salt_((saves++ * 0x9e3779b97f4a7c15) >> 26 | 1) {}

FakeSave::~FakeSave() = default;

void FakeSave::violation(std::string text) {
  if (violations_.size() < 20) violations_.push_back(std::move(text));
}

bool FakeSave::run() {
  using W = WriterFunctions;
  const auto* writer = memory_.copy(
      skops_writer{sizeof(skops_writer), &W::fail, &W::node, &W::plain, &W::object, &W::set_json,
                   &W::set_node, &W::append_node, &W::put_node, &W::set_member, &W::array,
                   &W::origin, &W::find_attribute, &W::set_attribute});
  skops_node node = 0;
  skops_status status = SKOPS_PLUGIN;
  try {
    status = serializer_.save(writer, reinterpret_cast<skops_context*>(this), &object_, &node);
    if (status == SKOPS_OK) {
      if (!injected_.empty()) violation("save succeeds although " + injected_ + " has failed");
      W::node_of(*this, node);
      root_ = node;
      collect(node, "", 0);
    } else if (!reported_) {
      violation("save fails with status " + std::to_string(status) + " without saying why");
    } else if (status != family_) {
      violation("save returns " + std::to_string(status) + ", but the host was told " +
                std::to_string(family_));
    }
  } catch (const Refusal&) {
    violation("save gives a node that this save did not make");
  } catch (...) {
    violation("an exception leaves save");
  }
  return status == SKOPS_OK && violations_.empty();
}

void FakeSave::collect(std::uint64_t handle, const std::string& place, int depth) {
  if (depth > 40) return;
  const Node node = WriterFunctions::node_of(*this, handle);
  for (const auto& [name, child] : node.fields) {
    const std::string below = place + '/' + escaped(name);
    places_.insert(below);
    if (child != 0) collect(child, below, depth + 1);
  }
  // Attributes of an object's node are items of the mapping that is its content.
  const std::string items = node.loader == "DictNode" ? place : place + "/content";
  for (const auto& [name, child] : node.items) {
    places_.insert(items + '.' + escaped(name));
    collect(child, items + '.' + escaped(name), depth + 1);
  }
}

bool FakeSave::has(const std::string& place) const {
  return places_.contains(place);
}

}  // namespace skops_validator
