"""Where each key of a TOML text stands. Python's parser tells what was read, not where."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

Place = tuple[str | int, ...]
"""A key's way from the top: table and key names, and positions in arrays from 0."""

_TOKEN = re.compile(
    r"""
      (?P<newline> \n )
    | (?P<blank> [^\S\n]+ | \#[^\n]* )
    | (?P<string> \"{3} (?: \\. | [^\\] )*? (?: \"{3,5} (?!\") | \\? \Z ) | '{3} .*? (?: '{3,5} (?!') | \Z )
                | " (?: \\. | [^"\\\n] )* "? | ' [^'\n]* '? )
    | (?P<mark> [][{},=.] )
    | (?P<bare> [^][{},=.\s"'\#]+ )
    """,
    re.VERBOSE | re.DOTALL,
)
"""A string that is not closed goes on to its end, so that no text is looked through more than once."""
NESTED_MAX = 40


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


class Lines:
    """The lines of the keys in a text that tomllib could read."""

    def __init__(self, text: str) -> None:
        self.last = max(1, text.count("\n") + (not text.endswith("\n")))
        self._of: dict[Place, int] = {(): 1}
        _Walk(list(_tokens(text)), self._of).document()

    def of(self, place: Place) -> int:
        """The line of that key, or of the innermost table round it that stands in the text."""
        while place not in self._of:
            place = place[:-1]
        return self._of[place]

    def has(self, place: Place) -> bool:
        """Whether that key stands in the text."""
        return place in self._of


def line_too_deep(text: str) -> int | None:
    """Return the line where a key has more than NESTED_MAX parts, or a value so many brackets; None where none has.

    Python's parser takes a time that grows with the square of a key's parts, minutes for a text of some thousands, and
    is to be asked only where this finds nothing.
    """
    dots = brackets = 0
    for token in _tokens(text):
        if token.kind == "mark" and token.text in "[]{}":
            brackets = max(0, brackets + (1 if token.text in "[{" else -1))
        dots = dots + (token.text == ".") if token.kind in {"mark", "bare", "string"} and token.text not in "=," else 0
        if max(dots, brackets) > NESTED_MAX:
            return token.line
    return None


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "blank":
            yield _Token(str(match.lastgroup), match.group(), line)
        line += match.group().count("\n")
    yield _Token("newline", "\n", line)
    yield _Token("end", "", line)


class _Walk:
    """Goes through the tokens once and writes down each key's line."""

    def __init__(self, tokens: list[_Token], lines: dict[Place, int]) -> None:
        self._tokens, self._lines, self._at = tokens, lines, 0
        self._table: Place = ()
        self._lengths: dict[Place, int] = {}

    def document(self) -> None:
        while (token := self._next()).kind != "end":
            if token.text == "[" and token.kind == "mark":
                self._header(token.line)
            elif token.kind != "newline":
                self._at -= 1
                self._key_and_value(self._table)

    def _next(self) -> _Token:
        token = self._tokens[self._at]
        self._at += token.kind != "end"
        return token

    def _peek(self) -> str:
        token = self._tokens[self._at]
        return token.text if token.kind in {"mark", "newline"} else token.kind

    def _header(self, line: int) -> None:
        is_array = self._peek() == "["
        self._at += is_array
        *outer, last = self._key("]")
        self._at += is_array
        place: Place = ()
        for part in outer:
            place = self._inside((*place, part))
        place = (*place, last)
        if is_array:
            self._lengths[place] = self._lengths.get(place, 0) + 1
        self._table = self._inside(place)
        self._write(self._table, line)

    def _inside(self, place: Place) -> Place:
        """Of an array of tables, its last one."""
        return (*place, self._lengths[place] - 1) if place in self._lengths else place

    def _key(self, end: str) -> list[str]:
        """Read a key's parts and the mark behind it."""
        parts: list[str] = []
        while (token := self._next()).text != end or token.kind != "mark":
            if token.kind == "end":
                return parts or [""]
            if token.kind in {"bare", "string"}:
                parts.append(_unquoted(token))
        return parts

    def _key_and_value(self, table: Place) -> None:
        line = self._tokens[self._at].line
        place = (*table, *self._key("="))
        self._write(place, line)
        self._value(place)

    def _value(self, place: Place) -> None:
        if self._peek() == "[":
            self._at += 1
            self._array(place)
        elif self._peek() == "{":
            self._at += 1
            self._inline_table(place)
        else:
            while self._peek() not in {",", "]", "}", "\n", "end"}:
                self._at += 1

    def _array(self, place: Place) -> None:
        count = 0
        while (end := self._peek()) not in {"]", "end"}:
            if end in {",", "\n"}:
                self._at += 1
                continue
            self._write((*place, count), self._tokens[self._at].line)
            self._value((*place, count))
            count += 1
        self._at += end == "]"

    def _inline_table(self, place: Place) -> None:
        while (end := self._peek()) not in {"}", "end"}:
            if end in {",", "\n"}:
                self._at += 1
            else:
                self._key_and_value(place)
        self._at += end == "}"

    def _write(self, place: Place, line: int) -> None:
        for length in range(1, len(place) + 1):
            self._lines.setdefault(place[:length], line)


def _unquoted(token: _Token) -> str:
    return str(tomllib.loads(f"key = {token.text}")["key"]) if token.kind == "string" else token.text
