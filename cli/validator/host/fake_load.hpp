// A host for one load, written against the C ABI's header alone: it lies about everything that a
// file can lie about, keeps every promise that the header makes, and notices every rule of it that
// the plugin breaks.
//
// The real host forgives what it can (a handle that happens to exist, a second value); this one
// does not. Handles are different in every load, so that one that was kept or made up is seen. All
// that is handed out ends at a guard page. What is at each place of the file is `Graph`'s to say.
// One thread; the object made by the load lives as long as this.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "skops/plugin.h"
#include "validator/host/choice.hpp"
#include "validator/host/guarded_memory.hpp"

namespace skops_validator {

struct Knobs {
  std::uint64_t fail_at = 0;    // this call of a host function fails, counted from 1; 0: none
  bool services = true;         // whether optional services exist at all
  bool later = false;           // "skops.later/1" too
  std::uint32_t minor = 0;      // what the host says that it is
  std::uint64_t host_size = 0;  // of its table; 0: as the header has it
  std::uint32_t protocol = 2;
};

class FakeLoad {
 public:
  FakeLoad(const skops_serializer& serializer, const Graph& graph, const Knobs& knobs = {});
  ~FakeLoad();
  FakeLoad(const FakeLoad&) = delete;
  FakeLoad& operator=(const FakeLoad&) = delete;

  // Calls the plugin and judges what it does; `true` where it made a value. Nothing is thrown.
  bool run();
  // Where the load made an object that has a table and a release. Null type: it did not.
  skops_object object() const { return object_; }
  // Gives the object back, as the host does once.
  void release();

  // Rules that were broken, in words.
  const std::vector<std::string>& violations() const { return violations_; }
  // What the plugin said when it failed, "code: text".
  const std::string& error() const { return error_; }
  const std::string& code() const { return code_; }
  std::uint64_t calls() const { return calls_; }
  std::uint64_t charged() const { return charged_; }
  // Whether the injected failure happened.
  const std::string& injected() const { return injected_; }

  // Places in the order in which they were first looked at.
  const std::vector<std::string>& looked_at() const { return looked_at_; }
  // What was at those places, the missing ones included.
  Graph seen() const;
  // What the plugin took a place for that turned out to be something else.
  const std::map<std::string, Choice, std::less<>>& wanted() const { return wanted_; }
  const Graph& graph() const { return graph_; }
  GuardedMemory& memory() { return memory_; }

  // A value that the plugin has made.
  struct Made {
    std::uint32_t kind;
    std::int64_t integer = 0;
    double real = 0;
    skops_string text = {};
    std::vector<skops_node> items = {};
    std::vector<skops_value> keys = {};
    const skops_array* array = nullptr;
    const skops_csr* csr = nullptr;
    skops_object object = {};
  };

 private:
  friend struct HostFunctions;
  friend struct HostAccess;
  struct Slot {
    std::string place;
    Choice choice;
    std::optional<std::string> literal;  // of a key
    const skops_array* array = nullptr;
    const skops_csr* csr = nullptr;
    std::optional<skops_string> text;
  };
  enum Tag : std::uint64_t { tag_node = 1, tag_json, tag_value, tag_made };

  void violation(std::string text);
  std::size_t slot_at(const std::string& place, Choice otherwise = {});
  // The slot that an alias at `place` is the same as; 0 where there is none.
  std::size_t aliased(const std::string& place, std::uint16_t variant) const;
  std::uint64_t handle(Tag tag, std::size_t index) const;
  // The index behind a handle; throws a refusal and notes the violation for a wrong one.
  std::size_t index_of(std::uint64_t handle, std::initializer_list<Tag> tags, const char* what,
                       Tag* found = nullptr);
  void want(std::size_t slot, Kind kind, bool node);
  std::vector<std::string> keys_of(const Slot& slot) const;
  skops_string text_of(Slot& slot);
  void finish_later();
  void judge(skops_status status, skops_value value);

  const skops_serializer& serializer_;
  Graph graph_;
  Knobs knobs_;
  GuardedMemory memory_;
  const skops_host* table_ = nullptr;
  skops_context* context_ = nullptr;
  std::uint64_t salt_ = 0;
  std::thread::id thread_ = std::this_thread::get_id();
  std::vector<Slot> slots_;
  std::map<std::string, std::size_t, std::less<>> slot_of_;
  std::vector<Made> made_;
  std::size_t whole_values_ = 0;  // made of those kinds that can be no keys
  std::vector<std::string> looked_at_;
  std::map<std::string, Choice, std::less<>> wanted_;
  std::vector<std::string> violations_;
  std::string error_, code_, injected_;
  std::optional<skops_status> reported_;
  std::uint64_t calls_ = 0, charged_ = 0;
  skops_object object_{};
  bool released_ = false;
  struct Later {
    void (*work)(void*);
    skops_status (*finish)(const skops_host*, skops_context*, void*);
    void* state;
  };
  std::optional<Later> later_;
};

// An object of another plugin: methods predict, predict_proba, decision_function and transform that
// give zeros.
const skops_object& foreign_object();

}  // namespace skops_validator
