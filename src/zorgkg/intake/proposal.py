"""A proposal: what the tables of a file say, as the tables of a dataset package, and what could not be placed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from zorgkg.intake import values
from zorgkg.intake.recognition import Recognised
from zorgkg.intake.values import Placed, Result, Unplaced
from zorgkg.intake.vocabulary import Vocabulary
from zorgkg.languages import LANGUAGES
from zorgkg.matching import names
from zorgkg.search.folding import key
from zorgkg.tables.table import Row, Table
from zorgkg.tables.told import Told

TODO, DONE, LEFT_OUT = "todo", "done", "left out"
"""What became of a cell: somebody has to mend it; it was written otherwise than it stands; it is not taken over."""

Record = dict[str, str]
_NO_KIND: Final = "other"
_LONGEST_LISTED: Final = 100


@dataclass(frozen=True)
class Change:
    """What became of a cell, or of a row.

    :param state: :data:`TODO`, :data:`DONE` or :data:`LEFT_OUT`.
    :param told: what is to be told, with its place.
    :param given: the cell as it stood.
    :param became: as it is written now; "" when it is not.
    """

    state: str
    told: Told
    given: str = ""
    became: str = ""


@dataclass
class Tables:
    """The tables of a package while they are made.

    :param rows: file name → key → record; a key is there once.
    :param changes: what became of the cells.
    """

    rows: dict[str, dict[str, Record]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def add(self, file: str, key: str, record: Record) -> None:
        """Add a record unless there is one of its key."""
        self.rows.setdefault(file, {}).setdefault(key, record)


class Proposer:
    """Puts the rows of recognised tables into the tables of a package.

    :param name: name of the dataset.
    :param known: what the graph knows.
    :param dates: `dmy` or `mdy`, where days and months of numbers can be either.
    """

    def __init__(self, name: str, known: Vocabulary, dates: str = "") -> None:
        self.name = name
        self.known = known
        self._dates = dates
        self.order: dict[str, str] = {}
        self._keys: dict[str, dict[str, int]] = {}
        self._called: dict[str, dict[str, str]] = {"project": {}, "organisation": {}}
        self.made = Tables()

    def put(self, tables: Iterable[Recognised]) -> Tables:
        """Put tables in, those first that others may refer to.

        :returns: the tables of the package.
        """
        order = ("organisations", "projects", "activities", "partnerships", "positionings")
        for one in sorted(tables, key=lambda each: order.index(each.kind.name)):
            self.order = {}
            for column in ("start", "end"):
                if column in one.columns:
                    texts = (text for _, text in one.table.column(one.columns[column]))
                    self.order[column] = self._dates or values.order_of(texts)
            for row in one.table.rows:
                getattr(self, f"_{one.kind.name}")(Reader(self, one, row))
        return self.made

    def _organisations(self, at: Reader) -> None:
        slug = at.key("organisation")
        if not slug:
            return
        name = at.text("name")
        self._called["organisation"].setdefault(key(name), slug)
        self.made.add(
            "organisations.csv",
            slug,
            at.named("name")
            | {
                "id": slug,
                "kind": at.kind(name),
                "municipality": at.municipality(),
                "kbo": at.placed("kbo", values.kbo),
                "homepage": at.placed("website", values.url),
                "mailbox": at.placed("mailbox", values.mailbox),
            }
            | at.address()
            | at.origin(),
        )
        for other in at.several("other_name"):
            if other != name:
                self.made.add("names.csv", f"{slug} {other}", {"organisation": slug, "name": other} | at.origin())

    def _projects(self, at: Reader) -> None:
        slug = at.key("project")
        if not slug:
            return
        self._called["project"].setdefault(key(at.text("name")), slug)
        record = at.named("name") | at.named("description") | at.dates()
        record |= {
            "id": slug,
            "website": at.placed("website", values.url),
            "mailbox": at.placed("mailbox", values.mailbox),
        }
        self.made.add("projects.csv", slug, record | at.origin())
        place, as_named = at.place()
        if place:
            located = {"project": slug, "place": place, "as_named": as_named} | at.origin()
            self.made.add("locations.csv", f"{slug} {place}", located)
        if group := at.text("target_group"):
            self.made.add("target-groups.csv", slug, {"project": slug, "as_named": group} | at.origin())
        for role, column in (("initiator", "initiator"), ("partner", "partners")):
            for mention in at.several(column):
                self._taking_part(at, slug, mention, role)

    def _partnerships(self, at: Reader) -> None:
        project, mention = at.project(), at.needed("organisation")
        if project and mention:
            role = at.placed("role", lambda text: values.listed(text, self.known.roles, "role"))
            if role or not at.text("role"):
                self._taking_part(at, project, mention, role or "partner")

    def _activities(self, at: Reader) -> None:
        slug = at.key("activity")
        if not slug:
            return
        place, _ = at.place()
        organiser = at.text("organiser")
        agent = self.agent(at, organiser) if organiser else ""
        record = at.named("name") | at.named("description") | at.dates()
        record |= {
            "id": slug,
            "place": place,
            "organiser": agent.removeprefix("organisation/") if agent.startswith("organisation/") else "",
            "website": at.placed("website", values.url),
            "mailbox": at.placed("mailbox", values.mailbox),
        }
        self.made.add("activities.csv", slug, record | at.origin())
        others = [self.agent(at, mention) for mention in at.several("partners")]
        if agent and not record["organiser"]:
            others.append(agent)
        for other in others:
            if other and other != agent:
                self.made.add("contributions.csv", f"{slug} {other}", {"activity": slug, "agent": other} | at.origin())

    def _positionings(self, at: Reader) -> None:
        project = at.project()
        component = at.placed("component", lambda text: values.listed(text, self.known.components, "component"), True)
        basis = at.placed("basis", lambda text: values.listed(text, self.known.bases, "basis"))
        if not project or not component or (at.text("basis") and not basis):
            return
        scheme, _, own = component.partition("/")
        record = {"project": project, "scheme": scheme, "component": own, "basis": basis or "statement"}
        record["rationale"] = at.text("rationale")
        origin = at.origin()
        self.made.add("positionings.csv", " ".join((*list(record.values())[:4], origin["passage"])), record | origin)

    def _taking_part(self, at: Reader, project: str, mention: str, role: str) -> None:
        agent = self.agent(at, mention)
        kind, _, slug = agent.rpartition("/")
        column, file = ("agent", "participations.csv") if kind == "organisation" else ("group", "groups.csv")
        record = {"project": project, column: slug, "role": role, "as_named": mention} | at.origin()
        if slug:
            self.made.add(file, " ".join((project, slug, role, record["passage"])), record)

    def agent(self, at: Reader, mention: str) -> str:
        """Return who is meant by a name: `organisation/…` or `framework/actor-group/…`.

        A name of a group of people is the group, an IRI of the graph its organisation, and any other name makes an
        organisation of this dataset, which is linked later. A name for a kind alone, as "OCMW", is the one of the
        row's municipality.
        """
        if ours := values.of_ours(mention, "organisation", self.known.organisations):
            return f"organisation/{ours}"
        group = self.known.groups.find(mention)
        if len(group) == 1:
            return f"framework/actor-group/{group[0]}"
        if len(mention) > _LONGEST_LISTED or not values.slug(mention):
            at.tell(TODO, "no-organisation", at.column_of(mention), mention)
            return ""
        bare = names.parse(mention).is_bare
        town = at.municipality(silent=True) if bare else ""
        called = key(mention) + (f" {town}" if town else "")
        known = self._called["organisation"]
        if called not in known:
            known[called] = slug = f"{self.name}--{values.slug(called)}"
            self.made.add(
                "organisations.csv",
                slug,
                {
                    "id": slug,
                    f"name_{at.language}": mention,
                    "kind": at.kind_of_name(mention),
                    "municipality": town,
                    "kbo": at.placed("kbo", values.kbo) if at.kind_name == "partnerships" else "",
                }
                | at.origin(),
            )
        return f"organisation/{known[called]}"

    def project(self, at: Reader, mention: str) -> str:
        """Return the slug of a project that is meant by a name; one that is not known yet becomes one."""
        if ours := values.of_ours(mention, "project", self.known.projects):
            return ours
        called = self._called["project"]
        if key(mention) not in called:
            if not values.slug(mention):
                at.tell(TODO, "no-project", "project", mention)
                return ""
            called[key(mention)] = slug = f"{self.name}--{values.slug(mention)}"
            self.made.add("projects.csv", slug, {"id": slug, f"name_{at.language}": mention} | at.origin())
        return called[key(mention)]

    def place(self, at: Reader, name: str, town: str) -> str:
        """Return the slug of a neighbourhood of a municipality."""
        slug = f"{self.name}--{values.slug(f'{name} {town}')}"
        self.made.add("places.csv", slug, {"id": slug, "name": name, "part_of": town} | at.origin())
        return slug

    def unique(self, at: Reader, kind: str, text: str, is_id: bool) -> str:
        """Return the slug of a row by its id or name; "" when another row has it."""
        known = self._keys.setdefault(kind, {})
        candidates = [values.slug(text)]
        if not is_id and (town := at.municipality(silent=True)):
            candidates.append(values.slug(f"{text} {town}"))
        for candidate in candidates:
            if candidate and candidate not in known:
                known[candidate] = at.row.number
                return f"{self.name}--{candidate}"
        if not candidates[0]:
            at.tell(TODO, "no-key", "id" if is_id else "name", text)
        else:
            at.tell(TODO, "duplicate-key", "id" if is_id else "name", text, first=known[candidates[-1]])
        return ""


class Reader:
    """Reads one row.

    :param proposer: whose tables it is put into.
    :param recognised: the table.
    :param row: the row.
    """

    def __init__(self, proposer: Proposer, recognised: Recognised, row: Row) -> None:
        self._proposer = proposer
        self._recognised = recognised
        self.row = row

    @property
    def table(self) -> Table:
        """The table."""
        return self._recognised.table

    @property
    def kind_name(self) -> str:
        """What it is a table of."""
        return self._recognised.kind.name

    @property
    def language(self) -> str:
        """In which its texts are."""
        return self._recognised.language

    def text(self, column: str) -> str:
        """Return a cell; "" when there is none."""
        return " ".join(self._cell(column).split())

    def _cell(self, column: str) -> str:
        index = self._recognised.columns.get(column)
        return "" if index is None else self.row.cells[index]

    def several(self, column: str) -> Iterator[str]:
        """Give the values of a cell, each once."""
        yield from dict.fromkeys(" ".join(one.split()) for one in values.several(self._cell(column)))

    def tell(self, state: str, why: str, column: str, given: str, became: str = "", **more: Any) -> None:
        """Note what became of a cell."""
        index = self._recognised.columns.get(column)
        told = self.table.told(why, self.row.number, index, **({"value": given} | more))
        change = Change(state, told, given, became)
        if change not in self._proposer.made.changes[-20:]:
            self._proposer.made.changes.append(change)

    def placed(self, column: str, read: Callable[[str], Result], required: bool = False) -> str:
        """Return a cell as our tables write it; what cannot be placed is noted."""
        text = self.needed(column) if required else self.text(column)
        if not text:
            return ""
        return self._became(column, text, read(text))

    def _became(self, column: str, text: str, result: Result) -> str:
        if isinstance(result, Unplaced):
            self.tell(TODO, result.key, column, text, **_rest(result))
            return ""
        if result.text != text:
            self.tell(DONE, "written", column, text, result.text, now=result.text)
        return result.text

    def needed(self, column: str) -> str:
        """Return a cell that a row cannot do without; what is missing is noted."""
        text = self.text(column)
        if not text:
            self.tell(TODO, "required", column, "")
        return text

    def key(self, kind: str) -> str:
        """Return the slug of what the row is about; "" when it has none of its own, which is noted."""
        name = self.needed("name")
        if not name:
            return ""
        own = self.text("id")
        return self._proposer.unique(self, kind, own or name, bool(own))

    def named(self, column: str) -> Record:
        """Return the texts of a column in all languages."""
        found = {f"{column}_{self.language}": self.text(column)}
        for code in LANGUAGES:
            if text := self.text(f"{column}_{code}"):
                found[f"{column}_{code}"] = text
        return found

    def kind(self, name: str) -> str:
        """Return the kind of organisation, as the row or else the name tells it."""
        given = self.text("kind")
        if given:
            result = values.listed(given, self._proposer.known.kinds, "kind-listed")
            if isinstance(result, Placed):
                return self._became("kind", given, result)
            self.tell(LEFT_OUT, result.key, "kind", given, _NO_KIND, **_rest(result))
        return self.kind_of_name(name)

    def kind_of_name(self, name: str) -> str:
        """Return the one kind that a name has words for, else that it is not known."""
        found = {one for one in names.parse(name).kinds if self._proposer.known.kinds.find(one) == (one,)}
        return found.pop() if len(found) == 1 else _NO_KIND

    def municipality(self, silent: bool = False) -> str:
        """Return the slug of the row's municipality."""
        text = self.text("municipality")
        if not text:
            return ""
        result = values.municipality(text, self._proposer.known)
        if silent:
            return result.text if isinstance(result, Placed) else ""
        return self._became("municipality", text, result)

    def place(self) -> tuple[str, str]:
        """Return the slug of where something takes place, and how the row calls it."""
        town, name = self.municipality(), self.text("neighbourhood")
        if not name:
            return town, self.text("municipality")
        if not town:
            if not self.text("municipality"):
                self.tell(LEFT_OUT, "no-town", "neighbourhood", name)
            return "", ""
        return self._proposer.place(self, name, town), name

    def address(self) -> Record:
        """Return postcode and street; a street without postcode is left out."""
        code, street = self.placed("postcode", values.postcode), self.text("street")
        if street and not code:
            self.tell(LEFT_OUT, "no-postcode-for-street", "street", street)
        return {"postcode": code, "street": street if code else ""}

    def dates(self) -> Record:
        """Return begin and end."""
        found = {}
        for column in ("start", "end"):
            found[column] = self.placed(column, partial(values.day, order=self._proposer.order.get(column, "")))
        if found["start"] and found["end"] and found["start"] > found["end"]:
            self.tell(TODO, "end-before-start", "end", self.text("end"), start=found["start"])
            found["end"] = ""
        return found

    def project(self) -> str:
        """Return the slug of the project that the row is about."""
        name = self.needed("project")
        return self._proposer.project(self, name) if name else ""

    def column_of(self, mention: str) -> str:
        """Return the column that has a mention."""
        for column in ("organisation", "initiator", "organiser", "partners"):
            if mention in self.several(column):
                return column
        return ""

    def origin(self) -> Record:
        """Return where the row comes from."""
        sheet = self.table.sheet
        number = str(self.row.number)
        passage = f"{self._proposer.name}--{values.slug(sheet) or 'row'}-{number}"
        return {"passage": passage, "sheet": sheet, "row": number}


def _rest(result: Unplaced) -> dict[str, Any]:
    return {name: value for name, value in result.values.items() if name != "value"}
