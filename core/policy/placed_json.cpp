#include "policy/placed_json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>

namespace skops {
namespace {

namespace json = boost::json;
using Kind = PlacedValue::Kind;

// Makes the tree from the parser's events, which come in the order of the tokens.
class Tree {
 public:
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_array_begin(json::error_code&) { return open(Kind::list); }
  bool on_array_end(std::size_t, json::error_code&) { return close(); }
  bool on_object_begin(json::error_code&) { return open(Kind::object); }
  bool on_object_end(std::size_t, json::error_code&) { return close(); }
  bool on_string_part(json::string_view s, std::size_t, json::error_code&) { return part(s); }
  bool on_key_part(json::string_view s, std::size_t, json::error_code&) { return part(s); }
  bool on_string(json::string_view s, std::size_t, json::error_code&) {
    part(s);
    add(Kind::text).text = std::move(parts_);
    parts_.clear();
    return true;
  }
  bool on_key(json::string_view s, std::size_t, json::error_code&) {
    part(s);
    key_ = std::move(parts_);
    parts_.clear();
    key_token_ = token_++;
    return true;
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t value, json::string_view, json::error_code&) {
    add(Kind::integer).integer = value;
    return true;
  }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) {
    return add(Kind::number), true;
  }
  bool on_double(double, json::string_view, json::error_code&) { return add(Kind::number), true; }
  bool on_bool(bool, json::error_code&) { return add(Kind::boolean), true; }
  bool on_null(json::error_code&) { return add(Kind::null), true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

  // Tokens by their number become bytes of the text.
  PlacedValue take(const std::vector<JsonToken>& tokens) {
    PlacedValue root = std::move(top_.items.at(0));
    place(root, tokens);
    return root;
  }

 private:
  bool part(json::string_view s) {
    parts_.append(s.data(), s.size());
    return true;
  }
  PlacedValue& add(Kind kind) {
    PlacedValue& in = open_.empty() ? top_ : *open_.back();
    PlacedValue& value = in.items.emplace_back();
    value.kind = kind;
    value.key = std::move(key_);
    value.key_begin = key_token_;
    key_.clear();
    value.begin = value.end = token_++;
    return value;
  }
  // What is open is the last item of its parent, and does not move before it is closed.
  bool open(Kind kind) {
    PlacedValue& value = add(kind);
    open_.push_back(&value);
    return true;
  }
  bool close() {
    open_.back()->end = token_++;
    open_.pop_back();
    return true;
  }
  static void place(PlacedValue& value, const std::vector<JsonToken>& tokens) {
    value.key_begin = tokens.at(value.key_begin).begin;
    value.end = tokens.at(value.end).end;
    value.begin = tokens.at(value.begin).begin;
    for (PlacedValue& item : value.items) place(item, tokens);
  }

  PlacedValue top_;
  std::vector<PlacedValue*> open_;
  std::string parts_, key_;
  std::size_t token_ = 0, key_token_ = 0;
};

void refuse_duplicates(const PlacedJson& json, const PlacedValue& value) {
  std::vector<const PlacedValue*> sorted;
  for (const PlacedValue& item : value.items) {
    refuse_duplicates(json, item);
    if (value.kind == Kind::object) sorted.push_back(&item);
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const PlacedValue* a, const PlacedValue* b) { return a->key < b->key; });
  for (std::size_t k = 1; k < sorted.size(); ++k) {
    if (sorted[k]->key != sorted[k - 1]->key) continue;
    json.fail(sorted[k]->key_begin, "policy.syntax",
              "the key " + sorted[k]->key + " is there twice");
  }
}

}  // namespace

const PlacedValue* PlacedValue::find(std::string_view wanted) const {
  for (const PlacedValue& item : items) {
    if (item.key == wanted) return &item;
  }
  return nullptr;
}

PlacedJson::PlacedJson(std::string_view text, std::string_view origin, std::uint64_t depth)
    : text_(text), origin_(origin), lines_(text) {
  check_characters();
  json::parse_options options;
  options.max_depth = depth;
  options.allow_comments = true;
  json::basic_parser<Tree> parser(options);
  json::error_code error;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (error == json::error::too_deep) {
    throw Error(Family::limit, "limit.policy_depth",
                place(used) + ": nested deeper than " + std::to_string(depth) + " levels", {},
                "a policy needs no more than three");
  }
  if (error == json::error::incomplete) {
    fail(text.size(), "policy.syntax", "the file ends too early");
  }
  if (error) fail(used, "policy.syntax", "this is not JSON: " + error.message());
  if (used != text.size()) fail(used, "policy.syntax", "something follows the value");
  root_ = parser.handler().take(json_tokens(text));
  refuse_duplicates(*this, root_);
}

void PlacedJson::check_characters() const {
  for (std::size_t at = 0; at < text_.size();) {
    const std::size_t end = std::min(text_.find_first_of("\t\r\n", at), text_.size());
    const std::string_view piece = text_.substr(at, end - at);
    const std::string shown = printable(piece, 10 * piece.size() + 10);
    if (shown != piece) {
      const auto differ = std::mismatch(piece.begin(), piece.end(), shown.begin(), shown.end());
      fail(at + static_cast<std::size_t>(differ.first - piece.begin()), "policy.syntax",
           "a character that is no UTF-8, or cannot be seen");
    }
    at = end + 1;
  }
}

std::size_t PlacedJson::line(std::size_t at) const {
  return lines_.line(at);
}

std::string PlacedJson::place(std::size_t at) const {
  return std::string(origin_) + ':' + std::to_string(lines_.line(at)) + ':' +
         std::to_string(lines_.column(at));
}

void PlacedJson::fail(std::size_t at, const char* code, const std::string& what,
                      const std::string& remedy) const {
  throw Error(Family::usage, code, place(at) + ": " + what, {},
              remedy.empty() ? "correct the file; docs/trust.md says what it may hold" : remedy);
}

void PlacedJson::require(const PlacedValue& value, Kind kind, const char* what) const {
  if (value.kind != kind) fail(value.begin, "policy.bad-file", what);
}

void PlacedJson::keys(const PlacedValue& object,
                      std::initializer_list<std::string_view> known) const {
  for (const PlacedValue& item : object.items) {
    if (std::find(known.begin(), known.end(), item.key) != known.end()) continue;
    std::string text = "the key " + item.key + " is unknown; there ";
    const char* separator = known.size() == 1 ? "is " : "are ";
    for (const std::string_view key : known) {
      text += separator + std::string(key);
      separator = ", ";
    }
    fail(item.key_begin, "policy.bad-file", text);
  }
}

}  // namespace skops
