// From C++ to the tables of the boundary: serializers of estimators and of plain values, with the
// exception barrier that every call needs. Estimators are saved too: as their file had them, with
// what Estimator::save adds.
//
//   constexpr auto rows = std::array{
//     estimator<MaxAbsScaler>("sklearn.preprocessing._data", "MaxAbsScaler"),
//     value_loader<&load_ndarray>("NdArrayNode"),
//   };
#pragma once

#include <cstdint>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "skops/sdk/estimator.hpp"

namespace skops::sdk {

// Runs `body` and reports whatever it throws through `fail(family, code, text, remedy)`.
template <class Fail, class Body>
skops_status guarded(Fail&& fail, Body&& body) noexcept {
  try {
    body();
    return SKOPS_OK;
  } catch (const Reported& reported) {
    return reported.status;
  } catch (const Failure& f) {
    return fail(f.family, str(f.code), str(f.text), str(f.remedy));
  } catch (const std::bad_alloc&) {
    return fail(SKOPS_LIMIT, str("limit.memory"), str("out of memory"), skops_string{});
  } catch (const std::length_error&) {
    // A container of more elements than any memory holds.
    return fail(SKOPS_LIMIT, str("limit.memory"), str("out of memory"), skops_string{});
  } catch (const std::exception& e) {
    return fail(SKOPS_PLUGIN, str("plugin.exception"), str(e.what()), skops_string{});
  } catch (...) {
    return fail(SKOPS_PLUGIN, str("plugin.exception"), str("an unknown exception"), skops_string{});
  }
}

// An estimator with its methods resolved once.
struct Held {
  std::unique_ptr<const Estimator> estimator;
  std::vector<Method> methods;
};

inline std::uint64_t held_method_count(const void* state) {
  return static_cast<const Held*>(state)->methods.size();
}
inline skops_string held_method_name(const void* state, std::uint64_t k) {
  const auto& methods = static_cast<const Held*>(state)->methods;
  return k < methods.size() ? str(name_of(methods[static_cast<std::size_t>(k)])) : skops_string{};
}
inline skops_status held_call(const void* state, const skops_call* call) {
  const auto& held = *static_cast<const Held*>(state);
  const skops_sink* sink = call->sink;
  const auto fail = [sink](skops_status family, skops_string code, skops_string text,
                           skops_string remedy) {
    return sink->fail(sink->owner, family, code, text, remedy);
  };
  return guarded(fail, [&] {
    if (call->method >= held.methods.size()) unsupported("no such method");
    Output out(sink);
    held.estimator->call(held.methods[static_cast<std::size_t>(call->method)], Input(call->input),
                         Options(call), out);
  });
}
inline void held_release(void* state) {
  delete static_cast<Held*>(state);
}
// No exception may cross the boundary, and this function has no way to report one.
inline std::uint64_t held_work(const void* state) noexcept {
  try {
    return static_cast<const Held*>(state)->estimator->work_per_row();
  } catch (...) {
    return 1;
  }
}

inline auto fail_to(const skops_host* host, skops_context* context) {
  return [host, context](skops_status family, skops_string code, skops_string text,
                         skops_string remedy) {
    return host->fail(context, family, code, text, remedy);
  };
}

template <class T>
inline constexpr skops_object_type estimator_type = {sizeof(skops_object_type),
                                                     {T::type_name.data(), T::type_name.size()},
                                                     &held_method_count,
                                                     &held_method_name,
                                                     &held_call,
                                                     &held_release,
                                                     &held_work};

// The estimator behind an object of this plugin, or null where the object is of another type.
template <class T>
const T* same_plugin(const skops_object& object) {
  if (object.type != &estimator_type<T>) return nullptr;
  return static_cast<const T*>(static_cast<const Held*>(object.state)->estimator.get());
}

// `T` needs a constructor from `const Attributes&` and a `static constexpr std::string_view
// type_name`.
template <class T>
skops_status load_estimator(const skops_host* host, skops_context* context, skops_node node,
                            skops_value* value) {
  return guarded(fail_to(host, context), [&] {
    const Attributes self(Node(Loading{host, context}, node));
    auto held = std::make_unique<Held>();
    held->estimator = std::make_unique<const T>(self);
    held->methods = held->estimator->methods();
    check(host->make_object(context, &estimator_type<T>, held.release(), value));
  });
}

// `finish(ObjectWriter&)` comes after the class's own `save`.
template <class T, class Finish>
skops_status save_estimator_with(const skops_writer* writer, skops_context* context,
                                 const skops_object* object, skops_node* node, Finish&& finish) {
  const auto fail = [&](skops_status family, skops_string code, skops_string text,
                        skops_string remedy) {
    return writer->fail(context, family, code, text, remedy);
  };
  return guarded(fail, [&] {
    const T* self = same_plugin<T>(*object);
    if (self == nullptr) {
      throw Failure(SKOPS_PLUGIN, "plugin.object", "an object of another class is to be saved");
    }
    ObjectWriter out(Writer(writer, context), *object);
    self->save(out);
    finish(out);
    *node = out.node().node;
  });
}
template <class T>
skops_status save_estimator(const skops_writer* writer, skops_context* context,
                            const skops_object* object, skops_node* node) {
  return save_estimator_with<T>(writer, context, object, node, [](ObjectWriter&) {});
}

template <void (*Load)(const Node&, skops_value*)>
skops_status load_value(const skops_host* host, skops_context* context, skops_node node,
                        skops_value* value) {
  return guarded(fail_to(host, context), [&] { Load(Node(Loading{host, context}, node), value); });
}

template <class T>
constexpr skops_serializer estimator(std::string_view module, std::string_view name,
                                     std::string_view loader = "ObjectNode") {
  return {sizeof(skops_serializer),
          {loader.data(), loader.size()},
          {module.data(), module.size()},
          {name.data(), name.size()},
          0,
          3,
          &load_estimator<T>,
          &save_estimator<T>};
}

template <void (*Load)(const Node&, skops_value*)>
constexpr skops_serializer value_loader(std::string_view loader, std::uint32_t protocol_from = 0,
                                        std::uint32_t protocol_to = 3) {
  return {sizeof(skops_serializer),
          {loader.data(), loader.size()},
          {nullptr, 0},
          {nullptr, 0},
          protocol_from,
          protocol_to,
          &load_value<Load>,
          nullptr};
}

}  // namespace skops::sdk
