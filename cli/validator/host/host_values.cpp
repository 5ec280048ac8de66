// Values of other nodes, as the plugin reads them.
#include <algorithm>
#include <cstring>
#include <new>

#include "validator/host/content.hpp"
#include "validator/host/host_functions.hpp"
#include "validator/host/host_table.hpp"

namespace skops_validator {
namespace {

using Fn = HostFunctions;

constexpr std::uint64_t most_charged = std::uint64_t{256} << 20;

[[noreturn]] void malformed(const char* text) {
  throw Refusal{SKOPS_MALFORMED, "model.malformed", text};
}
[[noreturn]] void misused(const char* text) {
  throw Refusal{SKOPS_PLUGIN, "plugin.handle", text};
}

}  // namespace

std::uint32_t value_kind_of(Kind kind) {
  static constexpr std::uint32_t of[kinds] = {
      SKOPS_VALUE_NONE,        SKOPS_VALUE_NONE,   SKOPS_VALUE_BOOL,   SKOPS_VALUE_INTEGER,
      SKOPS_VALUE_BIG_INTEGER, SKOPS_VALUE_REAL,   SKOPS_VALUE_STRING, SKOPS_VALUE_BYTES,
      SKOPS_VALUE_LIST,        SKOPS_VALUE_TUPLE,  SKOPS_VALUE_SET,    SKOPS_VALUE_MAPPING,
      SKOPS_VALUE_ARRAY,       SKOPS_VALUE_SPARSE, SKOPS_VALUE_NAME,   SKOPS_VALUE_OBJECT,
      SKOPS_VALUE_INERT,       SKOPS_VALUE_NONE};
  return of[static_cast<std::size_t>(kind)];
}

std::uint64_t HostAccess::size(FakeLoad& load, std::size_t slot) {
  const FakeLoad::Slot& s = load.slots_[slot];
  if (s.choice.kind == Kind::mapping) return load.keys_of(s).size();
  const bool list =
      s.choice.kind == Kind::list || s.choice.kind == Kind::tuple || s.choice.kind == Kind::set;
  return list ? list_size(s.choice.variant) : 0;
}

std::vector<HostAccess::Child> HostAccess::children(FakeLoad& load, std::size_t slot) {
  std::vector<Child> out;
  const FakeLoad::Slot s = load.slots_[slot];
  if (s.choice.kind == Kind::mapping) {
    for (const std::string& key : load.keys_of(s)) {
      const char* text = load.memory_.text(key);
      out.push_back({{text, key.size()}, load.slot_at(s.place + '.' + key)});
    }
    return out;
  }
  const std::uint64_t n = size(load, slot);
  const bool nest = n == 1 && is_nest(s.choice.variant) &&
                    std::count(s.place.begin(), s.place.end(), '[') < deepest_nest;
  const Choice item = nest ? s.choice : Choice{Kind::integer, s.choice.node, 0};
  for (std::uint64_t k = 0; k < n; ++k) {
    const std::string place = s.place + '[' + std::to_string(k) + ']';
    out.push_back({{nullptr, 0}, load.slot_at(place, item)});
  }
  return out;
}

void HostAccess::charge(FakeLoad& load, std::uint64_t size) {
  if (size > most_charged - std::min(load.charged_, most_charged)) {
    throw Refusal{SKOPS_LIMIT, "limit.allocated_bytes", "the file needs too much memory"};
  }
  load.charged_ += size;
}

const skops_array* HostAccess::array(FakeLoad& load, std::size_t slot) {
  FakeLoad::Slot& s = load.slots_[slot];
  if (s.array == nullptr) {
    s.array = skops_validator::make_array(load.memory_, array_contents()[s.choice.variant]);
  }
  return s.array;
}

const skops_csr* HostAccess::csr(FakeLoad& load, std::size_t slot) {
  FakeLoad::Slot& s = load.slots_[slot];
  if (s.csr == nullptr) s.csr = skops_validator::make_sparse(load.memory_, s.choice.variant);
  return s.csr;
}

std::size_t HostAccess::literal(FakeLoad& load, std::string_view text) {
  load.slots_.push_back({"", {Kind::text, false, 0}, std::string(text), {}, {}, {}});
  return load.slots_.size() - 1;
}

namespace host {

skops_status value_of(skops_context* context, skops_node node, skops_value* value) {
  return Fn::run(context, "value_of", [&](FakeLoad& load) {
    const std::size_t index = Fn::node(load, node);
    if (index == 0) {
      throw Refusal{SKOPS_UNSUPPORTED, "graph.cycle", "the object contains itself"};
    }
    given(value) = Fn::value_handle(load, index);
  });
}

skops_status value_kind(skops_context* context, skops_value value, std::uint32_t* kind) {
  return Fn::run(context, "value_kind",
                 [&](FakeLoad& load) { given(kind) = HostAccess::value(load, value).kind; });
}

skops_status value_integer(skops_context* context, skops_value value, std::int64_t* integer) {
  return Fn::run(context, "value_integer", [&](FakeLoad& load) {
    const auto v = HostAccess::value(load, value);
    if (v.kind != SKOPS_VALUE_INTEGER && v.kind != SKOPS_VALUE_BOOL) {
      if (v.made == nullptr) HostAccess::want(load, v.index, Kind::integer, true);
      misused("a value is read as an integer that is none");
    }
    given(integer) = v.made != nullptr            ? v.made->integer
                     : v.kind == SKOPS_VALUE_BOOL ? v.choice.variant
                                                  : integer_content(v.choice.variant);
  });
}

skops_status value_real(skops_context* context, skops_value value, double* real) {
  return Fn::run(context, "value_real", [&](FakeLoad& load) {
    const auto v = HostAccess::value(load, value);
    if (v.kind != SKOPS_VALUE_REAL) {
      if (v.made == nullptr) HostAccess::want(load, v.index, Kind::real, true);
      misused("a value is read as a real that is none");
    }
    given(real) = v.made != nullptr ? v.made->real : real_content(v.choice.variant);
  });
}

skops_status value_text(skops_context* context, skops_value value, skops_string* text) {
  return Fn::run(context, "value_text", [&](FakeLoad& load) {
    const auto v = HostAccess::value(load, value);
    if (v.made != nullptr) {
      const auto k = v.kind;
      if (k != SKOPS_VALUE_STRING && k != SKOPS_VALUE_NAME) {
        malformed("a text is expected here");
      }
      given(text) = v.made->text;
      return;
    }
    switch (v.choice.kind) {
      case Kind::text:
      case Kind::big_integer:
      case Kind::name:
      case Kind::object:
      case Kind::inert: break;
      default:
        HostAccess::want(load, v.index, Kind::text, true);
        malformed("a text is expected here");
    }
    given(text) = HostAccess::text(load, v.index);
  });
}

skops_status value_bytes(skops_context* context, skops_value value, skops_bytes* bytes) {
  return Fn::run(context, "value_bytes", [&](FakeLoad& load) {
    const auto v = HostAccess::value(load, value);
    if (v.kind != SKOPS_VALUE_BYTES) {
      if (v.made == nullptr) HostAccess::want(load, v.index, Kind::bytes, true);
      malformed("bytes are expected here");
    }
    const skops_string text = v.made != nullptr ? v.made->text : HostAccess::text(load, v.index);
    given(bytes) = {reinterpret_cast<const unsigned char*>(text.data), text.size};
  });
}

namespace {

bool is_container(std::uint32_t kind) {
  return kind >= SKOPS_VALUE_LIST && kind <= SKOPS_VALUE_MAPPING;
}

HostAccess::Valued container(FakeLoad& load, skops_value value) {
  const auto v = HostAccess::value(load, value);
  if (!is_container(v.kind)) {
    if (v.made == nullptr) HostAccess::want(load, v.index, Kind::list, true);
    malformed("a list, tuple or dict is expected here");
  }
  return v;
}

}  // namespace

skops_status value_size(skops_context* context, skops_value value, std::uint64_t* size) {
  return Fn::run(context, "value_size", [&](FakeLoad& load) {
    const auto v = container(load, value);
    given(size) = v.made != nullptr ? v.made->items.size() : HostAccess::size(load, v.index);
  });
}

skops_status value_item(skops_context* context, skops_value value, std::uint64_t index,
                        skops_value* item) {
  return Fn::run(context, "value_item", [&](FakeLoad& load) {
    const auto v = container(load, value);
    const std::uint64_t n =
        v.made != nullptr ? v.made->items.size() : HostAccess::size(load, v.index);
    if (index >= n) malformed("a list has fewer items than it needs");
    const std::size_t slot = v.made != nullptr ? Fn::node(load, v.made->items[index])
                                               : HostAccess::children(load, v.index)[index].slot;
    given(item) = Fn::value_handle(load, slot);
  });
}

skops_status value_key(skops_context* context, skops_value value, std::uint64_t index,
                       skops_value* key) {
  return Fn::run(context, "value_key", [&](FakeLoad& load) {
    const auto v = HostAccess::value(load, value);
    if (v.kind != SKOPS_VALUE_MAPPING) {
      if (v.made == nullptr) HostAccess::want(load, v.index, Kind::mapping, true);
      misused("a key of what is no mapping is asked for");
    }
    if (v.made != nullptr) {
      if (index >= v.made->keys.size()) misused("a key beyond the end is asked for");
      given(key) = v.made->keys[index];
      return;
    }
    const auto children = HostAccess::children(load, v.index);
    if (index >= children.size()) misused("a key beyond the end is asked for");
    given(key) = Fn::value_handle(load, HostAccess::literal(load, view(children[index].key)));
  });
}

skops_status value_find(skops_context* context, skops_value value, skops_string key,
                        skops_value* item) {
  return Fn::run(context, "value_find", [&](FakeLoad& load) {
    const auto v = HostAccess::value(load, value);
    if (v.kind != SKOPS_VALUE_MAPPING) {
      if (v.made == nullptr) HostAccess::want(load, v.index, Kind::mapping, true);
      malformed("a dict is expected here");
    }
    given(item) = 0;
    if (v.made != nullptr) return;
    const std::size_t slot =
        HostAccess::slot_at(load, HostAccess::place(load, v.index) + '.' + escaped(view(key)));
    const bool missing = HostAccess::choice(load, slot).kind == Kind::missing;
    *item = missing ? 0 : Fn::value_handle(load, slot);
  });
}

skops_status value_attribute(skops_context* context, skops_value value, skops_string name,
                             skops_value* attribute) {
  return Fn::run(context, "value_attribute", [&](FakeLoad& load) {
    const auto v = HostAccess::value(load, value);
    given(attribute) = 0;
    if (v.made != nullptr || (v.kind != SKOPS_VALUE_OBJECT && v.kind != SKOPS_VALUE_INERT)) return;
    const std::size_t slot = HostAccess::slot_at(
        load, HostAccess::place(load, v.index) + "/content." + escaped(view(name)));
    const bool missing = HostAccess::choice(load, slot).kind == Kind::missing;
    *attribute = missing ? 0 : Fn::value_handle(load, slot);
  });
}

skops_status value_array(skops_context* context, skops_value value, const skops_array** array) {
  return Fn::run(context, "value_array", [&](FakeLoad& load) {
    const auto v = HostAccess::value(load, value);
    if (v.kind != SKOPS_VALUE_ARRAY) {
      if (v.made == nullptr) HostAccess::want(load, v.index, Kind::array, true);
      misused("a value is read as an array that is none");
    }
    given(array) = v.made != nullptr ? v.made->array : HostAccess::array(load, v.index);
  });
}

skops_status value_sparse(skops_context* context, skops_value value, const skops_csr** csr) {
  return Fn::run(context, "value_sparse", [&](FakeLoad& load) {
    const auto v = HostAccess::value(load, value);
    if (v.kind != SKOPS_VALUE_SPARSE) {
      if (v.made == nullptr) HostAccess::want(load, v.index, Kind::sparse, true);
      misused("a value is read as a sparse matrix that is none");
    }
    given(csr) = v.made != nullptr ? v.made->csr : HostAccess::csr(load, v.index);
  });
}

skops_status value_object(skops_context* context, skops_value value, skops_object* object) {
  return Fn::run(context, "value_object", [&](FakeLoad& load) {
    const auto v = HostAccess::value(load, value);
    if (v.kind != SKOPS_VALUE_OBJECT) {
      if (v.made == nullptr) HostAccess::want(load, v.index, Kind::object, true);
      misused("a value is read as an object that is none");
    }
    given(object) = v.made != nullptr ? v.made->object : foreign_object();
  });
}

skops_status value_node(skops_context* context, skops_value value, skops_node* node) {
  return Fn::run(context, "value_node", [&](FakeLoad& load) {
    const auto v = HostAccess::value(load, value);
    const bool has = v.made == nullptr && v.choice.node;
    given(node) = has ? Fn::node_handle(load, v.index) : 0;
  });
}

}  // namespace host

HostAccess::Valued HostAccess::value(FakeLoad& load, skops_value handle) {
  FakeLoad::Tag tag{};
  const std::size_t index =
      load.index_of(handle, {FakeLoad::tag_value, FakeLoad::tag_made}, "a value", &tag);
  if (tag == FakeLoad::tag_made) {
    const FakeLoad::Made& made = load.made_[index];
    return {index, &made, made.kind, {}};
  }
  const Choice choice = load.slots_[index].choice;
  return {index, nullptr, value_kind_of(choice.kind), choice};
}

}  // namespace skops_validator
