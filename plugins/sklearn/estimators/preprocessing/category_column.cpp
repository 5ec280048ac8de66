#include "estimators/preprocessing/category_column.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "text/utf8.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

namespace {

// Whether a float is a whole number that an int64 holds.
bool is_whole(double value) {
  return value >= -0x1p63 && value < 0x1p63 && value == std::trunc(value);
}

}  // namespace

void NumberIndex::add(double value, std::int32_t index) {
  if (std::isnan(value)) {
    if (nan_ != kNoCategory) others_.emplace_back(0.5, index), others_.emplace_back(0.5, index);
    nan_ = index;
  } else if (is_whole(value)) {
    whole_.emplace_back(static_cast<std::int64_t>(value), index);
  } else {
    others_.emplace_back(value, index);
  }
}

bool NumberIndex::seal() {
  const auto by_value = [](const auto& a, const auto& b) { return a.first < b.first; };
  const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
  std::sort(whole_.begin(), whole_.end(), by_value);
  std::sort(others_.begin(), others_.end(), by_value);
  if (std::adjacent_find(whole_.begin(), whole_.end(), same) != whole_.end()) return false;
  if (std::adjacent_find(others_.begin(), others_.end(), same) != others_.end()) return false;
  if (whole_.empty()) return true;
  const std::uint64_t span = static_cast<std::uint64_t>(whole_.back().first) -
                             static_cast<std::uint64_t>(whole_.front().first);
  if (span < 8 * whole_.size() + 64) {
    direct_.assign(span + 1, kNoCategory);
    for (const auto& [value, index] : whole_) {
      direct_[static_cast<std::uint64_t>(value) -
              static_cast<std::uint64_t>(whole_.front().first)] = index;
    }
  }
  return true;
}

template <class T>
std::int32_t NumberIndex::find_in(const std::vector<std::pair<T, std::int32_t>>& sorted, T value) {
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), value,
                                   [](const auto& a, T v) { return a.first < v; });
  return at != sorted.end() && at->first == value ? at->second : kNoCategory;
}
template std::int32_t NumberIndex::find_in(
    const std::vector<std::pair<std::int64_t, std::int32_t>>&, std::int64_t);

std::int32_t NumberIndex::find(double value) const {
  if (is_whole(value)) return find(static_cast<std::int64_t>(value));
  if (std::isnan(value)) return nan_;
  return find_in(others_, value);
}

CategoryColumn::CategoryColumn(const Value& categories) {
  const ArrayView a = categories.array();
  require(a.ndim() == 1, "categories must have one dimension");
  require(a.size() < (std::size_t{1} << 30), "there are too many categories");
  dtype_ = a.dtype();
  if (!(a.numeric() || a.kind() == 'O' || a.kind() == 'U') ||
      (a.kind() == 'f' && a.itemsize() == 2)) {
    unsupported("categories of dtype '" + a.name() + "' are not supported");
  }
  const Loading in = categories.loading();
  check(in.host->charge(in.context, a.size() * (sizeof(skops_cell) + 96 + a.itemsize())));
  cells_.reserve(a.size());
  if (a.kind() == 'U') texts_.reserve(a.size());
  std::vector<std::string_view> words;
  std::vector<std::uint32_t> columns;
  a.each([&](const char* p) {
    const auto index = static_cast<std::int32_t>(cells_.size());
    std::string arena;
    if (a.kind() == 'u' && a.itemsize() == 8 && load_as<std::uint64_t>(p) > INT64_MAX) {
      unsupported("categories beyond 63 bits are not supported");
    }
    skops_cell cell = cell_at(a, p, arena);
    if (a.kind() == 'U') {
      texts_.push_back(std::move(arena));
      cell.as.string = str(texts_.back());
    }
    cells_.push_back(cell);
    switch (cell.kind) {
      case SKOPS_CELL_NONE:
        require(none_ == kNoCategory, "categories contain a value twice");
        none_ = index;
        break;
      case SKOPS_CELL_BOOL:
      case SKOPS_CELL_INTEGER: numbers_.add(cell.as.integer, index); break;
      case SKOPS_CELL_REAL: numbers_.add(cell.as.real, index); break;
      case SKOPS_CELL_STRING:
        words.push_back(view(cell.as.string));
        columns.push_back(static_cast<std::uint32_t>(index));
        break;
      default: unsupported("a category is neither a text nor a number");
    }
  });
  require(numbers_.seal(), "categories contain a value twice");
  if (const char* wrong = words_.build(words, columns)) malformed(wrong);
}

std::int32_t CategoryColumn::find(std::string_view text) const {
  if (text.size() > words_.longest()) return kNoCategory;
  if (text.size() < 8) {
    // The hash reads 8 bytes of a short text.
    char padded[8] = {};
    if (!text.empty()) std::memcpy(padded, text.data(), text.size());
    return static_cast<std::int32_t>(words_.find({padded, text.size()}));
  }
  return static_cast<std::int32_t>(words_.find(text));
}

std::int32_t CategoryColumn::find(const skops_cell& cell, bool either) const {
  switch (cell.kind) {
    case SKOPS_CELL_STRING: return find(view(cell.as.string));
    case SKOPS_CELL_BOOL:
    case SKOPS_CELL_INTEGER: return numbers_.find(cell.as.integer);
    case SKOPS_CELL_REAL:
      return std::isnan(cell.as.real) && either && nan_index() == kNoCategory
                 ? none_
                 : numbers_.find(cell.as.real);
    case SKOPS_CELL_NONE: return none_ == kNoCategory && either ? nan_index() : none_;
    case SKOPS_CELL_MISSING: return nan_index() != kNoCategory ? nan_index() : none_;
    default: return kNoCategory;
  }
}

void CategoryColumn::encode(const ArrayView& values, std::int32_t* codes, std::size_t step,
                            bool either) const {
  const std::size_t n = values.extent(0);
  if (values.kind() == 'O') {
    for (std::size_t i = 0; i < n; ++i)
      codes[i * step] = find(load_as<skops_cell>(values.at(i)), either);
    return;
  }
  if (values.kind() == 'U') {
    for (std::size_t i = 0; i < n; ++i) {
      codes[i * step] = find(std::string_view(ucs4_to_utf8(values.at(i), values.itemsize())));
    }
    return;
  }
  const bool known = with_type(values.dtype(), [&](auto sample) {
    using S = decltype(sample);
    for (std::size_t i = 0; i < n; ++i) {
      const char* const p = values.at(i);
      if constexpr (std::is_same_v<S, bool>) {
        codes[i * step] = numbers_.find(std::int64_t{*p != 0});
      } else if constexpr (std::is_same_v<S, std::uint64_t>) {
        const auto value = load_as<S>(p);
        codes[i * step] =
            value > INT64_MAX ? kNoCategory : numbers_.find(static_cast<std::int64_t>(value));
      } else if constexpr (std::is_integral_v<S>) {
        codes[i * step] = numbers_.find(static_cast<std::int64_t>(load_as<S>(p)));
      } else {
        const double value = load_as<S>(p);
        if (std::isinf(value)) {
          bad_input("Input X contains infinity or a value too large for dtype('float64').");
        }
        codes[i * step] = numbers_.find(value);
      }
    }
  });
  if (!known) bad_input("values of dtype '" + values.name() + "' are no categories");
}

skops_dtype result_type(const std::vector<skops_dtype>& dtypes) {
  bool objects = false, texts = false, numbers = false, wide = false, floats = false, bools = true;
  std::uint64_t width = 4, sign = 0, unsign = 0;
  for (const skops_dtype& d : dtypes) {
    objects |= d.kind == 'O';
    if (d.kind == 'U') {
      texts = true;
      width = std::max(width, d.itemsize);
    } else if (d.kind != 'O') {
      numbers = true;
      bools &= d.kind == 'b';
      floats |= d.kind == 'f';
      wide |= (d.kind == 'f' && d.itemsize == 8) || (d.kind != 'f' && d.itemsize > 2);
      if (d.kind == 'i') sign = std::max(sign, d.itemsize);
      if (d.kind == 'u') unsign = std::max(unsign, d.itemsize);
    }
  }
  if (objects) return dtype_of<skops_cell>;
  if (texts && numbers) unsupported("features of texts and of numbers have no common dtype here");
  if (texts) return {sizeof(skops_dtype), 'U', 0, width, 0, nullptr};
  if (floats) return wide ? dtype_of<double> : dtype_of<float>;
  if (bools) return dtype_of<bool>;
  if (unsign == 0) return {sizeof(skops_dtype), 'i', 0, sign, 0, nullptr};
  if (sign == 0) return {sizeof(skops_dtype), 'u', 0, unsign, 0, nullptr};
  const std::uint64_t size = unsign >= sign ? 2 * unsign : sign;
  if (size > 8) return dtype_of<double>;
  return {sizeof(skops_dtype), 'i', 0, size, 0, nullptr};
}

void put_cell(const skops_cell& cell, const skops_dtype& dtype, char* to) {
  if (dtype.kind == 'O') {
    std::memcpy(to, &cell, sizeof cell);
    return;
  }
  if (dtype.kind == 'U') {
    std::memset(to, 0, dtype.itemsize);
    if (cell.kind != SKOPS_CELL_STRING) return;
    const std::string_view s = view(cell.as.string);
    const char* const end = to + dtype.itemsize;
    for (const char* p = s.data(); p < s.data() + s.size() && to < end; to += 4) {
      const auto point = static_cast<std::uint32_t>(text::next_point(p));
      std::memcpy(to, &point, 4);
    }
    return;
  }
  with_type(dtype, [&](auto sample) {
    using T = decltype(sample);
    T value{};
    if (cell.kind == SKOPS_CELL_REAL) {
      convert(cell.as.real, value);
    } else if (cell.kind == SKOPS_CELL_INTEGER || cell.kind == SKOPS_CELL_BOOL) {
      convert(cell.as.integer, value);
    }
    std::memcpy(to, &value, sizeof value);
  });
}

skops_cell through_dtype(const skops_cell& cell, const skops_dtype& dtype) {
  const bool whole = cell.kind == SKOPS_CELL_BOOL || cell.kind == SKOPS_CELL_INTEGER;
  skops_cell out = cell;
  if (dtype.kind == 'f' && whole) {
    out.kind = SKOPS_CELL_REAL;
    out.as.real = static_cast<double>(cell.as.integer);
  } else if ((dtype.kind == 'i' || dtype.kind == 'u') && whole) {
    out.kind = SKOPS_CELL_INTEGER;
  }
  return out;
}

std::string repr(const skops_cell& cell) {
  char digits[40];
  switch (cell.kind) {
    case SKOPS_CELL_NONE: return "None";
    case SKOPS_CELL_BOOL: return cell.as.integer ? "True" : "False";
    case SKOPS_CELL_INTEGER: return std::to_string(cell.as.integer);
    case SKOPS_CELL_REAL:
      std::snprintf(digits, sizeof digits, "%.17g", cell.as.real);
      return digits;
    case SKOPS_CELL_STRING: {
      const std::string_view s = view(cell.as.string);
      return "'" + std::string(s.substr(0, 60)) + (s.size() > 60 ? "…'" : "'");
    }
    default: return "?";
  }
}

}  // namespace skops_sklearn
