// Visits the nodes of a schema in the order of released skops and fills a Graph.
//
// The walk keeps its own stack, so that nesting costs memory and no thread's stack. Each JSON
// object is visited once: what is below a back reference or a copy is not entered.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/copy_comparison.hpp"
#include "graph/graph.hpp"
#include "graph/id_table.hpp"
#include "graph/name_table.hpp"

namespace skops {

class GraphBuilder {
 public:
  GraphBuilder(Graph& graph, Budget& budget, const LoaderTable& loaders, GraphOptions options);

  void run();

 private:
  // A node whose fields are being visited.
  struct Frame {
    NodeId node;
    std::uint32_t field;      // the field in work
    Tape::Index cursor, end;  // what is left of it; for an unknown loader, of the JSON
    std::uint32_t number;     // of the next element
  };
  // The four keys that every node has.
  struct Header {
    Tape::Index loader = Tape::none, module = Tape::none, cls = Tape::none, id = Tape::none;
  };
  // The name that the node before had in the same place: very often the next one has it, too.
  struct Recent {
    std::string_view text = {};
    std::uint32_t number = 0;
  };
  struct Place {
    NodeId parent;
    std::uint32_t field;
    Tape::Index step;
  };

  void read_root();
  void step();
  void step_known(Frame& frame, const LoaderLayout& layout);
  void step_unknown(Frame& frame);
  void begin_field(Frame& frame, const LoaderField& field);
  Tape::Index checked_field(const LoaderField& field, const Place& place) const;
  void visit(Tape::Index json, const Place& place);
  void add_node(Tape::Index json, const Header& header, std::int64_t id, const Place& place);
  void refer(Tape::Index json, const Header& header, NodeId target, const Place& place);
  Header read_header(Tape::Index json) const;
  bool is_reference(Tape::Index json, const Header& header) const;
  std::int64_t read_id(Tape::Index id, const Place& place) const;
  std::uint32_t read_name(Tape::Index string, const char* key, Recent& recent, const Place& place);
  std::uint32_t choose_layout(std::uint32_t loader, Tape::Index json, const Place& place);
  bool looks_like_node(Tape::Index json) const;
  void close();

  [[noreturn]] void fail(const char* code, std::string text, const Place& place) const;

  // The layouts of one loader, found once; `first` and `count` in Graph's list.
  struct Variants {
    bool looked_up = false;
    std::uint32_t first = 0, count = 0;
  };

  Graph& graph_;
  const Tape& tape_;
  Budget& budget_;
  const LoaderTable& loaders_;
  const GraphOptions options_;
  NameTable names_;
  IdTable ids_;
  CopyComparison copies_;
  Recent loader_, module_, cls_;
  std::vector<bool> valid_name_;    // per name: dotted
  std::vector<Variants> variants_;  // per name
  std::vector<bool> open_;          // per node: on the stack
  std::vector<Frame> stack_;
};

}  // namespace skops
