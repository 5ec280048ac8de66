#include "objects/build_numbers.hpp"

#include <cstring>
#include <type_traits>
#include <vector>

namespace skops_python {
namespace {

// Calls `look` with a function that gives number k of `size`, as int64; unsigned numbers beyond it
// are negative, and so outside of any range of indices.
template <class T, class Look>
bool look_at(PyArrayObject* array, Look&& look) {
  const char* data = PyArray_BYTES(array);
  const npy_intp step = PyArray_STRIDE(array, 0);
  return look(PyArray_DIM(array, 0), [=](npy_intp k) {
    T value;
    std::memcpy(&value, data + k * step, sizeof value);
    if constexpr (std::is_floating_point_v<T>) {
      return value;
    } else {
      return static_cast<std::int64_t>(value);
    }
  });
}

template <class Look>
bool look(PyObject* object, Look&& look) {
  auto* array = reinterpret_cast<PyArrayObject*>(object);
  if (PyArray_Check(object) && PyArray_NDIM(array) == 1 && PyArray_ISNOTSWAPPED(array)) {
    const char kind = PyArray_DESCR(array)->kind;
    const auto item = PyArray_ITEMSIZE(array);
    if (kind == 'i' && item == 1) return look_at<std::int8_t>(array, look);
    if (kind == 'i' && item == 2) return look_at<std::int16_t>(array, look);
    if (kind == 'i' && item == 4) return look_at<std::int32_t>(array, look);
    if (kind == 'i' && item == 8) return look_at<std::int64_t>(array, look);
    if ((kind == 'u' || kind == 'b') && item == 1) return look_at<std::uint8_t>(array, look);
    if (kind == 'u' && item == 2) return look_at<std::uint16_t>(array, look);
    if (kind == 'u' && item == 4) return look_at<std::uint32_t>(array, look);
    if (kind == 'u' && item == 8) return look_at<std::uint64_t>(array, look);
  }
  PyErr_SetString(PyExc_TypeError, "not an array of integers in one dimension");
  throw PythonError();
}

}  // namespace

bool in_range(PyObject* array, std::int64_t first, std::int64_t end) {
  return look(array, [=](npy_intp size, auto&& number) {
    bool inside = true;
    for (npy_intp k = 0; k < size; ++k) {
      const std::int64_t value = number(k);
      inside &= value >= first && value < end;
    }
    return inside;
  });
}

bool values_in_range(PyObject* dict) {
  if (!PyDict_Check(dict)) {
    PyErr_SetString(PyExc_TypeError, "not a dict");
    throw PythonError();
  }
  PyObject *key = nullptr, *value = nullptr;
  Py_ssize_t at = 0;
  const Py_ssize_t size = PyDict_GET_SIZE(dict);
  while (PyDict_Next(dict, &at, &key, &value)) {
    // Nobody else's code runs: NumPy's integers are the only other ones.
    if (!PyLong_CheckExact(value) && !PyArray_IsScalar(value, Integer)) return false;
    int beyond = 0;
    const Py_ssize_t place =
        PyLong_CheckExact(value)
            ? PyLong_AsLongAndOverflow(value, &beyond)
            : PyNumber_AsSsize_t(value, nullptr);  // clipped where it is larger
    if (place < 0 || place >= size) return false;
  }
  return true;
}

bool permutes(PyObject* array) {
  return look(array, [](npy_intp size, auto&& number) {
    std::vector<bool> seen(static_cast<std::size_t>(size));
    for (npy_intp k = 0; k < size; ++k) {
      const std::int64_t value = number(k);
      if (value < 0 || value >= size || seen[static_cast<std::size_t>(value)]) return false;
      seen[static_cast<std::size_t>(value)] = true;
    }
    return true;
  });
}

bool rises(PyObject* array) {
  const auto up = [](npy_intp size, auto&& number) {
    bool up = true;
    for (npy_intp k = 1; k < size; ++k) up &= number(k - 1) <= number(k);
    return up;
  };
  auto* reals = reinterpret_cast<PyArrayObject*>(array);
  if (PyArray_Check(array) && PyArray_NDIM(reals) == 1 && PyArray_ISNOTSWAPPED(reals) &&
      PyArray_TYPE(reals) == NPY_DOUBLE) {
    return look_at<double>(reals, up);
  }
  return look(array, up);
}

}  // namespace skops_python
