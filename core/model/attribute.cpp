#include "model/attribute.hpp"

#include <algorithm>
#include <cstring>

namespace skops {
namespace {

class Reader {
 public:
  explicit Reader(LoadedGraph& graph)
      : graph_(graph), values_(graph.values()), budget_(graph.budget().limits()) {
    // A tree whose parts are aliases of each other is far larger than its file.
    const std::uint64_t honest =
        1000 + 16 * (graph.graph().tape().entries() + values_.plain_values());
    left_ = std::min(graph.budget().limits().json_values / 16, honest);
  }

  Value read(ValueStore::Handle handle) {
    if (left_-- == 0 || ++depth_ > graph_.budget().limits().json_depth) {
      throw Error(Family::limit, "limit.attribute", "the attribute is too large to read as a whole",
                  {}, "read a part of it by its dotted name");
    }
    Value out;
    switch (values_.kind(handle)) {
      case SKOPS_VALUE_BOOL:
        out.kind = Value::Kind::boolean;
        out.integer = values_.integer(handle);
        break;
      case SKOPS_VALUE_INTEGER:
        out.kind = Value::Kind::integer;
        out.integer = values_.integer(handle);
        break;
      case SKOPS_VALUE_REAL:
        out.kind = Value::Kind::real;
        out.real = values_.real(handle);
        break;
      case SKOPS_VALUE_BIG_INTEGER: text(out, Value::Kind::big_integer, handle); break;
      case SKOPS_VALUE_STRING: text(out, Value::Kind::string, handle); break;
      case SKOPS_VALUE_NAME: text(out, Value::Kind::name, handle); break;
      case SKOPS_VALUE_INERT:
        text(out, Value::Kind::object, handle);
        out.node = values_.node(handle);
        break;
      case SKOPS_VALUE_OBJECT: object(out, handle); break;
      case SKOPS_VALUE_BYTES: {
        out.kind = Value::Kind::bytes;
        const std::string_view bytes = values_.text(handle);
        out.bytes.assign(bytes.begin(), bytes.end());
        break;
      }
      case SKOPS_VALUE_LIST: items(out, Value::Kind::list, handle); break;
      case SKOPS_VALUE_TUPLE: items(out, Value::Kind::tuple, handle); break;
      case SKOPS_VALUE_SET: items(out, Value::Kind::set, handle); break;
      case SKOPS_VALUE_MAPPING: {
        const std::uint64_t n = values_.size(handle);
        for (std::uint64_t k = 0; k < n; ++k) out.keys.push_back(read(values_.key(handle, k)));
        items(out, Value::Kind::mapping, handle);
        break;
      }
      case SKOPS_VALUE_ARRAY:
        out.kind = Value::Kind::array;
        out.array = array(*values_.array(handle));
        break;
      case SKOPS_VALUE_SPARSE: {
        const skops_csr& csr = *values_.sparse(handle);
        out.kind = Value::Kind::csr;
        out.csr = {csr.rows, csr.columns, array(*csr.data), array(*csr.indices),
                   array(*csr.indptr)};
        break;
      }
      default: break;
    }
    --depth_;
    return out;
  }

 private:
  void text(Value& out, Value::Kind kind, ValueStore::Handle handle) {
    out.kind = kind;
    out.text = values_.text(handle);
  }

  void object(Value& out, ValueStore::Handle handle) {
    out.kind = Value::Kind::object;
    const skops_node node = values_.node(handle);
    if (node == 0) return;
    out.node = node;
    const auto id = static_cast<NodeId>(node - 1);
    out.text = std::string(graph_.graph().module(id)) + "." + std::string(graph_.graph().cls(id));
  }

  void items(Value& out, Value::Kind kind, ValueStore::Handle handle) {
    out.kind = kind;
    const std::uint64_t n = values_.size(handle);
    for (std::uint64_t k = 0; k < n; ++k) {
      out.items.push_back(read(graph_.value_of(values_.item(handle, k))));
    }
  }

  // A copy in C order. Records are copied as their bytes ('V').
  Array array(const skops_array& a) {
    const Dtype dtype{static_cast<char>(a.dtype->kind),
                      static_cast<std::uint32_t>(a.dtype->itemsize)};
    std::vector<std::int64_t> shape(a.shape, a.shape + a.ndim);
    std::uint64_t n = 1;
    for (const std::int64_t extent : shape) n *= static_cast<std::uint64_t>(extent);
    const std::size_t item = dtype.itemsize;
    budget_.allocate(n * item);
    auto memory = std::make_shared<std::vector<char>>(n * item);
    std::vector<std::int64_t> index(shape.size(), 0);
    const char* p = static_cast<const char*>(a.data);
    if (item == 0) n = 0;  // texts without letters: nothing to copy, however many there are
    for (std::uint64_t k = 0; k < n; ++k) {
      std::memcpy(memory->data() + k * item, p, item);
      for (std::size_t d = shape.size(); d-- > 0;) {
        p += a.strides[d];
        if (++index[d] < shape[d]) break;
        p -= a.strides[d] * shape[d];
        index[d] = 0;
      }
    }
    return Array(dtype, std::move(shape),
                 std::shared_ptr<const void>(memory, static_cast<const void*>(memory->data())));
  }

  LoadedGraph& graph_;
  ValueStore& values_;
  Budget budget_;  // of this read: reading an attribute again costs nothing more
  std::uint64_t left_, depth_ = 0;
};

}  // namespace

Value read_value(LoadedGraph& graph, ValueStore::Handle value) {
  return Reader(graph).read(value);
}

}  // namespace skops
