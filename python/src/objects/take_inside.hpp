// One step further into an object, for the path in errors: where an error passes, the steps stay.
#pragma once

#include <exception>

#include "objects/take_apart.hpp"

namespace skops_python {

// `module.name`, imported now; owned by the caller, who most often keeps it for good.
PyObject* python_object(const char* module, const char* name);

class TakeApart::Inside {
 public:
  Inside(TakeApart& taking, Step step)
      : taking_(taking), passing_(std::uncaught_exceptions()) {
    taking_.steps_.push_back(step);
  }
  ~Inside() {
    if (std::uncaught_exceptions() == passing_) taking_.steps_.pop_back();
  }
  Inside(const Inside&) = delete;

 private:
  TakeApart& taking_;
  int passing_;
};

}  // namespace skops_python
