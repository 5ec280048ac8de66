#include "hostile/exercise.hpp"

#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <stdexcept>

namespace skops_test {
namespace {

bool is_expected(const skops::Error& error) {
  return error.family() != skops::Family::plugin && error.family() != skops::Family::usage;
}

template <class T>
skops::ArrayView vector(const T* data, std::size_t n) {
  skops::ArrayView view = skops::view(data, n, 1);
  view.ndim = 1;
  return view;
}

// What no integer can hold has no value as one.
std::int64_t whole(double x) {
  return x > -1e15 && x < 1e15 ? static_cast<std::int64_t>(x) : 0;
}

// A dense result as an input, for the methods that go back.
bool feed_back(const skops::Result& result, skops::ArrayView& view) {
  const skops::Array& array = result.array;
  if (result.kind != skops::Result::Kind::array || array.shape().empty() ||
      array.shape().size() > 2 || array.size() == 0) {
    return false;
  }
  view.data = array.data();
  view.dtype = array.dtype();
  view.ndim = static_cast<std::uint32_t>(array.shape().size());
  std::int64_t stride = array.dtype().itemsize;
  for (std::size_t k = view.ndim; k-- > 0;) {
    view.shape[k] = array.shape()[k];
    view.strides[k] = stride;
    stride *= array.shape()[k];
  }
  return true;
}

class Exercise {
 public:
  Exercise(const skops::Host& host, const skops::File& file, std::span<const skops::Input> inputs)
      : host_(host), file_(file), inputs_(inputs) {}

  Outcome run() {
    guarded("audit", [&] {
      const skops::Audit audit = host_.audit(file_);
      out_.opened = true;
      (void)audit.untrusted();
      (void)audit.report(skops::Audit::Format::text);
      (void)audit.report(skops::Audit::Format::json);
      (void)audit.report(skops::Audit::Format::sarif);
      (void)audit.report(skops::Audit::Format::html);
    });
    guarded("show", [&] { (void)skops::show(host_, file_); });
    guarded("load", [&] { use(host_.load(file_)); });
    std::optional<std::vector<std::byte>> saved;
    guarded("save", [&] { saved = skops::save_to_memory(host_, file_); });
    if (saved) check_saved(*saved);
    return out_;
  }

 private:
  // What was written can be opened, asks for the same decisions, and gives itself again.
  void check_saved(const std::vector<std::byte>& saved) {
    try {
      const skops::File again = skops::File::from_memory(saved);
      if (host_.audit(again).untrusted() != host_.audit(file_).untrusted()) {
        throw std::runtime_error("other names");
      }
      if (skops::save_to_memory(host_, again) != saved) throw std::runtime_error("other bytes");
    } catch (const std::exception& error) {
      if (out_.wrong.empty()) out_.wrong = std::string("saved file: ") + error.what();
    }
  }

  void check_made(const skops::Model& model, const std::vector<std::byte>& saved) {
    try {
      const skops::Model again = host_.load(skops::File::from_memory(saved));
      if (again.methods() != model.methods()) throw std::runtime_error("other methods");
      if (skops::save_to_memory(host_, again) != saved) throw std::runtime_error("other bytes");
    } catch (const std::exception& error) {
      if (out_.wrong.empty()) out_.wrong = std::string("made file: ") + error.what();
    }
  }

  template <class F>
  bool guarded(const std::string& what, F&& body) {
    try {
      body();
      return true;
    } catch (const skops::Error& error) {
      if (!is_expected(error) && out_.wrong.empty()) out_.wrong = what + ": " + error.what();
    } catch (const std::exception& error) {
      if (out_.wrong.empty()) out_.wrong = what + " throws: " + error.what();
    }
    return false;
  }

  void use(const skops::Model& model) {
    out_.loaded = model.unavailable().empty();
    // Through the serializers of the plugins; what can be saved can be loaded, and can do the same.
    std::optional<std::vector<std::byte>> saved;
    guarded("make", [&] { saved = skops::save_to_memory(host_, model); });
    if (saved) check_made(model, *saved);
    const auto names = model.attributes();
    for (std::size_t k = 0; k < names.size() && k < 100; ++k) {
      guarded("attribute " + names[k], [&] { (void)model.attribute(names[k]); });
    }
    for (const std::string& method : model.methods()) {
      for (const skops::Input& input : inputs_) {
        skops::Result result;
        if (!call(model, method, input, result)) continue;
        skops::ArrayView back;
        skops::Result ignored;
        if (method == "transform" && model.find_method("inverse_transform") >= 0 &&
            feed_back(result, back)) {
          call(model, "inverse_transform", back, ignored);
        }
      }
    }
  }

  bool call(const skops::Model& model, const std::string& method, const skops::Input& input,
            skops::Result& result) {
    ++out_.methods;
    const bool done = guarded(method, [&] { result = model.call(method, input); });
    out_.answered += done;
    return done;
  }

  const skops::Host& host_;
  const skops::File& file_;
  std::span<const skops::Input> inputs_;
  Outcome out_;
};

}  // namespace

Inputs::Inputs(const Rows& rows) {
  for (const std::string& text : rows.documents) documents_.emplace_back(text);
  if (!documents_.empty()) inputs_.emplace_back(std::span<const std::string_view>(documents_));
  if (rows.columns == 0) return;
  const std::size_t n = rows.rows, m = rows.columns;
  floats_.assign(rows.numbers.begin(), rows.numbers.end());
  for (std::size_t i = 0; i < n; ++i) labels_.push_back(whole(rows.numbers[i]));
  indptr_.push_back(0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < m; ++j) {
      if (rows.numbers[i * m + j] == 0) continue;
      data_.push_back(rows.numbers[i * m + j]);
      indices_.push_back(static_cast<std::int32_t>(j));
    }
    indptr_.push_back(static_cast<std::int32_t>(data_.size()));
  }
  for (std::size_t j = 0; j < m; ++j) names_.push_back("x" + std::to_string(j));
  for (std::size_t j = 0; j < m; ++j) {
    skops::ArrayView column = vector(rows.numbers.data() + j, n);
    column.strides[0] = static_cast<std::int64_t>(m * sizeof(double));
    table_.push_back({names_[j], column});
  }
  inputs_.emplace_back(skops::view(rows.numbers, n, m));
  inputs_.emplace_back(skops::view(floats_, n, m));
  inputs_.emplace_back(skops::CsrView{n, m, vector(data_.data(), data_.size()),
                                      vector(indices_.data(), indices_.size()),
                                      vector(indptr_.data(), indptr_.size())});
  inputs_.emplace_back(table_, n);
  inputs_.emplace_back(vector(labels_.data(), n));

  // What honest callers pass by mistake: other widths, nothing, what is no number.
  skops::ArrayView narrow = skops::view(rows.numbers, n, m);
  narrow.shape[1] -= 1;
  inputs_.emplace_back(narrow);
  inputs_.emplace_back(skops::view(rows.numbers, 0, m));
  inputs_.emplace_back(skops::view(rows.numbers, n, 0));
  inputs_.emplace_back(std::span<const skops::ColumnView>(), n);
  inputs_.emplace_back(skops::view(rows.numbers, n * m / (m + 1), m + 1));
  inputs_.emplace_back(skops::CsrView{0, m, vector(data_.data(), 0), vector(indices_.data(), 0),
                                      vector(indptr_.data(), 1)});
  special_ = rows.numbers;
  const double odd[] = {std::numeric_limits<double>::quiet_NaN(),
                        std::numeric_limits<double>::infinity(),
                        -std::numeric_limits<double>::infinity(),
                        1e308,
                        -1e308,
                        1e-320,
                        -0.0};
  for (std::size_t k = 0; k < special_.size(); ++k) {
    if (k % 5 == 0) special_[k] = odd[k / 5 % std::size(odd)];
    integers_.push_back(whole(rows.numbers[k]) - 2);
    cells_.push_back(k % 7 == 0   ? skops::Cell{}
                     : k % 7 == 1 ? skops::Cell::of(std::string_view("setosa"))
                                  : skops::Cell::of(rows.numbers[k]));
  }
  inputs_.emplace_back(skops::view(special_, n, m));
  inputs_.emplace_back(skops::view(integers_, n, m));
  skops::ArrayView mixed = skops::view(cells_, n, m);
  mixed.dtype = {'O', sizeof(skops::Cell)};
  inputs_.emplace_back(mixed);
  points_.assign(n * m * 3, U'x');
  skops::ArrayView words = skops::view(points_, n, m);
  words.dtype = {'U', 3 * sizeof(char32_t)};
  words.strides[1] = 3 * sizeof(char32_t);
  words.strides[0] = words.strides[1] * static_cast<std::int64_t>(m);
  inputs_.emplace_back(words);
}

Rows read_rows(const std::string& path) {
  Rows out;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  if (path.ends_with(".txt")) {
    for (std::string line; std::getline(in, line);) out.documents.push_back(line);
    return out;
  }
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  const std::size_t header =
      static_cast<unsigned char>(bytes.at(8)) + 256u * static_cast<unsigned char>(bytes.at(9));
  const std::size_t shape = bytes.find("'shape': (");
  if (bytes.find("'<f8'") > header || shape > header ||
      std::sscanf(bytes.c_str() + shape, "'shape': (%zu, %zu", &out.rows, &out.columns) != 2 ||
      bytes.size() != 10 + header + out.rows * out.columns * sizeof(double)) {
    throw std::runtime_error(path + " does not hold rows of float64");
  }
  out.numbers.resize(out.rows * out.columns);
  std::memcpy(out.numbers.data(), bytes.data() + 10 + header, out.numbers.size() * sizeof(double));
  return out;
}

Outcome exercise(const skops::Host& host, const skops::File& file,
                 std::span<const skops::Input> inputs) {
  return Exercise(host, file, inputs).run();
}

}  // namespace skops_test
