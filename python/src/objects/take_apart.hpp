// From a Python object to the nodes that describe it (core/writer/node_list.hpp).
//
// An object that is met twice is one node; what cannot be described is refused with its path, as
// `Pipeline.steps[1][1].tree_`. Nothing is changed in the object but what its own `__getstate__`
// does. Everything that the nodes view is kept alive until the list is written. Holds the GIL.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "python.hpp"
#include "skops/limits.hpp"
#include "objects/take_plan.hpp"
#include "writer/node_list.hpp"

namespace skops_python {

class TakeApart {
 public:
  using Value = skops::NodeList::Value;
  using Handle = skops::NodeList::Handle;

  TakeApart(Plans& plans, const skops::Limits& limits)
      : plans_(plans), limits_(limits), list_(plans.types()) {}
  TakeApart(const TakeApart&) = delete;

  // The node of the object and all that it refers to. Throws skops::Error: unsupported
  // ("save.cycle", "save.type", …), limit; PythonError where the object's own code failed.
  Handle run(PyObject* object);
  const skops::NodeList& list() const { return list_; }

 private:
  // One step of the path: an attribute or key (`name`), or a position.
  struct Step {
    enum class Kind : std::uint8_t { attribute, key, item, argument } kind;
    PyObject* name;
    Py_ssize_t position;
  };
  class Inside;

  Value value(PyObject* object);
  Value text(PyObject* object);
  Value integer(PyObject* object);
  Handle object_node(PyObject* object);
  Handle make(PyObject* object, const Plan& plan);
  Value items(PyObject* sequence);
  Value sorted_items(PyObject* set);
  Handle tuple_of(Value only);
  Handle sequence(PyObject* sequence, skops::NodeTypes::Number type);
  Handle named(PyObject* object);
  Handle array(PyArrayObject* array, skops::NodeTypes::Number type);
  Value object_items(PyArrayObject* array, int axis, char* data);
  Handle state(PyObject* object, const Plan& plan);
  Handle reduce(PyObject* object, const Plan& plan);
  // Dicts: take_dict.cpp. `attributes`: the keys are attributes of the object they belong to.
  Handle dict(PyObject* dict, skops::NodeTypes::Number type, bool attributes);
  bool text_keys(PyObject* dict, std::vector<Value>& pairs, bool attributes);
  bool convert_keys(PyObject* pairs, std::vector<Value>& out,
                    std::vector<skops::NodeTypes::Number>& types);
  bool key(PyObject* object, Value& text, skops::NodeTypes::Number& type);
  Handle pairs(PyObject* pairs, skops::NodeTypes::Number type);
  // What Python says of an object: take_hook.cpp.
  PyObject* ask(PyObject* object, PyObject* hook);
  Handle hooked(PyObject* object, PyObject* hook);
  Value hook_field(skops::FieldKind kind, PyObject* given);
  Value plain_json(PyObject* object);

  PyObject* keep(PyObject* owned);
  std::string path() const;

  Plans& plans_;
  const skops::Limits limits_;
  skops::NodeList list_;
  std::unordered_map<PyObject*, Handle> memo_;
  std::unordered_set<PyObject*> described_;  // with the one object that holds them
  std::vector<Ref> kept_;
  std::vector<Step> steps_;
  std::string root_;
  std::uint64_t seen_ = 0;
};

}  // namespace skops_python
