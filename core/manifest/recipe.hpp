// How a host in a dynamic language builds the objects of a loader and takes them apart.
//
//   {"loader": "TreeNode", …, "fields": [{"name": "content", "kind": "node"},
//                                        {"name": "__reduce__.args", "kind": "node"}],
//    "recipe": {"make": "reduce", "of": ["sklearn.tree._tree.Tree"],
//               "args": "__reduce__.args", "state": "content"}}
//
// `make` is one of Python's ways to make an object. What each needs from the node is told by the
// kinds of the loader's fields in their order, whatever they are called: an `array` has one member,
// a `dict` a node with the types of its keys and a map. The reader refuses a recipe whose loader
// has other fields, so who follows a recipe takes fields by number. Native loads read no recipe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "manifest/json_reader.hpp"

namespace skops {

struct LoaderLayout;

enum class Make : std::uint8_t {
  json,         // plain data as JSON text
  dict,         // of nodes, with the types of the keys
  defaultdict,  // a dict and a factory
  list,
  set,
  tuple,  // of nodes; named tuples are called
  bytes,
  bytearray,
  slice,         // start, stop and step as plain JSON
  name,          // the class or function that the node names, or brings in
  method,        // getattr(owner, name)
  partial,       // functools.partial(func, *args, **kwds) and its __dict__
  operator_,     // operator.itemgetter(*args, **kwds) and its like
  object,        // cls.__new__(cls) and its state
  call,          // cls(*args)
  reduce,        // cls(*args) and its state
  array,         // NPY: an array or a NumPy scalar
  object_array,  // a list of nodes and a shape
  hook,          // code of the host's language: the fields as they are
};

struct Recipe {
  Make make = Make::hook;
  // module.Class of what is written by this loader, subclasses included.
  std::vector<std::string> of = {};
  // Of `reduce`: the fields with the arguments and the state, by their numbers in the layout.
  std::uint32_t args = 0, state = 0;

  bool operator==(const Recipe&) const = default;
};

// The recipe of a loader with this layout.
Recipe read_recipe(const ManifestValue& value, const LoaderLayout& layout);

}  // namespace skops
