#include "trees/forest.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace skops_sklearn::trees {
namespace {

// Distinct leaf values are looked up while they are few: unlimited trees end in pure leaves, and
// their values then fit the first-level cache.
constexpr std::size_t most_shared = 4096, table_size = 16384;
constexpr std::size_t most_narrow_nodes = std::size_t{1} << 20;

template <int column_bits>
struct Narrow {
  static constexpr std::size_t words = 1;
  static constexpr std::uint32_t mask = ((1u << column_bits) - 1) << 3;
  static inline std::uint32_t step(const std::uint64_t*& p, const std::uint32_t* x) {
    const std::uint64_t word = *p;
    const auto low = static_cast<std::uint32_t>(word);
    std::uint32_t move = low >> (column_bits + 3);
    move += static_cast<std::uint32_t>(word >> 32) < x[low & mask];
    p += move;
    return move;
  }
  static std::uint32_t payload(const std::uint64_t* p) {
    return static_cast<std::uint32_t>(*p >> 32) - leaf_key;
  }
};

struct Wide {
  static constexpr std::size_t words = 2;
  static inline std::uint32_t step(const std::uint64_t*& p, const std::uint32_t* x) {
    const std::uint64_t word = p[0];
    auto move = static_cast<std::uint32_t>(p[1]);
    move += static_cast<std::uint32_t>(word >> 32) <
            x[std::size_t{static_cast<std::uint32_t>(word)} * 8];
    p += std::size_t{move} * 2;
    return move;
  }
  static std::uint32_t payload(const std::uint64_t* p) {
    return static_cast<std::uint32_t>(p[1] >> 32);
  }
};

// Trees of at most so many levels are walked to the end without asking who has arrived.
constexpr std::uint32_t most_blind_steps = 5;

// Steps of `lanes` independent walks until all have arrived. Lane l reads x[l * stride].
template <class Layout, int lanes, int stride>
inline void walk(const std::uint64_t* (&at)[lanes], const std::uint32_t* x, std::uint32_t depth) {
  const std::uint64_t* p[lanes];
  for (int l = 0; l < lanes; ++l) p[l] = at[l];
  if (depth <= most_blind_steps) {
    for (std::uint32_t s = 0; s < depth; ++s) {
#pragma GCC unroll 16
      for (int l = 0; l < lanes; ++l) Layout::step(p[l], x + l * stride);
    }
  } else {
    while (true) {
#pragma GCC unroll 16
      for (int l = 0; l < lanes; ++l) Layout::step(p[l], x + l * stride);
      std::uint32_t moved = 0;
#pragma GCC unroll 16
      for (int l = 0; l < lanes; ++l) moved |= Layout::step(p[l], x + l * stride);
      if (moved == 0) break;
    }
  }
  for (int l = 0; l < lanes; ++l) at[l] = p[l];
}

}  // namespace

Forest::Forest(const Plan& plan) : plan_(plan) {
  const bool small = plan.largest_tree < most_narrow_nodes;
  if (small && plan.columns <= 256) {
    column_bits_ = 8;
  } else if (plan.largest_tree < 32768 && plan.columns <= 8192) {
    column_bits_ = 13;
  } else {
    node_words_ = 2;
  }
  words_.reserve((plan.nodes + 16) * node_words_);
  table_.assign(table_size, 0);
  scratch_.resize(plan.width);
}

void Forest::finish() {
  words_.resize(size_ * node_words_);
  words_.shrink_to_fit();
  values_.shrink_to_fit();
  table_ = {};
  pending_ = {};
}

std::size_t Forest::intern() {
  const std::size_t width = plan_.width;
  std::uint64_t hash = 0x9e3779b97f4a7c15u;
  std::size_t slot = 0;
  if (!table_.empty()) {
    for (const double v : scratch_) {
      hash = (hash ^ std::bit_cast<std::uint64_t>(v)) * 0xff51afd7ed558ccdu;
      hash ^= hash >> 32;
    }
    slot = hash % table_size;
    while (table_[slot] != 0) {
      const std::size_t index = table_[slot] - 1;
      if (std::memcmp(&values_[index * width], scratch_.data(), width * sizeof(double)) == 0) {
        return index - base_;
      }
      slot = (slot + 1) % table_size;
    }
  }
  values_.insert(values_.end(), scratch_.begin(), scratch_.end());
  const std::size_t index = n_values_++;
  if (!table_.empty()) {
    table_[slot] = static_cast<std::uint32_t>(index + 1);
    if (n_values_ > most_shared) table_ = {};
  }
  return index - base_;
}

void Forest::put_leaf(std::size_t at, std::size_t value) {
  std::uint64_t* word = &words_[at * node_words_];
  if (wide()) {
    word[0] = std::uint64_t{0xffffffffu} << 32;
    word[1] = static_cast<std::uint64_t>(value) << 32;
  } else {
    word[0] = static_cast<std::uint64_t>(leaf_key + value) << 32;
  }
}

void Forest::put_split(std::size_t at, const Split& split) {
  words_[at * node_words_] =
      std::uint64_t{split.key} << 32 |
      (wide() ? std::uint64_t{split.column} : std::uint64_t{split.column} * 8);
}

void Forest::put_offset(std::size_t at, std::size_t offset) {
  if (wide()) {
    words_[at * 2 + 1] = offset;
  } else {
    words_[at] |= static_cast<std::uint64_t>(offset) << (column_bits_ + 3);
  }
}

void Forest::add_to(const std::uint32_t* tiles, std::size_t rows, std::size_t first,
                    std::size_t last, double* out) const {
  if (wide()) {
    run<Wide>(tiles, rows, first, last, out);
  } else if (column_bits_ == 8) {
    run<Narrow<8>>(tiles, rows, first, last, out);
  } else {
    run<Narrow<13>>(tiles, rows, first, last, out);
  }
}

template <class Layout>
void Forest::run(const std::uint32_t* tiles, std::size_t rows, std::size_t first, std::size_t last,
                 double* out) const {
  // A tile costs as much as some three single rows, each of which walks many trees at a time.
  const std::size_t rest = rows % tile_rows;
  const std::size_t single = rest <= 3 ? rest : 0;
  const std::size_t tiled = rows - single;
  if (tiled > 0) {
    switch (plan_.width) {
      case 1: run_tiles<Layout, 1>(tiles, tiled, first, last, out); break;
      case 2: run_tiles<Layout, 2>(tiles, tiled, first, last, out); break;
      default: run_tiles<Layout, 0>(tiles, tiled, first, last, out); break;
    }
  }
  const std::uint32_t* tile = tiles + tiled * plan_.columns;
  for (std::size_t r = 0; r < single; ++r) {
    double* to = out + (tiled + r) * outputs();
    // More walks at a time where most steps wait for memory.
    if (words_.size() * 8 > (std::size_t{2} << 20)) {
      run_row<Layout, 16>(tile + r, first, last, to);
    } else {
      run_row<Layout, 8>(tile + r, first, last, to);
    }
  }
}

template <class Layout, int lanes>
void Forest::run_row(const std::uint32_t* x, std::size_t first, std::size_t last,
                     double* out) const {
  static constexpr std::uint64_t idle[2] = {std::uint64_t{0xffffffffu} << 32, 0};
  const std::size_t width = plan_.width;
  std::size_t target = first % plan_.targets;
  for (std::size_t t = first; t < last; t += lanes) {
    const std::uint64_t* p[lanes];
    const std::size_t n = std::min<std::size_t>(lanes, last - t);
    std::uint32_t depth = 0;
    for (std::size_t l = 0; l < n; ++l) depth = std::max(depth, depths_[t + l]);
    for (std::size_t l = 0; l < lanes; ++l) {
      p[l] = l < n ? words_.data() + roots_[t + l] * Layout::words : idle;
    }
    walk<Layout, lanes, 0>(p, x, depth);
    for (std::size_t l = 0; l < n; ++l) {
      const double* value = &values_[(bases_[t + l] + Layout::payload(p[l])) * width];
      double* to = out + target * width;
      for (std::size_t k = 0; k < width; ++k) to[k] += value[k];
      if (++target == plan_.targets) target = 0;
    }
  }
}

template <class Layout, std::size_t fixed_width>
void Forest::run_tiles(const std::uint32_t* tiles, std::size_t rows, std::size_t first,
                       std::size_t last, double* out) const {
  const std::size_t width = fixed_width == 0 ? plan_.width : fixed_width;
  const std::size_t step = outputs();
  std::size_t target = first % plan_.targets;
  for (std::size_t t = first; t < last; ++t) {
    const std::uint64_t* root = words_.data() + roots_[t] * Layout::words;
    const double* values = values_.data() + bases_[t] * width;
    for (std::size_t row = 0; row < rows; row += tile_rows) {
      const std::uint64_t* p[tile_rows];
      for (auto& lane : p) lane = root;
      walk<Layout, tile_rows, 1>(p, tiles + row * plan_.columns, depths_[t]);
      const std::size_t n = std::min(tile_rows, rows - row);
      double* to = out + row * step + target * width;
      for (std::size_t l = 0; l < n; ++l, to += step) {
        const double* value = values + std::size_t{Layout::payload(p[l])} * width;
        for (std::size_t k = 0; k < width; ++k) to[k] += value[k];
      }
    }
    if (++target == plan_.targets) target = 0;
  }
}

}  // namespace skops_sklearn::trees
