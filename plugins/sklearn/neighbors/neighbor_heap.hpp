// The k nearest so far, in the two orders in which scikit-learn leaves equal distances.
//
// scikit-learn's compiled searches (trees, ArgKmin) keep a max-heap and sort it at the end with an
// introsort that is an insertion sort up to 15 entries; equal distances come out in an order that
// depends on the heap's steps. These functions take the same steps, so they give the same order.
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

// Ascending by value, with scikit-learn's order of equals.
void sort_heap(double* values, std::int64_t* indices, std::size_t k);

// Is (value, index) before (other, other_index), NaN last?
bool in_order(double value, std::int64_t index, double other, std::int64_t other_index);

// The k first by (value, index): keeps a sorted list of at most k entries of which `count` are set.
void insert_sorted(double* values, std::int64_t* indices, std::size_t k, std::size_t& count,
                   double value, std::int64_t index);

}  // namespace skops_sklearn::neighbors
