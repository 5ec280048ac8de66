"""The audit's page, looked at in a browser: layout, contrast, keyboard, screen readers, and that nothing
of a hostile file is anything but text.

`python test_audit_page.py FOLDER` writes the pages and their pictures there, to be looked at.
"""

import functools
import json
import pathlib
import subprocess
import sys

import numpy as np
import pytest
import skops.io
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.tree import DecisionTreeClassifier

from browser import Browser
from command import COMMAND, name_node
from files import X, Y, hostile, one_node, with_schema, written

WIDTHS = (320, 768, 1280)
MARKUP = ["<script>alert(1)</script>", "</code></p><img src=x onerror=alert(1)>", "a\"onmouseover=\"alert(1)",
          "</title></style><style>*{display:none}</style>", "javascript:alert(1)", "\u202edesrever", "&lt;b&gt;",
          "x" * 300, "\u6c34" * 60]


def evil():
    """Every place of a page that shows a text of the file, with texts that want to be more."""
    names = evil_names()

    def change(schema):
        content, types = schema["content"]["content"], schema["content"]["key_types"]["content"]
        for k, text in enumerate(MARKUP):
            content[text] = {**names[k % len(names)], "__id__": 987654000 + k}
        content["rest"] = name_node("builtins", "list", "ListNode", content=[
            {**node, "__id__": 987655000 + k} for k, node in enumerate(names)], __id__=987653000)
        types += [{**types[0]}] * (len(content) - len(types))

    return with_schema(written("linear"), change)


def evil_names():
    names = [name_node("mine." + "deep" * 30, f"Thing{k}", "ObjectNode") for k in range(4)]
    names += [name_node("ev\u0456l", "Th\u0456ng", "TypeNode"), name_node("builtins", "eval", "FunctionNode"),
              name_node("os", "system", "SliceNode", content={}), name_node("x", "Y", "F" * 200 + "Node"),
              name_node("a", "b.C", "ObjectNode"), name_node("xgboost.sklearn", "XGBRegressor", "ObjectNode"),
              name_node("xgboost.core", "Booster", "ObjectNode")]
    return names


def mixed():
    steps = [("log", FunctionTransformer(np.log1p)),
             ("clip", FunctionTransformer(functools.partial(np.clip, a_min=0, a_max=1))),
             ("tree", DecisionTreeClassifier(max_depth=2))]
    return skops.io.dumps(Pipeline(steps).fit(np.abs(X), Y))


def write_pages(folder):
    """name: path of a page"""
    files = {"fine.skops": written("pipeline"), "mixed.skops": mixed(), "evil.skops": evil(),
             "<b>no archive.skops": b"<script>alert(1)</script>", "system.skops": one_node(("os", "system"), "FunctionNode")}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    pages = {"fine": ["fine.skops"], "mixed": ["mixed.skops", "--trust", "numpy.clip", "--deny", "numpy.log1p"],
             "evil": list(files)}
    out = {}
    for name, arguments in pages.items():
        done = subprocess.run([COMMAND, "audit", *arguments, "--format", "html"], cwd=folder,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60)
        out[name] = folder / f"{name}.html"
        out[name].write_bytes(done.stdout)
    return out


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    return write_pages(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def browser():
    with Browser() as running:
        yield running


@pytest.fixture
def open_page(browser, pages):
    opened = []

    def opener(name, **how):
        opened.append(browser.open(pages[name], **how))
        return opened[-1]

    yield opener
    for page in opened:
        page.close()


OPEN = "document.querySelectorAll('details').forEach(details => { details.open = true; })"

# What sticks out of the window, of its own box, or lies over another text.
LAYOUT = """(() => {
  const wide = document.documentElement.clientWidth, out = [];
  if (document.documentElement.scrollWidth > wide) out.push('the page scrolls sideways');
  const hidden = element => element.closest('thead') && getComputedStyle(element.closest('thead')).position == 'absolute';
  const texts = [...document.querySelectorAll('h1,h2,h3,h4,p,dt,dd,li,th,td,summary,caption,.badge')]
      .filter(element => !hidden(element) && element.checkVisibility());
  const name = element => element.tagName + ' ' + element.textContent.slice(0, 40);
  for (const element of texts) {
    const box = element.getBoundingClientRect();
    if (box.left < 0 || box.right > wide + 0.5) out.push(name(element) + ' leaves the window');
    if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display != 'inline')
      out.push(name(element) + ' is cut or sticks out');
    if (box.width < 8 || box.height < 8) out.push(name(element) + ' has no room');
  }
  const leaves = texts.filter(element => !texts.some(other => other != element && element.contains(other)));
  for (let i = 0; i < leaves.length; ++i) {
    for (let j = i + 1; j < leaves.length; ++j) {
      const a = leaves[i].getBoundingClientRect(), b = leaves[j].getBoundingClientRect();
      const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (x > 1 && y > 1) out.push(name(leaves[i]) + ' lies over ' + name(leaves[j]));
    }
  }
  return [texts.length, out];
})()"""

# The least contrast of a text with what is behind it, as WCAG 2 defines it.
CONTRAST = """(() => {
  const channels = text => { const n = text.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const light = ([r, g, b]) => {
    const f = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b);
  };
  let least = [99, ''], texts = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !element.checkVisibility()) continue;
    let behind = element;
    while (behind && channels(getComputedStyle(behind).backgroundColor)[3] == 0) behind = behind.parentElement;
    const ground = channels(behind ? getComputedStyle(behind).backgroundColor : 'rgb(255, 255, 255)');
    if (ground[3] != 1) return [0, 'a translucent background', 0];
    const a = light(channels(getComputedStyle(element).color)), b = light(ground);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    ++texts;
    if (ratio < least[0]) least = [ratio, element.outerHTML.slice(0, 80)];
  }
  return [...least, texts];
})()"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["fine", "mixed", "evil"])
def test_layout(name, width, open_page):
    page = open_page(name, width=width)
    for closed in (True, False):
        if not closed:
            page.evaluate(OPEN)
        texts, faults = page.evaluate(LAYOUT)
        assert texts > 15 and faults == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["fine", "evil"])
def test_contrast(name, dark, open_page):
    page = open_page(name, dark=dark)
    page.evaluate(OPEN)
    ratio, element, texts = page.evaluate(CONTRAST)
    assert texts > 40 and ratio >= 4.5, element
    # What is seen without reading: borders of cards, and the ring around what has the focus.
    page.press("Tab")
    ring, ground = page.evaluate("[getComputedStyle(document.activeElement).outlineColor,"
                                 " getComputedStyle(document.body).backgroundColor]")
    assert ring != ground


def test_the_checks_see_faults(tmp_path, browser):
    """A check that cannot fail shows nothing."""
    path = tmp_path / "bad.html"
    path.write_text("<body style='background:#fff'><p style='color:#999'>pale</p><h1 style='width:2000px'>wide</h1>"
                    "<p style='margin:0'>one</p><p style='margin-top:-12px'>two</p>", encoding="utf-8")
    page = browser.open(path, width=320)
    _, faults = page.evaluate(LAYOUT)
    assert any("sideways" in fault for fault in faults) and any("lies over" in fault for fault in faults)
    assert page.evaluate(CONTRAST)[0] < 4.5
    page.close()


FOCUS = """(() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return [e.tagName, e.textContent, style.outlineStyle, parseFloat(style.outlineWidth), box.left, box.right];
})()"""


@pytest.mark.parametrize("name", ["mixed", "evil"])
def test_keyboard(name, open_page):
    page = open_page(name, width=768)
    wanted = page.evaluate("[...document.querySelectorAll('a, summary')].map(e => [e.tagName, e.textContent])")
    assert wanted[0] == ["A", "Skip to the answer"] and any(tag == "SUMMARY" for tag, _ in wanted)
    for tag, text in wanted:
        page.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus[:2] == [tag, text]
        assert focus[2] != "none" and focus[3] >= 2, "the focus is not seen"
        assert focus[4] >= 0 and focus[5] <= 768, "what has the focus is not seen"
    # The last one is a group of allowed names: the key opens and closes it.
    for expected in (True, False):
        page.press("Enter", "\r")
        assert page.evaluate("document.activeElement.parentElement.open") is expected


def test_screen_readers(open_page):
    page = open_page("evil")
    page.evaluate(OPEN)
    tree = page.accessibility()
    roles = [role for role, _, _ in tree]
    for landmark in ("banner", "navigation", "main", "contentinfo"):
        assert roles.count(landmark) == 1, landmark
    assert tree[0][:2] == ("RootWebArea", "Audit of 5 files")
    levels = [properties["level"] for role, _, properties in tree if role == "heading"]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:])), "a level is left out"
    regions = [name for role, name, _ in tree if role == "region"]
    assert len(regions) == 5 and all(regions)
    assert any(name.startswith("evil.skops") for name in regions)
    for role in ("heading", "link", "DisclosureTriangle", "table", "columnheader", "rowheader", "article"):
        assert roles.count(role) > 0, role
    assert all(name for role, name, _ in tree if role in ("heading", "link", "DisclosureTriangle", "table"))
    assert page.evaluate("document.documentElement.lang") == "en"
    for part in page.evaluate("[...document.querySelectorAll('table')].map(t =>"
                              " [t.caption.textContent, t.querySelectorAll('thead th[scope=col]').length,"
                              "  [...t.tBodies[0].rows].every(r => r.cells[0].matches('th[scope=row]'))])"):
        assert part[0].startswith("Allowed names of") and part[1] in (5, 6) and part[2]


def test_tables_stay_tables_where_they_look_like_lists(open_page):
    page = open_page("fine", width=320)
    page.evaluate(OPEN)
    assert page.evaluate("getComputedStyle(document.querySelector('td')).display") == "block"
    roles = [role for role, _, _ in page.accessibility()]
    assert roles.count("table") == 3 and roles.count("rowheader") > 5
    assert roles.count("cell") + roles.count("gridcell") > 20 and roles.count("columnheader") == 15


@pytest.mark.parametrize("name", ["fine", "evil"])
def test_nothing_is_fetched_and_nothing_runs(name, open_page, pages):
    page = open_page(name)
    requests = [event["request"]["url"] for event in page.events("Network.requestWillBeSent")]
    assert requests == [pages[name].as_uri()]
    assert page.events("Log.entryAdded") == []  # the policy refused nothing: the style is the only one
    assert page.evaluate("document.styleSheets.length") == 1
    assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px"
    counts = page.evaluate("""[...document.querySelectorAll('*')].reduce((all, e) => {
        all[e.localName] = (all[e.localName] || 0) + 1;
        for (const a of e.attributes) if (/^on|^style$|^src/.test(a.name)) all.bad = a.name;
        return all; }, {})""")
    assert not {"script", "img", "iframe", "object", "link", "form", "svg", "b", "bad"} & set(counts)
    assert counts["style"] == counts["title"] == counts["main"] == 1
    if name == "evil":
        assert page.evaluate("document.querySelectorAll('#file-3 ~ article').length") == len(evil_names())
        text = page.evaluate("document.body.textContent")
        for markup in MARKUP[:4]:
            assert markup.split("'")[0][:20] in text
        assert "\u202e" not in text and "\\u202e" in text


def test_the_policy_of_the_page_refuses_other_styles_and_scripts(pages, browser, tmp_path):
    """Were a text of the file markup after all, the browser would not follow it."""
    path = tmp_path / "broken.html"
    path.write_text(pages["fine"].read_text("utf-8").replace(
        "<main", "<style>body{margin:77px}</style><img src='x.png'><p style='color:red'>x</p><main"), "utf-8")
    page = browser.open(path)
    assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px"
    assert page.evaluate("getComputedStyle(document.querySelector('p[style]')).color") != "rgb(255, 0, 0)"
    refused = [entry["entry"]["text"] for entry in page.events("Log.entryAdded")]
    assert len(refused) >= 3 and all("Content Security Policy" in text for text in refused)
    page.close()


def rgb(text):
    return tuple(int(part) for part in text[4:-1].split(","))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_pictures(width, dark, open_page):
    """What is drawn is what was laid out: not empty, the ground's colour, each card with its border."""
    page = open_page("mixed", width=width, dark=dark)
    picture = page.picture()
    assert picture.width == width and picture.height > 600
    pixels = np.asarray(picture)
    ground = np.array(rgb(page.evaluate("getComputedStyle(document.body).backgroundColor")))
    assert (ground < 60).all() if dark else (ground > 220).all()
    same = (pixels == ground).all(axis=2)
    assert 0.1 < same.mean() < 0.8
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 100
    cards = page.evaluate("""[...document.querySelectorAll('.is-bad, .is-wait, .is-good')].map(e => {
        const box = e.getBoundingClientRect(), style = getComputedStyle(e);
        return [box.left, box.top + box.height / 2, style.borderLeftColor, parseFloat(style.borderLeftWidth)]; })""")
    assert len(cards) >= 4 and len({card[2] for card in cards}) == 2  # denied, to decide
    for left, middle, colour, thick in cards:
        assert thick >= 4
        assert tuple(pixels[int(middle), int(left) + 2]) == rgb(colour)


def test_paper(open_page):
    """What a screen has folded, paper shows; without colours for the night."""
    page = open_page("fine", media="print")
    assert page.evaluate("document.querySelectorAll('details[open]').length") == 0
    heights = page.evaluate("[...document.querySelectorAll('table')].map(t => t.getBoundingClientRect().height)")
    assert len(heights) == 3 and all(height > 40 for height in heights)


def main(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with Browser() as running:
        for name, path in write_pages(folder).items():
            for width in WIDTHS:
                for dark in (False, True):
                    page = running.open(path.resolve(), width=width, dark=dark)
                    page.picture().save(folder / f"{name}-{width}-{'dark' if dark else 'light'}.png")
                    page.close()


if __name__ == "__main__":
    main(sys.argv[1])
