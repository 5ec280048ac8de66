#include "trees/records.hpp"

#include <algorithm>
#include <string>

namespace skops_sklearn::trees {
namespace {

// Indices are intp or uint32 by platform and version; everything else has one dtype.
bool accepts(const Field& slot, const Field& field) {
  if (field.kind == slot.kind && field.itemsize == slot.itemsize) return true;
  if (slot.kind != 'i') return false;
  return (field.kind == 'i' || field.kind == 'u') && field.itemsize == 4;
}

std::int64_t read_integer(const char* bytes, const Field& field) {
  if (field.itemsize == 8) return load<std::int64_t>(bytes);
  if (field.kind == 'i') return load<std::int32_t>(bytes);
  return load<std::uint32_t>(bytes);
}

// Refuses field lists other than `expected`; says whether the records can be read in place.
bool check_fields(const RecordArray& array, std::span<const Field> expected) {
  const auto wrong = [](std::string_view what) {
    throw Invalid("the node records of a tree have " + std::string(what));
  };
  if (array.fields.size() != expected.size()) wrong("an unknown number of fields");
  bool in_place = true;
  for (std::size_t k = 0; k < expected.size(); ++k) {
    const Field& field = array.fields[k];
    if (field.name != expected[k].name) wrong("an unknown field '" + std::string(field.name) + "'");
    if (!accepts(expected[k], field)) wrong("another dtype in '" + std::string(field.name) + "'");
    if (field.offset > array.stride || array.stride - field.offset < field.itemsize) {
      wrong("a field beyond their end");
    }
    in_place &= !field.swapped && field.offset == expected[k].offset &&
                field.kind == expected[k].kind && field.itemsize == expected[k].itemsize;
  }
  return in_place;
}

std::shared_ptr<const std::vector<char>> rewrite(const RecordArray& array,
                                                 std::span<const Field> expected,
                                                 std::size_t size) {
  auto out = std::make_shared<std::vector<char>>(array.count * size);
  for (std::size_t i = 0; i < array.count; ++i) {
    const char* from = array.data + i * array.stride;
    char* to = out->data() + i * size;
    for (std::size_t k = 0; k < expected.size(); ++k) {
      const Field& field = array.fields[k];
      char bytes[8] = {};
      std::memcpy(bytes, from + field.offset, field.itemsize);
      if (field.swapped) std::reverse(bytes, bytes + field.itemsize);
      if (expected[k].kind == 'i') {
        const std::int64_t value = read_integer(bytes, field);
        std::memcpy(to + expected[k].offset, &value, 8);
      } else {
        std::memcpy(to + expected[k].offset, bytes, expected[k].itemsize);
      }
    }
  }
  return out;
}

}  // namespace

TreeRecords::TreeRecords(const RecordArray& array) {
  knows_missing_ = array.fields.size() == std::size(tree_fields);
  const std::span<const Field> expected(tree_fields,
                                        std::size(tree_fields) - (knows_missing_ ? 0 : 1));
  data_ = array.data;
  stride_ = array.stride;
  count_ = array.count;
  if (check_fields(array, expected)) return;
  stride_ = tree_record;
  owned_ = rewrite(array, expected, tree_record);
  data_ = owned_->data();
}

PredictorRecords::PredictorRecords(const RecordArray& array) {
  data_ = array.data;
  stride_ = array.stride;
  count_ = array.count;
  if (check_fields(array, predictor_fields)) return;
  stride_ = predictor_record;
  owned_ = rewrite(array, predictor_fields, predictor_record);
  data_ = owned_->data();
}

}  // namespace skops_sklearn::trees
