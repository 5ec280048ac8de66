// Saving: the same bytes each time, and nothing lost on the way.
#include "skops/error.hpp"
#include "validator/checks/checks.hpp"
#include "validator/host/fake_save.hpp"
#include "validator/real_host.hpp"

namespace skops_validator {
namespace {

template <class F>
void each_saved(const Context& context, F&& f) {
  bool any = false;
  for_each_base(context, [&](const skops_serializer& s, const Base& base) {
    if (s.save == nullptr || !base.loads) return;
    FakeLoad load(s, base.graph);
    if (!load.run() || load.object().type == nullptr) return;
    any = true;
    context.report.step(name_of(s) + ", save");
    f(s, base, load);
  });
  if (!any) context.report.skip("no serializer saves an object that was loaded");
}

void report(const Context& context, const std::string& who, const FakeSave& save) {
  for (const std::string& text : save.violations()) context.report.fail(who + ": " + text);
}

}  // namespace

void reproducibility_save(const Context& context) {
  each_saved(context, [&](const skops_serializer& s, const Base& base, const FakeLoad& load) {
    const std::string who = name_of(s);
    FakeSave first(s, load.object(), base.graph);
    if (!first.run()) {
      report(context, who, first);
      if (!first.error().empty()) {
        context.report.fail(who + ": an object that was loaded cannot be saved: " + first.error());
      }
      return;
    }
    FakeSave second(s, load.object(), base.graph);
    second.run();
    if (first.written() != second.written()) {
      context.report.fail(who + ": saving an object twice writes different nodes");
    }
    // The same file in an object that lies elsewhere.
    const std::vector<char> between(100'000, 'x');
    FakeLoad other(s, base.graph);
    if (!other.run()) return;
    FakeSave third(s, other.object(), base.graph);
    third.run();
    if (first.written() != third.written()) {
      context.report.fail(who + ": two objects of the same file are saved differently");
    }
    FakeSave made(s, load.object(), base.graph, {0, false});
    made.run();
    report(context, who + ", an object that comes from no file", made);
  });
}

// What load reads has to be in what save writes.
void reproducibility_complete(const Context& context) {
  each_saved(context, [&](const skops_serializer& s, const Base& base, const FakeLoad& load) {
    FakeSave save(s, load.object(), base.graph);
    if (!save.run() || save.used_origin()) return;
    for (const std::string& place : load.looked_at()) {
      const auto at = base.graph.find(place);
      if (at == base.graph.end() || at->second.kind == Kind::missing) continue;
      if (place.starts_with('@') || save.has(place)) continue;
      // Items of what is written in one piece are in it.
      const std::size_t cut = place.find_last_of(".[/");
      const bool inside =
          place.find_first_of(".[", 1) != place.npos && cut != 0 && place[cut] == '[';
      if (inside && save.has(place.substr(0, cut))) continue;
      context.report.fail(name_of(s) + ": load reads " + place_name(place) +
                          ", which save does not write");
    }
  });
}

void robustness_writer_failures(const Context& context) {
  each_saved(context, [&](const skops_serializer& s, const Base& base, const FakeLoad& load) {
    for (std::uint64_t k = 1; k < 200; ++k) {
      const std::string who = name_of(s) + ", call " + std::to_string(k) + " of the writer fails";
      context.report.step(who);
      FakeSave save(s, load.object(), base.graph, {k, true});
      save.run();
      if (save.injected().empty()) break;
      report(context, who, save);
    }
  });
}

// Real files through the real core: load, save, load, save.
void reproducibility_corpus(const Context& context) {
  const Subject& subject = context.subject;
  if (!subject.manifest) return context.report.skip("see manifest.schema");
  if (subject.corpus.empty()) {
    return context.report.skip("there are no files; give a folder of .skops files by --corpus");
  }
  const RealHost host(subject);
  std::size_t loaded = 0;
  for (const auto& path : subject.corpus) {
    const std::string who = path.filename().string();
    context.report.step(who);
    try {
      const skops::Model first = host.load(skops::File::open(path));
      const auto bytes = first.save_to_memory();
      if (bytes != first.save_to_memory()) {
        context.report.fail(who + ": saving it twice gives different bytes");
      }
      context.report.step(who + ", loading what was saved");
      const skops::Model second = host.load(skops::File::from_memory(bytes));
      if (second.type() != first.type() || second.methods() != first.methods() ||
          second.unavailable() != first.unavailable()) {
        context.report.fail(who + ": the object that was saved and loaded is another one");
      }
      if (bytes != second.save_to_memory()) {
        context.report.fail(who + ": what was saved, loaded and saved again has other bytes");
      }
      ++loaded;
    } catch (const skops::Error& error) {
      if (error.family() == skops::Family::plugin) {
        context.report.fail(who + ": " + error.what());
      } else {
        context.report.note(who + " is refused: " + error.what());
      }
    }
  }
  context.report.note(std::to_string(loaded) + " of " + std::to_string(subject.corpus.size()) +
                      " files are loaded");
  if (loaded == 0) context.report.fail("no file of the corpus is loaded");
}

}  // namespace skops_validator
