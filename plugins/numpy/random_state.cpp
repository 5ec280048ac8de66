#include "random_state.hpp"

#include <algorithm>

namespace skops_numpy {
namespace {

using namespace skops::sdk;

Value item(const Value& mapping, std::string_view key) {
  require(mapping.is(Kind::mapping), "a random state is not a dict");
  const Value out = mapping.find(key);
  require(static_cast<bool>(out),
          [&] { return "a random state lacks its '" + std::string(key) + "'"; });
  return out;
}

void check_mt19937(const Value& state) {
  const auto key = item(state, "key").vector<std::uint32_t>(624, "the key of an MT19937 state");
  require(std::any_of(key.begin(), key.end(), [](std::uint32_t word) { return word != 0; }),
          "the key of an MT19937 state is all zero");
  const std::int64_t position = item(state, "pos").integer();
  require(position >= 0 && position <= 624, "the position of an MT19937 state is not in 0..624");
}

void check_words(const Value& state, std::string_view key, std::size_t count) {
  item(state, key).vector<std::uint64_t>(count, "a random state's words");
}

// PCG64's numbers have 128 bits: an integer, or decimal digits below 2^128.
void check_pcg64(const Value& state) {
  for (const std::string_view key : {"state", "inc"}) {
    const Value number = item(state, key);
    if (number.is(Kind::big_integer)) {
      constexpr std::string_view most = "340282366920938463463374607431768211455";
      const std::string_view digits = number.text_view();
      require(digits.front() != '-' &&
                  (digits.size() < most.size() || (digits.size() == most.size() && digits <= most)),
              "a PCG64 state does not fit 128 bits");
    } else {
      require(number.integer() >= 0, "a PCG64 state is negative");
    }
  }
}

void check_bit_generator(const Value& generator) {
  const std::string name = item(generator, "bit_generator").text();
  const Value state = item(generator, "state");
  if (name == "MT19937") {
    check_mt19937(state);
  } else if (name == "PCG64" || name == "PCG64DXSM") {
    check_pcg64(state);
  } else if (name == "Philox") {
    check_words(state, "counter", 4);
    check_words(state, "key", 2);
    check_words(generator, "buffer", 4);
    const std::int64_t position = item(generator, "buffer_pos").integer();
    require(position >= 0 && position <= 4, "the buffer position of a Philox state is not in 0..4");
  } else if (name == "SFC64") {
    check_words(state, "state", 4);
  } else {
    malformed("'" + name + "' is not a bit generator of NumPy");
  }
}

void keep_as_data(const Node& node, skops_value* value) {
  const Loading in = node.loading();
  check(in.host->make_name(in.context, node.handle(), value));
}

}  // namespace

void load_random_state(const Node& node, skops_value* value) {
  const Value state = node.value("content");
  require(item(state, "bit_generator").text() == "MT19937",
          "the legacy RandomState of a file must use MT19937");
  check_mt19937(item(state, "state"));
  keep_as_data(node, value);
}

void load_random_generator(const Node& node, skops_value* value) {
  const Json field = node["content.bit_generator"];
  // Protocol 0 holds plain JSON here, which nothing native reads.
  if (node.protocol() > 0) check_bit_generator(field.node().value());
  if (const Json seed = node.field("content.seed_seq"); seed && seed.node_or_none() != 0) {
    const Value sequence = seed.node().value();
    if (sequence.is(Kind::mapping)) {
      if (const Value pool = sequence.find("pool_size"); pool) {
        require(pool.integer() == 4, "the pool size of a SeedSequence is not 4");
      }
    }
  }
  keep_as_data(node, value);
}

}  // namespace skops_numpy
