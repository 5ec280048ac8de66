#include "validator/host/fake_load.hpp"

#include <array>
#include <atomic>
#include <cstring>

#include "validator/host/content.hpp"
#include "validator/host/host_functions.hpp"

namespace skops_validator {
namespace {

// Contexts are addresses of places that are used again late, so that one that is used after its
// load is seen as such.
struct Place {
  std::atomic<FakeLoad*> load;
};
std::array<Place, 1 << 16> places;
std::atomic<std::uint64_t> begun{0};
std::atomic<bool> ended_context_used{false};

std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

}  // namespace

FakeLoad* HostFunctions::live(skops_context* context) {
  auto* place = reinterpret_cast<Place*>(context);
  const bool known = place >= places.data() && place < places.data() + places.size();
  FakeLoad* load = known ? place->load.load() : nullptr;
  if (load == nullptr) ended_context_used = true;
  return load;
}

skops_context* HostFunctions::begin(FakeLoad* load) {
  const std::uint64_t number = ++begun;
  Place& place = places[number % places.size()];
  place.load = load;
  load->salt_ = mixed(number) >> 32 | 1;
  return reinterpret_cast<skops_context*>(&place);
}

void HostFunctions::end(skops_context* context) {
  reinterpret_cast<Place*>(context)->load = nullptr;
}

FakeLoad::FakeLoad(const skops_serializer& serializer, const Graph& graph, const Knobs& knobs)
    : serializer_(serializer), graph_(graph), knobs_(knobs) {
  slots_.reserve(64);
  context_ = HostFunctions::begin(this);
  // The table itself ends at a guard, too: what an older host lacks cannot be read by accident.
  const std::size_t size = knobs.host_size != 0 ? knobs.host_size : sizeof(skops_host);
  std::byte* at = memory_.take(size, alignof(skops_host));
  std::memset(at, 0xee, size);
  std::memcpy(at, &HostFunctions::table(), std::min(size, sizeof(skops_host)));
  auto* table = reinterpret_cast<skops_host*>(at);
  table->size = size;
  table->abi_minor = knobs.minor;
  table_ = table;
  slot_at("", {Kind::object, true, 0});
}

FakeLoad::~FakeLoad() {
  release();
  HostFunctions::end(context_);
}

void FakeLoad::violation(std::string text) {
  if (violations_.size() < 20) violations_.push_back(std::move(text));
}

std::size_t FakeLoad::slot_at(const std::string& place, Choice otherwise) {
  const auto known = slot_of_.find(place);
  if (known != slot_of_.end()) return known->second;
  const auto chosen = graph_.find(place);
  Choice choice = chosen != graph_.end() ? chosen->second : otherwise;
  if (choice.kind == Kind::alias) {
    if (const std::size_t same = aliased(place, choice.variant)) {
      slot_of_.emplace(place, same);
      looked_at_.push_back(place);
      return same;
    }
    choice = {Kind::none, true, 0};
  }
  slots_.push_back({place, choice, {}, {}, {}, {}});
  slot_of_.emplace(place, slots_.size() - 1);
  if (!place.empty()) looked_at_.push_back(place);
  return slots_.size() - 1;
}

// Counted from the one that was looked at last. What lies above `place` would be a cycle, which no
// host builds.
std::size_t FakeLoad::aliased(const std::string& place, std::uint16_t variant) const {
  for (std::size_t k = slots_.size(); k-- > 1;) {
    const Slot& slot = slots_[k];
    if (slot.place.empty() || slot.choice.kind == Kind::missing) continue;
    if (place.starts_with(slot.place) || slot.place.find('@') != slot.place.npos) continue;
    if (variant-- == 0) return k;
  }
  return 0;
}

std::uint64_t FakeLoad::handle(Tag tag, std::size_t index) const {
  return salt_ << 32 | std::uint64_t{tag} << 28 | (index + 1);
}

std::size_t FakeLoad::index_of(std::uint64_t handle, std::initializer_list<Tag> tags,
                               const char* what, Tag* found) {
  const std::uint64_t index = (handle & 0xfffffff) - 1;
  for (const Tag tag : tags) {
    if (handle >> 28 != (salt_ << 4 | tag)) continue;
    if (index >= (tag == tag_made ? made_.size() : slots_.size())) break;
    if (found != nullptr) *found = tag;
    return index;
  }
  throw Refusal{SKOPS_PLUGIN, "plugin.handle",
                std::string(what) + "'s handle was not given by this load"};
}

void FakeLoad::want(std::size_t slot, Kind kind, bool node) {
  wanted_[slots_[slot].place] = {kind, node, 0};
}

std::vector<std::string> FakeLoad::keys_of(const Slot& slot) const {
  std::vector<std::string> out;
  const std::string start = slot.place + '.';
  for (auto at = graph_.lower_bound(start); at != graph_.end(); ++at) {
    if (!at->first.starts_with(start)) break;
    const std::string key = at->first.substr(start.size());
    if (at->second.kind != Kind::missing && key.find_first_of("./[@") == key.npos) {
      out.push_back(key);
    }
  }
  return out;
}

Graph FakeLoad::seen() const {
  Graph out;
  for (const std::string& place : looked_at_) {
    const auto chosen = graph_.find(place);
    out[place] = chosen != graph_.end() ? chosen->second : slots_[slot_of_.at(place)].choice;
  }
  return out;
}

bool FakeLoad::run() {
  skops_value value = 0;
  ended_context_used = false;
  try {
    const skops_status status = serializer_.load(table_, context_, handle(tag_node, 0), &value);
    judge(status, value);
    if (status == SKOPS_OK && violations_.empty() && later_) finish_later();
  } catch (...) {
    violation("an exception leaves load");
    object_ = {};
  }
  if (ended_context_used) violation("a context is used after its load, or was made up");
  if (memory_.overrun()) violation("load writes beyond the end of memory that the host gave");
  return value != 0 && violations_.empty() && error_.empty();
}

void FakeLoad::finish_later() {
  const Later later = *later_;
  later.work(later.state);
  reported_.reset();
  error_.clear();
  const skops_status status = later.finish(table_, context_, later.state);
  if (status != SKOPS_OK && !reported_) {
    violation("finish of what was put off fails without saying why");
  }
}

void FakeLoad::judge(skops_status status, skops_value value) {
  if (status != SKOPS_OK) {
    if (!reported_) {
      violation("load fails with status " + std::to_string(status) + " without saying why");
    } else if (*reported_ != status) {
      violation("load returns " + std::to_string(status) + ", but the host was told " +
                std::to_string(*reported_));
    }
    if (status < SKOPS_USAGE || status > SKOPS_INPUT) {
      violation("load returns " + std::to_string(status) + ", which is no family of errors");
    }
    return;
  }
  if (!injected_.empty()) {
    violation("load succeeds although " + injected_ + " has failed");
  }
  error_.clear();
  code_.clear();
  if (value == 0) return violation("load succeeds without a value");
  try {
    index_of(value, {tag_made, tag_value}, "the value that load gives");
  } catch (const Refusal& refusal) {
    violation(refusal.text);
  }
  if (whole_values_ > 1) violation("one load makes several values");
}

void FakeLoad::release() {
  if (released_ || object_.type == nullptr) return;
  released_ = true;
  if (object_.type->release != nullptr) {
    try {
      object_.type->release(const_cast<void*>(object_.state));
    } catch (...) {
      violation("an exception leaves release");
    }
  }
}

namespace {

std::uint64_t foreign_count(const void*) {
  return 4;
}
skops_string foreign_name(const void*, std::uint64_t method) {
  static constexpr std::string_view names[] = {"predict", "predict_proba", "decision_function",
                                               "transform"};
  return method < 4 ? str(names[method]) : skops_string{};
}
skops_status foreign_call(const void*, const skops_call* call) {
  static constexpr skops_dtype real = {sizeof(skops_dtype), 'f', 0, 8, 0, nullptr};
  const auto rows = static_cast<std::int64_t>(call->input->rows);
  const std::int64_t shape[] = {rows, 3};
  const std::uint64_t rank = call->method == 0 ? 1 : 2;
  void* out = call->sink->array(call->sink->owner, &real, rank, shape);
  if (out == nullptr) return SKOPS_LIMIT;
  std::memset(out, 0, static_cast<std::size_t>(rows) * (rank == 1 ? 8 : 24));
  return SKOPS_OK;
}
std::uint64_t foreign_work(const void*) {
  return 3;
}

}  // namespace

const skops_object& foreign_object() {
  static constexpr skops_object_type type = {sizeof(skops_object_type),
                                             {"acme.Thing", 10},
                                             &foreign_count,
                                             &foreign_name,
                                             &foreign_call,
                                             nullptr,
                                             &foreign_work};
  static constexpr int state = 0;
  static constexpr skops_object object = {sizeof(skops_object), &type, &state};
  return object;
}

}  // namespace skops_validator
