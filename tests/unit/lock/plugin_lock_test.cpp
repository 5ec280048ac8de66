// The text of lock files: what is read, what is refused, and at which line and column.
#define BOOST_TEST_MODULE lock
#include "skops/plugin_lock.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "skops/error.hpp"

using skops::PluginLock;

namespace {

const std::string hash(64, 'a');

std::string entry(const std::string& id = "acme") {
  return "{\"id\": \"" + id + "\", \"manifest_sha256\": \"" + hash +
         "\",\n  \"library_sha256\": \"\", \"accept_proposals\": true,\n" +
         "  \"enabled_by\": \"ana\", \"enabled_at\": \"2026-11-26T12:00:00Z\"}";
}
std::string file(const std::string& entries) {
  return "{\"lock_version\": 1,\n \"plugins\": [" + entries + "]}";
}
std::string changed(std::string text, const std::string& from, const std::string& to) {
  BOOST_TEST_REQUIRE(text.find(from) != std::string::npos);
  return text.replace(text.find(from), from.size(), to);
}

struct Refused {
  const char* name;
  std::string text, code, message;
};
std::ostream& operator<<(std::ostream& out, const Refused& row) {
  return out << row.name;
}

const std::string at = "L, line ";
const std::vector<Refused> refused{
    {"empty", "", "lock.malformed", at + "1, column 1: no JSON at all"},
    {"no-json", "{\n nope", "lock.malformed", at + "2, column 2: "},
    {"ends-early", "{\"lock_version\": 1,\n", "lock.malformed", at + "2, column 1: "},
    {"trailing", file("") + "\n{}", "lock.malformed", at + "3, column 1: bytes after"},
    {"not-utf8", changed(file(entry()), "ana", "\xff"), "lock.malformed", at + "4, column 18: "},
    {"columns-are-characters", changed(file(entry()), "\"ana\", ", "\"\u00e4n\u00e4\", \"x\": 1, "),
     "lock.malformed", at + "4, column 24: the key 'x' is unknown"},
    {"byte-order-mark", "\xef\xbb\xbf" + file(""), "lock.malformed", "byte order mark"},
    {"comment", "// mine\n" + file(""), "lock.malformed", at + "1, column 1: "},
    {"deep", std::string(100, '['), "lock.malformed", "nested deeper"},
    {"list", "[]", "lock.malformed", at + "1, column 1: an object is expected"},
    {"unknown-key", changed(file(""), "{", "{\n  \"trust\": true, "), "lock.malformed",
     at + "2, column 3: the key 'trust' is unknown"},
    {"unknown-key-of-an-entry", file(changed(entry(), "\"accept", "\"x\": 1, \"accept")),
     "lock.malformed", at + "3, column 25: the key 'x' is unknown"},
    {"missing-key", file(changed(entry(), ", \"accept_proposals\": true", "")), "lock.malformed",
     at + "2, column 14: the key 'accept_proposals' is missing"},
    {"key-twice", file(changed(entry(), "\"enabled_by\"", "\"id\": \"b\", \"enabled_by\"")),
     "lock.malformed", at + "4, column 3: the key 'id' occurs twice"},
    {"version-2", changed(file(""), "1", "2"), "lock.version",
     at + "1, column 18: the lock file has version 2, this host reads version 1"},
    {"version-0", changed(file(""), "1", "0"), "lock.malformed", at + "1, column 18: "},
    {"version-text", changed(file(""), "1", "\"1\""), "lock.malformed", at + "1, column 18: "},
    {"plugins-object", changed(file(""), "[]", "{}"), "lock.malformed", "plugins is no list"},
    {"entry-text", file("\"acme\""), "lock.malformed", at + "2, column 14: an object is expected"},
    {"id-path", file(entry("../acme")), "lock.malformed", at + "2, column 21: id is none"},
    {"id-empty", file(entry("")), "lock.malformed", "id is none"},
    {"id-upper", file(entry("Acme")), "lock.malformed", "id is none"},
    {"id-number", file(changed(entry(), "\"acme\"", "7")), "lock.malformed", "id is no text"},
    {"id-twice", file(entry() + ",\n" + entry()), "lock.malformed",
     at + "2, column 13: the plugin acme is listed twice"},
    {"hash-short", file(changed(entry(), hash, "aa")), "lock.malformed",
     "manifest_sha256 is no SHA-256"},
    {"hash-empty", file(changed(entry(), hash, "")), "lock.malformed",
     "manifest_sha256 is no SHA-256"},
    {"hash-upper", file(changed(entry(), hash, std::string(64, 'A'))), "lock.malformed",
     "manifest_sha256 is no SHA-256"},
    {"accept-1", file(changed(entry(), "true", "1")), "lock.malformed",
     at + "3, column 45: accept_proposals is neither true nor false"},
    {"text-long", file(changed(entry(), "ana", std::string(300, 'a'))), "lock.malformed",
     "enabled_by is too long"},
    {"large", file("") + std::string(2 << 20, ' '), "lock.malformed", "1048576 bytes"},
};

}  // namespace

BOOST_DATA_TEST_CASE(is_refused, refused, row) {
  try {
    PluginLock::parse(row.text, "L");
    BOOST_ERROR("accepted");
  } catch (const skops::Error& error) {
    BOOST_TEST(error.code() == row.code);
    BOOST_TEST((error.family() == skops::Family::plugin));
    BOOST_TEST(error.text().find(row.message) != std::string::npos, error.text());
    BOOST_TEST(!error.remedy().empty());
  }
}

BOOST_AUTO_TEST_CASE(is_read) {
  const PluginLock lock = PluginLock::parse(file(entry("b") + "," + entry("a")), "L");
  BOOST_TEST_REQUIRE(lock.plugins.size() == 2u);
  BOOST_TEST(lock.plugins[0].id == "a");
  const skops::PluginLockEntry& b = *lock.find("b");
  BOOST_TEST(b.manifest_sha256 == hash);
  BOOST_TEST(b.library_sha256 == "");
  BOOST_TEST(b.accept_proposals);
  BOOST_TEST(b.enabled_by == "ana");
  BOOST_TEST(b.enabled_at == "2026-11-26T12:00:00Z");
  BOOST_TEST((lock.find("c") == nullptr));
  BOOST_TEST(PluginLock::parse(file(""), "L").plugins.empty());
}

BOOST_AUTO_TEST_CASE(what_is_written_reads_back) {
  PluginLock lock = PluginLock::parse(file(entry("b") + "," + entry("a")), "L");
  lock.plugins[0].enabled_by = "\"A\\\n\x01 \xc3\xa9";
  const PluginLock again = PluginLock::parse(lock.text(), "L");
  BOOST_TEST(again.text() == lock.text());
  BOOST_TEST(again.plugins[0].enabled_by == lock.plugins[0].enabled_by);
  BOOST_TEST(PluginLock::parse(PluginLock().text(), "L").plugins.empty());
}

BOOST_AUTO_TEST_CASE(no_more_plugins_than_the_limit) {
  std::string entries;
  for (int k = 0; k < 1001; ++k) {
    entries += (k == 0 ? "" : ",") + entry("p" + std::to_string(k));
    if (k == 999) BOOST_TEST(PluginLock::parse(file(entries), "L").plugins.size() == 1000u);
  }
  BOOST_CHECK_EXCEPTION(
      PluginLock::parse(file(entries), "L"), skops::Error,
      [](const skops::Error& e) { return e.text().find("more than 1000") != std::string::npos; });
}

// Every cut and every changed byte is read the same or refused; nothing else.
BOOST_AUTO_TEST_CASE(damaged_texts_are_refused_or_say_something_else) {
  const std::string whole = file(entry("b") + "," + entry("a"));
  const auto read = [](const std::string& text) {
    try {
      PluginLock::parse(text, "L");
    } catch (const skops::Error& error) {
      BOOST_TEST((error.family() == skops::Family::plugin));
      BOOST_TEST(error.text().find("line ") != std::string::npos, error.text());
    }
  };
  for (std::size_t k = 0; k < whole.size(); ++k) {
    BOOST_CHECK_THROW(PluginLock::parse(whole.substr(0, k), "L"), skops::Error);
    for (const char byte : {'\0', '"', '{', ']', '\\', '\x80', '7'}) {
      std::string text = whole;
      text[k] = byte;
      read(text);
    }
  }
}
