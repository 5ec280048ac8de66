#include "validator/host/fake_call.hpp"

#include <cstring>

#include "validator/host/host_functions.hpp"

namespace skops_validator {
namespace {

constexpr std::size_t largest_result = std::size_t{256} << 20;

}  // namespace

struct SinkFunctions {
  static FakeCall& of(void* owner) { return *static_cast<FakeCall*>(owner); }

  // Whether this call is the one that fails.
  static bool fails(FakeCall& call, const char* name) {
    if (++call.calls_ != call.knobs_.fail_at) return false;
    call.injected_ = name;
    return true;
  }
  static void give(FakeCall& call, char letter) {
    call.layout_ += letter;
    if (call.depth_ == 0) ++call.whole_;
  }
  static std::byte* part(FakeCall& call, const skops_dtype& dtype,
                         std::vector<std::int64_t> shape) {
    std::size_t size = dtype.itemsize;
    for (const std::int64_t extent : shape) {
      if (extent < 0 || __builtin_mul_overflow(size, static_cast<std::size_t>(extent), &size)) {
        call.violation("a result has a negative or an impossible extent");
        return nullptr;
      }
    }
    if (size > largest_result) return nullptr;
    std::byte* data = call.memory_.take(size, 64);
    if (data == nullptr) return nullptr;
    // What is not written is seen in comparisons.
    std::memset(data, dtype.kind == 'O' ? 0 : 0xcd, size);
    call.parts_.push_back({dtype, std::move(shape), data, size});
    return data;
  }
  static bool good(FakeCall& call, const skops_dtype* dtype) {
    const bool known = dtype != nullptr && dtype->size >= sizeof(skops_dtype) &&
                       std::string_view("biufcSUMmVO").find(static_cast<char>(dtype->kind)) !=
                           std::string_view::npos;
    if (!known) call.violation("a result has no dtype, or one that nobody knows");
    return known;
  }

  static void* array(void* owner, const skops_dtype* dtype, std::uint64_t ndim,
                     const std::int64_t* shape) {
    FakeCall& call = of(owner);
    if (fails(call, "array") || !good(call, dtype)) return nullptr;
    if (ndim > 64 || (ndim != 0 && shape == nullptr)) {
      call.violation("a result has no shape, or too many dimensions");
      return nullptr;
    }
    give(call, 'a');
    return part(call, *dtype, {shape, shape + ndim});
  }
  static skops_status csr(void* owner, const skops_dtype* dtype, std::uint64_t rows,
                          std::uint64_t columns, std::uint64_t nnz, void** data,
                          std::int32_t** indices, std::int32_t** indptr) {
    static constexpr skops_dtype index = {sizeof(skops_dtype), 'i', 0, 4, 0, nullptr};
    FakeCall& call = of(owner);
    if (fails(call, "csr") || !good(call, dtype)) return SKOPS_LIMIT;
    give(call, 'c');
    call.layout_ += std::to_string(columns);
    *data = part(call, *dtype, {static_cast<std::int64_t>(nnz)});
    *indices = reinterpret_cast<std::int32_t*>(part(call, index, {static_cast<std::int64_t>(nnz)}));
    *indptr =
        reinterpret_cast<std::int32_t*>(part(call, index, {static_cast<std::int64_t>(rows) + 1}));
    return *data && *indices && *indptr ? SKOPS_OK : SKOPS_LIMIT;
  }
  static skops_status begin(void* owner, std::uint32_t kind) {
    FakeCall& call = of(owner);
    if (fails(call, "begin")) return SKOPS_LIMIT;
    if (kind != SKOPS_VALUE_LIST && kind != SKOPS_VALUE_TUPLE) {
      call.violation("a result begins what is neither a list nor a tuple");
    }
    give(call, kind == SKOPS_VALUE_TUPLE ? '(' : '[');
    ++call.depth_;
    return SKOPS_OK;
  }
  static skops_status end(void* owner) {
    FakeCall& call = of(owner);
    if (fails(call, "end")) return SKOPS_LIMIT;
    if (call.depth_ == 0) {
      call.violation("a list of results ends that never began");
      return SKOPS_PLUGIN;
    }
    --call.depth_;
    call.layout_ += ')';
    return SKOPS_OK;
  }
  static void* bytes(void* owner, std::uint64_t size) {
    FakeCall& call = of(owner);
    if (fails(call, "bytes") || size > largest_result) return nullptr;
    return call.memory_.take(size, 64);
  }
  static skops_status fail(void* owner, skops_status family, skops_string code, skops_string text,
                           skops_string remedy) {
    FakeCall& call = of(owner);
    const std::string wrong = wrong_with_error(code, text, remedy);
    if (!wrong.empty()) call.violation(wrong);
    if (family < SKOPS_USAGE || family > SKOPS_INPUT) family = SKOPS_PLUGIN;
    call.reported_ = true;
    call.family_ = family;
    call.error_ = std::string(view(code)) + ": " + std::string(view(text));
    return family;
  }
};

FakeCall::FakeCall(const skops_object& object, std::uint64_t method, const skops_input& input,
                   const CallKnobs& knobs)
    : object_(object), method_(method), input_(input), knobs_(knobs) {}

void FakeCall::violation(std::string text) {
  if (violations_.size() < 20) violations_.push_back(std::move(text));
}

bool FakeCall::run() {
  const auto* sink = memory_.copy(skops_sink{
      sizeof(skops_sink), this, &SinkFunctions::array, &SinkFunctions::csr, &SinkFunctions::begin,
      &SinkFunctions::end, &SinkFunctions::bytes, &SinkFunctions::fail});
  skops_option option = {sizeof option, str("no_such_argument"), {}};
  option.value.kind = SKOPS_CELL_INTEGER;
  option.value.as.integer = 3;
  const skops_option* options[] = {&option};
  const auto* call =
      memory_.copy(skops_call{sizeof(skops_call), method_, &input_, knobs_.unknown_option ? 1u : 0u,
                              options, knobs_.threads, sink});
  skops_status status = SKOPS_PLUGIN;
  try {
    status = object_.type->call(object_.state, call);
    judge(status);
  } catch (...) {
    violation("an exception leaves call");
  }
  if (memory_.overrun()) violation("a method writes beyond the end of its result");
  return status == SKOPS_OK && violations_.empty();
}

void FakeCall::judge(skops_status status) {
  if (status == SKOPS_OK) {
    if (!injected_.empty()) return violation("call succeeds although " + injected_ + " has failed");
    if (whole_ != 1 || depth_ != 0) violation("a method did not give exactly one result");
    return;
  }
  // Where the sink has failed, it knows why.
  if (!reported_ && injected_.empty() && status != SKOPS_LIMIT) {
    violation("call fails with status " + std::to_string(status) + " without saying why");
  } else if (reported_ && status != family_) {
    violation("call returns " + std::to_string(status) + ", but the sink was told " +
              std::to_string(family_));
  }
}

std::string FakeCall::result() const {
  if (!error_.empty()) return error_;
  std::string out = layout_;
  for (const Part& part : parts_) {
    out += ' ';
    out += static_cast<char>(part.dtype.kind);
    out += std::to_string(part.dtype.itemsize);
    for (const std::int64_t extent : part.shape) out += ',' + std::to_string(extent);
    out += ':';
    if (part.dtype.kind != 'O') {
      out.append(reinterpret_cast<const char*>(part.data), part.size);
      continue;
    }
    for (std::size_t at = 0; at + sizeof(skops_cell) <= part.size; at += sizeof(skops_cell)) {
      skops_cell cell;
      std::memcpy(&cell, part.data + at, sizeof cell);
      out += static_cast<char>('0' + cell.kind);
      if (cell.kind == SKOPS_CELL_STRING) {
        out += view(cell.as.string);
      } else {
        out.append(reinterpret_cast<const char*>(&cell.as), 8);
      }
    }
  }
  return out;
}

}  // namespace skops_validator
