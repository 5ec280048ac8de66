#include "writer/saving.hpp"

#include <new>

#include "archive/zip_writer.hpp"
#include "graph/graph.hpp"
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

skops_status fail(skops_context* context, skops_status family, skops_string code,
                  skops_string text, skops_string remedy) {
  if (family < SKOPS_USAGE || family > SKOPS_INPUT) family = SKOPS_PLUGIN;
  return Saving::of(context).report(Error(static_cast<Family>(family), std::string(view(code)),
                                          std::string(view(text)), {},
                                          std::string(view(remedy))));
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

skops_status put_node(skops_context* context, skops_node node, skops_string field,
                      skops_string key, skops_node child) {
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

constexpr skops_writer table = {sizeof(skops_writer), &fail,     &node,        &plain,    &object,
                                &set_json,            &set_node, &append_node, &put_node, &set_member};

}  // namespace

const skops_writer& writer_table() { return table; }

skops_status Saving::report(Error error) {
  const auto family = static_cast<skops_status>(error.family());
  reported_ = std::move(error);
  return family;
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
  const skops_serializer* serializer = find_(object);
  if (serializer == nullptr || serializer->save == nullptr) {
    throw Error(Family::unsupported, "save.no-serializer",
                std::string(object.type == nullptr ? "an object" : view(object.type->name)) +
                    " cannot be saved: its plugin has no code for that",
                {}, "write the file that it was loaded from anew (Model::save)");
  }
  reported_.reset();
  skops_node made = 0;
  const skops_status status = serializer->save(&table, context(), &object, &made);
  if (status != SKOPS_OK) {
    if (reported_) throw *std::exchange(reported_, std::nullopt);
    throw Error(Family::plugin, "plugin.silent",
                "a serializer failed with status " + std::to_string(status) + " without saying why",
                {}, "report this to the plugin's authors");
  }
  draft_.check_handle(made);
  --depth_;
  at->second = made;
  return made;
}

void Saving::write(const skops_object& object, const SaveOptions& options, Output& out) {
  const std::string draft = draft_.schema(node_of(object));
  Budget budget(limits_);
  const Graph graph = Graph::build(draft, budget, loaders_);
  MemberNames members(draft_);
  const std::string schema = SchemaWriter(graph, limits_, members).run();
  write_members(schema, members, options, out);
}

}  // namespace skops
