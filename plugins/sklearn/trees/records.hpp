// The node records of scikit-learn's trees as they lie in a file: arrays of C structs.
//
//   Tree           left_child i8, right_child i8, feature i8, threshold f8, impurity f8,
//                  n_node_samples i8, weighted_n_node_samples f8, missing_go_to_left u1 (since 1.3)
//   TreePredictor  value f8, count u4, feature_idx i8 (u4 in 1.2), num_threshold f8,
//                  missing_go_to_left u1, left u4, right u4, gain f8, depth u4, is_leaf u1,
//                  bin_threshold u1, is_categorical u1, bitset_idx u4
//
// Records in this machine's byte order are read where they are, padded or packed, aligned or not;
// others (big-endian, 32-bit platforms) are rewritten once. A view does not own the file's bytes.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "trees/invalid.hpp"

namespace skops_sklearn::trees {

// One field of a record type as the array's dtype describes it.
struct Field {
  std::string_view name;
  char kind = 'V';
  std::size_t itemsize = 0;
  std::size_t offset = 0;
  bool swapped = false;
};

// The canonical layouts: what the views below read in place. Trees before scikit-learn 1.3 lack the
// last field.
inline constexpr Field tree_fields[] = {{"left_child", 'i', 8, 0},
                                        {"right_child", 'i', 8, 8},
                                        {"feature", 'i', 8, 16},
                                        {"threshold", 'f', 8, 24},
                                        {"impurity", 'f', 8, 32},
                                        {"n_node_samples", 'i', 8, 40},
                                        {"weighted_n_node_samples", 'f', 8, 48},
                                        {"missing_go_to_left", 'u', 1, 56}};
inline constexpr std::size_t tree_record = 57;  // bytes, packed

inline constexpr Field predictor_fields[] = {{"value", 'f', 8, 0},
                                             {"count", 'u', 4, 8},
                                             {"feature_idx", 'i', 8, 12},
                                             {"num_threshold", 'f', 8, 20},
                                             {"missing_go_to_left", 'u', 1, 28},
                                             {"left", 'u', 4, 29},
                                             {"right", 'u', 4, 33},
                                             {"gain", 'f', 8, 37},
                                             {"depth", 'u', 4, 45},
                                             {"is_leaf", 'u', 1, 49},
                                             {"bin_threshold", 'u', 1, 50},
                                             {"is_categorical", 'u', 1, 51},
                                             {"bitset_idx", 'u', 4, 52}};
inline constexpr std::size_t predictor_record = 56;

struct RecordArray {
  const char* data = nullptr;
  std::size_t count = 0;
  std::size_t stride = 0;
  std::span<const Field> fields;
};

template <class T>
T load(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

// Common part of both views: `count` records of `stride` bytes in the canonical layout.
class Records {
 public:
  std::size_t size() const { return count_; }

 protected:
  template <class T>
  T get(std::size_t i, std::size_t offset) const {
    return load<T>(data_ + i * stride_ + offset);
  }

  const char* data_ = nullptr;
  std::size_t count_ = 0, stride_ = 0;
  std::shared_ptr<const std::vector<char>> owned_;
};

class TreeRecords : public Records {
 public:
  TreeRecords() = default;
  explicit TreeRecords(const RecordArray& array);  // refuses other field lists

  // Whether the file says where missing values go (scikit-learn 1.3 and later).
  bool knows_missing() const { return knows_missing_; }
  std::int64_t left(std::size_t i) const { return get<std::int64_t>(i, 0); }
  std::int64_t right(std::size_t i) const { return get<std::int64_t>(i, 8); }
  std::int64_t feature(std::size_t i) const { return get<std::int64_t>(i, 16); }
  double threshold(std::size_t i) const { return get<double>(i, 24); }
  std::int64_t samples(std::size_t i) const { return get<std::int64_t>(i, 40); }
  bool missing_left(std::size_t i) const { return knows_missing_ && get<std::uint8_t>(i, 56) != 0; }
  bool is_leaf(std::size_t i) const { return left(i) == -1; }

 private:
  bool knows_missing_ = false;
};

class PredictorRecords : public Records {
 public:
  PredictorRecords() = default;
  explicit PredictorRecords(const RecordArray& array);

  double value(std::size_t i) const { return get<double>(i, 0); }
  std::int64_t feature(std::size_t i) const { return get<std::int64_t>(i, 12); }
  double threshold(std::size_t i) const { return get<double>(i, 20); }
  bool missing_left(std::size_t i) const { return get<std::uint8_t>(i, 28) != 0; }
  std::uint32_t left(std::size_t i) const { return get<std::uint32_t>(i, 29); }
  std::uint32_t right(std::size_t i) const { return get<std::uint32_t>(i, 33); }
  std::uint8_t leaf_flag(std::size_t i) const { return get<std::uint8_t>(i, 49); }
  bool is_leaf(std::size_t i) const { return leaf_flag(i) != 0; }
  std::uint8_t categorical_flag(std::size_t i) const { return get<std::uint8_t>(i, 51); }
  bool is_categorical(std::size_t i) const { return categorical_flag(i) != 0; }
  std::uint32_t bitset(std::size_t i) const { return get<std::uint32_t>(i, 52); }
};

}  // namespace skops_sklearn::trees
