// How far a dump or a load is: lets Ctrl-C in now and then, and tells a callback.
//
// `add` costs an addition and a comparison but for a hundred times or so a file. The callback gets the
// bytes done and the bytes in all, the first time (0, all), the last time (all, all); what it raises
// ends the dump or load. The GIL is held.
#pragma once

#include <algorithm>
#include <cstdint>

#include "python.hpp"

namespace skops_python {

class Watch {
 public:
  // `progress` may be None and is borrowed.
  Watch(PyObject* progress, std::uint64_t total)
      : progress_(progress == Py_None ? nullptr : progress),
        total_(total),
        step_(std::clamp<std::uint64_t>(total / 128, 1 << 16, most_bytes)) {
    if (progress_ != nullptr) say();
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  static constexpr std::uint64_t most_bytes = std::uint64_t{4} << 20;  // between two looks

  void add(std::uint64_t bytes) {
    done_ += bytes;
    if (done_ - said_ >= step_) say();
  }
  void finish() {
    total_ = done_ = std::max(done_, total_);
    say();
  }

 private:
  void say() {
    said_ = done_;
    if (PyErr_CheckSignals() != 0) throw PythonError();
    if (progress_ == nullptr) return;
    checked(PyObject_CallFunction(progress_, "KK", static_cast<unsigned long long>(done_),
                                  static_cast<unsigned long long>(std::max(total_, done_))));
  }

  PyObject* progress_;
  std::uint64_t total_, step_, done_ = 0, said_ = 0;
};

}  // namespace skops_python
