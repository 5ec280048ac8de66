#include "meaning.hpp"

#include <vector>

namespace skops_test {
namespace {

// Texts and numbers, each with its length or a mark behind it, so that no two lists look alike.
class Words {
 public:
  Words& operator<<(const std::string& text) {
    out_ += std::to_string(text.size()) + ':' + text + '\n';
    return *this;
  }
  Words& operator<<(std::uint64_t number) {
    out_ += std::to_string(number) + '\n';
    return *this;
  }
  Words& operator<<(const std::vector<std::string>& list) {
    *this << list.size();
    for (const std::string& text : list) *this << text;
    return *this;
  }
  std::string text() const { return out_; }

 private:
  std::string out_;
};

template <class T>
std::uint64_t number(T value) {
  return static_cast<std::uint64_t>(value);
}

void add(Words& out, const skops::LoaderEntry& entry) {
  const skops::LoaderLayout& layout = entry.layout;
  out << layout.loader << number(layout.first_protocol) << number(layout.last_protocol)
      << layout.selector << layout.value << layout.use << entry.use << entry.accepts;
  out << layout.fields.size();
  for (const skops::LoaderField& field : layout.fields) {
    out << field.path << number(field.kind) << number(field.required) << number(field.step);
  }
  out << layout.in_place.size();
  for (const auto& place : layout.in_place) out << place.field << place.key;
  out << entry.brings.size();
  for (const skops::BroughtName& name : entry.brings) {
    out << number(name.kind) << name.use << name.first << name.second << name.module;
  }
  out << number(entry.recipe.has_value());
  if (entry.recipe) {
    out << number(entry.recipe->make) << entry.recipe->of << entry.recipe->args
        << entry.recipe->state;
  }
}

}  // namespace

std::string meaning_of(const skops::Manifest& manifest) {
  Words out;
  out << manifest.id << manifest.version << manifest.first_release << manifest.last_release
      << manifest.abi_major << manifest.abi_minor << manifest.checks << manifest.hooks;
  out << manifest.library.size();
  for (const skops::LibraryEntry& entry : manifest.library) {
    out << entry.platform << entry.file << entry.size << entry.sha256;
  }
  out << manifest.loaders.size();
  for (const skops::LoaderEntry& entry : manifest.loaders) add(out, entry);
  out << manifest.types.size();
  for (const skops::TypeGroup& group : manifest.types) {
    out << number(group.trust) << group.uses << group.modules << group.names
        << number(group.contents_checked);
  }
  out << manifest.serializers.size();
  for (const skops::SerializerEntry& entry : manifest.serializers) {
    out << entry.loader << entry.module << entry.cls;
  }
  return out.text();
}

std::string meaning_of(const skops::Policy& policy) {
  Words out;
  for (const skops::Rule& rule : policy.rules()) {
    out << number(rule.effect) << number(rule.kind) << rule.name << rule.version << rule.reason
        << number(rule.layer);
  }
  out << policy.lifted() << policy.notes().size();
  return out.text();
}

}  // namespace skops_test
