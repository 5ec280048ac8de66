#include "skops/show.hpp"

#include "commands/array_text.hpp"
#include "commands/commands.hpp"
#include "input_file.hpp"
#include "json_text.hpp"
#include "skops/error.hpp"
#include "skops/members.hpp"

namespace skops_cli {
namespace {

using skops::Shown;

constexpr std::uint64_t most_items = 6;

std::string_view last_part(std::string_view type) {
  return type.substr(type.rfind('.') + 1);
}

std::string count_text(std::uint64_t n, const char* noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

// What is written after the name: a style and the text.
void write_value(const Shown& line, const skops::File& file, Output& out) {
  switch (line.kind) {
    case Shown::Kind::value: out << skops::printable(line.text, 500); return;
    case Shown::Kind::name: out.styled(Style::green, skops::printable(line.type)); return;
    case Shown::Kind::reference:
      out.styled(Style::dim,
                 "the same as " + (line.text.empty() ? std::string("the root")
                                                     : skops::printable(line.text, 300)));
      return;
    case Shown::Kind::data: {
      std::string text = describe_array(file, line.member).text;
      const std::string_view type = last_part(line.type);
      // A scalar's type says its dtype already.
      const std::string doubled = std::string(type) + " () ";
      if (text.starts_with(doubled)) text.erase(0, doubled.size());
      out.styled(Style::green, skops::printable(type)) << " " << skops::printable(text, 300);
      return;
    }
    case Shown::Kind::unknown:
      out.styled(Style::yellow, skops::printable(line.type));
      out << " (no plugin declares the loader " << skops::printable(line.loader) << ")";
      return;
    case Shown::Kind::omitted:
      out.styled(Style::dim, "... " + std::to_string(line.items) + " more");
      return;
    case Shown::Kind::object:
      out.styled(Style::green, skops::printable(line.depth == 0 ? std::string_view(line.type)
                                                                : last_part(line.type)));
      if (!line.text.empty()) out << " " << skops::printable(line.text, 300);
      if (line.items > 0) {
        out.styled(Style::dim, " (" + count_text(line.items, "item") + ")");
      }
      return;
  }
}

// Which of a node's ancestors have further siblings decides the lines to its left; they are known
// by looking ahead once, from the last line to the first.
std::vector<bool> last_siblings(const std::vector<Shown>& lines) {
  std::vector<bool> last(lines.size());
  std::vector<bool> followed;  // per depth: a later line hangs there
  for (std::size_t k = lines.size(); k-- > 0;) {
    const std::size_t depth = lines[k].depth;
    if (followed.size() > depth + 1) followed.resize(depth + 1);
    followed.resize(std::max(followed.size(), depth + 1), false);
    last[k] = !followed[depth];
    followed[depth] = true;
  }
  return last;
}

void write_tree(const std::vector<Shown>& lines, const skops::File& file, Output& out) {
  const std::vector<bool> last = last_siblings(lines);
  std::vector<const char*> rails;  // per depth from 1: what stands there
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const Shown& line = lines[k];
    rails.resize(line.depth);
    if (line.depth > 0) {
      for (std::size_t d = 0; d + 1 < line.depth; ++d) out.styled(Style::dim, rails[d]);
      out.styled(Style::dim, last[k] ? "└─ " : "├─ ");
      rails.back() = last[k] ? "   " : "│  ";
    }
    if (!line.name.empty()) {
      const bool fitted = line.name.ends_with('_') || line.name.starts_with('_');
      out.styled(fitted ? Style::cyan : Style::bold, skops::printable(line.name)) << ": ";
    }
    write_value(line, file, out);
    out << "\n";
  }
}

const char* kind_text(Shown::Kind kind) {
  switch (kind) {
    case Shown::Kind::object: return "object";
    case Shown::Kind::value: return "value";
    case Shown::Kind::data: return "data";
    case Shown::Kind::name: return "name";
    case Shown::Kind::reference: return "reference";
    case Shown::Kind::omitted: return "omitted";
    case Shown::Kind::unknown: break;
  }
  return "unknown";
}

void write_json_line(const Shown& line, const skops::File& file, Output& out) {
  out << "{\"kind\": \"" << kind_text(line.kind) << "\"";
  if (!line.name.empty()) out << ", \"name\": " << json_string(line.name);
  if (line.kind == Shown::Kind::omitted) {
    out << ", \"items\": " << std::to_string(line.items);
    return;
  }
  out << ", \"type\": " << json_string(line.type) << ", \"loader\": " << json_string(line.loader);
  if (line.kind == Shown::Kind::reference) out << ", \"path\": " << json_string(line.text);
  if (line.kind == Shown::Kind::value) {
    out << ", \"value\": " << (line.json.empty() ? json_string(line.text) : line.json);
  }
  if (line.kind == Shown::Kind::data) {
    const ArrayText array = describe_array(file, line.member);
    out << ", \"member\": " << json_string(line.member);
    if (!array.dtype.empty()) {
      out << ", \"dtype\": " << json_string(array.dtype) << ", \"shape\": [";
      for (std::size_t k = 0; k < array.shape.size(); ++k) {
        out << (k ? ", " : "") << std::to_string(array.shape[k]);
      }
      out << "]";
      if (!array.value.empty()) out << ", \"value\": " << array.value;
    }
  }
  if (line.kind == Shown::Kind::object || line.kind == Shown::Kind::unknown) {
    out << ", \"items\": " << std::to_string(line.items);
  }
}

// Nested by depth: an object is closed when a line comes that does not hang below it.
void write_json(const std::vector<Shown>& lines, const skops::File& file,
                const skops::Origin& origin, Output& out) {
  out << "{\"protocol\": " << std::to_string(origin.protocol)
      << ", \"skops_version\": " << json_string(origin.skops_version)
      << ", \"nodes\": " << std::to_string(origin.nodes) << ", \"object\": ";
  for (std::size_t k = 0; k < lines.size(); ++k) {
    write_json_line(lines[k], file, out);
    const std::size_t depth = lines[k].depth;
    const bool has_next = k + 1 < lines.size();
    const std::size_t next = has_next ? lines[k + 1].depth : 0;
    if (has_next && next > depth) {
      out << ", \"children\": [\n";
      continue;
    }
    out << "}";
    for (std::size_t d = depth; d > next; --d) out << "]}";
    if (has_next) out << ",\n";
  }
  out << "}\n";
}

void write_schema(const skops::File& file, Output& out) {
  const auto bytes = skops::member_bytes(file, "schema.json");
  if (!bytes) {
    throw skops::Error(skops::Family::malformed, "archive.no-schema",
                       "the archive has no schema.json", {.member = "schema.json"},
                       "this is a ZIP archive, but not a .skops file");
  }
  // A terminal gets no control character: whatever is below 0x20 in JSON is white space.
  std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  constexpr std::size_t piece = std::size_t{1} << 16;
  if (!out.colours()) {
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
      out << text.substr(0, piece);
    }
  } else {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      out << skops::printable(text.substr(0, end), ~std::size_t{0}) << "\n";
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return;
  }
  out << "\n";
}

}  // namespace

int show(const Options& options, Output& out) {
  const OpenedFile opened(options.files.front());
  const skops::File& file = opened.file();
  if (options.schema) {
    write_schema(file, out);
    return 0;
  }
  const skops::Host host(options.locations.host_options());
  warn_of_refused(host);
  skops::ShowOptions shown;
  if (options.depth) shown.most_depth = *options.depth;
  if (!options.all && !options.json) shown.most_items = most_items;
  shown.inline_values = !options.json;
  const std::vector<Shown> lines = skops::show(host, file, shown);
  const skops::Origin origin = skops::origin(host, file);
  if (options.json) {
    write_json(lines, file, origin, out);
    return 0;
  }
  write_tree(lines, file, out);
  out.styled(Style::dim, "protocol " + std::to_string(origin.protocol) + ", skops " +
                             skops::printable(origin.skops_version) + ", " +
                             count_text(origin.nodes, "node"))
      << "\n";
  return 0;
}

}  // namespace skops_cli
