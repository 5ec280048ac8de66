// What no recipe covers: code of the library's hooks (build_checks.hpp says where), whose table
// HOOKS has an entry a loader. A hook gets the node's class (or only its dotted name, where old
// files name modules that are gone) and the built fields, and gives the object.
#include <string>
#include <unordered_map>

#include "objects/build_checks.hpp"
#include "objects/build_json.hpp"
#include "objects/build_npz.hpp"
#include "objects/build_objects.hpp"
#include "skops/error.hpp"

namespace skops_python {

using skops::FieldKind;
using skops::NodeId;
using skops::Tape;

namespace {

struct Hook {
  PyObject* build;
  bool imported, npz;
};

bool is_true(const Ref& object, const char* name) {
  const Ref value = checked(PyObject_GetAttrString(object.get(), name));
  return PyObject_IsTrue(value.get()) > 0;
}

// The hook of a loader, found once in a process. The module's name comes from a manifest, never
// from a file.
const Hook& find_hook(const std::string& hooks, std::string_view loader) {
  static auto& known = *new std::unordered_map<std::string, Hook>;
  const std::string key = hooks + '\n' + std::string(loader);
  if (const auto at = known.find(key); at != known.end()) return at->second;
  const Ref found = hook_entry(hooks, "HOOKS", std::string(loader));
  Ref build = checked(PyObject_GetAttrString(found.get(), "build"));
  const Hook hook{build.get(), is_true(found, "imported"), is_true(found, "npz")};
  build.release();
  return known.emplace(key, hook).first->second;
}

}  // namespace

Ref ObjectBuilder::hook_field(NodeId id, Kind& kind, std::size_t number) {
  const Tape& tape = graph_.tape();
  const Tape::Index at = field(id, number);
  switch (declared(id, number).kind) {
    case FieldKind::node: return child_or_null(id, number);
    case FieldKind::nodes: return at == Tape::none ? Ref() : items(id, number);
    case FieldKind::json: return at == Tape::none ? Ref() : json_value(tape, at);
    case FieldKind::text:
    case FieldKind::name: return at == Tape::none ? Ref() : python_text(tape.text(at));
    case FieldKind::map: {
      if (at == Tape::none) return Ref();
      Ref out = checked(PyDict_New());
      for (Tape::Index k = tape.first(at); k != tape.next(at); k = tape.next(k + 1)) {
        const Ref key = python_text(tape.text(k)), value = node_at(id, k + 1);
        if (PyDict_SetItem(out.get(), key.get(), value.get()) != 0) throw PythonError();
      }
      return out;
    }
    case FieldKind::member: {
      if (at == Tape::none) return Ref();
      const std::string name(tape.text(at));
      try {
        const auto data = member(name);
        if (kind.npz) return read_npz(data, *budget_, name);
        budget_->allocate(data.size());
        return checked(PyBytes_FromStringAndSize(reinterpret_cast<const char*>(data.data()),
                                                 static_cast<Py_ssize_t>(data.size())));
      } catch (const skops::Error& error) {
        throw error.with({.member = name});
      }
    }
  }
  return Ref();
}

Ref ObjectBuilder::hook(NodeId id, Kind& kind) {
  const auto& group = *kind.group;
  if (!kind.hook) {
    const Hook& found = find_hook(hooks_of(*group.manifest), graph_.loader(id));
    kind.npz = found.npz;
    kind.type =
        found.imported
            ? names_.of(id)
            : python_text(std::string(graph_.module(id)) + "." + std::string(graph_.cls(id)));
    kind.hook = Ref::borrow(found.build);
  }
  const Ref fields = checked(PyDict_New());
  const auto set = [&](const std::string& key, const Ref& value) {
    if (PyDict_SetItem(fields.get(), python_text(key).get(), value.get()) != 0) throw PythonError();
  };
  const auto& declarations = graph_.layout(id)->fields;
  for (std::size_t k = 0; k < declarations.size(); ++k) {
    if (const Ref value = hook_field(id, kind, k)) set(declarations[k].path, value);
  }
  // A further name that the node brings in, as the object that was audited.
  for (const skops::BroughtName& brought : group.entry->brings) {
    set(brought.use, names_.brought(id, brought));
  }
  return checked(
      PyObject_CallFunctionObjArgs(kind.hook.get(), kind.type.get(), fields.get(), nullptr));
}

}  // namespace skops_python
