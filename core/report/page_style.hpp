// How the page looks: one style sheet, whose hash is the only thing that the page's content
// security policy lets in. Colours come as pairs for light and dark; every text has a contrast
// of 4.5 : 1 or more (tests/python/test_audit_page.py measures it in a browser). Wide tables become
// lists below 720 pixels.
#pragma once

#include <string_view>

namespace skops {

inline constexpr std::string_view page_style = R"(
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --line: #d5dae0; --text: #1a1f26; --soft: #525c68;
  --link: #0a569e; --code: #eef1f4;
  --bad: #a3180f; --bad-back: #fdeeec; --bad-line: #d92d20; --wait: #744800; --wait-back: #fff5dd;
  --wait-line: #e8a713; --good: #14603a; --good-back: #e6f6ec; --good-line: #2f9e63;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161b; --card: #1a2027; --line: #39424d; --text: #e7eaee; --soft: #aab3bd;
    --link: #86bcff; --code: #252d36;
    --bad: #ffa79e; --bad-back: #3b1b19; --bad-line: #f0564a; --wait: #f6c865; --wait-back: #352a11;
    --wait-line: #e8a713; --good: #86dcaa; --good-back: #14301f; --good-line: #2f9e63;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: break-word;
}
header, main, footer, nav { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 2rem 0 0.25rem; }
section + section { border-top: 2px solid var(--line); margin-top: 3rem; }
h3 { font-size: 1.1rem; margin: 2rem 0 0.6rem; }
h4 { font-size: 1rem; margin: 0; display: flex; flex-wrap: wrap; gap: 0.3rem 0.75rem;
  align-items: baseline; }
p, ul { margin: 0.4rem 0; }
ul { padding-left: 1.25rem; }
a { color: var(--link); }
code, h1, h2, .answer, dd { overflow-wrap: anywhere; }
code { font: 0.9em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.soft { color: var(--soft); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -100vw; top: 0.5rem; background: var(--card); padding: 0.5rem 1rem; }
.skip:focus { left: 0.5rem; }
.badge { display: inline-block; border-radius: 1rem; padding: 0.05rem 0.7rem; font-size: 0.85rem;
  font-weight: 600; border: 1px solid currentColor; white-space: nowrap; }
.bad { color: var(--bad); background: var(--bad-back); }
.wait { color: var(--wait); background: var(--wait-back); }
.good { color: var(--good); background: var(--good-back); }
.cards { display: grid; gap: 0.9rem; margin: 1rem 0; grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr)); }
.card { border: 1px solid var(--line); border-radius: 10px; padding: 0.9rem 1.1rem;
  background: var(--card); }
.card h3 { margin: 0; font-size: 0.95rem; color: var(--soft); font-weight: 600; }
.card .answer { font-size: 1.2rem; font-weight: 650; margin: 0.15rem 0; }
.card.is-bad { border-left: 6px solid var(--bad-line); } .card.is-bad .answer { color: var(--bad); }
.card.is-wait { border-left: 6px solid var(--wait-line); } .card.is-wait .answer { color: var(--wait); }
.card.is-good { border-left: 6px solid var(--good-line); } .card.is-good .answer { color: var(--good); }
.name { border: 1px solid var(--line); border-radius: 10px; background: var(--card);
  padding: 0.9rem 1.1rem; margin: 0.75rem 0; }
.name h4 code { font-size: 1.02rem; font-weight: 700; }
.name.is-bad { border-left: 6px solid var(--bad-line); }
.name.is-wait { border-left: 6px solid var(--wait-line); }
.name dl { margin: 0.6rem 0 0; display: grid; grid-template-columns: 7rem 1fr; gap: 0.3rem 1rem; }
dt { color: var(--soft); font-weight: 500; }
dd { margin: 0; min-width: 0; }
dd ul { list-style: none; margin: 0; padding: 0; }
.command { background: var(--code); border-radius: 6px; padding: 0.15rem 0.5rem;
  display: inline-block; }
details { border: 1px solid var(--line); border-radius: 10px; background: var(--card); margin: 0.6rem 0; }
summary { padding: 0.7rem 1.1rem; cursor: pointer; font-weight: 600; }
summary .soft { font-weight: 400; }
details[open] summary { border-bottom: 1px solid var(--line); }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
caption { text-align: left; color: var(--soft); padding: 0.6rem 1.1rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.45rem 0.6rem; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; }
tbody th { font-weight: 400; width: 34%; }
th:first-child, td:first-child { padding-left: 1.1rem; }
tbody tr:last-child > * { border-bottom: 0; }
footer { color: var(--soft); font-size: 0.92rem; padding: 1rem 1.25rem 3rem; margin-top: 2.5rem; }
footer dl { display: grid; grid-template-columns: minmax(7rem, 10rem) 1fr; gap: 0.3rem 1rem; }
footer h2 { font-size: 1.05rem; }
@media (max-width: 720px) {
  header, main, footer, nav { padding-left: 0.9rem; padding-right: 0.9rem; }
  .name dl, footer dl { grid-template-columns: 1fr; gap: 0; }
  .name dd, footer dd { margin-bottom: 0.5rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, tbody th, td, caption { display: block; width: auto; }
  tbody tr { border-bottom: 1px solid var(--line); padding: 0.6rem 0; }
  tbody th, td { border: 0; padding: 0.1rem 1.1rem; }
  td::before { content: attr(data-label) ": "; color: var(--soft); }
}
@media print {
  :root { --page: #fff; --card: #fff; --text: #000; --soft: #333; }
  .skip, nav { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .name, .card, tr { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
}
)";

}  // namespace skops
