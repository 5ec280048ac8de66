// The sink behind Model::call: collects a result in memory of its own.
#pragma once

#include <vector>

#include "skops/model.hpp"

namespace skops {

class ResultSink final : public Sink {
 public:
  ResultSink() { open_.push_back({Result::Kind::tuple, {}, {}, {}}); }

  void* array(Dtype dtype, std::span<const std::int64_t> shape) override;
  CsrMemory csr(Dtype dtype, std::size_t rows, std::size_t columns, std::size_t nnz) override;
  void begin(bool tuple) override;
  void end() override;
  void* bytes(std::size_t size) override;

  // The one result that was written; its arrays keep the texts of their cells alive.
  Result take();

 private:
  struct Memory {
    std::vector<std::shared_ptr<void>> texts;
  };
  Array make(Dtype dtype, std::vector<std::int64_t> shape, void*& data);

  std::shared_ptr<Memory> memory_ = std::make_shared<Memory>();
  std::vector<Result> open_;
};

}  // namespace skops
