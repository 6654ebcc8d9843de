"""From a record number and a column's name back to line, column and text of the file.

Values carry no positions; when a problem is to be shown, its file is tokenised once more. That costs nothing in
the runs that have no problems.
"""

from __future__ import annotations

from collections.abc import Callable

from beanstock.files.yamltext import Map, Sequence, parse
from beanstock.problems import Place, Problem
from beanstock.records.csvfile import LINE_BREAKS, cell_columns, read_rows, row_lines
from beanstock.records.kinds import Kinds
from beanstock.records.yamlfile import yaml_records

Reader = Callable[[str], str]  # a shown path to its text, empty where it cannot be read


def locate(problems: list[Problem], kinds: Kinds, reader: Reader) -> list[Problem]:
    """The problems with every place resolved to a line, a column (1-based, characters) and an excerpt."""
    finder = _Finder(kinds, reader)
    return [one._replace(place=finder.find(one.place)) if one.place else one for one in problems]


class _Finder:
    def __init__(self, kinds: Kinds, reader: Reader) -> None:
        self.kinds = kinds
        self.reader = reader
        self.texts: dict[str, str] = {}
        self.lines: dict[str, list[str]] = {}
        self.spans: dict[str, list[tuple[int, int]]] = {}

    def find(self, place: Place) -> Place:
        if place.path not in self.texts:
            self.texts[place.path] = self.reader(place.path)
            self.lines[place.path] = LINE_BREAKS.split(self.texts[place.path])
        if place.record >= 0:
            found = self._in_csv(place) if place.path.endswith(".csv") else self._in_yaml(place)
            place = found or place._replace(line=1, column=1)
        lines = self.lines[place.path]
        if 0 < place.line <= len(lines) and not place.excerpt:
            place = place._replace(excerpt=lines[place.line - 1])
        return place

    def _in_csv(self, place: Place) -> Place | None:
        text = self.texts[place.path]
        if place.path not in self.spans:
            self.spans[place.path] = row_lines(text)
        spans = self.spans[place.path]
        if place.record >= len(spans):
            return None
        line, _ = spans[place.record]
        header, _, _ = read_rows(text[: text.find("\n") + 1] or text, place.path)
        position = self._position(header, place.field)
        raw = self.lines[place.path][line - 1]
        starts = cell_columns(raw)
        if position is None or position >= len(starts):
            return place._replace(line=line, column=1, width=len(raw))
        end = starts[position + 1] - 1 if position + 1 < len(starts) else len(raw)
        return place._replace(line=line, column=starts[position] + 1, width=max(1, end - starts[position]))

    def _position(self, header: list[str], field: str) -> int | None:
        names = (field, *self.kinds.column_names.get(field, ()))
        return next((at for at, name in enumerate(header) if field and name in names), None)

    def _in_yaml(self, place: Place) -> Place | None:
        tree, _ = parse(self.texts[place.path], place.path)
        if not isinstance(tree, Sequence):
            return None
        nodes: dict[int, Map] = {}
        for record, node, lines in yaml_records(tree):
            nodes.update({number: line for number, line in lines if isinstance(line, Map)})
            if isinstance(node, Map):
                nodes[record] = node
        found = nodes.get(place.record)
        if found is None:
            return None
        names = (place.field, *self.kinds.column_names.get(place.field, ()))
        key = next((name for name in names if name in found), "")
        return place._replace(line=found.at[0], column=found.at[1]) if not key else found.value_place(place.path, key)
