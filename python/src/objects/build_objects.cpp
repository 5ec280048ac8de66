#include "objects/build_objects.hpp"

#include <string>

#include "skops/error.hpp"

namespace skops_python {

using skops::Error;
using skops::Family;
using skops::Make;
using skops::NodeId;
using skops::Tape;

ObjectBuilder::ObjectBuilder(std::shared_ptr<const skops::Archive> archive,
                             std::shared_ptr<skops::Budget> budget, skops::ApprovedGraph approved,
                             std::shared_ptr<const skops::PluginRegistry> plugins,
                             const skops::Policy& policy)
    : archive_(std::move(archive)),
      budget_(std::move(budget)),
      approved_(std::move(approved)),
      graph_owner_(approved_.graph()),
      graph_(*graph_owner_),
      plugins_(std::move(plugins)),
      names_(approved_, skops::ActualNames(plugins_->manifests(), policy)),
      made_(graph_.size(), nullptr) {
  kinds_.reserve(approved_.kinds().size());
  for (const skops::NodeKind& group : approved_.kinds()) {
    kinds_.emplace_back();
    kinds_.back().group = &group;
  }
}

ObjectBuilder::~ObjectBuilder() {
  // Objects hold each other; the last ones made are the outermost.
  for (std::size_t k = made_.size(); k-- > 0;) Py_XDECREF(made_[k]);
}

void ObjectBuilder::fail(NodeId id, const char* code, std::string text) const {
  throw Error(Family::malformed, code, std::move(text), {.path = graph_.path(id)});
}

// Which part of the file an exception of Python's comes from, said once, by the innermost node.
void ObjectBuilder::note_path(NodeId id) {
  if (noted_) return;
  noted_ = true;
  PyObject *type, *value, *trace;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  const std::string path = graph_.path(id);
  // An error of a hook: it knows what, here is known where.
  if (const Ref own(value == nullptr ? nullptr : PyObject_GetAttrString(value, "path"));
      own && PyUnicode_Check(own.get()) && PyUnicode_GET_LENGTH(own.get()) == 0) {
    const Ref where(PyUnicode_FromStringAndSize(path.data(), static_cast<Py_ssize_t>(path.size())));
    if (where) PyObject_SetAttrString(value, "path", where.get());
  }
  PyErr_Clear();
  const std::string text = "while building " + std::string(graph_.module(id)) + "." +
                           std::string(graph_.cls(id)) + (path.empty() ? "" : " at " + path);
  if (value != nullptr && PyObject_HasAttrString(value, "add_note")) {
    const Ref done(
        PyObject_CallMethod(value, "add_note", "s", skops::printable(text, 400).c_str()));
    if (!done) PyErr_Clear();
  }
  PyErr_Restore(type, value, trace);
}

void ObjectBuilder::remember(NodeId id, const Ref& object) {
  // Who is asked for once only need not be kept: the arrays of a tree go before the next are made.
  if (graph_.shared(id) && made_[id] == nullptr) made_[id] = Ref::borrow(object.get()).release();
}

Ref ObjectBuilder::node(NodeId id) {
  if (made_[id] != nullptr) return Ref::borrow(made_[id]);
  // Children lie in their parents' JSON, or were made before: this follows from the order of
  // visiting, and is checked all the same, because a stack ends.
  if (depth_ >= budget_->limits().json_depth) {
    throw Error(Family::limit, "limit.json_depth", "objects are nested too deeply",
                {.path = graph_.path(id)},
                "raise Limits::json_depth if you trust the origin of the file");
  }
  if ((++steps_ & 1023) == 0 && PyErr_CheckSignals() != 0) throw PythonError();
  ++depth_;
  try {
    Kind& kind = kinds_[approved_.kind_of(id)];
    if (kind.group->contents_checked) check_contents(id);
    Ref made = make(id, kind);
    remember(id, made);
    --depth_;
    return made;
  } catch (const PythonError&) {
    note_path(id);
    throw;
  } catch (const Error& error) {
    throw error.with({.path = graph_.path(id)});
  }
}

Ref ObjectBuilder::make(NodeId id, Kind& kind) {
  const skops::LoaderEntry* entry = kind.group->entry;
  if (entry == nullptr || !entry->recipe) {
    throw Error(Family::unsupported, "objects.no-recipe",
                "no plugin says how Python makes what the loader " +
                    std::string(graph_.loader(id)) + " describes",
                {}, "update the plugin that describes the loader");
  }
  switch (entry->recipe->make) {
    case Make::json: return json(id);
    case Make::dict: return dict(id, kind);
    case Make::defaultdict: return default_dict(id, kind);
    case Make::list: return list(id, kind);
    case Make::set: return set(id, kind);
    case Make::tuple: return tuple(id, kind);
    case Make::bytes: return bytes(id, kind);
    case Make::bytearray: return byte_array(id);
    case Make::slice: return slice(id);
    case Make::name: return name(id, kind);
    case Make::method: return method(id);
    case Make::partial: return partial(id, kind);
    case Make::operator_: return operator_function(id, kind);
    case Make::object: return object(id, kind);
    case Make::call: return call(id, kind);
    case Make::reduce: return reduce(id, kind);
    case Make::array: return array(id, kind);
    case Make::object_array: return object_array(id, kind);
    case Make::hook: return hook(id, kind);
  }
  fail(id, "objects.recipe", "a recipe of an unknown kind");
}

void ObjectBuilder::check_contents(NodeId id) {
  if (!checker_) {
    checker_ = std::make_unique<skops::LoadedGraph>(archive_, budget_, approved_, plugins_);
  }
  const auto value = checker_->value_of(id);
  if (checker_->values().kind(value) != SKOPS_VALUE_INERT) return;
  throw Error(Family::plugin, "objects.not-checked",
              "no plugin can check the contents of " + std::string(graph_.module(id)) + "." +
                  std::string(graph_.cls(id)),
              {}, "see libskops.plugins() for the plugin that is missing or refused");
}

const skops::LoaderField& ObjectBuilder::declared(NodeId id, std::size_t number) const {
  return graph_.layout(id)->fields[number];
}

Tape::Index ObjectBuilder::field(NodeId id, std::size_t number) const {
  return graph_.field(id, declared(id, number));
}

std::string_view ObjectBuilder::field_text(NodeId id, std::size_t number) const {
  const Tape::Index at = field(id, number);
  return at == Tape::none ? std::string_view() : graph_.tape().text(at);
}

Ref ObjectBuilder::node_at(NodeId parent, Tape::Index json) {
  const NodeId found = graph_.node_at(json);
  if (found == skops::no_node) fail(parent, "graph.wrong-field", "a node is expected here");
  return node(found);
}

Ref ObjectBuilder::child(NodeId id, std::size_t number) {
  return node_at(id, field(id, number));
}

Ref ObjectBuilder::child_or_null(NodeId id, std::size_t number) {
  if (number >= graph_.layout(id)->fields.size()) return Ref();
  const Tape::Index at = field(id, number);
  if (at == Tape::none || graph_.tape().kind(at) == skops::JsonKind::null) return Ref();
  return node_at(id, at);
}

std::span<const std::byte> ObjectBuilder::member(std::string_view name) {
  const auto index = archive_->find(name);
  if (!index) {
    throw Error(
        Family::malformed, "archive.no-member",
        "the schema names the member '" + std::string(name) + "', which the archive does not have",
        {.member = std::string(name)});
  }
  const std::span<const std::byte> out = archive_->bytes(*index, *budget_);
  if (watch_ != nullptr) {
    read_.resize(archive_->size());
    if (!read_[*index]) watch_->add(out.size());
    read_[*index] = true;
  }
  return out;
}

std::uint64_t ObjectBuilder::bytes() const {
  std::uint64_t sum = 0;
  for (std::size_t k = 0; k < archive_->size(); ++k) sum += (*archive_)[k].size;
  return sum;
}

}  // namespace skops_python
