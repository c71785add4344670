"""Where in a JSON file something stands: the line of a key of the outermost object, or of one item of its list."""

import json
import re

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\],\n]')
_SPACE = re.compile(rb"\s*")
_BYTE = re.compile(r"\(byte (\d+)\)")
_PATH = re.compile(r"at `\$\.(\w+)(?:\[(\d+)\])?")
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")


def line_of(data: bytes, key: str, item: int | None = None) -> int | None:
    """The number of the line on which ``key`` stands, or the item of the list behind it; None if there is none.

    >>> line_of(b'{"a": 1,\\n "b": [2,\\n 3]}', "b"), line_of(b'{"a": 1,\\n "b": [2,\\n 3]}', "b", 1)
    (2, 3)
    """
    wanted, line, depth, index, at_key = json.dumps(key).encode(), 1, 0, 0, None
    for match in _TOKEN.finditer(data):
        token = match[0]
        line += token == b"\n"
        depth += token in (b"{", b"[")
        depth -= token in (b"}", b"]")
        if at_key is None:
            if token == wanted and depth == 1 and data[_behind(data, match.end())] == b":":
                if item is None:
                    return line
                at_key = line
        elif depth < 2 and token in (b"]", b"}", b","):
            return at_key  # the list is shorter
        elif depth == 2 and token in (b"[", b","):
            index += token == b","
            if index == item:
                return line + data.count(b"\n", match.end(), _behind(data, match.end()).start)
    return at_key


def _behind(data: bytes, at: int) -> slice:
    """The first character from ``at`` on that is no space."""
    space = _SPACE.match(data, at)
    start = space.end() if space else at
    return slice(start, start + 1)


def line_of_twin(data: bytes, key: str) -> int:
    """The line on which ``key`` stands last, however deep."""
    return _line(data, data.rfind(json.dumps(key).encode()))


def line_of_fault(data: bytes, sentence: str) -> int | None:
    """The line that a sentence of msgspec about malformed or wrongly typed JSON means; None if it means no line."""
    if byte := _BYTE.search(sentence):
        return _line(data, int(byte[1]))
    if path := _PATH.search(sentence):
        return line_of(data, path[1], int(path[2]) if path[2] else None)
    if unknown := _UNKNOWN.search(sentence):
        return line_of(data, unknown[1])
    return _line(data, len(data.rstrip())) if "truncated" in sentence and data.strip() else None


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, max(at, 0)) + 1
