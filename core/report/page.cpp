// The page for browsers: one file, no scripts, nothing loaded from elsewhere, the style sheet let
// in by its hash. Landmarks, headings in order and tables with headers make it one for screen
// readers and keyboards; page_style.hpp says how it looks.
#include "report/markup.hpp"
#include "report/page_names.hpp"
#include "report/page_style.hpp"
#include "report/views.hpp"
#include "report/words.hpp"

namespace skops {
namespace {

enum class Status { good, wait, bad };

const char* class_of(Status status) {
  return status == Status::good ? "good" : status == Status::wait ? "wait" : "bad";
}

Status status_of(const AuditedFile& file) {
  if (!file.audit) return Status::bad;
  if (file.audit->ok()) return Status::good;
  for (const Finding& finding : file.audit->findings()) {
    if (finding.refuses) return Status::bad;
  }
  return file.audit->denied() ? Status::bad : Status::wait;
}

std::string shown_name(const AuditedFile& file) {
  return file.name.empty() ? "unnamed" : file.name;
}

std::string answer_of(const AuditedFile& file) {
  if (!file.audit) return "cannot be audited";
  const Counts counts = counts_of(*file.audit);
  if (counts.denied > 0) return count_text(counts.denied, "name") + " denied";
  if (counts.undecided > 0) return count_text(counts.undecided, "name") + " to decide";
  return file.audit->ok() ? "every name is allowed" : "refused";
}

// The class of a card's border; "" for one that is no answer.
std::string card(std::string_view status, std::string_view title, std::string_view answer,
                 std::string_view detail) {
  return "<div class=\"card" + (status.empty() ? std::string() : " is-" + std::string(status)) +
         "\"><h3>" + markup_text(title) + "</h3><p class=\"answer\">" + markup_text(answer) +
         "</p><p>" + markup_text(detail) + "</p></div>\n";
}

std::string cards(const AuditedFile& file) {
  const Audit& audit = *file.audit;
  const Counts counts = counts_of(audit);
  const bool refused = status_of(file) == Status::bad;
  std::string out = "<div class=\"cards\">\n";
  out += card(counts.refusing > 0 ? "bad" : "good", "Native load",
              counts.refusing > 0 ? "Refused" : "Goes ahead",
              counts.refusing > 0
                  ? "because of " + count_text(counts.refusing, "name")
                  : "builds " + std::to_string(counts.built) + " of " +
                        count_text(counts.names, "name") +
                        (counts.built == counts.names ? "" : "; the others stay data"));
  out += card(class_of(status_of(file)), "Python objects",
              audit.ok() ? "Can be built"
              : refused  ? "Refused"
                         : "Need a decision",
              audit.ok() ? "every name is allowed" : objects_verdict(audit, counts));
  out += card("", "Names", std::to_string(counts.names) + " in all",
              std::to_string(counts.denied) + " denied, " + std::to_string(counts.undecided) +
                  " to decide, " + std::to_string(counts.allowed) + " allowed");
  return out + "</div>\n";
}

std::string findings(const Audit& audit) {
  if (audit.findings().empty()) return {};
  std::string out = "<h3>Findings about the file</h3>\n<ul>\n";
  for (const Finding& finding : audit.findings()) {
    out += "<li>" + markup_text(finding.text);
    if (has_place(finding)) out += ", at " + code(audit.place(finding.path));
    out += " <span class=\"soft\">(" + markup_text(finding.code) + ")</span></li>\n";
  }
  return out + "</ul>\n";
}

std::string section(const AuditedFile& file, std::size_t number, bool only) {
  const std::string id = "file-" + std::to_string(number);
  std::string out = "<section aria-labelledby=\"" + id + "\">\n<h2 id=\"" + id + "\">" +
                    (only ? std::string("In short") : markup_text(shown_name(file))) +
                    " <span class=\"badge " + class_of(status_of(file)) + "\">" +
                    markup_text(answer_of(file)) + "</span></h2>\n";
  if (!file.audit) {
    out += "<p>" + markup_text(file.error ? file.error->what() : "the file was not audited") +
           "</p>\n";
    return out + "</section>\n";
  }
  out += "<p class=\"soft\">holds an object of the class " + code(file.audit->root()) + "</p>\n";
  out += cards(file) + findings(*file.audit);
  bool allowed = false;
  for (const NameGroup& group : groups_of(*file.audit)) {
    if (group.decision == Decision::allowed && !allowed) out += "<h3>Allowed</h3>\n";
    allowed = allowed || group.decision == Decision::allowed;
    out += allowed ? allowed_names(*file.audit, group) : open_names(*file.audit, group);
  }
  return out + "</section>\n";
}

std::string list_of_files(std::span<const AuditedFile> files) {
  if (files.size() < 2) return {};
  std::string out = "<nav aria-label=\"Files\">\n<ul>\n";
  for (std::size_t k = 0; k < files.size(); ++k) {
    out += "<li><a href=\"#file-" + std::to_string(k + 1) + "\">" +
           markup_text(shown_name(files[k])) + "</a> <span class=\"badge " +
           class_of(status_of(files[k])) + "\">" + markup_text(answer_of(files[k])) + "</span>" +
           "</li>\n";
  }
  return out + "</ul>\n</nav>\n";
}

std::string head(const std::string& title) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
         "style-src 'sha256-" +
         policy_hash(page_style) +
         "'; base-uri 'none'; form-action 'none'\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n<title>" +
         title + "</title>\n<style>" + std::string(page_style) + "</style>\n</head>\n<body>\n";
}

constexpr const char* foot = R"(<footer>
<h2>How to read this page</h2>
<dl>
<dt>Name</dt><dd>A Python type or function that the file would have built, and how it uses it.</dd>
<dt>Native load</dt><dd>libskops builds the names that its plugins know, and leaves the others as data. It
runs no code of the file and needs no decision.</dd>
<dt>Python objects</dt><dd>libskops.io.load builds real objects by importing the classes that the file
names. Every name has to be allowed. Importing a class runs its module.</dd>
<dt>If built</dt><dd>What happens to the name then, as the manifest of the plugin that describes its loader
says.</dd>
<dt>Allow</dt><dd>The rule is safe to copy; the name may not be safe to trust. Find out what it does before
you allow it.</dd>
</dl>
<p>Made by libskops )";

}  // namespace

std::string html_report(std::span<const AuditedFile> files) {
  const std::string what =
      files.size() == 1 ? markup_text(shown_name(files[0]), 200) : count_text(files.size(), "file");
  std::string out =
      head("Audit of " + what +
           (files.size() == 1 ? ": " + markup_text(answer_of(files[0])) : std::string()));
  out += "<a class=\"skip\" href=\"#answer\">Skip to the answer</a>\n<header>\n<h1>Audit of " +
         what + "</h1>\n</header>\n" + list_of_files(files) + "<main id=\"answer\">\n";
  for (std::size_t k = 0; k < files.size(); ++k) out += section(files[k], k + 1, files.size() == 1);
  return out + "</main>\n" + foot + SKOPS_CORE_VERSION + ".</p>\n</footer>\n</body>\n</html>\n";
}

}  // namespace skops
