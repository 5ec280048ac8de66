// The search behind KNeighborsClassifier, KNeighborsRegressor, KNeighborsTransformer and
// NearestNeighbors: what they store, checked, and their k nearest neighbours.
//
// Attributes (scikit-learn 1.2 to 1.9): n_neighbors, leaf_size, metric, effective_metric_,
// effective_metric_params_ (p, w, V, VI), _fit_method (brute, kd_tree, ball_tree), _fit_X (dense of
// any number type, or CSR), n_samples_fit_, _tree. A metric that is a function needs Python.
//
// Which of scikit-learn's searches runs decides how equal distances are ranked
// (neighbors/neighbor_heap.hpp): its trees; ArgKmin for dense float data of one dtype; numpy's
// sorts for the rest.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "define.hpp"
#include "estimators/shared/sorted_csr.hpp"
#include "neighbors/binary_tree.hpp"
#include "neighbors/brute_force.hpp"
#include "neighbors/sparse_brute.hpp"

namespace skops_sklearn {

// What a search found: k entries a row, nearest first.
struct Neighbors {
  std::size_t rows = 0, k = 0;
  std::vector<double> distances;
  std::vector<std::int64_t> indices;
  // scikit-learn gives distances of float32 data as float32 where no tree and no ArgKmin runs.
  bool float32_distances = false;
  // Indices taken from a sparse matrix of distances keep the width that they have there.
  bool int32_indices = false;
};

class NeighborIndex {
 public:
  NeighborIndex(const skops::sdk::Attributes& self, std::string_view estimator);

  std::size_t n_neighbors() const { return n_neighbors_; }
  std::size_t n_samples() const { return n_; }
  std::uint64_t work_per_row() const;

  // The k nearest training rows of every row of x. `by_class`: ranked as by ArgKminClassMode, which
  // predicts classes with uniform weights where ArgKmin can run.
  Neighbors search(const skops::sdk::Input& x, std::size_t k, bool by_class = false) const;
  // Whether ArgKmin (and so ArgKminClassMode) would run for this input.
  bool argkmin_runs(const skops::sdk::Input& x) const;

  // The methods that all these estimators share, with their keyword arguments.
  void kneighbors(const skops::sdk::Input& x, const skops::sdk::Options& options,
                  skops::sdk::Output& out) const;
  void kneighbors_graph(const skops::sdk::Input& x, const skops::sdk::Options& options,
                        skops::sdk::Output& out) const;
  void write_graph(const Neighbors& found, bool distances, skops::sdk::Output& out) const;

 private:
  enum class Method { kBrute, kKdTree, kBallTree, kPrecomputed };

  void read_metric(const skops::sdk::Attributes& self);
  void read_rows(const skops::sdk::Attributes& self);
  void build(const skops::sdk::Attributes& self);
  void check_k(std::size_t k, std::size_t rows) const;
  void search_dense(const skops::sdk::Input& x, bool by_class, Neighbors& found) const;
  void search_sparse(const skops::sdk::Input& x, bool by_class, Neighbors& found) const;
  void search_precomputed(const skops::sdk::Input& x, Neighbors& found) const;
  neighbors::Ties ties(const skops::sdk::Input& x, bool by_class) const;
  neighbors::Formula formula(const skops::sdk::Input& x) const;

  std::string_view estimator_;
  skops::sdk::Features features_;
  std::size_t n_neighbors_ = 0, n_ = 0;
  Method method_ = Method::kBrute;
  neighbors::Metric metric_;
  bool argkmin_metric_ = false;
  // What the release that fitted the model does: how it sorts heaps; whether it leaves euclidean
  // distances between two sparse matrices (since 1.4.1), or a sparse and a dense one (before 1.3),
  // to numpy's sorts.
  neighbors::HeapSort sort_ = neighbors::HeapSort::kIntrosort;
  bool sparse_by_numpy_ = true, mixed_by_numpy_ = false;
  // How its ArgKmin computes with float32 rows.
  neighbors::Formula single_ = neighbors::Formula::kSingle;
  // Training rows: float64 in C order, unless they stay sparse.
  std::vector<double> rows_;
  char fit_kind_ = 'f';
  std::size_t fit_itemsize_ = 8;
  bool fit_sparse_ = false;
  std::unique_ptr<const neighbors::BruteForce> brute_;
  std::unique_ptr<const neighbors::BinaryTree> tree_;
  std::unique_ptr<const neighbors::SparseBruteForce> sparse_;
};

}  // namespace skops_sklearn
