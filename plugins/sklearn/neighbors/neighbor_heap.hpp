// The k nearest so far, in the two orders in which scikit-learn leaves equal distances.
//
// scikit-learn's compiled searches (trees, ArgKmin) keep a max-heap and sort it at the end: by a
// quicksort up to scikit-learn 1.8, since 1.9 by an introsort that is an insertion sort up to 15
// entries. Equal distances come out in an order that depends on the steps of heap and sort. These
// functions take the same steps, so they give the same order.
// Its other searches use numpy's argpartition and argsort, whose order of equals differs by
// processor; there the lower index goes first.
#pragma once

#include <cstddef>
#include <cstdint>

namespace skops_sklearn::neighbors {

// Fills a heap of k places with the largest number and index 0.
void clear_heap(double* values, std::int64_t* indices, std::size_t k);

// Puts (value, index) on the heap unless value >= the largest kept.
void push_heap(double* values, std::int64_t* indices, std::size_t k, double value,
               std::int64_t index);

enum class HeapSort {
  kQuicksort,  // scikit-learn up to 1.8
  kIntrosort,  // since 1.9
};

// Ascending by value, with scikit-learn's order of equals. The quicksort is quadratic for equal
// values; after so many steps as about 5,000 of them take, the rest is sorted in another order of
// equals, so that no file can make it slow.
void sort_heap(double* values, std::int64_t* indices, std::size_t k, HeapSort sort);

// Is (value, index) before (other, other_index), NaN last?
bool in_order(double value, std::int64_t index, double other, std::int64_t other_index);

// The k first by (value, index): keeps a sorted list of at most k entries of which `count` are set.
void insert_sorted(double* values, std::int64_t* indices, std::size_t k, std::size_t& count,
                   double value, std::int64_t index);

// Who ranks equal distances.
struct Ties {
  enum Kind {
    kHeap,        // ArgKmin over blocks of queries: one heap a query
    kMergedHeap,  // ArgKmin over blocks of fitted rows: its heap is pushed onto a second one
    kIndex,       // numpy's sorts: the lower index first
  };
  // Implicit: where a heap is not sorted by an older scikit-learn, its kind says all.
  constexpr Ties(Kind k, HeapSort s = HeapSort::kIntrosort) : kind(k), sort(s) {}

  Kind kind;
  HeapSort sort;
};
// What ArgKmin does for so many queries, on one thread.
Ties argkmin_ties(std::size_t n_queries, std::size_t n_rows, HeapSort sort);

// The k nearest of n >= k distances, nearest first.
void select_nearest(const double* all, std::size_t n, std::size_t k, Ties ties, double* distances,
                    std::int64_t* indices);
// The end of a search whose entries have been pushed onto a heap in the order of their indices.
void finish_heap(Ties ties, double* distances, std::int64_t* indices, std::size_t k);

}  // namespace skops_sklearn::neighbors
