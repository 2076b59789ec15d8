"""The tree of an agency's units, with what a unit inherits from above."""

from __future__ import annotations

from dataclasses import dataclass

from policy.models import Unit


@dataclass(frozen=True, slots=True)
class Node:
    """A unit with what holds for it. `path` runs from the top unit down to the unit itself.

    `category` is its service category and `region` the Kemendagri code of its office, each its own or else that of
    the nearest unit above; `min_office` how many of its own people must be at the office.
    """

    id: int
    name: str
    path: tuple[int, ...]
    category: str
    region: str
    min_office: int

    @property
    def top(self) -> int:
        """The Perangkat Daerah that the unit belongs to."""
        return self.path[0]

    @property
    def parent(self) -> int | None:
        """The unit right above."""
        return self.path[-2] if len(self.path) > 1 else None


def tree(agency_id: int) -> dict[int, Node]:
    """Every unit of an agency by id; one query. A row above which the tree is broken is left out."""
    fields = ("pk", "parent", "name", "service_category", "site__region", "min_office")
    rows = {row[0]: row for row in Unit.objects.filter(agency=agency_id).order_by().values_list(*fields)}
    nodes: dict[int, Node] = {}
    for pk in rows:
        for row in _from_above(rows, pk):
            nodes.setdefault(row[0], _node(row, nodes.get(row[1])))
    return nodes


def _from_above(rows: dict[int, tuple], pk: int) -> list[tuple]:
    """The rows from the top unit down to `pk`."""
    chain: list[tuple] = []
    above: int | None = pk
    while above in rows and rows[above] not in chain:
        chain.append(rows[above])
        above = rows[above][1]
    return chain[::-1]


def _node(row: tuple, parent: Node | None) -> Node:
    pk, _parent, name, category, region, min_office = row
    return Node(
        id=pk,
        name=name,
        path=(*(parent.path if parent else ()), pk),
        category=category or (parent.category if parent else ""),
        region=region or (parent.region if parent else ""),
        min_office=min_office,
    )
