// Making a model in C++ and writing the file that scikit-learn loads:
//
//   skops::ObjectBuilder model("sklearn.linear_model._base.LinearRegression");
//   model.set("coef_", skops::view(coef)).set("intercept_", 0.5);
//   skops::save(host, model, "model.skops");      // the file
//   skops::Model native = host.make(model);       // the native model of it
//
// A `Part` is one Python object of the file to be: plain data, an array, a container, a type, an
// object with attributes, or a part of a loaded model. Parts own copies of what they are given and
// never change; a part that is put into two places is *one* object there, as in Python. They cannot
// hold themselves.
//
// What is described is then loaded as a stranger's file would be, so numbers that do not fit
// together are refused by the class's own checks, and saved by the serializers of its plugins: they
// add what the Python class needs besides (parameters with their defaults, `n_features_in_`,
// `_sklearn_version`), unless it is given. An attribute that fitting makes must be given
// ("model.unfitted" names it). Objects without native code are written as they are given.
//
// Errors are skops::Error: `usage` ("make.…") for parts that no file can hold; `malformed` and
// `unsupported` for objects that their class would not take; `limit` for those that are larger than
// the default Limits. Parts may be read by several threads; a builder belongs to one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "skops/array.hpp"
#include "skops/save.hpp"

namespace skops {

class Model;
class ObjectBuilder;

class Part {
 public:
  // None, a bool, an integer, a float, a text (UTF-8): as Python has them.
  Part() : Part(nullptr) {}
  Part(std::nullptr_t);  // NOLINT: parts convert
  template <class T>
  requires std::is_arithmetic_v<T> Part(T value) : Part(plain(value)) {}  // NOLINT
  Part(std::string_view text);                                            // NOLINT
  Part(const std::string& text) : Part(std::string_view(text)) {}         // NOLINT
  Part(const char* text) : Part(std::string_view(text)) {}                // NOLINT
  // A NumPy array.
  Part(const ArrayView& array);  // NOLINT
  Part(const Array& array);      // NOLINT
  // The object as it is now; setting more later does not change it.
  Part(const ObjectBuilder& object);  // NOLINT
  // A loaded model with all that its file says of it, and one of its objects (Value::node).
  Part(const Model& model);  // NOLINT
  static Part of(const Model& model, std::uint64_t object);

  static Part list(std::vector<Part> items);
  static Part tuple(std::vector<Part> items);
  static Part set(std::vector<Part> items);
  // Keys: texts, integers and floats.
  static Part dict(const std::vector<std::pair<Part, Part>>& items);
  static Part bytes(std::span<const std::byte> bytes);
  // Whatever this JSON text says, as Python's json reads it: integers of any size, NaN, Infinity.
  static Part json(std::string_view text);
  // A class ("numpy.float64"), a function ("numpy.log1p").
  static Part type(std::string_view name);
  static Part function(std::string_view name);

  // An array of any shape; `data` has its elements in C order.
  template <class T>
  static Part array(std::span<const T> data, const std::vector<std::int64_t>& shape) {
    static_assert(std::is_arithmetic_v<T>);
    return array_of(data.data(), data.size(), dtype_of<T>, shape);
  }
  template <class T>
  static Part array(const std::vector<T>& data, const std::vector<std::int64_t>& shape) {
    return array(std::span<const T>(data), shape);
  }
  // An array of texts ('<U5'), one of Python objects, one of records with these fields.
  static Part texts(std::span<const std::string_view> texts);
  static Part cells(std::span<const Cell> cells);
  static Part records(std::span<const ColumnView> fields);
  static Part records(std::initializer_list<ColumnView> fields) {
    return records(std::span<const ColumnView>(fields.begin(), fields.size()));
  }
  // A NumPy scalar: numpy.float64(1.5).
  template <class T>
  requires std::is_arithmetic_v<T>
  static Part scalar(T value) { return scalar_of(&value, dtype_of<T>); }

  struct Content;
  explicit Part(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
  const Content& content() const { return *content_; }

 private:
  template <class T>
  static Part plain(T value) {
    if constexpr (std::is_same_v<T, bool>)
      return of_bool(value);
    else if constexpr (std::is_floating_point_v<T>)
      return of_real(static_cast<double>(value));
    else if constexpr (std::is_signed_v<T>)
      return of_integer(value);
    else
      return of_unsigned(value);
  }
  static Part of_bool(bool truth);
  static Part of_integer(std::int64_t integer);
  static Part of_unsigned(std::uint64_t integer);
  static Part of_real(double real);
  static Part array_of(const void* data, std::size_t count, Dtype dtype,
                       const std::vector<std::int64_t>& shape);
  static Part scalar_of(const void* value, Dtype dtype);

  std::shared_ptr<const Content> content_;
};

// An object of a class, to be filled attribute by attribute.
class ObjectBuilder {
 public:
  // `type`: "module.Class", the module being the one in files (`libskops show` prints it).
  // `loader`: how the file says to build it; most objects have the first one.
  explicit ObjectBuilder(std::string_view type, std::string_view loader = "ObjectNode");
  ObjectBuilder(const ObjectBuilder&);
  ObjectBuilder(ObjectBuilder&&) noexcept;
  ObjectBuilder& operator=(const ObjectBuilder&);
  ObjectBuilder& operator=(ObjectBuilder&&) noexcept;
  ~ObjectBuilder();

  // An attribute; the last value given counts.
  ObjectBuilder& set(std::string_view name, Part value);
  // Another field of the loader by its dotted name, as the plugins' manifests list them:
  // `__reduce__.args` of a TreeNode.
  ObjectBuilder& field(std::string_view name, Part value);

 private:
  friend class Part;
  std::unique_ptr<Part::Content> content_;
};

void save(const Host& host, const Part& object, const std::filesystem::path& path,
          const SaveOptions& options = {});
std::vector<std::byte> save_to_memory(const Host& host, const Part& object,
                                      const SaveOptions& options = {});

}  // namespace skops
