// The module libskops._core: loading, auditing, methods and attributes. The classes that people see
// are Python (libskops/__init__.py).
#define SKOPS_IMPORTS_NUMPY
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "found_plugins.hpp"
#include "host.hpp"
#include "input.hpp"
#include "method.hpp"
#include "objects/build_load.hpp"
#include "objects/build_numbers.hpp"
#include "objects/dump.hpp"
#include "objects/outline.hpp"
#include "policy.hpp"
#include "python.hpp"
#include "report.hpp"
#include "skops/locations.hpp"
#include "skops/skops.hpp"
#include "small_file.hpp"
#include "trust/operator_names.hpp"
#include "value.hpp"

namespace nb = nanobind;

namespace skops_python {

namespace {

skops::Host::Options chosen;  // by use_plugins
bool made = false;

}  // namespace

skops::Host::Options host_options() {
  skops::Host::Options options = skops::Locations::of_user().host_options();
  options.plugins = chosen.plugins;
  // What the process names comes first: the first lock file that names an id decides.
  options.installed_directories.insert(options.installed_directories.begin(),
                                       chosen.installed_directories.begin(),
                                       chosen.installed_directories.end());
  options.lock_files.insert(options.lock_files.begin(), chosen.lock_files.begin(),
                            chosen.lock_files.end());
  return options;
}

const skops::Host& host() {
  made = true;
  static const skops::Host host(host_options());
  return host;
}

namespace {

// Manifests with their SHA-256 and that of the library. Once the host is made, everybody counts on
// it.
void use_plugins(const std::vector<std::tuple<std::string, std::string, std::string>>& pins,
                 const std::vector<std::string>& directories,
                 const std::vector<std::string>& lock_files) {
  if (made) {
    throw skops::Error(skops::Family::usage, "usage.too-late",
                       "the plugins of this process are settled by its first use of one", {},
                       "call use_plugins before any file is audited, loaded or saved");
  }
  for (const auto& [manifest, manifest_sha256, library_sha256] : pins) {
    chosen.plugins.push_back({manifest, manifest_sha256, library_sha256});
  }
  chosen.installed_directories.insert(chosen.installed_directories.end(), directories.begin(),
                                      directories.end());
  chosen.lock_files.insert(chosen.lock_files.end(), lock_files.begin(), lock_files.end());
}

// A file with the Python bytes that it reads from, if any.
struct OpenFile {
  Ref bytes;
  skops::File file;
};

// Python objects may be as large as memory. What a file may cost grows with its own size, so that a
// small one cannot cost much.
skops::Limits limits_of_objects(std::uint64_t size) {
  skops::Limits limits;
  limits.file_bytes = std::max(limits.file_bytes, size);
  limits.inflated_bytes = std::max(limits.inflated_bytes, 4 * size);
  limits.allocated_bytes = std::max(limits.allocated_bytes, 4 * size);
  return limits;
}

OpenFile open_file(nb::object source, skops::Limits (*limits_of)(std::uint64_t) = nullptr) {
  if (PyBytes_Check(source.ptr())) {
    const std::span<const char> data(PyBytes_AS_STRING(source.ptr()),
                                     static_cast<std::size_t>(PyBytes_GET_SIZE(source.ptr())));
    const auto limits = limits_of == nullptr ? skops::Limits() : limits_of(data.size());
    return {Ref::borrow(source.ptr()),
            skops::File::from_memory(std::as_bytes(data), limits, "<bytes>")};
  }
  // As Python's own open() encodes names: any bytes that a file system has.
  PyObject* encoded = nullptr;
  if (PyUnicode_FSConverter(source.ptr(), &encoded) == 0) throw nb::python_error();
  const Ref owned(encoded);
  if (limits_of != nullptr) {
    if (Ref bytes = read_small_file(PyBytes_AS_STRING(encoded))) {
      const std::span<const char> data(PyBytes_AS_STRING(bytes.get()),
                                       static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.get())));
      auto file = skops::File::from_memory(std::as_bytes(data), limits_of(data.size()),
                                           PyBytes_AS_STRING(encoded));
      return {std::move(bytes), std::move(file)};
    }
  }
  const std::filesystem::path path(PyBytes_AS_STRING(encoded));
  std::error_code error;
  const std::uint64_t size = std::filesystem::file_size(path, error);
  const bool known = limits_of != nullptr && !error;
  return {Ref(), skops::File::open(path, known ? limits_of(size) : skops::Limits())};
}

// The same bytes once more: those in memory, or the file of that name.
OpenFile reopened(const OpenFile& file, const nb::object& source,
                  skops::Limits (*limits_of)(std::uint64_t)) {
  if (!file.bytes) return open_file(source, limits_of);
  return open_file(nb::borrow(file.bytes.get()), limits_of);
}

// A model, or (with `object`) an object stored in it.
struct NativeModel {
  ModelPointer model;
  std::uint64_t object = 0;
};

PyObject* object_class = nullptr;  // of libskops/__init__.py

NativeModel load(nb::object source, const std::vector<std::string>& trust,
                 const std::vector<std::string>& deny) {
  need_numpy();
  OpenFile file = open_file(std::move(source));
  const skops::Policy policy = policy_of(trust, deny);
  // Names that nobody declares stay data here; what a rule means by a library must be known.
  const skops::Host* more = needs_more(policy, host()) ? found_host() : nullptr;
  const skops::Host& host = more != nullptr ? *more : skops_python::host();
  // Bound methods share the model; the bytes that it reads from must outlive the last of them.
  auto model = std::make_unique<const skops::Model>(host.load(file.file, policy));
  PyObject* bytes = file.bytes.release();
  const auto release = [bytes](const skops::Model* last) {
    delete last;
    Py_XDECREF(bytes);  // only Python objects own models: the GIL is held
  };
  return {ModelPointer(model.release(), release)};
}

skops::Audit audit(nb::object source, const std::vector<std::string>& trust,
                   const std::vector<std::string>& deny) {
  const skops::Policy policy = policy_of(trust, deny);
  const OpenFile file = open_file(source, limits_of_objects);
  skops::Audit first = host().audit(file.file, policy);
  if (!needs_more(first)) return first;
  const skops::Host* more = found_host();
  if (more == nullptr) return with_refused(first);
  // A file's graph is made once; another host knows other loaders.
  return with_refused(more->audit(reopened(file, source, limits_of_objects).file, policy));
}

Ref objects_of(nb::object source, const std::vector<std::string>& trust, PyObject* progress) {
  need_numpy();
  const skops::Policy policy = policy_of(trust, {});
  const OpenFile file = open_file(source, limits_of_objects);
  const skops::KnownNames* known = process_policy().known.get();
  const bool last = nothing_found();
  if (Ref out = load_objects(host(), file.file, policy, progress, last, known)) return out;
  const skops::Host* more = found_host();
  const OpenFile again = reopened(file, source, limits_of_objects);
  return load_objects(more != nullptr ? *more : host(), again.file, policy, progress, true);
}

nb::object read_attribute(const NativeModel& self, const std::string& name) {
  return nb::steal(to_python(self.model->attribute(name, self.object), self.model));
}

nb::object method(const NativeModel& self, int index) {
  return nb::steal(make_method(self.model, index));
}

}  // namespace

void need_numpy() {
  static bool imported = false;
  if (imported) return;
  if (_import_array() < 0) throw PythonError();
  imported = true;
}

PyObject* make_object(const ModelPointer& model, std::uint64_t node) {
  nb::object native = nb::cast(NativeModel{model, node});
  if (object_class == nullptr) return native.release().ptr();
  return checked(PyObject_CallOneArg(object_class, native.ptr())).release();
}

}  // namespace skops_python

NB_MODULE(_core, m) {
  using namespace skops_python;
  intern_names();

  nb::register_exception_translator([](const std::exception_ptr& p, void*) {
    try {
      std::rethrow_exception(p);
    } catch (const skops::Error& error) {
      raise(error);
    } catch (const PythonError&) {
    }
  });
  m.def("set_object_class", [](nb::object type) { object_class = type.release().ptr(); });
  m.def("set_exception_classes", [](nb::dict classes) { set_exception_classes(classes.ptr()); });

  nb::class_<skops::AuditedName>(m, "AuditedName",
                                 "A name that a file brings, and its decision. Cannot be changed.")
      .def_ro("name", &skops::AuditedName::name, "\"module.Class\", as rules name it.")
      .def_ro("use", &skops::AuditedName::use,
              "What the file wants with it: \"object\", \"type\", \"function\", \"method\", "
              "\"value\", …; \"\" below loaders\nthat no plugin describes.")
      .def_ro("rule", &skops::AuditedName::rule, "Why it is allowed or not, as a sentence.")
      .def_ro(
          "rule_text", &skops::AuditedName::rule_text,
          "The rule that decided, as \"trust xgboost\" or \"deny sklearn.*\"; \"\" where none did.")
      .def_ro("origin", &skops::AuditedName::origin,
              "Where that rule stands: \"call\", or file:line of a policy.")
      .def_ro("loader_plugin", &skops::AuditedName::loader_plugin,
              "Id of the plugin that describes the loader, or \"\".")
      .def_ro("contents_checked", &skops::AuditedName::contents_checked,
              "Whether the contents are checked, whatever is trusted, before anything is built.")
      .def_ro("refuses_native", &skops::AuditedName::refuses_native,
              "Whether Model.load refuses the file because of it.")
      .def_ro(
          "allow", &skops::AuditedName::allow,
          "What to trust so that it is allowed: a library or this name; \"\" where nothing can.")
      .def_ro("cannot_allow", &skops::AuditedName::cannot_allow,
              "Why nothing can allow it, or \"\".")
      .def_ro("library", &skops::AuditedName::library,
              "Id of the plugin that declares the name, or \"\".")
      .def_ro("loader", &skops::AuditedName::loader, "The loader of the file's node.")
      .def_ro("native", &skops::AuditedName::native,
              "Whether Model.load builds it; otherwise it stays data there.")
      .def_ro("count", &skops::AuditedName::count, "How often it occurs.")
      .def_ro(
          "paths", &skops::AuditedName::paths,
          "The first places where it occurs, at most five; Audit.place writes them as users do.")
      .def_prop_ro(
          "decision", [](const skops::AuditedName& n) { return skops::text_of(n.decision); },
          "\"allowed\", \"denied\" or \"undecided\".")
      .def_prop_ro(
          "reason", [](const skops::AuditedName& n) { return skops::text_of(n.reason); },
          "What decided, or why nothing did, in a word: \"trusted-by-default\", \"rule\", "
          "\"no-rule\", …")
      .def_prop_ro(
          "effect", [](const skops::AuditedName& n) { return skops::text_of(n.effect); },
          "What building the Python object would do with it: \"data\", \"refers\", \"creates\", "
          "\"calls\", …\n(docs/trust.md has all).")
      .def("__repr__",
           [](const skops::AuditedName& n) { return "<" + n.name + ": " + n.rule + ">"; });
  nb::class_<skops::Audit>(
      m, "Audit",
      "Every name of a file, and what the policy says of it; what libskops.audit gives.\n\n"
      "A value: it cannot be changed, needs the file no more, and may be used from several "
      "threads.")
      .def_prop_ro("names", &skops::Audit::names,
                   "The names, as a list of AuditedName, in the order of their first occurrence.")
      .def_prop_ro("untrusted", &skops::Audit::untrusted, "The names that are not allowed, sorted.")
      .def_prop_ro("ok", &skops::Audit::ok,
                   "Whether every name is allowed and nothing else speaks against building the "
                   "Python objects.")
      .def_prop_ro("denied", &skops::Audit::denied,
                   "Whether a name is denied, and not merely undecided.")
      .def_prop_ro("native_ok", &skops::Audit::native_ok, "Whether Model.load takes the file.")
      .def_prop_ro(
          "file",
          [](const skops::Audit& audit) {
            return nb::steal(PyUnicode_DecodeFSDefault(audit.file().c_str()));
          },
          "The file as its opener called it.")
      .def_prop_ro("root", &skops::Audit::root, "The class of the root object, without its module.")
      .def(
          "place",
          [](const skops::Audit& audit, const std::string& path) { return audit.place(path); },
          nb::arg("path"), "A path as users of the object write it: \"Pipeline.steps[1][1].func\".")
      .def_prop_ro(
          "findings",
          [](const skops::Audit& audit) {
            nb::list out;
            for (const skops::Finding& finding : audit.findings()) {
              nb::dict row;
              row["code"] = finding.code;
              row["text"] = finding.text;
              row["path"] = finding.path;
              row["place"] = audit.place(finding.path);
              row["refuses"] = finding.refuses;
              out.append(row);
            }
            return out;
          },
          "What is odd about the file besides its names: dicts with code, text, path, place and\n"
          "refuses (whether the objects cannot be built because of it).")
      .def(
          "report",
          [](const skops::Audit& audit, const std::string& format) {
            return audit.report(format_of(format));
          },
          nb::arg("format") = "text",
          "The audit for people (\"text\"), programs (\"json\"), code scanning (\"sarif\", 2.1.0) "
          "or\n"
          "browsers (\"html\"). libskops.report makes one report of several files. Raises "
          "UsageError\n"
          "for another format.");
  m.def("audit", &audit);
  add_report(m);

  m.def(
      "load_objects",
      [](nb::object source, const std::vector<std::string>& trust, nb::object progress) {
        return nb::steal(objects_of(std::move(source), trust, progress.ptr()).release());
      },
      nb::arg("source"), nb::arg("trust"), nb::arg("progress").none() = nb::none());
  m.def("in_range", [](nb::handle array, std::int64_t first, std::int64_t end) {
    need_numpy();
    return in_range(array.ptr(), first, end);
  });
  m.def("values_in_range", [](nb::handle dict) {
    need_numpy();
    return values_in_range(dict.ptr());
  });
  m.def("permutes", [](nb::handle array) {
    need_numpy();
    return permutes(array.ptr());
  });
  m.def("rises", [](nb::handle array) {
    need_numpy();
    return rises(array.ptr());
  });

  m.def("outline", [](nb::object source, const std::vector<std::string>& trust) {
    const skops::Policy policy = policy_of(trust, {});
    const OpenFile file = open_file(source, limits_of_objects);
    const skops::Host* more = needs_more(host().audit(file.file, policy)) ? found_host() : nullptr;
    if (more == nullptr) return nb::steal(outline(host(), file.file, policy).release());
    const OpenFile again = reopened(file, source, limits_of_objects);
    return nb::steal(outline(*more, again.file, policy).release());
  });

  nb::class_<NativeModel>(m, "NativeModel")
      .def_prop_ro("type", [](const NativeModel& self) { return self.model->type(self.object); })
      .def_prop_ro("methods", [](const NativeModel& self) { return self.model->methods(); })
      .def_prop_ro("attributes",
                   [](const NativeModel& self) { return self.model->attributes(self.object); })
      .def_prop_ro("unavailable", [](const NativeModel& self) { return self.model->unavailable(); })
      .def("has_attribute",
           [](const NativeModel& self, const std::string& name) {
             return self.model->has_attribute(name, self.object);
           })
      .def("attribute", &read_attribute)
      .def("method", &method);
  add_dump(m);
  m.def("load", &load);
  m.def("refused_operator", [](const std::vector<std::string>& names, bool calls) {
    return skops::refused_operator(names, calls);
  });
  // None: the usual place; an empty text: no such file.
  m.def(
      "read_policy",
      [](const std::optional<std::string>& system, const std::optional<std::string>& user,
         const std::optional<std::string>& project) {
        auto where = skops::PolicyLocations::of_this_user();
        if (system) where.system = *system;
        if (user) {
          where.user = *user;
          where.adopted =
              user->empty() ? std::filesystem::path() : where.user.parent_path() / "adopted.json";
        }
        if (project) where.start = *project;
        read_process_policy(where);
      },
      nb::arg("system").none(), nb::arg("user").none(), nb::arg("project").none());
  m.def("trust_refused", &trust_refused);
  m.def("policy_files", [] {
    constexpr const char* states[] = {"absent", "read", "not adopted", "changed"};
    nb::list out;
    for (const skops::PolicyFile& file : process_policy().files.files) {
      nb::dict row;
      row["layer"] = skops::text_of(file.layer);
      row["path"] = nb::steal(PyUnicode_DecodeFSDefault(file.path.c_str()));
      row["state"] = states[static_cast<int>(file.state)];
      row["rules"] = file.rules;
      row["text"] = file.text;
      out.append(row);
    }
    return out;
  });
  m.def("use_plugins", &use_plugins);
  m.def("plugins", [] {
    nb::list out;
    std::vector<skops::PluginStatus> all = host().plugins();
    for (auto& found : found_plugins()) all.push_back(std::move(found));
    for (const auto& p : all) {
      nb::dict row;
      row["id"] = p.id;
      row["version"] = p.version;
      row["state"] = p.state;
      row["code"] = p.code;
      row["text"] = p.text;
      row["remedy"] = p.remedy;
      row["library"] = p.library;
      out.append(row);
    }
    return out;
  });
}
