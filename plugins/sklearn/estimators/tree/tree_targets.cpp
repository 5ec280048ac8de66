#include "estimators/tree/tree_targets.hpp"

#include <cmath>
#include <cstring>

#include "linalg/elementwise.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

namespace {

// The sum of up to 128 numbers as NumPy adds a contiguous axis: eight accumulators from eight on.
double numpy_sum(const double* x, std::size_t n) {
  double sum = 0;
  std::size_t k = 0;
  if (n >= 8) {
    double part[8];
    for (std::size_t j = 0; j < 8; ++j) part[j] = x[j];
    for (k = 8; k + 8 <= n; k += 8) {
      for (std::size_t j = 0; j < 8; ++j) part[j] += x[k + j];
    }
    sum = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
  }
  for (; k < n; ++k) sum += x[k];
  return sum;
}

}  // namespace

TreeTargets::TreeTargets(const Attributes& self, bool classifier) : classifier_(classifier) {
  const std::int64_t outputs = self["n_outputs_"].integer();
  require(outputs >= 1 && outputs < (std::int64_t{1} << 31), "n_outputs_ is out of range");
  const auto n = static_cast<std::size_t>(outputs);
  if (classifier) {
    const Value classes = self["classes_"];
    if (n == 1) {
      labels_.emplace_back(classes);
    } else {
      require(classes.is(Kind::list) && classes.size() == n,
              "classes_ must be a list of one array per output");
      for (std::size_t k = 0; k < n; ++k) labels_.emplace_back(classes.item(k));
    }
    const Value counts = self["n_classes_"];
    const auto stored = counts.is_number() ? std::vector<std::int64_t>{counts.integer()}
                                           : counts.vector<std::int64_t>();
    require(stored.size() == n, "n_classes_ must have one number per output");
    for (std::size_t k = 0; k < n; ++k) {
      require(labels_[k].size() > 0 && static_cast<std::int64_t>(labels_[k].size()) == stored[k],
              "classes_ and n_classes_ do not agree");
      counts_.push_back(labels_[k].size());
    }
  } else {
    require(n <= (std::size_t{1} << 24), "n_outputs_ is out of range");
    // No array has to have this size yet.
    const Loading in = self.node().loading();
    skops::sdk::check(in.host->charge(in.context, 32 * n));
    counts_.assign(n, 1);
  }
  for (const std::size_t count : counts_) {
    offsets_.push_back(width_);
    width_ += count;
  }
}

void TreeTargets::check(const FittedTree& tree) const {
  require(tree.n_outputs() == outputs(), "a tree has another number of outputs than its model");
  require(tree.n_classes() == counts_, "a tree has another number of classes than its model");
}

void TreeTargets::values(const FittedTree& tree, std::size_t node, double* out) const {
  for (std::size_t k = 0; k < counts_.size(); ++k) {
    const std::size_t n = counts_[k];
    std::memcpy(out, tree.values(node, k), n * sizeof(double));
    if (classifier_) {
      // Fractions since 1.3, counts before: those are divided by their sum, as it did.
      const double sum = numpy_sum(out, n);
      if (sum != 0 && !(std::abs(sum - 1) < 1e-9)) {
        for (std::size_t j = 0; j < n; ++j) out[j] /= sum;
      }
    }
    out += n;
  }
}

void TreeTargets::write_labels(Output& out, const double* p, std::size_t rows) const {
  std::vector<std::size_t> best(rows);
  const auto choose = [&](std::size_t k) {
    for (std::size_t i = 0; i < rows; ++i)
      linalg::argmax_rows(p + i * width_ + offsets_[k], 1, counts_[k], &best[i]);
  };
  if (outputs() == 1) {
    choose(0);
    labels_[0].write(out, std::span<const std::size_t>(best));
    return;
  }
  const skops_dtype& dtype = labels_[0].dtype();
  for (const Labels& labels : labels_) {
    if (labels.dtype().kind != dtype.kind || labels.dtype().itemsize != dtype.itemsize) {
      unsupported("outputs with classes of different dtypes");
    }
  }
  const std::int64_t shape[] = {static_cast<std::int64_t>(rows),
                                static_cast<std::int64_t>(outputs())};
  auto* at = static_cast<std::byte*>(out.array(dtype, shape));
  for (std::size_t k = 0; k < outputs(); ++k) {
    choose(k);
    labels_[k].put(at + k * dtype.itemsize, std::span<const std::size_t>(best), outputs());
  }
}

void TreeTargets::write_probabilities(Output& out, const double* p, std::size_t rows,
                                      bool logarithms) const {
  if (outputs() > 1) out.begin_list();
  for (std::size_t k = 0; k < outputs(); ++k) {
    const std::size_t n = counts_[k];
    double* y = out.array<double>({rows, n});
    for (std::size_t i = 0; i < rows; ++i) {
      const double* from = p + i * width_ + offsets_[k];
      for (std::size_t j = 0; j < n; ++j) y[i * n + j] = logarithms ? std::log(from[j]) : from[j];
    }
  }
  if (outputs() > 1) out.end();
}

double* TreeTargets::numbers(Output& out, std::size_t rows) const {
  return outputs() == 1 ? out.array<double>({rows}) : out.array<double>({rows, outputs()});
}

}  // namespace skops_sklearn
