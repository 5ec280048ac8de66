"""Writes cases/*.tsv: what scikit-learn's analyzers, Python's str and re, and MurmurHash3 give.

One case a line, fields separated by tabs; tab, newline, carriage return and backslash are escaped.
  analyzer.tsv   unit, min_n, max_n, lower, accents, stop words (space-separated, 'english' or '-'),
                 token pattern, document, terms... (sorted)
  strings.tsv    operation (lower, ascii, unicode), text, result
  patterns.tsv   pattern, text, matches...; or pattern, '!' where it must be refused
  digests.tsv    operation, FNV-1a digest over all code points
  murmur.tsv     text, hash
"""

import pathlib
import random
import re

from sklearn.feature_extraction.text import (CountVectorizer, strip_accents_ascii,
                                             strip_accents_unicode)
from sklearn.utils import murmurhash3_32

FOLDER = pathlib.Path(__file__).parent / "cases"
DEFAULT = r"(?u)\b\w\w+\b"

DOCUMENTS = [
    "", " ", "a", "ab", "The quick brown fox, the QUICK fox; the lazy dog's 2 bones!",
    "under_score x_1 __ 3.14 e-mail@example.org", "tabs\tand\nnew  lines\r\n\r\n end ",
    "ÀÉÎ Straße ǅ İstanbul ΟΔΥΣΣΕΥΣ ΣΑΣ Σ. Α.Σ' ﬁne ½ ² ٣٤ नमस्ते 東京タワー 한국어",
    "e\u0301a\u0308 combining \u00a0 no-break\u2003em\u3000ideographic \u200bzero",
    "x" * 200 + " " + "yz " * 70, "a b c d e f", "\x1c\x1d\x85 sep \u2028 line",
    "naïve café Ångström ΆΈ ẞ Ω K \ufb01\ufdfa 😀 smile𝒜𝓑", "word " * 40 + "é",
]
WORD_OPTIONS = [
    {}, {"lowercase": False}, {"ngram_range": (1, 2)}, {"ngram_range": (2, 3)},
    {"stop_words": "english"}, {"stop_words": ["fox", "the", "東京タワー"], "ngram_range": (1, 3)},
    {"strip_accents": "unicode"}, {"strip_accents": "ascii"},
    {"token_pattern": r"(?u)\b\w+\b"}, {"token_pattern": r"\S+"}, {"token_pattern": r"[a-zA-Z]+"},
    {"token_pattern": r"\b[a-zA-Z]{2,}\b", "ngram_range": (1, 2)},
    {"token_pattern": r"(\w+)['’]s|x"}, {"token_pattern": r"[^,;]+", "ngram_range": (1, 2)},
]
CHAR_OPTIONS = [
    {"analyzer": unit, "ngram_range": span, **more}
    for unit in ("char", "char_wb") for span in ((1, 1), (1, 3), (2, 5), (4, 4), (7, 9))
    for more in ({}, {"strip_accents": "unicode"}, {"lowercase": False})
]
PATTERNS = [
    DEFAULT, r"\w+", r"\w{3,}", r"\b\w{2}\b", r"\d+|\w+", r"a*", r"a*?b", r"(a|ab)(?:c|bcd)*", r"\B\w\B",
    r"^\w+", r"\w+$", r"\w+\Z", r"(?:ab){2,3}", r"[^\W\d_]+", r"[\w'-]+", r"#\w+|@\w+", r"\s+", r".",
    r"[a-z]+?", r"(?P<word>[A-Z]\w*)", r"x?y?z?", r"\u00e9|\x61", r"[]a]+", r"[^]a]+", r"a{,2}", r"a{b",
    r"\bfoo\b|\bfoobar\b", r"(?u)(\w)\w*", r"-?\d+(?:\.\d+)?", r"[а-я]+", r"\.|,", r"a{2}|",
]
REFUSED = [r"(?=a)", r"(a)(b)", r"(a)\1", r"(?i)a", r"(a*)*", r"a**", r"(", r")", r"[a", r"\q", "a{2,1}",
           r"(?:(?:a{1000}){1000})", r"a{1001}", r"*a", r"\bx++", "(?:" * 40 + "a" + ")" * 40]
TEXTS = DOCUMENTS + ["aaabaab", "abcbcdabab", "ababababab", "foobar foo xfoo", "-3.5 7. .5 12",
                     "]a]b^", "привет мир", "a{b a{b", "xyzzy yx", "it's x's"]


def escape(text):
    return (text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
            .replace("\r", "\\r"))


def write(name, rows):
    text = "".join("\t".join(escape(str(field)) for field in row) + "\n" for row in rows)
    (FOLDER / name).write_bytes(text.encode())


def analyzer_rows():
    for options in WORD_OPTIONS + CHAR_OPTIONS:
        vectorizer = CountVectorizer(**options)
        stop = options.get("stop_words", "-")
        for document in DOCUMENTS:
            yield [vectorizer.analyzer, *vectorizer.ngram_range, int(vectorizer.lowercase),
                   vectorizer.strip_accents or "-", stop if isinstance(stop, str) else " ".join(stop),
                   vectorizer.token_pattern, document, *sorted(vectorizer.build_analyzer()(document))]


def string_rows():
    rng = random.Random(5)
    pool = "aB Σσςé'.İÀ\u0301ªʰ한½ﬃΣΣ"
    texts = DOCUMENTS + ["".join(rng.choices(pool, k=rng.randrange(1, 12))) for _ in range(200)]
    for text in texts:
        yield "lower", text, text.lower()
        yield "ascii", text, strip_accents_ascii(text)
        yield "unicode", text, strip_accents_unicode(text)


def pattern_rows():
    for pattern in PATTERNS:
        for text in TEXTS:
            yield pattern, text, *re.findall(pattern, text)
    for pattern in REFUSED:
        yield pattern, "!"


def digest(values):
    h = 0xCBF29CE484222325
    for value in values:
        for byte in value.encode() + b"\0":
            h = (h ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return h


def digest_rows():
    chars = [chr(p) for p in range(0x110000) if not 0xD800 <= p < 0xE000]
    yield "lower", digest(c.lower() for c in chars)
    yield "sigma", digest(("A" + c + "Σ" + c + "a").lower() for c in chars)
    yield "unicode", digest(strip_accents_unicode(c) for c in chars)
    yield "ascii", digest(strip_accents_ascii(c) for c in chars)
    for name, pattern in (("word", r"\w"), ("space", r"\s"), ("digit", r"\d")):
        matches = re.compile(pattern).fullmatch
        yield name, digest("1" if matches(c) else "0" for c in chars)


def murmur_rows():
    for text in ["", "a", "ab", "abc", "abcd", "foo", "bar", "hello world", "é", "東京", "x" * 100]:
        yield text, murmurhash3_32(text.encode(), seed=0)


def main():
    FOLDER.mkdir(exist_ok=True)
    write("analyzer.tsv", analyzer_rows())
    write("strings.tsv", string_rows())
    write("patterns.tsv", pattern_rows())
    write("digests.tsv", digest_rows())
    write("murmur.tsv", murmur_rows())


if __name__ == "__main__":
    main()
