#include "objects/take_plan.hpp"

#include <algorithm>

#include "manifest/recipe.hpp"
#include "objects/build_checks.hpp"
#include "objects/take_names.hpp"
#include "objects/text.hpp"
#include "skops/error.hpp"

namespace skops_python {
namespace {

using How = Plan::How;

PyObject* type_object(PyTypeObject* type) {
  return reinterpret_cast<PyObject*>(type);
}

Ref imported(const char* module, const char* name) {
  const Ref from = checked(PyImport_ImportModule(module));
  return checked(PyObject_GetAttrString(from.get(), name));
}

// Whether looking `name` up in both classes gives one object.
bool same_attribute(PyTypeObject* a, PyTypeObject* b, const char* name) {
  const Ref key = checked(PyUnicode_FromString(name));
  const Ref of_a = attribute(type_object(a), key.get()),
            of_b = attribute(type_object(b), key.get());
  return of_a.get() == of_b.get();
}

// Whether a class that a recipe names is this one. A library that is not loaded has no objects yet.
bool is_named(const std::string& module, const std::string& name, PyObject* type) {
  PyObject* loaded = PyDict_GetItemString(PyImport_GetModuleDict(), module.c_str());
  if (loaded == nullptr) return false;
  const Ref key = checked(PyUnicode_FromString(name.c_str()));
  return attribute(loaded, key.get()).get() == type;
}

const std::string distributions = "scipy.stats._distn_infrastructure";

Plan general() {
  Plan plan;
  plan.how = How::hook;
  plan.hook = imported("libskops.io._take_apart", "take_apart").release();
  return plan;
}

}  // namespace

Plans::Plans(const skops::PluginRegistry& plugins) : types_(plugins.loaders()) {
  for (const skops::Manifest& manifest : plugins.manifests()) {
    for (const skops::LoaderEntry& loader : manifest.loaders) {
      const skops::LoaderLayout& layout = loader.layout;
      if (!loader.recipe || layout.last_protocol < skops::written_protocol) continue;
      for (const std::string& name : loader.recipe->of) {
        const std::size_t dot = name.rfind('.');
        of_.push_back({name.substr(0, dot), name.substr(dot + 1), hooks_of(manifest), &loader});
      }
    }
  }
  common_ = {.text = types_.number("JsonNode", "builtins", "str"),
             .list = types_.number("ListNode", "builtins", "list"),
             .tuple = types_.number("TupleNode", "builtins", "tuple"),
             .dict = types_.number("DictNode", "builtins", "dict"),
             .call_frozenset = types_.number("ConstructorFromReduceNode", "builtins", "frozenset"),
             .str_type = types_.number("TypeNode", "builtins", "str"),
             .bool_type = types_.number("TypeNode", "builtins", "bool"),
             .int_type = types_.number("TypeNode", "builtins", "int"),
             .float_type = types_.number("TypeNode", "builtins", "float"),
             .object_array = types_.number("NdArrayNode", "numpy", "ndarray", "json")};
}

skops::NodeTypes::Number Plans::node(const char* loader, PyObject* type) {
  const TakenName name = find_name(type);
  return types_.number(loader, name.module, name.name);
}

const Plan& Plans::of(PyTypeObject* type) {
  const auto at = plans_.find(type);
  if (at != plans_.end()) return at->second;
  const Plan plan = make(type);
  Py_INCREF(type);
  return plans_.emplace(type, plan).first->second;
}

bool Plans::follow_recipe(PyTypeObject* type, PyTypeObject* base, Plan& plan) {
  const auto of = std::find_if(of_.begin(), of_.end(), [&](const Of& of) {
    return is_named(of.module, of.name, type_object(base));
  });
  if (of == of_.end()) return false;
  const skops::LoaderLayout& layout = of->loader->layout;
  const skops::Recipe& recipe = *of->loader->recipe;
  if (recipe.make == skops::Make::reduce) {
    const TakenName name = find_name(type_object(type));
    plan.how = How::reduce;
    plan.node = types_.number(layout.loader, name.module, name.name, layout.value);
    plan.args = recipe.args;
    plan.state = recipe.state;
    return true;
  }
  if (recipe.make != skops::Make::hook) return false;
  plan.how = How::hook;
  plan.hook =
      checked(PyObject_CallFunction(imported("libskops.io._take_apart", "hook_of").get(), "sss",
                                    of->hooks.c_str(), layout.loader.c_str(), layout.value.c_str()))
          .release();
  return true;
}

// Types that Python itself brings and NumPy's arrays; `type` is `base` or derived from it.
bool Plans::follow_python(PyTypeObject* type, PyTypeObject* base, Plan& plan) {
  const bool exact = type == base;
  const auto is = [&](How how) {
    plan.how = how;
    return true;
  };
  if (base == &PyFunction_Type || base == &PyCFunction_Type || base == &PyType_Type) {
    return is(How::named);
  }
  if (!exact) return false;
  if (base == &PyList_Type) return is(How::list);
  if (base == &PyTuple_Type) return is(How::tuple);
  if (base == &PyDict_Type || base == &PyODict_Type) return is(How::dict);
  if (base == &PySet_Type) return is(How::set);
  if (base == &PyFrozenSet_Type) return is(How::frozenset);
  if (base == &PyBytes_Type) return is(How::bytes);
  if (base == &PyByteArray_Type) return is(How::bytearray);
  if (base == &PySlice_Type) return is(How::slice);
  if (base == &PyArray_Type) return is(How::array);
  return false;
}

// A class written in Python whose objects are their state: what object.__reduce_ex__ would say.
bool Plans::is_ordinary(PyTypeObject* type, Plan& plan) {
  PyTypeObject* object = &PyBaseObject_Type;
  if (type == object) return false;
  if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE) || type->tp_itemsize != 0) return false;
  // No state but a __dict__ and weak references.
  if (type->tp_basicsize > static_cast<Py_ssize_t>(sizeof(PyObject) + 2 * sizeof(void*))) {
    return false;
  }
  for (const char* name :
       {"__new__", "__reduce_ex__", "__reduce__", "__getnewargs__", "__getnewargs_ex__"}) {
    if (!same_attribute(type, object, name)) return false;
  }
  const Ref slots =
      checked(PyObject_CallOneArg(imported("copyreg", "_slotnames").get(), type_object(type)));
  if (PyObject_IsTrue(slots.get()) != 0) return false;
  plan.how = How::state;
  if (!same_attribute(type, object, "__getstate__")) {
    plan.hook = checked(PyObject_GetAttrString(type_object(type), "__getstate__")).release();
  }
  return true;
}

Plan Plans::make(PyTypeObject* type) {
  Plan plan;
  PyObject* const object = type_object(type);
  PyObject* const mro = type->tp_mro;
  for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(mro); ++k) {
    auto* base = reinterpret_cast<PyTypeObject*>(PyTuple_GET_ITEM(mro, k));
    if (follow_python(type, base, plan)) break;
    if (follow_recipe(type, base, plan)) return plan;
    if (base == &PyGenericArrType_Type) {
      plan.how = How::scalar;
      break;
    }
    if (is_named(distributions, "rv_discrete", type_object(base)) ||
        is_named(distributions, "rv_discrete_frozen", type_object(base))) {
      return general();  // they hold themselves
    }
    if (base == &PyBaseObject_Type) {
      if (is_ordinary(type, plan)) break;
      return general();
    }
  }
  switch (plan.how) {
    case How::list: plan.node = common_.list; break;
    case How::tuple: plan.node = common_.tuple; break;
    case How::dict: plan.node = node("DictNode", object); break;
    case How::set: plan.node = node("SetNode", object); break;
    case How::frozenset: plan.node = common_.call_frozenset; break;
    case How::bytes: plan.node = node("BytesNode", object); break;
    case How::bytearray: plan.node = node("BytearrayNode", object); break;
    case How::slice: plan.node = node("SliceNode", object); break;
    case How::state: plan.node = node("ObjectNode", object); break;
    case How::array:
    case How::scalar: {
      // Scalars that their own type does not make again from an array are asked about.
      const char kind = PyArray_DescrFromTypeObject(object)->kind;
      if (plan.how == How::scalar &&
          std::string_view("biufcU").find(kind) == std::string_view::npos) {
        return general();
      }
      const TakenName name = find_name(object);
      plan.node = types_.number("NdArrayNode", name.module, name.name, "numpy");
      break;
    }
    case How::named:
    case How::reduce:
    case How::hook: break;
  }
  return plan;
}

}  // namespace skops_python
