#include "writer/saving.hpp"

#include <new>

#include "graph/graph.hpp"
#include "make/array_node.hpp"
#include "model/loaded_graph.hpp"
#include "writer/member_names.hpp"
#include "writer/schema_writer.hpp"

namespace skops {
namespace {

std::string_view view(skops_string s) {
  return s.data == nullptr ? std::string_view() : std::string_view(s.data, s.size);
}

template <class F>
skops_status guarded(skops_context* context, F&& body) noexcept {
  Saving& saving = Saving::of(context);
  try {
    body(saving);
    return SKOPS_OK;
  } catch (const Error& error) {
    return saving.report(error);
  } catch (const std::bad_alloc&) {
    return saving.report(Error(Family::limit, "limit.memory", "out of memory"));
  } catch (const std::exception& error) {
    return saving.report(Error(Family::plugin, "host.exception", error.what()));
  } catch (...) {
    return saving.report(Error(Family::plugin, "host.exception", "an unknown exception"));
  }
}

template <class T>
T& given(T* pointer) {
  if (pointer == nullptr) throw Error(Family::plugin, "plugin.null", "a pointer is null");
  return *pointer;
}

skops_status fail(skops_context* context, skops_status family, skops_string code, skops_string text,
                  skops_string remedy) {
  if (family < SKOPS_USAGE || family > SKOPS_INPUT) family = SKOPS_PLUGIN;
  return Saving::of(context).report(Error(static_cast<Family>(family), std::string(view(code)),
                                          std::string(view(text)), {}, std::string(view(remedy))));
}

skops_status node(skops_context* context, skops_string loader, skops_string module,
                  skops_string name, skops_node* out) {
  return guarded(context, [&](Saving& s) {
    given(out) = s.draft().node(view(loader), view(module), view(name));
  });
}

skops_status plain(skops_context* context, skops_string json, skops_node* out) {
  return guarded(context, [&](Saving& s) { given(out) = s.draft().plain(view(json)); });
}

skops_status object(skops_context* context, const skops_object* object, skops_node* out) {
  return guarded(context, [&](Saving& s) { given(out) = s.node_of(given(object)); });
}

skops_status set_json(skops_context* context, skops_node node, skops_string field,
                      skops_string json) {
  return guarded(context, [&](Saving& s) { s.draft().set_json(node, view(field), view(json)); });
}

skops_status set_node(skops_context* context, skops_node node, skops_string field,
                      skops_node child) {
  return guarded(context, [&](Saving& s) { s.draft().set_node(node, view(field), child); });
}

skops_status append_node(skops_context* context, skops_node node, skops_string field,
                         skops_node child) {
  return guarded(context, [&](Saving& s) { s.draft().append_node(node, view(field), child); });
}

skops_status put_node(skops_context* context, skops_node node, skops_string field, skops_string key,
                      skops_node child) {
  return guarded(context,
                 [&](Saving& s) { s.draft().put_node(node, view(field), view(key), child); });
}

skops_status set_member(skops_context* context, skops_node node, skops_string field,
                        skops_string suffix, skops_bytes bytes) {
  return guarded(context, [&](Saving& s) {
    if (bytes.size != 0) given(bytes.data);
    s.draft().set_member(node, view(field), view(suffix),
                         {reinterpret_cast<const std::byte*>(bytes.data), bytes.size});
  });
}

skops_status array(skops_context* context, const skops_array* array, uint32_t scalar,
                   skops_node* out) {
  return guarded(context,
                 [&](Saving& s) { given(out) = array_node(s.draft(), given(array), scalar != 0); });
}

skops_status origin(skops_context* context, const skops_object* object, skops_node* out) {
  return guarded(context, [&](Saving& s) { given(out) = s.origin_of(given(object)); });
}

skops_status find_attribute(skops_context* context, skops_node node, skops_string name,
                            uint32_t* has, skops_string* json) {
  return guarded(context, [&](Saving& s) {
    given(has) = s.states().has(node, view(name)) ? 1 : 0;
    const std::string_view text = s.origin_json(node, view(name));
    given(json) = {text.data(), text.size()};
  });
}

skops_status set_attribute(skops_context* context, skops_node node, skops_string name,
                           skops_node value) {
  return guarded(context, [&](Saving& s) { s.states().set(node, view(name), value); });
}

constexpr skops_writer table = {
    sizeof(skops_writer), &fail,     &node,       &plain, &object, &set_json,       &set_node,
    &append_node,         &put_node, &set_member, &array, &origin, &find_attribute, &set_attribute};

}  // namespace

const skops_writer& writer_table() {
  return table;
}

skops_status Saving::report(Error error) {
  const auto family = static_cast<skops_status>(error.family());
  reported_ = std::move(error);
  return family;
}

skops_node Saving::origin_of(const skops_object& object) {
  const auto at = origins_.find({object.type, object.state});
  if (at == origins_.end()) return 0;
  if (std::exchange(at->second.copied, true)) {
    throw Error(Family::plugin, "plugin.origin", "the origin of an object is asked for twice", {},
                "report this to the plugin's authors");
  }
  const skops_node made = copy_->copy(at->second.node);
  origin_nodes_.emplace(made, at->second.node);
  return made;
}

std::string_view Saving::origin_json(skops_node node, std::string_view name) const {
  const auto at = origin_nodes_.find(node);
  if (at == origin_nodes_.end()) return {};
  const auto below = [&](NodeId id, std::string_view field) {
    return id == no_node ? Tape::none : origin_->field(id, field);
  };
  const auto node_at = [&](Tape::Index json) {
    return json == Tape::none ? no_node : origin_->node_at(json);
  };
  const Tape::Index items = below(node_at(below(at->second, "content")), "content");
  if (items == Tape::none || origin_->tape().kind(items) != JsonKind::object) return {};
  const NodeId value = node_at(origin_->tape().find(items, name));
  if (value == no_node || !origin_->known(value) || origin_->layout(value)->use != "json")
    return {};
  const Tape::Index text = origin_->field(value, "content");
  if (text == Tape::none || origin_->tape().kind(text) != JsonKind::string) return {};
  return origin_->tape().text(text);
}

skops_node Saving::node_of(const skops_object& object) {
  const auto [at, added] = saved_.try_emplace({object.type, object.state});
  if (!added) {
    if (at->second) return *at->second;
    throw Error(Family::unsupported, "save.cycle", "an object that holds itself", {},
                "no file can hold it: released skops does not read cycles");
  }
  if (++depth_ > limits_.nesting) {
    throw Error(Family::limit, "limit.nesting", "objects are nested too deeply", {},
                "raise Limits::nesting");
  }
  const auto origin = origins_.find(at->first);
  const skops_serializer* serializer =
      origin != origins_.end() ? origin->second.serializer : find_(object);
  if (serializer == nullptr || serializer->save == nullptr) {
    throw Error(Family::unsupported, "save.no-serializer",
                std::string(object.type == nullptr ? "an object" : view(object.type->name)) +
                    " cannot be saved: its plugin has no code for that",
                {}, "write the file that it was loaded from anew (Model::save)");
  }
  reported_.reset();
  skops_node made = 0;
  const skops_status status = run(*serializer, object, made);
  try {
    if (status != SKOPS_OK) {
      if (reported_) throw *std::exchange(reported_, std::nullopt);
      throw Error(
          Family::plugin, "plugin.silent",
          "a serializer failed with status " + std::to_string(status) + " without saying why", {},
          "report this to the plugin's authors");
    }
    draft_.check_handle(made);
  } catch (const Error& error) {
    throw error.with({.plugin = loaded_ ? loaded_->plugin_of(serializer) : std::string()});
  }
  --depth_;
  at->second = made;
  return made;
}

// Nothing may throw across the boundary; a plugin that does it all the same is told so.
skops_status Saving::run(const skops_serializer& serializer, const skops_object& object,
                         skops_node& made) {
  const auto thrown = [&](const std::string& text) {
    return report(
        Error(Family::plugin, "plugin.exception", text, {}, "report this to the plugin's authors"));
  };
  try {
    return serializer.save(&table, context(), &object, &made);
  } catch (const std::exception& error) {
    return thrown(std::string("a serializer throws: ") + error.what());
  } catch (...) {
    return thrown("a serializer throws");
  }
}

void Saving::write(const skops_object& object, const SaveOptions& options, Output& out) {
  const skops_node root = node_of(object);
  states_.finish();
  write_draft(draft_, root, loaders_, limits_, options, out);
}

void Saving::write(LoadedGraph& loaded, const SaveOptions& options, Output& out) {
  const Graph& graph = loaded.graph();
  loaded_ = &loaded;
  origin_ = &graph;
  for (NodeId id = 0; id < graph.size(); ++id) {
    const LoadedGraph::Made made = loaded.made(id);
    // Objects without a state cannot be told apart: they stay as they are.
    if (made.object.state == nullptr || !made.serializer || !made.serializer->save) continue;
    origins_.emplace(std::pair(made.object.type, made.object.state), Origin{id, made.serializer});
  }
  Budget budget(loaded.budget());
  ArchiveMembers members(loaded.archive(), budget);
  copy_.emplace(graph, members, loaders_, limits_, draft_, states_,
                [&](NodeId id) -> Draft::Handle {
                  const skops_object object = loaded.made(id).object;
                  const auto origin = origins_.find({object.type, object.state});
                  if (origin == origins_.end() || origin->second.node != id) return 0;
                  try {
                    return node_of(object);
                  } catch (const Error& error) {
                    throw error.with({.path = graph.path(id)});
                  }
                });
  const Draft::Handle root = copy_->node(0);
  states_.finish();
  write_draft(draft_, root, loaders_, limits_, options, out);
}

void write_draft(Draft& draft, Draft::Handle root, const LoaderTable& loaders, const Limits& limits,
                 const SaveOptions& options, Output& out) {
  const std::string text = draft.schema(root);
  Budget budget(limits);
  const Graph graph = Graph::build(text, budget, loaders);
  MemberNames members(draft);
  const std::string schema = SchemaWriter(graph, limits, members).run();
  write_members(schema, members, options, out);
}

}  // namespace skops
