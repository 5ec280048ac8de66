#include "graph/copy_comparison.hpp"

#include <bit>

#include "schema/same_text.hpp"

namespace skops {

std::int64_t reference_id(const Tape& tape, Tape::Index object) {
  const Tape::Index id = tape.find(object, "__id__");
  if (id == Tape::none || tape.kind(id) != JsonKind::integer || tape.integer(id) <= 0) return 0;
  if (tape.size(object) == 1) return tape.integer(id);
  const Tape::Index loader = tape.find(object, "__loader__");
  const bool cached = loader != Tape::none && tape.kind(loader) == JsonKind::string &&
                      tape.text(loader) == "CachedNode";
  return cached ? tape.integer(id) : 0;
}

bool CopyComparison::same(Tape::Index first, Tape::Index copy) {
  const Tape& tape = graph_.tape_;
  stack_.clear();
  if (!enter(first, copy, Tape::none, Tape::none, {})) return false;
  while (!stack_.empty()) {
    Pair& top = stack_.back();
    const bool object = top.object != Tape::none;
    // Ids are no part of what is compared.
    const auto skip_id = [&](Tape::Index& i, Tape::Index end) {
      if (object && i != end && same_text(tape.text(i), "__id__") &&
          tape.kind(i + 1) < JsonKind::array) {
        i = tape.next(i + 1);
      }
    };
    skip_id(top.a, top.a_end);
    skip_id(top.b, top.b_end);
    if (top.a == top.a_end || top.b == top.b_end) {
      if (top.a != top.a_end || top.b != top.b_end) return false;
      stack_.pop_back();
      continue;
    }
    Tape::Index a = top.a, b = top.b;
    std::string_view key;
    if (object) {
      key = tape.text(a);
      if (!same_text(key, tape.text(b))) return false;
      ++a, ++b;
    }
    top.a = tape.next(a);
    top.b = tape.next(b);
    if (!enter(a, b, top.object, top.copy, key)) return false;
  }
  return true;
}

bool CopyComparison::enter(Tape::Index a, Tape::Index b, Tape::Index object, Tape::Index copy,
                           std::string_view key) {
  const Tape& tape = graph_.tape_;
  const JsonKind kind = tape.kind(a);
  if (kind != tape.kind(b)) return false;
  switch (kind) {
    case JsonKind::null: return true;
    case JsonKind::boolean: return tape.boolean(a) == tape.boolean(b);
    case JsonKind::integer: return tape.integer(a) == tape.integer(b);
    case JsonKind::real:
      return std::bit_cast<std::uint64_t>(tape.real(a)) ==
             std::bit_cast<std::uint64_t>(tape.real(b));
    case JsonKind::big_integer: return tape.text(a) == tape.text(b);
    case JsonKind::string:
      if (!same_text(tape.text(a), tape.text(b))) return members(a, b, object, key);
      // The two objects are references if what they call their loader says so.
      if (same_text(key, "__loader__") && same_text(tape.text(a), "CachedNode")) {
        return same_target(reference_id(tape, object), reference_id(tape, copy));
      }
      return true;
    case JsonKind::array:
      if (tape.size(a) != tape.size(b)) return false;
      stack_.push_back(
          {tape.first(a), tape.next(a), tape.first(b), tape.next(b), Tape::none, Tape::none});
      return true;
    case JsonKind::object: break;
  }
  if (tape.size(a) == 1 && tape.size(b) == 1) {
    const std::int64_t target_a = reference_id(tape, a), target_b = reference_id(tape, b);
    if (target_a != 0 && target_b != 0) return same_target(target_a, target_b);
  }
  // A reference is never the same as a node, nor as an empty object.
  if ((tape.size(a) == 1 && reference_id(tape, a) != 0) ||
      (tape.size(b) == 1 && reference_id(tape, b) != 0)) {
    return false;
  }
  stack_.push_back({tape.first(a), tape.next(a), tape.first(b), tape.next(b), a, b});
  return true;
}

bool CopyComparison::same_target(std::int64_t a, std::int64_t b) const {
  if (a == b) return true;
  const NodeId node = ids_.find(a);
  return node != no_node && node == ids_.find(b);
}

bool CopyComparison::members(Tape::Index a, Tape::Index b, Tape::Index object,
                             std::string_view key) {
  if (object == Tape::none || !is_member_field(object, key)) return false;
  graph_.equal_members_.emplace_back(a, b);
  return true;
}

bool CopyComparison::is_member_field(Tape::Index object, std::string_view key) const {
  const Tape& tape = graph_.tape_;
  const Tape::Index loader = tape.find(object, "__loader__");
  if (loader == Tape::none || tape.kind(loader) != JsonKind::string) return false;
  const auto layouts = loaders_.find(tape.text(loader), graph_.protocol_);
  // Every loader known so far calls its member `file`.
  if (layouts.empty()) return key == "file";
  for (const LoaderLayout* layout : layouts) {
    for (const LoaderField& field : layout->fields) {
      if (field.kind == FieldKind::member && field.path == key) return true;
    }
  }
  return false;
}

}  // namespace skops
