"""Where each key of a TOML text stands: the parser of the standard library does not say."""

import re

Path = tuple[str | int, ...]

BLANK = re.compile(r"[ \t\r]*")
FILLING = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
KEY = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|[\w-]+')
DOT = re.compile(r"[ \t]*\.[ \t]*")
STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\]|\\.)*"|\'[^\']*\'', re.DOTALL)
BARE = re.compile(r"[^,\]}#\n]*")


def lines(text: str) -> dict[Path, int]:
    """Every key path of a correct TOML text with the number of its line, counted from 1."""
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {}
        self.tables: dict[Path, int] = {}  # how many entries an array of tables has so far

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip(FILLING) < len(self.text):
            before = self.at
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._assignment(table)
            if self.at == before:  # nothing we understand: what is found so far is still right
                break
        return self.found

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def _note(self, path: Path, at: int) -> None:
        self.found.setdefault(path, self.text.count("\n", 0, at) + 1)

    def _keys(self) -> Path:
        keys: list[str] = []
        while found := KEY.match(self.text, self.at):
            keys.append(found[0].strip("\"'"))
            self.at = found.end()
            dot = DOT.match(self.text, self.at)
            if not dot:
                break
            self.at = dot.end()
        return tuple(keys)

    def _header(self) -> Path:
        start = self.at
        several = self.text.startswith("[[", start)
        self.at += 2 if several else 1
        self._skip(BLANK)
        path = self._through(self._keys(), entering=several)
        if several:
            self._note(path[:-1], start)
        self._note(path, start)
        end = self.text.find("\n", self.at)
        self.at = end if end >= 0 else len(self.text)
        return path

    def _through(self, keys: Path, *, entering: bool) -> Path:
        """The path of a header: a name of an array of tables means its newest entry."""
        path: Path = ()
        for position, key in enumerate(keys):
            path = (*path, key)
            if entering and position == len(keys) - 1:
                self.tables[path] = self.tables.get(path, -1) + 1
            if path in self.tables:
                path = (*path, self.tables[path])
        return path

    def _assignment(self, table: Path) -> None:
        start = self.at
        keys = self._keys()
        for depth in range(1, len(keys) + 1):
            self._note((*table, *keys[:depth]), start)
        self._skip(BLANK)
        if self.text.startswith("=", self.at):
            self.at += 1
            self._value((*table, *keys))

    def _value(self, path: Path) -> None:
        self._skip(BLANK)
        opening = self.text[self.at : self.at + 1]
        if opening == "[":
            self._several(path, "]")
        elif opening == "{":
            self._several(path, "}")
        elif opening in ('"', "'"):
            self._skip(STRING)
        else:
            self._skip(BARE)

    def _several(self, path: Path, closing: str) -> None:
        self.at += 1
        index = 0
        while self._skip(FILLING) < len(self.text) and self.text[self.at] != closing:
            before = self.at
            if closing == "}":
                self._assignment(path)
            else:
                self._note((*path, index), self.at)
                self._value((*path, index))
                index += 1
            if self.at == before:
                return
        self.at += 1
