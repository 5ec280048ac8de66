#include "objects/outline.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "archive/archive.hpp"
#include "graph/graph.hpp"
#include "python.hpp"
#include "skops/audit.hpp"
#include "skops/limits.hpp"
#include "trust/audit_detail.hpp"

namespace skops_python {
namespace {

using skops::FieldKind;
using skops::Graph;
using skops::JsonKind;
using skops::LoaderField;
using skops::LoaderLayout;
using skops::NodeId;
using skops::Tape;

struct Child {
  std::string key;
  NodeId id;
  bool of_keys = false;  // the types of a dict's keys
};

// Loaders whose inside says nothing to people.
bool is_data(const LoaderLayout& layout) {
  return layout.use == "array" || layout.use == "sparse" || layout.use == "bytes";
}

class Outline {
 public:
  Outline(const Graph& graph, const skops::Archive& archive, skops::Budget& budget,
          const skops::Audit& audit)
      : graph_(graph), archive_(archive), budget_(budget), audit_(audit) {
    for (NodeId id = 1; id < graph.size(); ++id) {
      if (!graph.known(graph.node(id).parent)) below_unknown_[graph.node(id).parent].push_back(id);
    }
    decide();
  }

  Ref run() {
    Ref out = checked(PyList_New(0));
    // Beyond these, what has been shown is not opened again.
    const std::size_t most = 4 * std::size_t{graph_.size()} + 10'000;
    constexpr std::size_t most_key_bytes = std::size_t{64} << 20;
    std::size_t lines = 0, key_bytes = 0;
    values_.resize(graph_.size());
    std::vector<bool> shown(graph_.size()), open(graph_.size());
    struct Pending {
      Child child;
      std::uint32_t level;
      bool last;
      enum { enter, constructor, leave } step = enter;  // leave: all below has been shown
    };
    std::vector<Pending> stack;
    stack.push_back({{"root", 0}, 0, false});
    while (!stack.empty()) {
      Pending next = std::move(stack.back());
      stack.pop_back();
      const NodeId id = next.child.id;
      if (next.step == Pending::leave) {
        open[id] = false;
        continue;
      }
      if ((++lines & 1023) == 0 && PyErr_CheckSignals() != 0) throw PythonError();
      key_bytes += next.child.key.size();
      if (!values_[id]) values_[id] = to_text(value_of(id));
      const bool is_safe = next.step == Pending::constructor ? self_safe_[id] : safe_[id];
      const Ref line = checked(Py_BuildValue(
          "INOOOO", static_cast<unsigned>(next.level), to_text(next.child.key).release(),
          values_[id].get(), boolean(self_safe_[id]), boolean(is_safe), boolean(next.last)));
      if (PyList_Append(out.get(), line.get()) != 0) throw PythonError();
      if (open[id]) continue;
      if (shown[id] && (lines + stack.size() > most || key_bytes > most_key_bytes)) continue;
      shown[id] = open[id] = true;
      stack.push_back({{{}, id}, 0, false, Pending::leave});
      const LoaderLayout* layout = graph_.layout(id);
      const bool reduce = layout != nullptr && is_reduce(*layout);
      // The class once more, as what is called; no children of its own, since it is open.
      if (reduce) {
        stack.push_back({{"constructor", id}, next.level + 1, true, Pending::constructor});
      }
      std::vector<Child> children = shown_children(id);
      for (std::size_t k = children.size(); k-- > 0;) {
        const bool last = !reduce && k + 1 == children.size();
        stack.push_back({std::move(children[k]), next.level + 1, last});
      }
    }
    return out;
  }

 private:
  static PyObject* boolean(bool value) { return value ? Py_True : Py_False; }
  static Ref to_text(const std::string& text) {
    return checked(
        PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), nullptr));
  }
  static bool is_reduce(const LoaderLayout& layout) {
    return std::any_of(layout.fields.begin(), layout.fields.end(), [](const LoaderField& field) {
      return field.path.starts_with("__reduce__.");
    });
  }

  // Who is safe alone, and who with all below: whoever refers to an unsafe node is unsafe, too.
  void decide() {
    const auto& detail = audit_.detail();
    self_safe_.resize(graph_.size());
    safe_.assign(graph_.size(), true);
    std::vector<std::pair<NodeId, NodeId>> edges;  // child, parent
    std::vector<NodeId> unsafe;
    for (NodeId id = 0; id < graph_.size(); ++id) {
      const auto& group = detail.groups[detail.group_of_node[id]];
      self_safe_[id] = detail.names[group.name].decision == skops::Decision::allowed;
      for (const Child& child : children(id)) edges.emplace_back(child.id, id);
    }
    for (const NodeId id : detail.blocked) self_safe_[id] = false;
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (!self_safe_[id]) unsafe.push_back(id);
    }
    std::sort(edges.begin(), edges.end());
    for (const NodeId id : unsafe) safe_[id] = false;
    while (!unsafe.empty()) {
      const NodeId id = unsafe.back();
      unsafe.pop_back();
      auto edge = std::lower_bound(edges.begin(), edges.end(), std::pair<NodeId, NodeId>{id, 0});
      for (; edge != edges.end() && edge->first == id; ++edge) {
        if (!safe_[edge->second]) continue;
        safe_[edge->second] = false;
        unsafe.push_back(edge->second);
      }
    }
  }

  void add(std::vector<Child>& out, std::string_view key, Tape::Index json,
           bool of_keys = false) const {
    const NodeId id = graph_.node_at(json);
    if (id != skops::no_node) out.push_back({std::string(key), id, of_keys});
  }

  std::vector<Child> children(NodeId id) const {
    std::vector<Child> out;
    const LoaderLayout* layout = graph_.layout(id);
    if (layout == nullptr) {
      const auto below = below_unknown_.find(id);
      if (below == below_unknown_.end()) return out;
      for (const NodeId child : below->second) out.push_back({"content", child});
      return out;
    }
    const Tape& tape = graph_.tape();
    const bool map = std::any_of(layout->fields.begin(), layout->fields.end(),
                                 [](const LoaderField& f) { return f.kind == FieldKind::map; });
    for (const LoaderField& field : layout->fields) {
      const Tape::Index at = graph_.field(id, field.path);
      if (at == Tape::none) continue;
      const std::string_view last = std::string_view(field.path).substr(field.path.rfind('.') + 1);
      if (field.kind == FieldKind::node) {
        add(out, field.step == skops::PathStep::state ? "attrs" : last, at, map);
      } else if (field.kind == FieldKind::nodes && tape.kind(at) == JsonKind::array) {
        for (Tape::Index k = tape.first(at); k != tape.next(at); k = tape.next(k))
          add(out, last, k);
      } else if (field.kind == FieldKind::map && tape.kind(at) == JsonKind::object) {
        for (Tape::Index k = tape.first(at); k != tape.next(at); k = tape.next(k + 1)) {
          add(out, tape.text(k), k + 1);
        }
      }
    }
    return out;
  }

  // Without the types of keys, which the keys show, and without the inside of data: unless there is
  // something in it that is not trusted.
  std::vector<Child> shown_children(NodeId id) const {
    const LoaderLayout* layout = graph_.layout(id);
    if (layout != nullptr && is_data(*layout) && safe_[id]) return {};
    std::vector<Child> out = children(id);
    std::erase_if(out, [&](const Child& child) { return child.of_keys && safe_[child.id]; });
    return out;
  }

  std::string text_field(NodeId id, FieldKind kind) const {
    std::string out;
    for (const LoaderField& field : graph_.layout(id)->fields) {
      const Tape::Index at = graph_.field(id, field.path);
      if (field.kind != kind || at == Tape::none || graph_.tape().kind(at) != JsonKind::string) {
        continue;
      }
      if (!out.empty()) out += '.';
      out += graph_.tape().text(at);
    }
    return out;
  }

  std::string value_of(NodeId id) const {
    std::string name = std::string(graph_.module(id)) + '.' + std::string(graph_.cls(id));
    const LoaderLayout* layout = graph_.layout(id);
    if (layout == nullptr) return name;
    if (layout->use == "json") return "json-type(" + text_field(id, FieldKind::text) + ')';
    if (layout->use == "bytes") return bytes_of(id, name);
    if (layout->use == "method_owner") return name + '.' + text_field(id, FieldKind::name);
    if (layout->use == "label") return text_field(id, FieldKind::name);
    return name;
  }

  std::string bytes_of(NodeId id, const std::string& name) const {
    const auto member = archive_.find(text_field(id, FieldKind::member));
    if (!member) return name;
    constexpr std::size_t most = 30, head = 13, tail = 14;  // as reprlib shortens
    const auto bytes = archive_.bytes(*member, budget_);
    const auto shown = [](std::span<const std::byte> part) {
      const Ref object = checked(PyBytes_FromStringAndSize(
          reinterpret_cast<const char*>(part.data()), static_cast<Py_ssize_t>(part.size())));
      const Ref text = checked(PyObject_Repr(object.get()));
      Py_ssize_t size = 0;
      const char* utf8 = PyUnicode_AsUTF8AndSize(text.get(), &size);
      if (utf8 == nullptr) throw PythonError();
      return std::string(utf8, static_cast<std::size_t>(size));
    };
    std::string text = shown(bytes.first(std::min(bytes.size(), most)));
    if (bytes.size() > most || text.size() > most) {
      const std::string end = shown(bytes.last(std::min(bytes.size(), most)));
      text = text.substr(0, head) + "..." + end.substr(end.size() - tail);
    }
    return graph_.cls(id) == "bytearray" ? "bytearray(" + text + ')' : text;
  }

  const Graph& graph_;
  const skops::Archive& archive_;
  skops::Budget& budget_;
  const skops::Audit& audit_;
  std::unordered_map<NodeId, std::vector<NodeId>> below_unknown_;
  std::vector<bool> self_safe_, safe_;
  std::vector<Ref> values_;  // by node: one that is shared is one text
};

}  // namespace

Ref outline(const skops::Host& host, const skops::File& file, const skops::Policy& policy) {
  const auto graph = host.graph(file);
  const skops::Audit audit = host.audit(file, policy);
  skops::Budget budget(*file.budget());
  return Outline(*graph, *file.archive(), budget, audit).run();
}

}  // namespace skops_python
