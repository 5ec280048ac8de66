#include "report/page_names.hpp"

#include <algorithm>

#include "report/markup.hpp"

namespace skops {
namespace {

// A browser has to lay the page out; a hostile file has a million names.
constexpr std::size_t most_names = 500;  // of a group

std::string row(std::string_view label, const std::string& content) {
  return "<dt>" + markup_text(label) + "</dt><dd>" + content + "</dd>\n";
}

std::string places(const Audit& audit, const AuditedName& name) {
  std::string out = "<ul>";
  for (const std::string& path : name.paths) out += "<li>" + code(audit.place(path)) + "</li>";
  if (name.count > name.paths.size()) {
    out += "<li>and " + count_text(name.count - name.paths.size(), "more place") + "</li>";
  }
  return out + "</ul>";
}

std::string command(const std::string& text) {
  return "<code class=\"command\">" + markup_text(text) + "</code>";
}

std::string letters(const AuditedName& name) {
  if (is_ascii(name.name)) return {};
  return "not only ASCII letters: " + code(escaped(name.name));
}

std::string card(const Audit& audit, const AuditedName& name) {
  const bool denied = name.decision == Decision::denied;
  const char* status = denied ? "bad" : "wait";
  std::string out = std::string("<article class=\"name is-") + status + "\">\n<h4>" +
                    code(name.name) + " <span class=\"badge " + status + "\">" +
                    (denied ? "denied" : "to decide") + "</span></h4>\n<dl>\n";
  if (const std::string note = letters(name); !note.empty()) out += row("Letters", note);
  out += row("Used as", markup_text(name.use.empty() ? "unknown" : name.use));
  out += row("Where", places(audit, name));
  out += row("Why", markup_text(name.rule));
  if (name.effect != Effect::none) out += row("If built", markup_text(effect_sentence(name)));
  out += row("Native load", native_sentence(name));
  if (name.allow.empty()) {
    out += row("Allow", markup_text(name.cannot_allow));
  } else {
    out += row("Allow", "<ul><li>" + command(trust_command(name)) +
                            "</li><li>for one call: " + command(trust_option(name)) + " or " +
                            command("trusted=[\"" + name.allow + "\"]") + "</li></ul>");
  }
  return out + "</dl>\n</article>\n";
}

std::string cell(std::string_view label, const std::string& content) {
  return "<td role=\"cell\" data-label=\"" + markup_text(label) + "\">" + content + "</td>";
}

std::string header(std::string_view text) {
  return "<th role=\"columnheader\" scope=\"col\">" + markup_text(text) + "</th>";
}

std::string table_row(const Audit& audit, const AuditedName& name, bool why) {
  std::string out = "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">" + code(name.name);
  if (const std::string note = letters(name); !note.empty()) out += "<br>" + note;
  out += "</th>";
  out += cell("Used as", markup_text(name.use));
  if (why) out += cell("Why", markup_text(name.rule));
  out += cell("If built", markup_text(effect_sentence(name)));
  out += cell("Native load", native_sentence(name));
  out +=
      cell("Where", (name.paths.empty() ? std::string() : code(audit.place(name.paths.front()))) +
                        (name.count > 1 ? " and " + count_text(name.count - 1, "more place") : ""));
  return out + "</tr>\n";
}

std::string more(const NameGroup& group) {
  if (group.names.size() <= most_names) return {};
  return "<p>and " + count_text(group.names.size() - most_names, "more name") +
         "; the JSON report has them all</p>\n";
}

}  // namespace

std::string open_names(const Audit& audit, const NameGroup& group) {
  std::string out = "<h3>" + markup_text(heading(group)) + "</h3>\n";
  const std::size_t shown = std::min(group.names.size(), most_names);
  for (std::size_t k = 0; k < shown; ++k) out += card(audit, *group.names[k]);
  return out + more(group);
}

std::string allowed_names(const Audit& audit, const NameGroup& group) {
  const std::string library = group.library.empty() ? "no library" : group.library;
  const bool by_default = std::all_of(group.names.begin(), group.names.end(), [](const auto* name) {
    return name->reason == Reason::by_default;
  });
  std::string out = "<details>\n<summary>" + markup_text(library) + " <span class=\"soft\">" +
                    count_text(group.names.size(), "name") +
                    (by_default ? ", trusted by default" : "") + "</span></summary>\n" +
                    "<table role=\"table\"><caption>Allowed names of " + markup_text(library) +
                    "</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">" + header("Name") +
                    header("Used as") + (by_default ? std::string() : header("Why")) +
                    header("If built") + header("Native load") + header("Where") +
                    "</tr></thead>\n<tbody role=\"rowgroup\">\n";
  const std::size_t shown = std::min(group.names.size(), most_names);
  for (std::size_t k = 0; k < shown; ++k) out += table_row(audit, *group.names[k], !by_default);
  return out + "</tbody></table>\n" + more(group) + "</details>\n";
}

}  // namespace skops
