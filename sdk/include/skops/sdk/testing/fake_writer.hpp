// The way back for unit tests of a plugin: the functions of `skops_writer`, which give the part
// (part.hpp) that the plugin's `save` describes. One thread.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "skops/sdk/testing/fake_host.hpp"
#include "skops/sdk/writer.hpp"

namespace skops::sdk::testing {

class FakeWriter {
 public:
  // `host`: where the objects were loaded.
  FakeWriter(const skops_plugin& plugin, const FakeHost& host) : plugin_(plugin), host_(host) {
    fill();
  }
  FakeWriter(const FakeWriter&) = delete;

  // What the plugin writes of an object; throws Failure with what it reported.
  Part save(const skops_object& object) {
    skops_node out = 0;
    const skops_status status = save_object(context(), &object, &out);
    if (status != SKOPS_OK) {
      if (failure_) throw Failure(*failure_);
      throw Failure(SKOPS_PLUGIN, "plugin.silent", "save failed without saying why");
    }
    return parts_[out - 1];
  }

 private:
  skops_context* context() { return reinterpret_cast<skops_context*>(this); }
  static FakeWriter& self(skops_context* context) {
    return *reinterpret_cast<FakeWriter*>(context);
  }
  static Part* part(skops_context* context, skops_node node) {
    FakeWriter& writer = self(context);
    return node == 0 || node > writer.parts_.size() ? nullptr : &writer.parts_[node - 1];
  }
  static skops_status add(skops_context* context, Part part, skops_node* node) {
    self(context).parts_.push_back(std::move(part));
    *node = self(context).parts_.size();
    return SKOPS_OK;
  }
  static skops_status fail(skops_context* context, skops_status family, skops_string code,
                           skops_string text, skops_string remedy) {
    FakeWriter& writer = self(context);
    if (!writer.failure_) {
      writer.failure_.emplace(family, std::string(view(code)), std::string(view(text)),
                              std::string(view(remedy)));
    }
    return family;
  }
  static skops_status refuse(skops_context* context, const char* code, const char* text) {
    return fail(context, SKOPS_PLUGIN, str(code), str(text), {});
  }
  static skops_status bad_handle(skops_context* context) {
    return refuse(context, "plugin.handle", "a node that the writer did not give");
  }

  static skops_status save_object(skops_context* context, const skops_object* object,
                                  skops_node* node) {
    FakeWriter& writer = self(context);
    const Part* origin = writer.host_.origin(object->state);
    const skops_serializer* serializer =
        origin != nullptr ? writer.host_.serializer_of(*origin) : nullptr;
    if (serializer == nullptr || serializer->save == nullptr) {
      return refuse(context, "plugin.object", "no serializer of the plugin saves this object");
    }
    const skops_status status = serializer->save(&writer.table_, context, object, node);
    if (status != SKOPS_OK) return status;
    return part(context, *node) != nullptr ? SKOPS_OK : bad_handle(context);
  }

  // The field of a node by its dotted name, made where it is not there.
  static skops_status set(skops_context* context, skops_node node, skops_string field, Part value) {
    Part* at = part(context, node);
    if (at == nullptr) return bad_handle(context);
    if (at->find(view(field)) != nullptr)
      return refuse(context, "plugin.field", "a field is set twice");
    as_fields(*at);
    at->put(std::string(view(field)), std::move(value));
    return SKOPS_OK;
  }
  // A node without fields is a name until it gets some.
  static void as_fields(Part& part) {
    if (part.kind == Part::Kind::name) part.kind = Part::Kind::object;
  }
  // The containers of Python as parts of their own kind, so that what is saved can be loaded again.
  static Part* content(Part& part, Part::Kind kind) {
    if (part.kind == kind) return &part;
    as_fields(part);
    if (Part* found = part.find("content")) return found;
    part.put("content", container(kind, {}));
    return part.find("content");
  }
  static Part* attributes(skops_context* context, skops_node node) {
    Part* at = part(context, node);
    return at == nullptr ? nullptr : content(*at, Part::Kind::dict);
  }

  static Part made(std::string_view loader, std::string_view module, std::string_view name) {
    if (module == "builtins") {
      if (loader == "ListNode") return list({});
      if (loader == "TupleNode") return tuple({});
      if (loader == "SetNode") return container(Part::Kind::set, {});
      if (loader == "DictNode") return dict();
    }
    return testing::name(std::string(module), std::string(name), std::string(loader));
  }

  void fill();

  const skops_plugin& plugin_;
  const FakeHost& host_;
  skops_writer table_{};
  std::deque<Part> parts_;
  std::deque<std::string> texts_;
  std::optional<Failure> failure_;
};

inline void FakeWriter::fill() {
  table_.size = sizeof table_;
  table_.fail = &fail;
  table_.object = &save_object;
  table_.node = [](skops_context* c, skops_string loader, skops_string module, skops_string name,
                   skops_node* node) {
    return add(c, made(view(loader), view(module), view(name)), node);
  };
  table_.plain = [](skops_context* c, skops_string json, skops_node* node) {
    try {
      return add(c, JsonText(view(json)).read(), node);
    } catch (const Failure& failure) {
      return fail(c, failure.family, str(failure.code), str(failure.text), {});
    }
  };
  table_.set_json = [](skops_context* c, skops_node node, skops_string field, skops_string json) {
    Part* at = part(c, node);
    // An empty container.
    if (at != nullptr && at->kind >= Part::Kind::list && at->kind <= Part::Kind::dict)
      return SKOPS_OK;
    try {
      return set(c, node, field, JsonText(view(json)).read());
    } catch (const Failure& failure) {
      return fail(c, failure.family, str(failure.code), str(failure.text), {});
    }
  };
  table_.set_node = [](skops_context* c, skops_node node, skops_string field, skops_node child) {
    Part *at = part(c, node), *value = part(c, child);
    if (at == nullptr || value == nullptr) return bad_handle(c);
    if (at->kind == Part::Kind::dict) return SKOPS_OK;  // its keys are texts: nothing to say
    return set(c, node, field, *value);
  };
  table_.append_node = [](skops_context* c, skops_node node, skops_string, skops_node child) {
    Part *at = part(c, node), *value = part(c, child);
    if (at == nullptr || value == nullptr) return bad_handle(c);
    content(*at, at->kind == Part::Kind::name || at->kind == Part::Kind::object ? Part::Kind::list
                                                                                : at->kind)
        ->items.push_back(*value);
    return SKOPS_OK;
  };
  table_.put_node = [](skops_context* c, skops_node node, skops_string, skops_string key,
                       skops_node child) {
    Part *at = attributes(c, node), *value = part(c, child);
    if (at == nullptr || value == nullptr) return bad_handle(c);
    at->put(std::string(view(key)), *value);
    return SKOPS_OK;
  };
  table_.set_member = [](skops_context* c, skops_node node, skops_string field, skops_string,
                         skops_bytes data) {
    return set(c, node, field,
               bytes(std::string(reinterpret_cast<const char*>(data.data), data.size)));
  };
  table_.array = [](skops_context* c, const skops_array* given, std::uint32_t, skops_node* node) {
    const ArrayView from(given);
    auto numbers = std::make_shared<OwnedArray>(
        from.dtype(), std::vector<std::int64_t>(from.shape().begin(), from.shape().end()));
    std::byte* to = numbers->bytes.data();
    from.each([&](const char* item) {
      std::memcpy(to, item, from.itemsize());
      to += from.itemsize();
    });
    numbers->describe();
    Part part = container(Part::Kind::array, {});
    part.numbers = std::move(numbers);
    return add(c, std::move(part), node);
  };
  table_.origin = [](skops_context* c, const skops_object* object, skops_node* node) {
    const Part* origin = self(c).host_.origin(object->state);
    if (origin != nullptr) return add(c, *origin, node);
    *node = 0;
    return SKOPS_OK;
  };
  table_.find_attribute = [](skops_context* c, skops_node node, skops_string name,
                             std::uint32_t* has, skops_string* json) {
    const Part* at = attributes(c, node);
    if (at == nullptr) return bad_handle(c);
    const Part* found = at->find(view(name));
    *has = found != nullptr;
    *json = {};
    if (found != nullptr && found->kind <= Part::Kind::string) {
      *json = str(self(c).texts_.emplace_back(
          found->kind == Part::Kind::none      ? "null"
          : found->kind == Part::Kind::boolean ? found->integer != 0 ? "true" : "false"
          : found->kind == Part::Kind::integer ? std::to_string(found->integer)
          : found->kind == Part::Kind::real    ? Writer::real_text(found->real)
                                               : Writer::quoted(found->text)));
    }
    return SKOPS_OK;
  };
  table_.set_attribute = [](skops_context* c, skops_node node, skops_string name,
                            skops_node child) {
    Part *at = attributes(c, node), *value = part(c, child);
    if (at == nullptr || value == nullptr) return bad_handle(c);
    if (at->find(view(name)) != nullptr)
      return refuse(c, "plugin.field", "an attribute is set twice");
    at->put(std::string(view(name)), *value);
    return SKOPS_OK;
  };
}

}  // namespace skops::sdk::testing
