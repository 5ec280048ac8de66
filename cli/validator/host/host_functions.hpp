// The functions of the fake host's table, as statics that find their load by its context.
#pragma once

#include <string>

#include "validator/host/fake_load.hpp"

namespace skops_validator {

// Why a host function fails: what it would have said in a real host.
struct Refusal {
  skops_status family;
  std::string code, text;
};

inline std::string_view view(skops_string s) {
  return s.data == nullptr ? std::string_view() : std::string_view(s.data, s.size);
}
inline skops_string str(std::string_view s) {
  return {s.data(), s.size()};
}
bool is_utf8(std::string_view text);
// "acme.scale", or what is wrong with it.
std::string wrong_with_error(skops_string code, skops_string text, skops_string remedy);

struct HostFunctions {
  static const skops_host& table();
  // The load with this context; null where there is none (any more).
  static FakeLoad* live(skops_context* context);
  static skops_context* begin(FakeLoad* load);
  static void end(skops_context* context);

  template <class F>
  static skops_status run(skops_context* context, const char* name, F&& body);

  static std::size_t node(FakeLoad& load, skops_node handle);
  static std::size_t json(FakeLoad& load, skops_json handle);
  static skops_node node_handle(FakeLoad& load, std::size_t slot);
  static skops_value value_handle(FakeLoad& load, std::size_t slot);
};

// The value kind of the ABI for what is at a place.
std::uint32_t value_kind_of(Kind kind);

template <class T>
T& given(T* pointer) {
  if (pointer == nullptr) throw Refusal{SKOPS_PLUGIN, "plugin.null", "a pointer is null"};
  return *pointer;
}

template <class F>
skops_status HostFunctions::run(skops_context* context, const char* name, F&& body) {
  FakeLoad* load = live(context);
  if (load == nullptr) return SKOPS_PLUGIN;
  if (std::this_thread::get_id() != load->thread_) {
    load->violation(std::string(name) + " is called from another thread than the load's");
    return SKOPS_PLUGIN;
  }
  try {
    if (++load->calls_ == load->knobs_.fail_at) {
      load->injected_ = name;
      throw Refusal{SKOPS_LIMIT, "limit.injected", "a limit that this check made up"};
    }
    body(*load);
    return SKOPS_OK;
  } catch (const Refusal& refusal) {
    load->reported_ = refusal.family;
    load->code_ = refusal.code;
    load->error_ = refusal.code + ": " + refusal.text;
    if (refusal.code.starts_with("plugin.")) {
      load->violation(std::string(name) + ": " + refusal.text);
    }
    return refusal.family;
  }
}

}  // namespace skops_validator
