// A native model: an approved graph and the objects that plugins built from it.
//
// A model is immutable after load. Its methods may be called from any number of threads at once;
// reading attributes takes a lock. Errors are skops::Error: `unsupported` for a method that the
// model lacks or a step without native code, `input` for data that does not fit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "skops/array.hpp"
#include "skops/save.hpp"

namespace skops {

class LoadedGraph;

// A keyword argument of a method, for example {"n_neighbors", Cell::of(3)}.
struct Option {
  std::string_view name;
  Cell value;
};

// Where a method writes its result when the caller brings its own memory (as the Python module
// does); see skops_sink in the ABI. `array` returns uninitialised memory, zeroed for kind 'O'.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void* array(Dtype dtype, std::span<const std::int64_t> shape) = 0;
  struct CsrMemory {
    void* data;
    std::int32_t *indices, *indptr;
  };
  virtual CsrMemory csr(Dtype dtype, std::size_t rows, std::size_t columns, std::size_t nnz) = 0;
  virtual void begin(bool tuple) = 0;
  virtual void end() = 0;
  // Memory for the texts of cells, living as long as the result.
  virtual void* bytes(std::size_t size) = 0;
};

// Plain data read from a model: what an attribute holds.
struct Value {
  enum class Kind {
    none, boolean, integer, big_integer, real, string, bytes, list, tuple, set, mapping, array, csr,
    name, object
  };
  Kind kind = Kind::none;
  std::int64_t integer = 0;   // and bool
  double real = 0;
  std::string text = {};      // string; digits of a big integer; "module.Class" of name and object
  std::uint64_t node = 0;     // of an object: what Model's functions for attributes take
  std::vector<std::uint8_t> bytes = {};
  std::vector<Value> items = {};                       // list, tuple, set; values of a mapping
  std::vector<Value> keys = {};                        // of a mapping
  Array array = {};
  Csr csr = {};
};

class Model {
 public:
  explicit Model(std::shared_ptr<LoadedGraph> graph);
  ~Model();
  Model(Model&&) noexcept;
  Model& operator=(Model&&) noexcept;

  // "module.Class" of the object.
  std::string type() const;
  // What can be called, under scikit-learn's names.
  const std::vector<std::string>& methods() const;
  // The position in methods(), or -1: resolve once, call often.
  int find_method(std::string_view name) const;

  // `threads`: at most so many.
  Result call(std::string_view method, const Input& x, std::span<const Option> options = {},
              unsigned threads = 1) const;
  void call(int method, const Input& x, Sink& sink, std::span<const Option> options = {},
            unsigned threads = 1) const;

  // The result of a method that gives one dense array.
  Array array(std::string_view method, const Input& x) const;
  Array predict(const Input& x) const { return array("predict", x); }
  Array predict_proba(const Input& x) const { return array("predict_proba", x); }
  Array predict_log_proba(const Input& x) const { return array("predict_log_proba", x); }
  Array decision_function(const Input& x) const { return array("decision_function", x); }
  Array score_samples(const Input& x) const { return array("score_samples", x); }
  Result transform(const Input& x) const { return call("transform", x); }
  Result inverse_transform(const Input& x) const { return call("inverse_transform", x); }

  // Attributes by their names in the file ("coef_", "steps"); nested ones by dots and positions
  // ("tree_.nodes", "steps[-1][1].classes_"). Throws (unsupported) where there is none; `attributes`
  // lists the names. `object`: the `node` of a value of kind object, to go on from there; 0 is the
  // model itself.
  Value attribute(std::string_view name, std::uint64_t object = 0) const;
  bool has_attribute(std::string_view name, std::uint64_t object = 0) const;
  std::vector<std::string> attributes(std::uint64_t object = 0) const;
  // "module.Class" of such an object.
  std::string type(std::uint64_t object) const;

  // Writes the file that the model was loaded from anew (save.hpp), with all that no plugin builds.
  // Any thread.
  void save(const std::filesystem::path& path, const SaveOptions& options = {}) const;
  std::vector<std::byte> save_to_memory(const SaveOptions& options = {}) const;

  // Why there are no methods, where a step has no native code; empty otherwise.
  std::string unavailable() const;

 private:
  friend class Part;
  std::shared_ptr<LoadedGraph> graph_;
};

}  // namespace skops
