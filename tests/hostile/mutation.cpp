#include "hostile/mutation.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cstring>

#include "unit/archive/archive_builder.hpp"

namespace skops_test {
namespace {

namespace json = boost::json;

constexpr std::uint64_t numbers[] = {0,
                                     1,
                                     2,
                                     0x7f,
                                     0x80,
                                     0xff,
                                     0x7fff,
                                     0x8000,
                                     0xffff,
                                     0x7fffffff,
                                     0x80000000,
                                     0xffffffff,
                                     0x7fffffffffffffff,
                                     0x8000000000000000,
                                     0xffffffffffffffff};

constexpr const char* texts[] = {"",
                                 "0",
                                 "-1",
                                 "1e999",
                                 "NaN",
                                 "null",
                                 "true",
                                 "[]",
                                 "{}",
                                 "[[[[]]]]",
                                 "\"x\"",
                                 "[1, 2, 3]",
                                 "9223372036854775808",
                                 "{\"a\": 1}",
                                 "0.5",
                                 "schema.json",
                                 "nan",
                                 "(?:a+)+$",
                                 "rbf",
                                 "float64",
                                 "\xf0\x9f\x98\x80",
                                 "builtins",
                                 "numpy",
                                 "JsonNode",
                                 "ListNode",
                                 "TupleNode",
                                 "DictNode",
                                 "ObjectNode",
                                 "NdArrayNode",
                                 "TypeNode",
                                 "FunctionNode",
                                 "MethodNode",
                                 "CachedNode",
                                 "SparseMatrixNode",
                                 "TreeNode",
                                 "RandomStateNode",
                                 "DTypeNode",
                                 "LossNode",
                                 "BytesNode",
                                 "SetNode",
                                 "SliceNode",
                                 "PartialNode",
                                 "ConstructorFromReduceNode"};

// Every value of a tree that lies in an object or array, with a way to it. No recursion.
std::vector<json::value*> values_of(json::value& root) {
  std::vector<json::value*> all{&root};
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (auto* object = all[k]->if_object()) {
      for (auto& member : *object) all.push_back(&member.value());
    } else if (auto* array = all[k]->if_array()) {
      for (auto& item : *array) all.push_back(&item);
    }
  }
  return all;
}

}  // namespace

void Mutator::damage_bytes(std::string& bytes, bool tail) {
  for (std::size_t left = 1 + below(4); left > 0 && !bytes.empty(); --left) {
    const std::size_t n = bytes.size();
    std::size_t at = below(n);
    if (tail && below(2) == 0) at = n - 1 - below(std::max<std::size_t>(1, n / 8));
    const std::size_t length = std::min(n - at, 1 + below(below(8) == 0 ? 4096 : 16));
    switch (below(7)) {
      case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8))); break;
      case 1: bytes[at] = static_cast<char>(below(256)); break;
      case 2: {
        const std::uint64_t number = numbers[below(std::size(numbers))];
        const std::size_t width = std::min<std::size_t>(n - at, std::size_t{1} << below(4));
        std::memcpy(bytes.data() + at, &number, width);
        break;
      }
      case 3: bytes.erase(at, length); break;
      case 4: bytes.insert(at, bytes.substr(below(n), length)); break;
      case 5: bytes.replace(at, length, bytes.substr(below(n), length)); break;
      default: bytes.resize(below(8) == 0 ? at : n); break;
    }
  }
}

void Mutator::damage_schema(std::string& schema, const Members& members) {
  json::parse_options options;
  options.max_depth = 1000;
  boost::system::error_code error;
  json::value root = json::parse(schema, error, {}, options);
  if (error) return damage_bytes(schema, false);
  for (std::size_t left = 1 + below(4) / 3; left > 0; --left) {
    const auto all = values_of(root);
    json::value& value = *all[below(all.size())];
    switch (below(8)) {
      case 0: value = json::value(*all[below(all.size())]); break;
      case 1: value = texts[below(std::size(texts))]; break;
      case 2: value = static_cast<std::int64_t>(numbers[below(std::size(numbers))]); break;
      case 3: {
        json::value other = *all[below(all.size())];
        if (other.is_string()) value = std::move(other);
        break;
      }
      case 4:
        if (auto* object = value.if_object(); object != nullptr && !object->empty()) {
          object->erase(object->begin() + static_cast<long>(below(object->size())));
        } else if (auto* array = value.if_array(); array != nullptr && !array->empty()) {
          array->erase(array->begin() + static_cast<long>(below(array->size())));
        }
        break;
      case 5:
        if (auto* array = value.if_array(); array != nullptr && !array->empty()) {
          array->push_back((*array)[below(array->size())]);
        }
        break;
      case 6:
        if (auto* object = value.if_object(); object != nullptr && object->contains("file")) {
          (*object)["file"] = members.empty() ? "x" : members[below(members.size())].first;
        } else if (object != nullptr && object->contains("__id__")) {
          (*object)["__id__"] = static_cast<std::int64_t>(1 + below(40));
        }
        break;
      default:
        if (auto* object = value.if_object(); object != nullptr && object->contains("content")) {
          (*object)["content"] = texts[below(std::size(texts))];
        }
    }
    if (!root.is_object()) break;
  }
  schema = json::serialize(root);
}

std::string Mutator::damage(const std::string& file, Members members) {
  if (below(8) == 0) {
    std::string bytes = file;
    damage_bytes(bytes, true);
    return bytes;
  }
  const std::size_t chosen = below(members.size());
  for (std::size_t k = 0; k < members.size(); ++k) {
    auto& [name, data] = members[k];
    if (name != "schema.json") {
      if (k == chosen && below(2) == 0) damage_bytes(data, false);
    } else if (below(10) == 0) {
      damage_bytes(data, false);
    } else {
      damage_schema(data, members);
    }
  }
  return plain_archive(members);
}

}  // namespace skops_test
