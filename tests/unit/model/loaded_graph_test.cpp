// One load: every node is built once, aliases share it, cycles and nesting end, names that nobody
// approved stay inert, and a plugin that breaks the rules gets an error that says so.
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "skops/error.hpp"
#include "unit/model/test_load.hpp"

using namespace skops;
using namespace skops_test;

namespace {

// An object whose state is the address of a counter, which `release` counts up.
uint64_t one_method(const void*) {
  return 1;
}
skops_string its_name(const void*, std::uint64_t) {
  return str("predict");
}
skops_status its_call(const void*, const skops_call*) {
  return SKOPS_OK;
}
void count_release(void* state) {
  ++*static_cast<int*>(state);
}
constexpr skops_object_type counting = {sizeof(skops_object_type),
                                        {"Thing", 5},
                                        &one_method,
                                        &its_name,
                                        &its_call,
                                        &count_release,
                                        nullptr};

LoadFunction makes_object(int& released) {
  return [&](const skops_host& host, skops_context* context, skops_node, skops_value* value) {
    return host.make_object(context, &counting, &released, value);
  };
}

// Asks for the value of its content first.
LoadFunction asks_for_content(int& released) {
  return [&](const skops_host& host, skops_context* context, skops_node node, skops_value* value) {
    skops_json json = 0;
    skops_node child = 0;
    skops_value of_child = 0;
    host.node_field(context, node, str("content"), &json);
    host.json_node(context, json, &child);
    const auto status = host.value_of(context, child, &of_child);
    if (status != SKOPS_OK) return status;
    return host.make_object(context, &counting, &released, value);
  };
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_object_is_built_and_given_back_once) {
  int released = 0;
  {
    TestLoad load(object_node("Thing"));
    load.on("ObjectNode", "Thing", makes_object(released));
    BOOST_TEST(load.build_error() == "");
    BOOST_TEST(load.graph().methods() == std::vector<std::string>{"predict"},
               boost::test_tools::per_element());
    BOOST_TEST(load.graph().value_of(NodeId{0}) == load.graph().value_of(NodeId{0}));
    BOOST_TEST(load.runs("Thing") == 1);
    BOOST_TEST(released == 0);
  }
  BOOST_TEST(released == 1);
}

BOOST_AUTO_TEST_CASE(aliases_share_one_value) {
  int released = 0;
  {
    TestLoad load(list_node({object_node("Thing", "null", R"(, "__id__": 7)"), R"({"__id__": 7})",
                             R"({"__id__": 7})"}));
    load.on("ObjectNode", "Thing", makes_object(released));
    LoadedGraph& graph = load.graph();
    const auto list = graph.value_of(NodeId{0});
    BOOST_TEST(graph.values().size(list) == 3u);
    const auto first = graph.value_of(graph.values().item(list, 0));
    for (std::uint64_t k = 0; k < 3; ++k) {
      BOOST_TEST(graph.value_of(graph.values().item(list, k)) == first);
    }
    BOOST_TEST(load.runs("Thing") == 1);
  }
  BOOST_TEST(released == 1);
}

// 2^40 elements in a file of 40 nodes: nothing is expanded.
BOOST_AUTO_TEST_CASE(aliases_of_aliases_cost_nothing) {
  std::string deep = list_node({json_node("1"), json_node("2")}, R"(, "__id__": 1)");
  for (int level = 2; level < 42; ++level) {
    deep = list_node({deep, R"({"__id__": )" + std::to_string(level - 1) + "}"},
                     R"(, "__id__": )" + std::to_string(level));
  }
  TestLoad load(deep);
  BOOST_TEST(load.build_error() ==
             "model.no-methods: the file holds builtins.list, which has no native methods");
  BOOST_TEST(load.graph().graph().size() < 50u);
  // Reading it as a whole would be 2^40 values: the reader stops.
  const Model model(std::shared_ptr<LoadedGraph>(&load.graph(), [](LoadedGraph*) {}));
  BOOST_TEST(model.attributes().empty());
}

BOOST_AUTO_TEST_CASE(an_object_that_contains_itself) {
  const auto code_of = [](const std::string& schema) {
    try {
      TestLoad load(schema);
      return std::string("built");
    } catch (const Error& error) {
      return error.code();
    }
  };
  BOOST_TEST(code_of(object_node("Thing", R"({"__id__": 5})", R"(, "__id__": 5)")) ==
             "graph.cycle");
  // The graph is refused as a whole. A plugin that asks for the value of the very node that it
  // builds gets the same answer.
  TestLoad load(object_node("Thing"));
  load.on("ObjectNode", "Thing",
          [](const skops_host& host, skops_context* context, skops_node node, skops_value* value) {
            return host.value_of(context, node, value);
          });
  BOOST_TEST(load.build_error() == "graph.cycle: the object contains itself");
}

BOOST_AUTO_TEST_CASE(nesting_beyond_the_limit) {
  const auto nested = [](int depth) {
    std::string out = object_node("Thing", json_node("1"));
    for (int k = 1; k < depth; ++k) out = object_node("Thing", out);
    return out;
  };
  Limits limits;
  limits.nesting = 10;
  int released = 0;
  {
    TestLoad load(nested(9), limits);
    load.on("ObjectNode", "Thing", asks_for_content(released));
    BOOST_TEST(load.build_error() == "");
  }
  BOOST_TEST(released == 9);
  TestLoad load(nested(11), limits);
  load.on("ObjectNode", "Thing", asks_for_content(released));
  BOOST_TEST(load.build_error() == "limit.nesting: objects are nested too deeply");
}

BOOST_AUTO_TEST_CASE(names_that_nobody_declares_are_inert) {
  int released = 0;
  TestLoad load(object_node("Evil", json_node("1")));
  load.on("ObjectNode", "Evil", makes_object(released));
  BOOST_TEST(load.build_error() ==
             "model.no-methods: the file holds test.Evil, which has no native methods");
  BOOST_TEST(load.runs("Evil") == 0);
  ValueStore& values = load.graph().values();
  const auto value = load.graph().value_of(NodeId{0});
  BOOST_TEST(values.kind(value) == SKOPS_VALUE_INERT);
  BOOST_TEST(values.text(value) == "test.Evil");
  // Asking for its name gives no name either.
  BOOST_TEST(values.kind(load.graph().make_name(0)) == SKOPS_VALUE_INERT);
}

BOOST_AUTO_TEST_CASE(a_failure_is_told_once_and_again) {
  TestLoad load(object_node("Thing"));
  load.on("ObjectNode", "Thing",
          [](const skops_host& host, skops_context* context, skops_node, skops_value*) {
            return host.fail(context, SKOPS_UNSUPPORTED, str("model.odd"), str("this is odd"),
                             str("do something"));
          });
  BOOST_TEST(load.build_error() == "model.odd: this is odd");
  BOOST_TEST(load.build_error() == "model.odd: this is odd");
  BOOST_TEST(load.runs("Thing") == 1);
  BOOST_CHECK_EXCEPTION(load.graph().value_of(0), Error, [](const Error& error) {
    return error.where().plugin == "loader" &&
           std::string(error.what()) == "this is odd (plugin loader); do something [model.odd]";
  });
}

BOOST_AUTO_TEST_CASE(plugins_that_break_the_rules) {
  using Status = skops_status;
  const auto answer = [](LoadFunction function) {
    TestLoad load(object_node("Thing"));
    load.on("ObjectNode", "Thing", std::move(function));
    return load.build_error();
  };
  BOOST_TEST(answer([](const skops_host&, skops_context*, skops_node, skops_value*) -> Status {
               return SKOPS_MALFORMED;
             }) == "plugin.silent: a serializer failed with status 3 without saying why");
  BOOST_TEST(answer([](const skops_host&, skops_context*, skops_node, skops_value*) -> Status {
               return SKOPS_OK;
             }) == "plugin.no-value: a serializer made no value");
  BOOST_TEST(
      answer([](const skops_host&, skops_context*, skops_node, skops_value* value) -> Status {
        *value = 1u << 30;
        return SKOPS_OK;
      }) == "plugin.no-value: a serializer made no value");
  BOOST_TEST(answer([](const skops_host&, skops_context*, skops_node, skops_value*) -> Status {
               throw std::runtime_error("oops");
             }) == "plugin.exception: a serializer throws: oops");
  BOOST_TEST(answer([](const skops_host&, skops_context*, skops_node, skops_value*) -> Status {
               throw 42;
             }) == "plugin.exception: a serializer throws");
  // A family that does not exist is the plugin's.
  BOOST_TEST(answer([](const skops_host& host, skops_context* context, skops_node,
                       skops_value*) -> Status {
               return host.fail(context, 99, str("x.y"), str("text"), str(""));
             }) == "x.y: text");
}

BOOST_AUTO_TEST_CASE(methods_that_break_the_rules) {
  static constexpr auto forever = [](const void*) { return ~std::uint64_t{0}; };
  static constexpr auto nameless = [](const void*, std::uint64_t) { return skops_string{}; };
  static constexpr skops_object_type endless = {sizeof(skops_object_type),
                                                {"Thing", 5},
                                                forever,
                                                &its_name,
                                                &its_call,
                                                nullptr,
                                                nullptr},
                                     unnamed = {sizeof(skops_object_type),
                                                {"Thing", 5},
                                                &one_method,
                                                nameless,
                                                &its_call,
                                                nullptr,
                                                nullptr};
  const auto answer = [](const skops_object_type& type) {
    TestLoad load(object_node("Thing"));
    load.on("ObjectNode", "Thing",
            [&](const skops_host& host, skops_context* context, skops_node, skops_value* value) {
              return host.make_object(context, &type, nullptr, value);
            });
    return load.build_error();
  };
  BOOST_TEST(answer(endless) == "plugin.methods: an object has more methods than anything has");
  BOOST_TEST(answer(unnamed) == "plugin.methods: a method has no name");
}

BOOST_AUTO_TEST_CASE(calls_that_break_the_rules) {
  static skops_status (*behaviour)(const skops_sink&) = nullptr;
  static constexpr auto run = [](const void*, const skops_call* call) {
    return behaviour(*call->sink);
  };
  static constexpr skops_object_type type = {
      sizeof(skops_object_type), {"Thing", 5}, &one_method, &its_name, run, nullptr, nullptr};
  TestLoad load(object_node("Thing"));
  load.on("ObjectNode", "Thing",
          [](const skops_host& host, skops_context* context, skops_node, skops_value* value) {
            return host.make_object(context, &type, nullptr, value);
          });
  load.graph().build_root();
  const Model model(std::shared_ptr<LoadedGraph>(&load.graph(), [](LoadedGraph*) {}));
  const double x = 1;
  const auto answer = [&](skops_status (*what)(const skops_sink&)) {
    behaviour = what;
    try {
      model.call("predict", view(&x, 1, 1));
      return std::string("a result");
    } catch (const Error& error) {
      // What the plugin says or does wrong is its; what the caller's sink says is not.
      const bool its = error.code() == "a.b" || error.code() == "plugin.silent" ||
                       error.code() == "plugin.exception";
      BOOST_TEST(error.where().plugin == (its ? "loader" : ""));
      return error.code() + ": " + error.text();
    }
  };
  static constexpr std::int64_t minus[] = {-1}, many[] = {std::int64_t{1} << 40, 1 << 30};
  static constexpr skops_dtype real = {sizeof(skops_dtype), 'f', 0, 8, 0, nullptr};
  BOOST_TEST(answer([](const skops_sink&) -> skops_status { return SKOPS_INPUT; }) ==
             "plugin.silent: a method failed without saying why");
  BOOST_TEST(answer([](const skops_sink&) -> skops_status { return SKOPS_OK; }) ==
             "plugin.sink: a method did not give exactly one result");
  BOOST_TEST(answer([](const skops_sink&) -> skops_status { throw 42; }) ==
             "plugin.exception: a method throws across the boundary");
  BOOST_TEST(answer([](const skops_sink& sink) { return sink.end(sink.owner); }) ==
             "plugin.sink: a list ends that never began");
  BOOST_TEST(answer([](const skops_sink& sink) -> skops_status {
               return sink.array(sink.owner, &real, 1, minus) == nullptr ? SKOPS_LIMIT : SKOPS_OK;
             }) == "limit.memory: a result is larger than memory can be");
  BOOST_TEST(answer([](const skops_sink& sink) -> skops_status {
               return sink.array(sink.owner, &real, 2, many) == nullptr ? SKOPS_LIMIT : SKOPS_OK;
             }) == "limit.memory: a result is larger than memory can be");
  BOOST_TEST(answer([](const skops_sink& sink) {
               return sink.fail(sink.owner, SKOPS_INPUT, str("a.b"), str("told"), str(""));
             }) == "a.b: told");
}

// Reading the attributes again and again must neither grow memory nor use the budget up.
BOOST_AUTO_TEST_CASE(attributes_can_be_read_for_ever) {
  Limits limits;
  limits.allocated_bytes = 100'000;
  const std::string state =
      R"({"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode", "content": )"
      R"({"plain": )" +
      json_node(R"({"a": [1, 2.5, "x", null, true], "b": {}})") + "}}";
  TestLoad load(object_node("Thing", state), limits);
  int released = 0;
  load.on("ObjectNode", "Thing", makes_object(released));
  load.graph().build_root();
  const Model model(std::shared_ptr<LoadedGraph>(&load.graph(), [](LoadedGraph*) {}));
  const Value first = model.attribute("plain");
  BOOST_TEST(first.items.size() == 2u);
  BOOST_TEST(first.items[0].items.size() == 5u);
  BOOST_TEST(first.keys[1].text == "b");
  const auto before = load.graph().values().count();
  for (int k = 0; k < 1000; ++k) (void)model.attribute("plain");
  BOOST_TEST(load.graph().values().count() == before);
}

namespace {

// Puts off a check that counts itself and, where it is not the wanted one, fails.
struct Later {
  int finished = 0;
  bool wrong = false;
  skops_value object = 0;

  static void work(void*) {}
  static skops_status finish(const skops_host* host, skops_context* context, void* state) {
    auto& later = *static_cast<Later*>(state);
    ++later.finished;
    if (!later.wrong) return SKOPS_OK;
    return host->fail(context, SKOPS_MALFORMED, str("test.wrong"), str("wrong after all"), {});
  }
};

LoadFunction puts_off(int& released, Later& later, int times = 1) {
  return
      [&, times](const skops_host& host, skops_context* context, skops_node, skops_value* value) {
        const skops_status status = host.make_object(context, &counting, &released, value);
        const auto* service =
            static_cast<const skops_later*>(host.service(context, str("skops.later/1")));
        if (status != SKOPS_OK || service == nullptr) return status;
        later.object = *value;
        for (int k = 1; k < times; ++k) {
          service->put_off(context, *value, &Later::work, &Later::finish, &later);
        }
        return service->put_off(context, *value, &Later::work, &Later::finish, &later);
      };
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_is_put_off_is_over_when_the_root_is_built) {
  int released = 0;
  Later later;
  {
    TestLoad load(object_node("Thing"));
    load.on("ObjectNode", "Thing", puts_off(released, later));
    load.graph().build_root();
    BOOST_TEST(later.finished == 1);
    // Not offered any more: who loads now has nobody to end it.
    BOOST_TEST(load.host().service(load.context(), str("skops.later/1")) == nullptr);
  }
  BOOST_TEST(released == 1);
}

BOOST_AUTO_TEST_CASE(what_is_put_off_fails_at_the_object_s_own_path) {
  int inner = 0, outer = 0;
  Later later;
  later.wrong = true;
  TestLoad load(object_node("Other", object_node("Thing")));
  load.on("ObjectNode", "Thing", puts_off(inner, later));
  load.on("ObjectNode", "Other", asks_for_content(outer));
  BOOST_CHECK_EXCEPTION(load.graph().build_root(), Error, [&](const Error& e) {
    return e.code() == "test.wrong" && e.family() == Family::malformed &&
           e.where().path == load.graph().graph().path(1);
  });
  BOOST_TEST(later.finished == 1);
  // The object stays refused.
  BOOST_CHECK_EXCEPTION(load.graph().value_of(NodeId{1}), Error,
                        [](const Error& e) { return e.code() == "test.wrong"; });
}

BOOST_AUTO_TEST_CASE(who_needs_what_is_put_off_ends_it) {
  int inner = 0, outer = 0;
  Later later;
  later.wrong = true;
  TestLoad load(object_node("Other", object_node("Thing")));
  load.on("ObjectNode", "Thing", puts_off(inner, later));
  bool seen = false;
  load.on("ObjectNode", "Other",
          [&](const skops_host& host, skops_context* context, skops_node node, skops_value* value) {
            const skops_status status = asks_for_content(outer)(host, context, node, value);
            if (status != SKOPS_OK) return status;
            const auto* service =
                static_cast<const skops_later*>(host.service(context, str("skops.later/1")));
            const skops_status again = service->finish(context, later.object);
            seen = again == SKOPS_MALFORMED;
            return again;
          });
  BOOST_TEST(load.build_error() == "test.wrong: wrong after all");
  BOOST_TEST(seen);
  BOOST_TEST(later.finished == 1);
}

BOOST_AUTO_TEST_CASE(one_object_puts_off_once) {
  int released = 0;
  Later later;
  TestLoad load(object_node("Thing"));
  load.on("ObjectNode", "Thing", puts_off(released, later, 2));
  BOOST_TEST(load.build_error() == "plugin.put-off: work is put off twice for one object");
  BOOST_TEST(later.finished == 0);
}
