// The distances that scikit-learn's neighbour searches know by name, between two dense rows.
//
// As in `sklearn.metrics.DistanceMetric`, searches compare a *reduced* distance that keeps the
// order and is cheaper (the squared one for euclidean, the p-th power for minkowski), and only the
// results are turned into distances. Formulas and order of summation are those of
// `sklearn/metrics/_dist_metrics.pyx.tp` (each product rounded, features first to last); cosine and
// correlation, which have no class there, follow `sklearn.metrics.pairwise` and scipy.
//
// Boolean metrics ask of every value whether it is not 0.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace skops_sklearn::neighbors {

enum class MetricKind {
  kEuclidean,
  kSqEuclidean,
  kManhattan,
  kChebyshev,
  kMinkowski,
  kStandardizedEuclidean,
  kMahalanobis,
  kCanberra,
  kBrayCurtis,
  kHaversine,
  kCosine,
  kCorrelation,
  kHamming,
  kJaccard,
  kDice,
  kRogersTanimoto,
  kRussellRao,
  kSokalSneath,
  kYule,
  kMatching,
  kKulsinski,
  kNanEuclidean,
};

struct Metric {
  MetricKind kind = MetricKind::kEuclidean;
  double p = 2;                 // minkowski: > 0, finite
  std::vector<double> weights;  // minkowski's w, one a feature, >= 0; empty: none
  std::vector<double> scale;    // standardized euclidean: V; mahalanobis: inverse covariance, n x n
};

// The kind for one of scikit-learn's names ("l2", "cityblock", ...); nothing for an unknown name
// and for "precomputed".
std::optional<MetricKind> metric_kind(std::string_view name);

// Whose formula, and how exactly.
enum class Formula {
  kDouble,             // scikit-learn's loops over float64 rows
  kSingleDifferences,  // over float32 rows: differences are rounded to float32 (before 1.4)
  kSingle,             // and so is the result (since 1.4)
  kScipy,              // scipy's function, where ArgKmin cannot run
};

// Rows of n values; those of the single formulas hold float32 numbers.
double reduced_distance(const Metric& metric, const double* a, const double* b, std::size_t n,
                        Formula formula = Formula::kDouble);
double distance_of_reduced(const Metric& metric, double reduced);
double reduced_of_distance(const Metric& metric, double distance);

}  // namespace skops_sklearn::neighbors
