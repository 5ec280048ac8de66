#include "method.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "input.hpp"
#include "output.hpp"
#include "skops/error.hpp"

namespace skops_python {
namespace {

constexpr const char* capsule_name = "libskops.method";
// Below so many rows a call is shorter than giving the GIL away and taking it back.
constexpr std::size_t few_rows = 256;

PyObject* exception_classes = nullptr;

struct Bound {
  std::shared_ptr<const skops::Model> model;
  int index;
  std::string name, doc;
  PyMethodDef definition;
  std::shared_ptr<const ColumnNames> names;  // of the last data frame; guarded by the GIL
};

void release(PyObject* capsule) {
  delete static_cast<Bound*>(PyCapsule_GetPointer(capsule, capsule_name));
}

skops::Cell option_value(PyObject* object) {
  if (object == Py_None) return {};
  if (PyBool_Check(object)) return skops::Cell::of(object == Py_True);
  if (PyLong_Check(object)) {
    const long long value = PyLong_AsLongLong(object);
    if (value == -1 && PyErr_Occurred()) throw PythonError();
    return skops::Cell::of(static_cast<std::int64_t>(value));
  }
  if (PyFloat_Check(object)) return skops::Cell::of(PyFloat_AS_DOUBLE(object));
  if (PyUnicode_Check(object)) {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(object, &size);
    if (text == nullptr) throw PythonError();
    return skops::Cell::of(std::string_view(text, static_cast<std::size_t>(size)));
  }
  const Ref index(PyNumber_Index(object));
  if (index && PyLong_Check(index.get())) return option_value(index.get());
  PyErr_SetString(PyExc_TypeError, "keyword arguments must be numbers, bools, texts or None");
  throw PythonError();
}

PyObject* call(Bound& bound, PyObject* x, const std::vector<skops::Option>& options,
               unsigned threads) {
  const PythonInput input(x, &bound.names);
  const bool long_call = input.input().rows > few_rows;
  PythonSink sink(long_call, input.sparse_array());
  if (long_call) {
    std::exception_ptr thrown;
    Py_BEGIN_ALLOW_THREADS;
    try {
      bound.model->call(bound.index, input.input(), sink, options, threads);
    } catch (...) {
      thrown = std::current_exception();
    }
    Py_END_ALLOW_THREADS;
    if (thrown) std::rethrow_exception(thrown);
  } else {
    bound.model->call(bound.index, input.input(), sink, options, threads);
  }
  return sink.take();
}

PyObject* call_method(PyObject* capsule, PyObject* const* arguments, Py_ssize_t count,
                      PyObject* keywords) {
  auto& bound = *static_cast<Bound*>(PyCapsule_GetPointer(capsule, capsule_name));
  try {
    PyObject* x = count == 1 ? arguments[0] : nullptr;
    std::vector<skops::Option> options;
    unsigned threads = 1;
    const Py_ssize_t n = keywords ? PyTuple_GET_SIZE(keywords) : 0;
    for (Py_ssize_t k = 0; k < n; ++k) {
      PyObject* name = PyTuple_GET_ITEM(keywords, k);
      PyObject* value = arguments[count + k];
      const char* text = PyUnicode_AsUTF8(name);
      if (text == nullptr) throw PythonError();
      if (x == nullptr && (std::strcmp(text, "X") == 0 || std::strcmp(text, "raw_documents") == 0 ||
                           std::strcmp(text, "y") == 0)) {
        x = value;
      } else if (std::strcmp(text, "threads") == 0) {
        const long wanted = PyLong_AsLong(value);
        if (wanted == -1 && PyErr_Occurred()) throw PythonError();
        threads = static_cast<unsigned>(std::clamp(wanted, 1L, 1024L));
      } else {
        options.push_back({text, option_value(value)});
      }
    }
    if (x == nullptr || count > 1) {
      PyErr_Format(PyExc_TypeError, "%s() takes one argument, the data X", bound.name.c_str());
      return nullptr;
    }
    return call(bound, x, options, threads);
  } catch (const PythonError&) {
    return nullptr;
  } catch (const skops::Error& error) {
    raise(error);
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::exception& error) {
    raise(skops::Error(skops::Family::plugin, "plugin.internal", error.what()));
  }
  return nullptr;
}

}  // namespace

PyObject* make_method(std::shared_ptr<const skops::Model> model, int index) {
  auto bound = std::make_unique<Bound>();
  bound->name = model->methods()[static_cast<std::size_t>(index)];
  // Python takes the signature from a text that begins with the name.
  bound->doc = bound->name +
               "($self, X, *, threads=1, **options)\n--\n\n"
               "Run this method of the native model on X, as scikit-learn's does.\n\n"
               "At most `threads` threads; options are those that scikit-learn's method takes.\n"
               "Raises InputError where X does not fit the model, UsageError for an option that\n"
               "the method does not have. May be called from many threads at once.";
  bound->model = std::move(model);
  bound->index = index;
  bound->definition = {bound->name.c_str(),
                       reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(&call_method)),
                       METH_FASTCALL | METH_KEYWORDS, bound->doc.c_str()};
  Bound* raw = bound.get();
  Ref capsule = checked(PyCapsule_New(raw, capsule_name, &release));
  bound.release();
  return checked(PyCFunction_NewEx(&raw->definition, capsule.get(), nullptr)).release();
}

void set_exception_classes(PyObject* classes) {
  Py_INCREF(classes);
  Py_XDECREF(exception_classes);
  exception_classes = classes;
}

void raise(const skops::Error& error) {
  PyObject* type = PyExc_RuntimeError;
  if (exception_classes != nullptr) {
    const Ref key(PyLong_FromLong(static_cast<long>(error.family())));
    PyObject* found = key ? PyDict_GetItem(exception_classes, key.get()) : nullptr;
    if (found != nullptr) type = found;
  }
  const Ref text(PyUnicode_DecodeUTF8(
      error.what(), static_cast<Py_ssize_t>(std::strlen(error.what())), "backslashreplace"));
  const Ref instance(text ? PyObject_CallOneArg(type, text.get()) : nullptr);
  if (!instance) return;
  const auto set = [&](const char* name, const std::string& text) {
    const Ref value(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()),
                                         "backslashreplace"));
    if (!value || PyObject_SetAttrString(instance.get(), name, value.get()) != 0) PyErr_Clear();
  };
  set("code", error.code());
  set("text", error.text());
  set("member", error.where().member);
  set("path", error.where().path);
  set("plugin", error.where().plugin);
  set("remedy", error.remedy());
  PyErr_SetObject(type, instance.get());
}

}  // namespace skops_python
