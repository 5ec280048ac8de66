"""Writes stop_words.inc: the list behind stop_words='english', from the installed scikit-learn.

A fitted vectorizer stores the word 'english' only, so the list has to be known here.
"""

import pathlib

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS


def main():
    out, line = [], ""
    for word in sorted(ENGLISH_STOP_WORDS):
        text = f'"{word}", '
        if len(line) + len(text) > 99:
            out.append(line.rstrip())
            line = ""
        line += text
    out.append(line.rstrip())
    path = pathlib.Path(__file__).parent / "stop_words.inc"
    path.write_text("// Made by generate_stop_words.py from scikit-learn; do not edit.\n"
                    + "\n".join(out) + "\n")


if __name__ == "__main__":
    main()
