#include "neighbors/neighbor_heap.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace skops_sklearn::neighbors {

void clear_heap(double* values, std::int64_t* indices, std::size_t k) {
  std::fill_n(values, k, std::numeric_limits<double>::max());
  std::fill_n(indices, k, std::int64_t{0});
}

void push_heap(double* values, std::int64_t* indices, std::size_t k, double value,
               std::int64_t index) {
  if (value >= values[0]) return;
  std::size_t at = 0;
  for (;;) {
    const std::size_t left = 2 * at + 1, right = left + 1;
    if (left >= k) break;
    // The larger child moves up; of equal children the left one.
    const std::size_t child = right < k && values[right] > values[left] ? right : left;
    if (!(values[child] > value)) break;
    values[at] = values[child];
    indices[at] = indices[child];
    at = child;
  }
  values[at] = value;
  indices[at] = index;
}

namespace {

struct Entries {
  double* values;
  std::int64_t* indices;
  void swap(std::size_t i, std::size_t j) const {
    std::swap(values[i], values[j]);
    std::swap(indices[i], indices[j]);
  }
};

void insertion_sort(Entries e, std::size_t n) {
  for (std::size_t i = 1; i < n; ++i) {
    const double value = e.values[i];
    const std::int64_t index = e.indices[i];
    std::size_t j = i;
    for (; j > 0 && e.values[j - 1] > value; --j) {
      e.values[j] = e.values[j - 1];
      e.indices[j] = e.indices[j - 1];
    }
    e.values[j] = value;
    e.indices[j] = index;
  }
}

void sift_down(Entries e, std::size_t root, std::size_t end) {
  for (;;) {
    const std::size_t child = root * 2 + 1;
    std::size_t largest = root;
    if (child < end && e.values[largest] < e.values[child]) largest = child;
    if (child + 1 < end && e.values[largest] < e.values[child + 1]) largest = child + 1;
    if (largest == root) return;
    e.swap(root, largest);
    root = largest;
  }
}

void heap_sort(Entries e, std::size_t n) {
  for (std::size_t start = (n - 2) / 2 + 1; start-- > 0;) sift_down(e, start, n);
  for (std::size_t end = n - 1; end > 0; --end) {
    e.swap(0, end);
    sift_down(e, 0, end);
  }
}

// The middle of first, middle and last entry ends up last, the smallest of them first.
double median_to_end(Entries e, std::size_t n) {
  const std::size_t middle = n / 2;
  if (e.values[0] > e.values[n - 1]) e.swap(0, n - 1);
  if (e.values[n - 1] > e.values[middle]) {
    e.swap(n - 1, middle);
    if (e.values[0] > e.values[n - 1]) e.swap(0, n - 1);
  }
  return e.values[n - 1];
}

// Recursion is at most `depth` deep, 2 log2(k).
void introsort(Entries e, std::size_t n, int depth) {
  while (n > 15) {
    if (depth <= 0) return heap_sort(e, n);
    --depth;
    const double pivot = median_to_end(e, n);
    std::ptrdiff_t i = 1, j = static_cast<std::ptrdiff_t>(n) - 2;
    for (;;) {
      while (i <= j && e.values[i] < pivot) ++i;
      while (i <= j && e.values[j] > pivot) --j;
      if (i >= j) break;
      e.swap(static_cast<std::size_t>(i++), static_cast<std::size_t>(j--));
    }
    const auto at = static_cast<std::size_t>(i);
    e.swap(at, n - 1);
    introsort(e, at, depth);
    e.values += at + 1;
    e.indices += at + 1;
    n -= at + 1;
  }
  insertion_sort(e, n);
}

// Steps may grow with the square of n, so they are counted. The order in which the parts are sorted
// does not show; the larger one goes on in the loop, so that recursion is at most log2(n) deep.
void quicksort(Entries e, std::size_t n, std::size_t& steps) {
  while (n > 3) {
    if (steps < n) return heap_sort(e, n);
    steps -= n;
    const double pivot = median_to_end(e, n);
    std::size_t at = 0;
    for (std::size_t i = 0; i + 1 < n; ++i) {
      if (e.values[i] < pivot) e.swap(i, at++);
    }
    e.swap(at, n - 1);
    const Entries right{e.values + at + 1, e.indices + at + 1};
    const std::size_t n_right = n - at - 1;
    if (at < n_right) {
      quicksort(e, at, steps);
      e = right;
      n = n_right;
    } else {
      quicksort(right, n_right, steps);
      n = at;
    }
  }
  // Up to three, equals stay as they are: an insertion sort takes the same exchanges.
  insertion_sort(e, n);
}

}  // namespace

void sort_heap(double* values, std::int64_t* indices, std::size_t k, HeapSort sort) {
  constexpr std::size_t kMostSteps = std::size_t{1} << 24;
  if (k == 0) return;
  if (sort == HeapSort::kQuicksort) {
    std::size_t steps = kMostSteps;
    quicksort({values, indices}, k, steps);
  } else {
    introsort({values, indices}, k, 2 * static_cast<int>(std::bit_width(k) - 1));
  }
}

bool in_order(double value, std::int64_t index, double other, std::int64_t other_index) {
  if (value < other) return true;
  if (other < value) return false;
  const bool nan = std::isnan(value), other_nan = std::isnan(other);
  if (nan != other_nan) return other_nan;
  return index < other_index;
}

void insert_sorted(double* values, std::int64_t* indices, std::size_t k, std::size_t& count,
                   double value, std::int64_t index) {
  if (count == k && !in_order(value, index, values[k - 1], indices[k - 1])) return;
  std::size_t j = count < k ? count++ : k - 1;
  for (; j > 0 && in_order(value, index, values[j - 1], indices[j - 1]); --j) {
    values[j] = values[j - 1];
    indices[j] = indices[j - 1];
  }
  values[j] = value;
  indices[j] = index;
}

Ties argkmin_ties(std::size_t n_queries, std::size_t n_rows, HeapSort sort) {
  constexpr std::size_t kManyQueries = 4 * 256;
  const bool by_queries = n_rows < n_queries || kManyQueries < n_queries;
  return {by_queries ? Ties::kHeap : Ties::kMergedHeap, sort};
}

void finish_heap(Ties ties, double* distances, std::int64_t* indices, std::size_t k) {
  if (ties.kind == Ties::kIndex) return;
  if (ties.kind == Ties::kMergedHeap) {
    const std::vector<double> values(distances, distances + k);
    const std::vector<std::int64_t> rows(indices, indices + k);
    clear_heap(distances, indices, k);
    for (std::size_t i = 0; i < k; ++i) push_heap(distances, indices, k, values[i], rows[i]);
  }
  sort_heap(distances, indices, k, ties.sort);
}

void select_nearest(const double* all, std::size_t n, std::size_t k, Ties ties, double* distances,
                    std::int64_t* indices) {
  constexpr std::size_t kFew = 64;
  if (ties.kind != Ties::kIndex) {
    clear_heap(distances, indices, k);
    for (std::size_t i = 0; i < n; ++i) {
      push_heap(distances, indices, k, all[i], static_cast<std::int64_t>(i));
    }
    finish_heap(ties, distances, indices, k);
  } else if (k <= kFew) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < n; ++i) {
      insert_sorted(distances, indices, k, count, all[i], static_cast<std::int64_t>(i));
    }
  } else {
    std::vector<std::int64_t> order(n);
    std::iota(order.begin(), order.end(), std::int64_t{0});
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(k), order.end(),
                      [&](std::int64_t a, std::int64_t b) {
                        return in_order(all[static_cast<std::size_t>(a)], a,
                                        all[static_cast<std::size_t>(b)], b);
                      });
    for (std::size_t i = 0; i < k; ++i) {
      indices[i] = order[i];
      distances[i] = all[static_cast<std::size_t>(order[i])];
    }
  }
}

}  // namespace skops_sklearn::neighbors
