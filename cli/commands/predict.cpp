// libskops predict FILE DATA: a method of a model, on data from a file.
#include <algorithm>
#include <memory>
#include <thread>

#include "commands/commands.hpp"
#include "data/dataset.hpp"
#include "input_file.hpp"
#include "json_text.hpp"
#include "results/results.hpp"
#include "skops/error.hpp"
#include "skops/host.hpp"

namespace skops_cli {
namespace {

using skops::Error;
using skops::Family;

// What `step` throws, with the file it is about in front of the text and something to do.
template <class F>
auto about(const std::string& path, const std::string& remedy, F&& step) {
  try {
    return step();
  } catch (const Error& error) {
    const std::string name = path == "-" ? "standard input" : path;
    const bool named = error.text().find(name) != std::string::npos;
    throw Error(error.family(), error.code(), named ? error.text() : name + ": " + error.text(),
                error.where(), error.remedy().empty() ? remedy : error.remedy());
  }
}

// Models that take documents get the texts of a table where it has one column of them.
skops::Result call(const skops::Model& model, const Options& options, Dataset& data) {
  const unsigned threads =
      options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  try {
    return model.call(options.method, data.input(), {}, threads);
  } catch (const Error& error) {
    if (error.code() != "input.form") throw;
    const auto documents = data.documents();
    if (!documents) throw;
    return model.call(options.method, *documents, {}, threads);
  }
}

void write(const skops::Model& model, const Options& options, Format format,
           const skops::Result& result, OutFile& out) {
  switch (format) {
    case Format::npy: return write_npy(result, out);
    case Format::npz: return write_npz(result, out);
    case Format::txt: return write_txt(result, out);
    case Format::arrow:
      return write_arrow(result, column_names(model, options.method, result), out);
    case Format::csv:
    case Format::by_name:
      return write_csv(result, column_names(model, options.method, result), out);
  }
}

// With an output file: what was written. Without: the data itself.
void report(const skops::Model& model, const Options& options, const skops::Result& result,
            Output& out) {
  const bool to_file = options.out != "-";
  std::string text = "{\"file\": " + json_string(options.files.front()) +
                     ", \"type\": " + json_string(model.type()) +
                     ", \"method\": " + json_string(options.method);
  if (to_file) text += ", \"out\": " + json_string(options.out);
  if (result.kind == skops::Result::Kind::array || result.kind == skops::Result::Kind::csr) {
    text += ", \"columns\": [";
    const char* separator = "";
    for (const std::string& name : column_names(model, options.method, result)) {
      text += separator + json_string(name);
      separator = ", ";
    }
    text += "]";
  }
  text += ", \"result\": ";
  write_json(result, !to_file, text);
  out << text << "}\n";
}

}  // namespace

int predict(const Options& options, Output& out) {
  const std::string& path = options.files.front();
  if (path == "-" && options.data == "-") {
    throw Error(Family::usage, "usage.standard-input",
                "the model and the data cannot both come from standard input", {},
                "name a file for one of them");
  }
  const Format from = about(options.data, "",
                            [&] { return format_of(options.data, options.data_format, "--from"); });
  const bool json_only = options.json && options.out == "-";
  const Format to = options.out == "-" && options.out_format == Format::by_name
                        ? Format::csv
                        : about(options.out, "",
                                [&] { return format_of(options.out, options.out_format, "--to"); });
  const skops::Host host(options.locations.host_options());
  warn_of_refused(host);
  const OpenedFile opened = about(path, "", [&] { return OpenedFile(path); });
  const skops::Model model =
      about(path, "", [&] { return host.load(opened.file(), options.policy); });
  // Before the data is read, which may take long.
  if (model.find_method(options.method) < 0) {
    about(path, "", [&] { return model.call(options.method, skops::ArrayView()); });
  }
  const auto data =
      about(options.data, "", [&] { return std::make_unique<Dataset>(options.data, from); });
  const skops::Result result =
      about(options.data, "'libskops show' tells what the model was fitted on",
            [&] { return call(model, options, *data); });
  if (json_only) {
    report(model, options, result, out);
    return 0;
  }
  OutFile file(options.out);
  const bool binary = to == Format::npy || to == Format::npz || to == Format::arrow;
  if (binary && file.is_terminal()) {
    throw Error(Family::usage, "usage.terminal", "binary data is not written to a terminal", {},
                "name a file with -o");
  }
  write(model, options, to, result, file);
  file.commit();
  if (options.json) report(model, options, result, out);
  return 0;
}

}  // namespace skops_cli
