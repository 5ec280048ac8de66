#include "trees/records.hpp"

#include <algorithm>
#include <string>

namespace skops_sklearn::trees {
namespace {

struct Slot {
  std::string_view name;
  char kind;
  std::size_t itemsize, offset;
};

constexpr Slot tree_slots[] = {{"left_child", 'i', 8, 0},
                               {"right_child", 'i', 8, 8},
                               {"feature", 'i', 8, 16},
                               {"threshold", 'f', 8, 24},
                               {"impurity", 'f', 8, 32},
                               {"n_node_samples", 'i', 8, 40},
                               {"weighted_n_node_samples", 'f', 8, 48},
                               {"missing_go_to_left", 'u', 1, 56}};
constexpr std::size_t tree_size = 57;

constexpr Slot predictor_slots[] = {{"value", 'f', 8, 0},
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
constexpr std::size_t predictor_size = 56;

// Indices are intp or uint32 by platform and version; everything else has one dtype.
bool accepts(const Slot& slot, const Field& field) {
  if (field.kind == slot.kind && field.itemsize == slot.itemsize) return true;
  if (slot.kind != 'i') return false;
  return (field.kind == 'i' || field.kind == 'u') && field.itemsize == 4;
}

std::int64_t read_integer(const char* bytes, const Field& field) {
  if (field.itemsize == 8) return load<std::int64_t>(bytes);
  if (field.kind == 'i') return load<std::int32_t>(bytes);
  return load<std::uint32_t>(bytes);
}

// Refuses field lists other than `slots`; says whether the records can be read in place.
bool check_fields(const RecordArray& array, std::span<const Slot> slots) {
  const auto wrong = [](std::string_view what) {
    throw Invalid("the node records of a tree have " + std::string(what));
  };
  if (array.fields.size() != slots.size()) wrong("an unknown number of fields");
  bool in_place = true;
  for (std::size_t k = 0; k < slots.size(); ++k) {
    const Field& field = array.fields[k];
    if (field.name != slots[k].name) wrong("an unknown field '" + std::string(field.name) + "'");
    if (!accepts(slots[k], field)) wrong("another dtype in '" + std::string(field.name) + "'");
    if (field.offset > array.stride || array.stride - field.offset < field.itemsize) {
      wrong("a field beyond their end");
    }
    in_place &= !field.swapped && field.offset == slots[k].offset && field.kind == slots[k].kind &&
                field.itemsize == slots[k].itemsize;
  }
  return in_place;
}

std::shared_ptr<const std::vector<char>> rewrite(const RecordArray& array,
                                                 std::span<const Slot> slots, std::size_t size) {
  auto out = std::make_shared<std::vector<char>>(array.count * size);
  for (std::size_t i = 0; i < array.count; ++i) {
    const char* from = array.data + i * array.stride;
    char* to = out->data() + i * size;
    for (std::size_t k = 0; k < slots.size(); ++k) {
      const Field& field = array.fields[k];
      char bytes[8] = {};
      std::memcpy(bytes, from + field.offset, field.itemsize);
      if (field.swapped) std::reverse(bytes, bytes + field.itemsize);
      if (slots[k].kind == 'i') {
        const std::int64_t value = read_integer(bytes, field);
        std::memcpy(to + slots[k].offset, &value, 8);
      } else {
        std::memcpy(to + slots[k].offset, bytes, slots[k].itemsize);
      }
    }
  }
  return out;
}

}  // namespace

TreeRecords::TreeRecords(const RecordArray& array) {
  knows_missing_ = array.fields.size() == std::size(tree_slots);
  const std::span<const Slot> slots(tree_slots, std::size(tree_slots) - (knows_missing_ ? 0 : 1));
  data_ = array.data;
  stride_ = array.stride;
  count_ = array.count;
  if (check_fields(array, slots)) return;
  stride_ = tree_size;
  owned_ = rewrite(array, slots, tree_size);
  data_ = owned_->data();
}

PredictorRecords::PredictorRecords(const RecordArray& array) {
  data_ = array.data;
  stride_ = array.stride;
  count_ = array.count;
  if (check_fields(array, predictor_slots)) return;
  stride_ = predictor_size;
  owned_ = rewrite(array, predictor_slots, predictor_size);
  data_ = owned_->data();
}

}  // namespace skops_sklearn::trees
