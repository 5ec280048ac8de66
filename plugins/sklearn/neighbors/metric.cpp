#include "neighbors/metric.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace skops_sklearn::neighbors {
namespace {

struct Name {
  std::string_view name;
  MetricKind kind;
};
constexpr Name kNames[] = {
    {"euclidean", MetricKind::kEuclidean},
    {"l2", MetricKind::kEuclidean},
    {"sqeuclidean", MetricKind::kSqEuclidean},
    {"manhattan", MetricKind::kManhattan},
    {"cityblock", MetricKind::kManhattan},
    {"l1", MetricKind::kManhattan},
    {"chebyshev", MetricKind::kChebyshev},
    {"infinity", MetricKind::kChebyshev},
    {"minkowski", MetricKind::kMinkowski},
    {"p", MetricKind::kMinkowski},
    {"wminkowski", MetricKind::kMinkowski},
    {"seuclidean", MetricKind::kStandardizedEuclidean},
    {"mahalanobis", MetricKind::kMahalanobis},
    {"canberra", MetricKind::kCanberra},
    {"braycurtis", MetricKind::kBrayCurtis},
    {"haversine", MetricKind::kHaversine},
    {"cosine", MetricKind::kCosine},
    {"correlation", MetricKind::kCorrelation},
    {"hamming", MetricKind::kHamming},
    {"jaccard", MetricKind::kJaccard},
    {"dice", MetricKind::kDice},
    {"rogerstanimoto", MetricKind::kRogersTanimoto},
    {"sokalmichener", MetricKind::kRogersTanimoto},  // the same formula
    {"russellrao", MetricKind::kRussellRao},
    {"sokalsneath", MetricKind::kSokalSneath},
    {"yule", MetricKind::kYule},
    {"matching", MetricKind::kMatching},    // up to scikit-learn 1.2
    {"kulsinski", MetricKind::kKulsinski},  // up to scikit-learn 1.2, later with an old scipy
    {"nan_euclidean", MetricKind::kNanEuclidean},
};

template <class Term>
double sum_of(std::size_t n, Term term) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += term(i);
  return sum;
}

struct Counts {
  double both = 0, one = 0, only_a = 0, only_b = 0, n = 0;
};
Counts count(const double* a, const double* b, std::size_t n) {
  Counts c;
  c.n = static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) {
    const bool in_a = a[i] != 0, in_b = b[i] != 0;
    c.both += in_a && in_b;
    c.only_a += in_a && !in_b;
    c.only_b += in_b && !in_a;
  }
  c.one = c.only_a + c.only_b;
  return c;
}

double mahalanobis(const Metric& m, const double* a, const double* b, std::size_t n) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double* row = m.scale.data() + i * n;
    sum += sum_of(n, [&](std::size_t j) { return row[j] * (a[j] - b[j]); }) * (a[i] - b[i]);
  }
  return sum;
}

double cosine(const double* a, const double* b, std::size_t n) {
  double dot = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < n; ++i) {
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  // A row of zeros stays zero when it is normalized.
  const double norms = (aa > 0 ? std::sqrt(aa) : 1.0) * (bb > 0 ? std::sqrt(bb) : 1.0);
  return std::clamp(1 - dot / norms, 0.0, 2.0);
}

double correlation(const double* a, const double* b, std::size_t n) {
  const auto count = static_cast<double>(n);
  const double mean_a = sum_of(n, [&](std::size_t i) { return a[i]; }) / count;
  const double mean_b = sum_of(n, [&](std::size_t i) { return b[i]; }) / count;
  double dot = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double da = a[i] - mean_a, db = b[i] - mean_b;
    dot += da * db;
    aa += da * da;
    bb += db * db;
  }
  return 1 - dot / std::sqrt(aa * bb);
}

double nan_euclidean(const double* a, const double* b, std::size_t n) {
  double sum = 0, present = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (std::isnan(a[i]) || std::isnan(b[i])) continue;
    sum += (a[i] - b[i]) * (a[i] - b[i]);
    present += 1;
  }
  if (present == 0) return std::numeric_limits<double>::quiet_NaN();
  return std::sqrt(sum / present * static_cast<double>(n));
}

double bray_curtis_of_scipy(const double* a, const double* b, std::size_t n) {
  return sum_of(n, [&](std::size_t i) { return std::fabs(a[i] - b[i]); }) /
         sum_of(n, [&](std::size_t i) { return std::fabs(a[i] + b[i]); });
}

// The metrics that are made of the rows' differences.
template <class Difference>
double of_differences(const Metric& m, const double* a, const double* b, std::size_t n,
                      Difference difference) {
  switch (m.kind) {
    case MetricKind::kManhattan:
      return sum_of(n, [&](std::size_t i) { return std::fabs(difference(i)); });
    case MetricKind::kChebyshev: {
      double most = 0;
      for (std::size_t i = 0; i < n; ++i) most = std::max(most, std::fabs(difference(i)));
      return most;
    }
    case MetricKind::kMinkowski:
      if (m.weights.empty()) {
        return sum_of(n, [&](std::size_t i) { return std::pow(std::fabs(difference(i)), m.p); });
      }
      return sum_of(
          n, [&](std::size_t i) { return m.weights[i] * std::pow(std::fabs(difference(i)), m.p); });
    case MetricKind::kStandardizedEuclidean:
      return sum_of(n, [&](std::size_t i) { return difference(i) * difference(i) / m.scale[i]; });
    case MetricKind::kCanberra:
      return sum_of(n, [&](std::size_t i) {
        const double size = std::fabs(a[i]) + std::fabs(b[i]);
        return size > 0 ? std::fabs(difference(i)) / size : 0.0;
      });
    case MetricKind::kBrayCurtis: {
      const double size =
          sum_of(n, [&](std::size_t i) { return std::fabs(a[i]) + std::fabs(b[i]); });
      if (!(size > 0)) return 0.0;
      return sum_of(n, [&](std::size_t i) { return std::fabs(difference(i)); }) / size;
    }
    case MetricKind::kHaversine: {
      const double sin_0 = std::sin(0.5 * difference(0)), sin_1 = std::sin(0.5 * difference(1));
      return sin_0 * sin_0 + std::cos(a[0]) * std::cos(b[0]) * sin_1 * sin_1;
    }
    default:  // euclidean
      return sum_of(n, [&](std::size_t i) { return difference(i) * difference(i); });
  }
}

double boolean(MetricKind kind, const double* a, const double* b, std::size_t n) {
  const Counts c = count(a, b, n);
  switch (kind) {
    case MetricKind::kJaccard: return c.both + c.one == 0 ? 0.0 : c.one / (c.both + c.one);
    case MetricKind::kDice: return c.one / (2 * c.both + c.one);
    case MetricKind::kRogersTanimoto: return 2 * c.one / (c.n + c.one);
    case MetricKind::kRussellRao: return (c.n - c.both) / c.n;
    case MetricKind::kSokalSneath: return c.one / (0.5 * c.both + c.one);
    case MetricKind::kMatching: return c.one / c.n;
    case MetricKind::kKulsinski: return (c.one - c.both + c.n) / (c.one + c.n);
    default: {  // Yule
      const double half = c.only_a * c.only_b;
      return half == 0 ? 0.0 : 2 * half / (c.both * (c.n - c.both - c.one) + half);
    }
  }
}

}  // namespace

std::optional<MetricKind> metric_kind(std::string_view name) {
  const auto found = std::find_if(std::begin(kNames), std::end(kNames),
                                  [&](const Name& n) { return n.name == name; });
  if (found == std::end(kNames)) return std::nullopt;
  return found->kind;
}

double reduced_distance(const Metric& m, const double* a, const double* b, std::size_t n,
                        Formula formula) {
  switch (m.kind) {
    case MetricKind::kEuclidean:
    case MetricKind::kSqEuclidean:
    case MetricKind::kManhattan:
    case MetricKind::kChebyshev:
    case MetricKind::kMinkowski:
    case MetricKind::kStandardizedEuclidean:
    case MetricKind::kCanberra:
    case MetricKind::kBrayCurtis:
    case MetricKind::kHaversine: {
      if (m.kind == MetricKind::kBrayCurtis && formula == Formula::kScipy) {
        return bray_curtis_of_scipy(a, b, n);
      }
      if (formula == Formula::kDouble || formula == Formula::kScipy) {
        return of_differences(m, a, b, n, [&](std::size_t i) { return a[i] - b[i]; });
      }
      const double d = of_differences(m, a, b, n, [&](std::size_t i) {
        return static_cast<double>(static_cast<float>(a[i] - b[i]));
      });
      return formula == Formula::kSingle ? static_cast<double>(static_cast<float>(d)) : d;
    }
    case MetricKind::kMahalanobis: return mahalanobis(m, a, b, n);
    case MetricKind::kCosine: return cosine(a, b, n);
    case MetricKind::kCorrelation: return correlation(a, b, n);
    case MetricKind::kHamming:
      return sum_of(n, [&](std::size_t i) { return a[i] != b[i] ? 1.0 : 0.0; }) /
             static_cast<double>(n);
    case MetricKind::kNanEuclidean: return nan_euclidean(a, b, n);
    default: return boolean(m.kind, a, b, n);
  }
}

double distance_of_reduced(const Metric& m, double reduced) {
  switch (m.kind) {
    case MetricKind::kEuclidean:
    case MetricKind::kStandardizedEuclidean:
    case MetricKind::kMahalanobis: return std::sqrt(reduced);
    case MetricKind::kMinkowski: return std::pow(reduced, 1.0 / m.p);
    case MetricKind::kHaversine: return 2 * std::asin(std::sqrt(reduced));
    default: return reduced;
  }
}

double reduced_of_distance(const Metric& m, double distance) {
  switch (m.kind) {
    case MetricKind::kEuclidean:
    case MetricKind::kStandardizedEuclidean:
    case MetricKind::kMahalanobis: return distance * distance;
    case MetricKind::kMinkowski: return std::pow(distance, m.p);
    case MetricKind::kHaversine: {
      const double s = std::sin(0.5 * distance);
      return s * s;
    }
    default: return distance;
  }
}

}  // namespace skops_sklearn::neighbors
