// The objects behind the C API's pointers, and the barrier that turns exceptions into
// `skops_error`.
#pragma once

#include <array>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "skops/skops.h"
#include "skops/skops.hpp"

struct skops_runtime {
  skops::Host host;
};

struct skops_plugins {
  std::vector<skops::PluginStatus> rows;
  std::vector<skops_plugin_status> items;  // the texts of `rows`
};

struct skops_file {
  skops::File file;
};

struct skops_audit {
  skops::Audit audit;
  std::vector<std::string> untrusted;
  std::array<std::string, 4> reports = {};  // by SKOPS_REPORT_…; made when asked for
};

struct skops_model {
  std::shared_ptr<const skops::Model> model;
  std::string type, unavailable;
};

struct skops_result {
  skops::Result result;
  std::shared_ptr<const skops::Model> model;  // texts of cells may lie in its state
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::vector<skops_result> items = {};
  mutable std::string scratch = {};
};

namespace skops::capi {

void clear(skops_error* error) noexcept;
void fill(skops_error* error, const Error& from) noexcept;
void fill(skops_error* error, Family family, const char* code, const char* text) noexcept;

// The caller's struct as this library knows it: what an older caller left out is zero, what a newer
// one added is not read.
template <class T>
T known(const T* given) {
  T out{};
  if (given == nullptr) return out;
  const std::size_t size = given->size < sizeof(T) ? given->size : sizeof(T);
  const auto* from = reinterpret_cast<const unsigned char*>(given);
  auto* to = reinterpret_cast<unsigned char*>(&out);
  for (std::size_t k = 0; k < size; ++k) to[k] = from[k];
  return out;
}

// A text that must be there.
inline const char* text(const char* given, const char* what) {
  if (given == nullptr) throw Error(Family::usage, "usage.null", std::string(what) + " is NULL");
  return given;
}
template <class T>
T& object(T* given, const char* what) {
  if (given == nullptr) throw Error(Family::usage, "usage.null", std::string(what) + " is NULL");
  return *given;
}

// The texts of an array of the caller.
inline std::vector<std::string> texts(const char* const* given, std::size_t size,
                                      const char* what) {
  std::vector<std::string> out;
  if (size > 0) object(given, what);
  for (std::size_t k = 0; k < size; ++k) out.emplace_back(text(given[k], what));
  return out;
}

Policy policy_of(const skops_policy* given);

// What `body` returns, or `otherwise` with the error filled in.
template <class Body, class Out>
Out guarded(skops_error* error, Out otherwise, Body&& body) noexcept {
  clear(error);
  try {
    return body();
  } catch (const Error& e) {
    fill(error, e);
  } catch (const std::bad_alloc&) {
    fill(error, Family::limit, "limit.memory", "out of memory");
  } catch (const std::exception& e) {
    fill(error, Family::plugin, "host.exception", e.what());
  } catch (...) {
    fill(error, Family::plugin, "host.exception", "an unknown exception");
  }
  return otherwise;
}

}  // namespace skops::capi
