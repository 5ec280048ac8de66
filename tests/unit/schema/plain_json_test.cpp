// The quick way to a tape against the strict parser: the same tape, or the same refusal, for honest
// texts, for texts on the edges of what the quick way reads, and for damaged copies of both.
#include "schema/plain_json.hpp"

#include <bit>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "skops/error.hpp"

using namespace skops;

namespace {

// The tape as text, or the code of the error.
template <class Parse>
std::string said(Parse&& parse, std::string_view text, Dialect dialect) {
  Budget budget(Limits{});
  Tape tape;
  try {
    tape = parse(text, budget, dialect, "schema.json");
  } catch (const Error& error) {
    return error.code();
  }
  std::string out;
  for (Tape::Index k = 0; k < tape.entries(); ++k) {
    out += std::to_string(static_cast<int>(tape.kind(k))) + ' ';
    switch (tape.kind(k)) {
      case JsonKind::null: break;
      case JsonKind::boolean: out += tape.boolean(k) ? '1' : '0'; break;
      case JsonKind::integer: out += std::to_string(tape.integer(k)); break;
      case JsonKind::real: out += std::to_string(std::bit_cast<std::uint64_t>(tape.real(k))); break;
      case JsonKind::big_integer:
      case JsonKind::string: out += tape.text(k); break;
      case JsonKind::array:
      case JsonKind::object:
        out += std::to_string(tape.size(k)) + " to " + std::to_string(tape.next(k));
        if (tape.kind(k) == JsonKind::array || !tape.numbered(k)) break;
        for (Tape::Index key = tape.first(k); key != tape.next(k); key = tape.next(key + 1)) {
          out += ' ' + std::to_string(static_cast<int>(tape.key(key)));
        }
    }
    out += '\n';
  }
  return out;
}

void compare(const std::string& text) {
  // In memory of exactly this size, so that the sanitizers see a read behind it.
  const std::vector<char> exact(text.begin(), text.end());
  const std::string_view view(exact.data(), exact.size());
  for (const Dialect dialect : {Dialect::schema, Dialect::python}) {
    const std::string quick = said(parse_json, view, dialect);
    const std::string strict = said(parse_json_strictly, view, dialect);
    if (quick != strict) BOOST_TEST(quick == strict, "differs for " << text);
  }
}

std::vector<std::string> schemas() {
  std::vector<std::string> out;
  for (const auto& folder : std::filesystem::directory_iterator(SKOPS_TEST_DATA "/cases/schema")) {
    std::ifstream file(folder.path() / "schema.json", std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(file)), {});
    if (!text.empty() && text.size() < 20'000) out.push_back(std::move(text));
  }
  return out;
}

const char* const edges[] = {
    R"({})",
    R"([])",
    R"( [ ] )",
    R"([[],{}])",
    R"({"a":{}})",
    "\t\n\r {\"a\"\n:\t1\r,\"b\" : [ 1 , 2 ] } \n",
    R"([0,-0,7,-7,10,00,01,-01,-])",
    R"([0])",
    R"([-0])",
    R"([00])",
    R"([-])",
    R"([123456789012345678])",
    R"([1234567890123456789])",
    R"([12345678901234567890])",
    R"([-9223372036854775808])",
    R"([1.5,-1e5,1E-5,2.e1,1.])",
    R"([1.5,-1e5,1E-5,1e+5,0.1])",
    R"([1e400])",
    R"([1e-400])",
    R"([1.0000000000000000000000000000000000000000000000000000000000000000000001])",
    R"([.5])",
    R"([+1])",
    R"([1a])",
    R"([truefalse])",
    R"([true,false,null])",
    R"([tru])",
    R"(["a" "b"])",
    R"(["\"\\\/\b\f\n\r\t"])",
    R"(["\u0041"])",
    R"(["\ud83d\ude00"])",
    R"(["\ud83d"])",
    R"(["\x"])",
    "[\"\\",
    "[\"a\x01\"]",
    "[\"a\x7f\"]",
    "[\"\xc3\xa9\"]",
    "[\"\xff\"]",
    "[\"abcdefgh\xc3\xa9\"]",
    "\xef\xbb\xbf[]",
    R"({"a":1,"a":2})",
    R"({"__id__":1,"__id__":2})",
    R"({"__id__":1})",
    R"({"__id__": 1 })",
    R"({"__id__":-1})",
    R"({"__id__":1,})",
    R"({"__id__"})",
    R"({"__id__":})",
    R"({"__id__":01})",
    R"({"__id__":1.0})",
    R"({"__id__":null,"a":1})",
    R"({"__id__":1"a":1})",
    R"([1,])",
    R"({"a":1,})",
    R"({,})",
    R"([,])",
    R"({"a"})",
    R"({1:2})",
    R"([1)",
    R"({"a":1)",
    R"(1)",
    R"("a")",
    R"(1 2)",
    R"([]])",
    R"({}})",
    R"([NaN,Infinity,-Infinity])",
    R"(["NaN"])",
    R"([/*c*/1])",
    // Beginnings that look like the one before, up to a byte.
    R"([{"__class__":"str","__module__":"builtins","__loader__":"JsonNode","content":"1"},
{"__class__":"str","__module__":"builtins","__loader__":"JsonNode","content":"2"},
{"__class__":"str","__module__":"builtins","__loader__":"JsonNode"},
{"__class__":"str","__module__":"builtins","__loader__":"JsonNode","__class__":"str"},
{"__class__":"str","__module__":"builtins","__loader__":"JsonNode" x}])",
    R"([{"__class__":"str","__module__":"builtins","__loader__":"JsonNode","content":"1"},{"__class__":"str","__module__":"builtins","__loader__":"JsonNode"]])",
    R"([{"__class__":"str","__module__":"builtins","__loader__":"JsonNode","content":"1"},{"__class__":"str","__module__":"builtins","__loader__":"JsonNode")",
    R"([{"__id__":1,"__class__":"str","__module__":"builtins","__loader__":"TypeNode"},{"__id__":2,"__class__":"str","__module__":"builtins","__loader__":"TypeNode","__id__":3}])",
    R"([{"__class__":"s\"tr","__module__":"builtins","__loader__":"TypeNode"},{"__class__":"s\"tr","__module__":"builtins","__loader__":"TypeNode"}])",
    R"([{"__class__":1,"__module__":[],"__loader__":{}},{"__class__":1,"__module__":[],"__loader__":{}}])",
};

}  // namespace

BOOST_AUTO_TEST_SUITE(plain_json)

BOOST_AUTO_TEST_CASE(edges_are_read_or_refused_as_the_strict_parser_does) {
  for (const char* text : edges) compare(text);
  for (int depth : {63, 64, 65, 200, 639, 640, 641}) {
    compare(std::string(depth, '[') + std::string(depth, ']'));
  }
  // Every length of a text, with what ends it on each place of a word.
  for (std::size_t n = 0; n < 70; ++n) {
    const std::string text(n, 'x');
    compare("[\"" + text + "\"]");
    compare("[\"" + text + "\\\"" + text + "\"]");
    compare("[" + std::string(n, ' ') + "1" + std::string(n, '\n') + "]");
    compare("[\"" + text);
    compare("[\"" + text + "\xc3\xa9\"]");
  }
  for (std::size_t n : {4086, 4095, 4096, 4097, 8192, 9000}) {  // pieces of a text with escapes
    std::string text;
    while (text.size() < n) text += "\\\"ab\\\\";
    compare("[\"" + text + std::string(n % 7, 'z') + "\"]");
  }
}

BOOST_AUTO_TEST_CASE(damaged_texts_are_read_or_refused_as_the_strict_parser_does) {
  std::vector<std::string> texts = schemas();
  BOOST_REQUIRE(texts.size() > 50);
  texts.insert(texts.end(), std::begin(edges), std::end(edges));
  for (const std::string& text : texts) compare(text);
  std::mt19937 random(1);
  constexpr std::string_view letters = "{}[]\",:\\ \n\t0123456789-+.eEtfnu_abcN\x01\x7f\xc3\xa9";
  for (int round = 0; round < 20'000; ++round) {
    std::string text = texts[random() % texts.size()];
    for (std::uint32_t change = random() % 3 + 1; change > 0; --change) {
      const std::size_t at = random() % (text.size() + 1);
      const char letter = letters[random() % letters.size()];
      switch (random() % 4) {
        case 0: text.insert(at, 1, letter); break;
        case 1: text.erase(at, random() % 4); break;
        case 2:
          if (at < text.size()) text[at] = letter;
          break;
        default: text.insert(at, text, random() % (text.size() + 1), random() % 90); break;
      }
    }
    compare(text);
  }
}

BOOST_AUTO_TEST_CASE(honest_schemas_take_the_quick_way) {
  int quick = 0;
  for (const std::string& text : schemas()) {
    Budget budget(Limits{});
    Tape tape;
    TapeBuilder builder(tape, text, budget, "schema.json");
    try {
      quick += PlainJson(builder, text, 640).parse();
    } catch (const Error&) {  // a limit
    }
  }
  BOOST_TEST(quick > 50);
}

BOOST_AUTO_TEST_SUITE_END()
