// How the objects of a class are taken apart: found once per class, then remembered.
//
// Python's own containers, NumPy's arrays and ordinary objects (a state, from `__getstate__` or
// `__dict__`) are taken apart in C++. What a manifest's recipe names (`of`) follows that recipe.
// Everything else asks Python, libskops/io/_take_apart.py, which finds a way that gives back an
// equal object, or refuses.
//
// The table lives as long as the process and keeps its classes alive. The GIL protects it.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "plugin/registry.hpp"
#include "python.hpp"
#include "writer/node_types.hpp"

namespace skops_python {

struct Plan {
  enum class How : std::uint8_t {
    list,
    tuple,
    dict,
    set,
    frozenset,
    bytes,
    bytearray,
    slice,
    named,  // a type or function, by its name
    array,
    scalar,  // NumPy's
    state,   // cls.__new__(cls) and a state
    reduce,  // cls(*args) and a state, as __reduce__ says
    hook,    // Python's `hook(object)` says
  };
  How how = How::hook;
  skops::NodeTypes::Number node = 0;
  std::uint32_t args = 0, state = 0;  // of `reduce`: the fields
  PyObject* hook = nullptr;           // of `hook`; of `state`: __getstate__, or null for __dict__
};

class Plans {
 public:
  explicit Plans(const skops::PluginRegistry& plugins);

  // Throws what find_name throws. The reference stays valid until the next call.
  const Plan& of(PyTypeObject* type);
  // The node of a class under a loader.
  skops::NodeTypes::Number node(const char* loader, PyObject* type);
  skops::NodeTypes& types() { return types_; }

  struct Common {
    skops::NodeTypes::Number text, list, tuple, dict, call_frozenset, str_type, bool_type, int_type,
        float_type, object_array;
  };
  const Common& common() const { return common_; }

 private:
  Plan make(PyTypeObject* type);
  bool follow_recipe(PyTypeObject* type, PyTypeObject* base, Plan& plan);
  static bool follow_python(PyTypeObject* type, PyTypeObject* base, Plan& plan);
  bool is_ordinary(PyTypeObject* type, Plan& plan);

  // A class that a recipe names, by the public name that its library gives it.
  struct Of {
    std::string module, name, hooks;
    const skops::LoaderEntry* loader;
  };

  skops::NodeTypes types_;
  Common common_;
  std::vector<Of> of_;
  std::unordered_map<PyTypeObject*, Plan> plans_;
};

}  // namespace skops_python
