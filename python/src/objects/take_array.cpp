#include "objects/take_array.hpp"

#include <unordered_map>

#include "skops/error.hpp"
#include "objects/take_inside.hpp"
#include "objects/text.hpp"

namespace skops_python {
namespace {

constexpr std::size_t alignment = 64;
constexpr std::size_t most_known = 256;

[[noreturn]] void no_dtype(PyArray_Descr* dtype) {
  const Ref text(PyObject_Str(reinterpret_cast<PyObject*>(dtype)));
  if (!text) PyErr_Clear();
  throw skops::Error(skops::Family::unsupported, "save.dtype",
                     "numpy arrays of dtype " + (text ? std::string(text_of(text.get())) : "?") +
                         " are not supported",
                     {}, "convert the array to numbers, texts, dates or records of these");
}

bool is_legacy(PyArray_Descr* dtype) {
  return dtype->type_num >= 0 && dtype->type_num < NPY_USERDEF && dtype->type_num != NPY_OBJECT &&
         dtype->type_num <= NPY_HALF;
}

// The dtype as the header says it: `'<f8'`, `[('a', '<i4')]`; empty where it cannot.
std::string describe(PyArray_Descr* dtype) {
  auto* object = reinterpret_cast<PyObject*>(dtype);
  if (!is_legacy(dtype) || PyDataType_REFCHK(dtype)) return {};
  Ref said;
  if (PyDataType_HASFIELDS(dtype) || dtype->type_num == NPY_VOID ||
      PyDataType_METADATA(dtype) != nullptr) {
    static PyObject* const descr_of = python_object("libskops.io._take_numpy", "descr_of");
    said = checked(PyObject_CallOneArg(descr_of, object));
    if (said.get() == Py_None) return {};
  } else {
    said = checked(PyObject_GetAttrString(object, "str"));
  }
  const Ref text = checked(PyObject_Repr(said.get()));
  return std::string(text_of(text.get()));
}

// Descriptions of the dtypes that came before: a forest has one for all of its trees.
const std::string& description(PyArray_Descr* dtype) {
  static auto& known = *new std::unordered_map<PyArray_Descr*, std::string>;
  const auto at = known.find(dtype);
  if (at != known.end()) return at->second;
  std::string text = describe(dtype);
  if (known.size() >= most_known) {
    for (const auto& [old, unused] : known) Py_DECREF(old);
    known.clear();
  }
  Py_INCREF(dtype);
  return known.emplace(dtype, std::move(text)).first->second;
}

bool is_ascii(const std::string& text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

std::string header(const std::string& dtype, bool fortran, int ndim, const npy_intp* shape) {
  std::string text = "{'descr': " + dtype + ", 'fortran_order': " + (fortran ? "True" : "False") +
                     ", 'shape': (";
  for (int k = 0; k < ndim; ++k) {
    text += std::to_string(shape[k]);
    if (ndim == 1 || k + 1 < ndim) text += ',';
    if (k + 1 < ndim) text += ' ';
  }
  text += "), }";
  int version = is_ascii(text) ? 1 : 3;
  std::size_t start = version == 1 ? 10 : 12;
  if (version == 1 && text.size() + alignment + start > 0xffff) version = 2, start = 12;
  const std::size_t padded = (start + text.size() + 1 + alignment - 1) / alignment * alignment;
  text.append(padded - start - text.size() - 1, ' ');
  text += '\n';
  std::string out = "\x93NUMPY";
  out += static_cast<char>(version);
  out += '\0';
  for (std::size_t k = 0; k < start - 8; ++k) {
    out += static_cast<char>(text.size() >> (8 * k) & 0xff);
  }
  return out + text;
}

}  // namespace

bool npy_holds(PyArray_Descr* dtype) {
  return !description(dtype).empty();
}

TakenArray take_array(PyArrayObject* array) {
  TakenArray out;
  const std::string& dtype = description(PyArray_DESCR(array));
  if (dtype.empty()) no_dtype(PyArray_DESCR(array));
  const bool fortran = PyArray_IS_F_CONTIGUOUS(array) && !PyArray_IS_C_CONTIGUOUS(array);
  out.head = header(dtype, fortran, PyArray_NDIM(array), PyArray_DIMS(array));
  if (!fortran && !PyArray_IS_C_CONTIGUOUS(array)) {
    out.owner = checked(PyArray_NewCopy(array, NPY_CORDER));
    array = reinterpret_cast<PyArrayObject*>(out.owner.get());
  }
  out.body = {static_cast<const std::byte*>(PyArray_DATA(array)),
              static_cast<std::size_t>(PyArray_NBYTES(array))};
  return out;
}

}  // namespace skops_python
