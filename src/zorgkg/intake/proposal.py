"""A proposal: what the rows of a file's tables say, as the tables of a dataset package."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from zorgkg.intake import values
from zorgkg.intake.changes import TODO, Tables
from zorgkg.intake.reader import Reader
from zorgkg.intake.recognition import Recognised
from zorgkg.intake.values import Placed
from zorgkg.intake.vocabulary import Vocabulary
from zorgkg.matching import names
from zorgkg.search.folding import key

_LONGEST_LISTED: Final = 100
"""Characters of a name; what is longer is a text."""


class Proposer:
    """Puts the rows of recognised tables into the tables of a package.

    :param name: name of the dataset.
    :param known: what the graph knows.
    :param dates: `dmy` or `mdy`, where days and months of numbers can be either.
    """

    def __init__(self, name: str, known: Vocabulary, dates: str = "") -> None:
        self._name = name
        self._known = known
        self._dates = dates
        self._order: dict[str, str] = {}
        self._keys: dict[str, dict[str, int]] = {}
        self._counts: Counter[str] = Counter()
        self._numbered: set[str] = set()
        self._named: dict[str, dict[str, list[tuple[str, str]]]] = {"project": {}, "organisation": {}}
        self._called: dict[str, dict[str, str]] = {"project": {}, "organisation": {}}
        self.made = Tables()

    def put(self, tables: Iterable[Recognised]) -> Tables:
        """Put tables in, those first that others may refer to.

        :returns: the tables of the package.
        """
        order = ("organisations", "projects", "activities", "partnerships", "positionings")
        ordered = sorted(tables, key=lambda each: order.index(each.kind.name))
        sheets = _slugs(one.table.sheet for one in ordered)
        for one in ordered:
            self._order = {}
            for column in ("start", "end"):
                if column in one.columns:
                    texts = (text for _, text in one.table.column(one.columns[column]))
                    self._order[column] = self._dates or values.order_of(texts)
            names_at = one.columns.get("name")
            cells = () if names_at is None else (text for _, text in one.table.column(names_at))
            self._counts = Counter(map(values.slug, cells))
            self._numbered = self._told_by_number(one)
            passages = f"{self._name}--{sheets[one.table.sheet]}"
            for row in one.table.rows:
                reader = Reader(one, row, passages, self._known, self._order, self.made.changes)
                getattr(self, f"_{one.kind.name}")(reader)
        return self.made

    def _organisations(self, at: Reader) -> None:
        slug = self._key(at, "organisation")
        if not slug:
            return
        name = at.text("name")
        town = at.municipality()
        self._named["organisation"].setdefault(key(name), []).append((town, slug))
        self.made.add(
            "organisations.csv",
            slug,
            at.named("name")
            | {
                "id": slug,
                "kind": at.kind(name),
                "municipality": town,
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
        slug = self._key(at, "project")
        if not slug:
            return
        town = at.municipality(silent=True)
        self._named["project"].setdefault(key(at.text("name")), []).append((town, slug))
        record = at.named("name") | at.named("description") | at.dates()
        record |= {
            "id": slug,
            "website": at.placed("website", values.url),
            "mailbox": at.placed("mailbox", values.mailbox),
        }
        self.made.add("projects.csv", slug, record | at.origin())
        place, as_named = self._place(at)
        if place:
            located = {"project": slug, "place": place, "as_named": as_named} | at.origin()
            self.made.add("locations.csv", f"{slug} {place}", located)
        if group := at.text("target_group"):
            self.made.add("target-groups.csv", slug, {"project": slug, "as_named": group} | at.origin())
        for role, column in (("initiator", "initiator"), ("partner", "partners")):
            for mention in at.several(column):
                self._taking_part(at, slug, mention, role)

    def _partnerships(self, at: Reader) -> None:
        project = self._project(at)
        if project and at.needed("organisation"):
            role = at.placed("role", lambda text: values.listed(text, self._known.roles, "role"))
            if role or not at.text("role"):
                for mention in at.several("organisation"):
                    self._taking_part(at, project, mention, role or "partner")

    def _activities(self, at: Reader) -> None:
        slug = self._key(at, "activity")
        if not slug:
            return
        place, _ = self._place(at)
        organisers = [agent for mention in at.several("organiser") if (agent := self._agent(at, mention))]
        held = [agent for agent in organisers if agent.startswith("organisation/")]
        record = at.named("name") | at.named("description") | at.dates()
        record |= {
            "id": slug,
            "place": place,
            "organiser": held[0].removeprefix("organisation/") if held else "",
            "website": at.placed("website", values.url),
            "mailbox": at.placed("mailbox", values.mailbox),
        }
        self.made.add("activities.csv", slug, record | at.origin())
        for other in held[1:]:
            self.made.add("organisers.csv", f"{slug} {other}", {"activity": slug, "agent": other} | at.origin())
        # A group of people holds no activity, it takes part.
        for other in (*(self._agent(at, mention) for mention in at.several("partners")), *organisers):
            if other and other not in held:
                self.made.add("contributions.csv", f"{slug} {other}", {"activity": slug, "agent": other} | at.origin())

    def _positionings(self, at: Reader) -> None:
        project = self._project(at)
        component = at.placed("component", lambda text: values.listed(text, self._known.components, "component"), True)
        basis = at.placed("basis", lambda text: values.listed(text, self._known.bases, "basis"))
        if not project or not component or (at.text("basis") and not basis):
            return
        scheme, _, own = component.partition("/")
        record = {"project": project, "scheme": scheme, "component": own, "basis": basis or "statement"}
        record["rationale"] = at.text("rationale")
        origin = at.origin()
        self.made.add("positionings.csv", " ".join((*list(record.values())[:4], origin["passage"])), record | origin)

    def _taking_part(self, at: Reader, project: str, mention: str, role: str) -> None:
        agent = self._agent(at, mention)
        kind, _, slug = agent.rpartition("/")
        column, file = ("agent", "participations.csv") if kind == "organisation" else ("group", "groups.csv")
        record = {"project": project, column: slug, "role": role, "as_named": mention} | at.origin()
        if slug:
            self.made.add(file, " ".join((project, slug, role, record["passage"])), record)

    def _agent(self, at: Reader, mention: str) -> str:
        """Return who is meant by a name: `organisation/…` or `framework/actor-group/…`.

        A name of a group of people is the group, an IRI of the graph its organisation, and any other name makes an
        organisation of this dataset, which is linked later. A name for a kind alone, as "OCMW", is the one of the
        row's municipality.
        """
        if ours := values.of_ours(mention, "organisation", self._known.organisations):
            return f"organisation/{ours}"
        group = self._known.groups.find(mention)
        if len(group) == 1:
            return f"framework/actor-group/{group[0]}"
        if len(mention) > _LONGEST_LISTED or not values.slug(mention):
            at.tell(TODO, "no-organisation", at.column_of(mention), mention)
            return ""
        bare = names.parse(mention).is_bare
        town = at.municipality(silent=True) if bare else ""
        called = key(mention) + (f" {town}" if town else "")
        own = self._own(at, "organisation", mention, called, at.column_of(mention))
        if own is not None:
            return own and f"organisation/{own}"
        known = self._called["organisation"]
        if called not in known:
            known[called] = slug = f"{self._name}--{values.slug(called)}"
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

    def _project(self, at: Reader) -> str:
        """Return the slug of the project that a row is about; one that is not known yet becomes one."""
        mention = at.needed("project")
        if ours := values.of_ours(mention, "project", self._known.projects):
            return ours
        own = self._own(at, "project", mention, key(mention), "project")
        if own is not None:
            return own
        called = self._called["project"]
        if mention and key(mention) not in called:
            if not values.slug(mention):
                at.tell(TODO, "no-project", "project", mention)
                return ""
            called[key(mention)] = slug = f"{self._name}--{values.slug(mention)}"
            self.made.add("projects.csv", slug, {"id": slug, f"name_{at.language}": mention} | at.origin())
        return called[key(mention)] if mention else ""

    def _own(self, at: Reader, kind: str, mention: str, called: str, column: str) -> str | None:
        """Return the slug of the thing of the file that a row names; None when the file has none of that name.

        Of several with one name it is the one in the row's municipality; when that does not tell, it is "" and noted.
        """
        found, town = self._named[kind].get(called, []), at.municipality(silent=True)
        alike = found or self._named[kind].get(key(mention), [])
        here = [slug for place, slug in alike if place == town and town]
        if len(found) == 1 or len(here) == 1:
            return here[0] if len(here) == 1 else found[0][1]
        if found:
            at.tell(TODO, "several-own", column, mention, count=len(found))
            return ""
        return None

    def _place(self, at: Reader) -> tuple[str, str]:
        """Return the slug of where something takes place, and how the row calls it."""
        town, name = at.whereabouts()
        if not name:
            return town, at.text("municipality")
        slug = f"{self._name}--{values.slug(f'{name} {town}')}"
        self.made.add("places.csv", slug, {"id": slug, "name": name, "part_of": town} | at.origin())
        return slug, name

    def _key(self, at: Reader, kind: str) -> str:
        """Return the slug of what a row is about; "" when another row has it, which is noted.

        It is the row's id, else its name; names that are there more than once get their municipality behind, and those
        that are there more than once in a municipality, each with an enterprise number, that number too: all of them,
        so that the order of the rows does not matter.
        """
        name, own = at.needed("name"), at.text("id")
        if not name:
            return ""
        text, column = (own, "id") if own else (name, "name")
        slug = values.slug(text)
        if not slug:
            at.tell(TODO, "no-key", column, text)
            return ""
        if not own and self._counts[slug] > 1:
            slug = self._with_town(text, at)
            if slug in self._numbered:
                slug = f"{slug}-{_number(at)}"
        known = self._keys.setdefault(kind, {})
        if slug in known:
            at.tell(TODO, "duplicate-key", column, text, first=known[slug])
            return ""
        known[slug] = at.row.number
        return f"{self._name}--{slug}"

    def _told_by_number(self, table: Recognised) -> set[str]:
        """Return the names, with their municipality, of several rows that each have an enterprise number."""
        index = table.columns.get("name")
        if index is None or "kbo" not in table.columns:
            return set()
        rows: Counter[str] = Counter()
        numbered: Counter[str] = Counter()
        for row in table.table.rows:
            if self._counts[values.slug(row.cells[index])] > 1:
                at = Reader(table, row, "", self._known, {}, [])
                called = self._with_town(at.text("name"), at)
                rows[called] += 1
                numbered[called] += bool(_number(at))
        return {called for called, count in rows.items() if count > 1 and numbered[called] == count}

    @staticmethod
    def _with_town(name: str, at: Reader) -> str:
        town = at.municipality(silent=True)
        return values.slug(f"{name} {town}" if town else name)


def _number(at: Reader) -> str:
    number = values.kbo(at.text("kbo"))
    return number.text if isinstance(number, Placed) else ""


def _slugs(sheets: Iterable[str]) -> dict[str, str]:
    """Return sheets with the slug of each; those that would share one are numbered, whatever their order."""
    alike: dict[str, list[str]] = {}
    for sheet in sorted(sheets):
        alike.setdefault(values.slug(sheet) or "row", []).append(sheet)
    return {
        # No slug has two hyphens in a row: this is none of another sheet.
        sheet: f"{slug}--{at}" if len(same) > 1 else slug
        for slug, same in alike.items()
        for at, sheet in enumerate(same, 1)
    }
