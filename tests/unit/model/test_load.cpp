#include "unit/model/test_load.hpp"

#include "manifest/manifest.hpp"
#include "skops/error.hpp"
#include "skops/file.hpp"
#include "trust/approved_graph.hpp"
#include "unit/archive/archive_builder.hpp"

namespace skops_test {
namespace {

using namespace skops;

constexpr std::string_view manifest_text = R"({
 "manifest_version": 1, "id": "test", "version": "1", "abi": [1, 0], "library": [],
 "loaders": [
  {"loader": "ObjectNode", "protocols": [0, 3], "use": "object", "fields": [
   {"name": "content", "kind": "node", "required": false, "step": "state"}]},
  {"loader": "JsonNode", "protocols": [0, 3], "use": "json", "fields": [
   {"name": "content", "kind": "text"}]},
  {"loader": "ListNode", "protocols": [0, 3], "use": "list", "fields": [
   {"name": "content", "kind": "nodes", "step": "none"}]},
  {"loader": "TypeNode", "protocols": [0, 3], "use": "type", "fields": []},
  {"loader": "DictNode", "protocols": [0, 3], "use": "dict", "fields": [
   {"name": "key_types", "kind": "node", "required": false},
   {"name": "content", "kind": "map", "step": "none"}]},
  {"loader": "BytesNode", "protocols": [0, 3], "use": "bytes", "fields": [
   {"name": "file", "kind": "member"}]}],
 "types": [
  {"trust": "default", "uses": ["object"], "modules": ["test"],
   "names": ["Thing", "Other", "Third"]},
  {"trust": "default", "uses": ["json", "list", "dict", "bytes"], "modules": ["builtins"],
   "names": ["str", "list", "dict", "bytes"]}],
 "serializers": [
  {"loader": "ObjectNode", "module": "test", "class": "Thing"},
  {"loader": "ObjectNode", "module": "test", "class": "Other"},
  {"loader": "JsonNode", "module": "", "class": ""},
  {"loader": "ListNode", "module": "", "class": ""},
  {"loader": "DictNode", "module": "", "class": ""},
  {"loader": "BytesNode", "module": "", "class": ""}]})";

// The functions of the ABI are plain ones: they find the test's function by the node's names.
std::map<std::string, LoadFunction>* current = nullptr;
std::map<std::string, int>* current_runs = nullptr;
SaveFunction* current_save = nullptr;

skops_status dispatch_save(const skops_writer* writer, skops_context* context,
                           const skops_object* object, skops_node* node) {
  return (*current_save)(*writer, context, *object, node);
}

skops_status dispatch(const skops_host* host, skops_context* context, skops_node node,
                      skops_value* value) {
  skops_string loader{}, module{}, name{};
  host->node_names(context, node, &loader, &module, &name);
  const std::string cls(name.data, name.size);
  ++(*current_runs)[cls];
  return current->at(std::string(loader.data, loader.size) + " " + cls)(*host, context, node,
                                                                        value);
}

skops_json field(const skops_host& host, skops_context* context, skops_node node,
                 const char* name) {
  skops_json out = 0;
  host.node_field(context, node, str(name), &out);
  return out;
}

skops_status load_json(const skops_host& host, skops_context* context, skops_node node,
                       skops_value* value) {
  skops_string text{};
  const auto status = host.json_text(context, field(host, context, node, "content"), &text);
  return status != SKOPS_OK ? status : host.make_json(context, text, value);
}

skops_status load_list(const skops_host& host, skops_context* context, skops_node node,
                       skops_value* value) {
  const skops_json content = field(host, context, node, "content");
  std::uint64_t n = 0;
  host.json_size(context, content, &n);
  std::vector<skops_json> items(n);
  host.json_items(context, content, nullptr, items.data(), n);
  std::vector<skops_node> nodes(n);
  for (std::uint64_t k = 0; k < n; ++k) host.json_node(context, items[k], &nodes[k]);
  return host.make_sequence(context, SKOPS_VALUE_LIST, nodes.data(), n, value);
}

skops_status load_dict(const skops_host& host, skops_context* context, skops_node node,
                       skops_value* value) {
  const skops_json content = field(host, context, node, "content");
  std::uint64_t n = 0;
  host.json_size(context, content, &n);
  std::vector<skops_json> items(n);
  std::vector<skops_string> names(n);
  host.json_items(context, content, names.data(), items.data(), n);
  std::vector<skops_node> nodes(n);
  std::vector<skops_value> keys(n);
  for (std::uint64_t k = 0; k < n; ++k) {
    host.json_node(context, items[k], &nodes[k]);
    host.make_string(context, names[k], &keys[k]);
  }
  return host.make_mapping(context, keys.data(), nodes.data(), n, value);
}

skops_status load_bytes(const skops_host& host, skops_context* context, skops_node node,
                        skops_value* value) {
  skops_string name{};
  skops_bytes bytes{};
  auto status = host.json_text(context, field(host, context, node, "file"), &name);
  if (status == SKOPS_OK) status = host.member(context, name, &bytes);
  return status != SKOPS_OK ? status : host.make_bytes(context, bytes, value);
}

}  // namespace

struct TestLoad::Source final : SerializerSource {
  std::map<std::string, LoadFunction> functions;
  std::map<std::string, int> runs;
  skops_serializer serializer = {sizeof(skops_serializer), {}, {}, {}, 0, 3, &dispatch, nullptr};
  skops_serializer saving = {sizeof(skops_serializer), {}, {}, {}, 0, 3, &dispatch, &dispatch_save};
  SaveFunction save;

  const skops_serializer* find(std::string_view loader, std::string_view, std::string_view name,
                               int) const override {
    const std::string key = std::string(loader) + " " + std::string(name);
    if (!functions.contains(key)) return nullptr;
    return save && loader == "ObjectNode" ? &saving : &serializer;
  }
  std::string plugin_of(const skops_serializer& which) const override {
    return &which == &saving ? "saver" : "loader";
  }
};

std::string object_node(const std::string& name, const std::string& content,
                        const std::string& more) {
  return R"({"__class__": ")" + name + R"(", "__module__": "test", "__loader__": "ObjectNode", )" +
         R"("content": )" + content + more + "}";
}

std::string list_node(const std::vector<std::string>& items, const std::string& more) {
  std::string out =
      R"({"__class__": "list", "__module__": "builtins", "__loader__": "ListNode", "content": [)";
  for (std::size_t k = 0; k < items.size(); ++k) out += (k ? ", " : "") + items[k];
  return out + "]" + more + "}";
}

std::string json_node(const std::string& text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return R"({"__class__": "str", "__module__": "builtins", "__loader__": "JsonNode", )"
         R"("is_json": true, "content": ")" +
         quoted + "\"}";
}

TestLoad::TestLoad(const std::string& schema, const Limits& limits, const Members& members)
    : source_(std::make_shared<Source>()) {
  source_->functions = {{"JsonNode str", &load_json},
                        {"ListNode list", &load_list},
                        {"DictNode dict", &load_dict},
                        {"BytesNode bytes", &load_bytes}};
  std::string text = schema;
  text.insert(text.rfind('}'), R"(, "protocol": 2, "_skops_version": "0.16.0")");
  Members all = members;
  all.emplace_back("schema.json", std::move(text));
  archive_ = plain_archive(all);
  const File file =
      File::from_memory(std::as_bytes(std::span(archive_.data(), archive_.size())), limits);
  const Manifest manifest = read_manifest(manifest_text, "the test's manifest");
  for (const LoaderLayout& layout : manifest.layouts()) loaders_.add(layout);
  const auto graph = file.graph(loaders_);
  const Audit audit = audit_graph(*graph, std::span(&manifest, 1), Policy{});
  graph_ = std::make_shared<LoadedGraph>(file.archive(), file.budget(),
                                         approve_native(graph, audit), source_);
  current = &source_->functions;
  current_runs = &source_->runs;
  current_save = &source_->save;
}

TestLoad::~TestLoad() {
  graph_.reset();
  current = nullptr;
  current_runs = nullptr;
  current_save = nullptr;
}

void TestLoad::on(const std::string& loader, const std::string& name, LoadFunction function) {
  source_->functions[loader + " " + name] = std::move(function);
}

void TestLoad::on_save(SaveFunction function) {
  source_->save = std::move(function);
}

int TestLoad::runs(const std::string& name) const {
  const auto at = source_->runs.find(name);
  return at == source_->runs.end() ? 0 : at->second;
}

std::string TestLoad::build_error() {
  try {
    graph_->build_root();
  } catch (const Error& error) {
    return error.code() + ": " + error.text();
  }
  const auto& unavailable = graph_->unavailable();
  return unavailable ? unavailable->code() + ": " + unavailable->text() : "";
}

}  // namespace skops_test
