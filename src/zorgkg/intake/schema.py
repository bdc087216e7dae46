"""The schemas of the tables that intake writes: CSVW metadata with the terms of our own tables (`data/schemas`)."""

from __future__ import annotations

from typing import Any, Final

from zorgkg.terms import ID, PREFIXES

_TYPE: Final = PREFIXES["rdf"] + "type"
_SLUG: Final = {"base": "string", "format": "[a-z0-9]+(--?[a-z0-9]+)*"}
_COMPONENT: Final = {"base": "string", "format": "[a-z0-9]+(-[a-z0-9]+)*"}
_PASSAGE: Final = ID + "passage/{passage}"
_ROW: Final = ("passage", "sheet", "row")
Json = dict[str, Any]


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def _column(name: str, **more: Any) -> Json:
    return {"name": name, "titles": name} | more


def _slug(name: str, required: bool = False, **more: Any) -> Json:
    return _column(name, datatype=_SLUG, **({"required": True} if required else {}), **more)


def _ref(name: str, way: str, target: str, required: bool = False, about: str = "") -> Json:
    more = {"aboutUrl": about} if about else {}
    return _slug(name, required, propertyUrl=_iri(way), valueUrl=ID + target, **more)


def _text(name: str, way: str, language: str, **more: Any) -> Json:
    return _column(name, lang=language, propertyUrl=_iri(way), **more)


def _texts(name: str, way: str) -> list[Json]:
    return [_text(f"{name}_{code}", way, code) for code in ("nl", "fr", "en")]


def _date(name: str, way: str) -> Json:
    return _column(name, datatype={"base": "date"}, propertyUrl=_iri(way))


def _url(name: str, way: str) -> Json:
    datatype = {"base": "anyURI", "format": r"https?://\S+"}
    return _column(name, datatype=datatype, propertyUrl=_iri(way), valueUrl=f"{{+{name}}}")


def _mailbox() -> Json:
    datatype = {"base": "string", "format": r"[^@\s]+@[^@\s]+\.[a-z]+"}
    return _column("mailbox", datatype=datatype, aboutUrl="mailto:{+mailbox}", propertyUrl=_iri("schema:email"))


_MAILED: Final = (
    {"propertyUrl": _iri("schema:contactPoint"), "valueUrl": "mailto:{+mailbox}"},
    {"aboutUrl": "mailto:{+mailbox}", "propertyUrl": _TYPE, "valueUrl": _iri("schema:ContactPoint")},
)


def _is(cls: str, about: str = "") -> Json:
    return ({"aboutUrl": about} if about else {}) | {"propertyUrl": _TYPE, "valueUrl": _iri(cls)}


def tables(name: str, source: str, language: str) -> dict[str, Json]:
    """Return the schema of every table that a package may have.

    :param name: name of the dataset.
    :param source: slug of the source that the rows are of.
    :param language: of names as the source has them.
    :returns: file name → table description.
    """
    organisation, project, activity = (ID + kind for kind in ("organisation/{id}", "project/{id}", "activity/{id}"))
    number, site, address = (
        f"{organisation}#kbo-{{kbo}}",
        f"{organisation}#site-{{postcode}}",
        f"{organisation}#address-{{postcode}}",
    )
    claim, part = ID + "claim/{project}_", ID + "participation/{project}_"
    identifier = _slug("id", True, suppressOutput=True)
    named = _text("as_named", "zorg:asNamed", language, required=True)
    on_project = _ref("project", "zorg:project", "project/{project}", True)

    def claimed(predicate: str) -> list[Json]:
        return [
            _is("zorg:Claim"),
            {"propertyUrl": _iri("rdf:subject"), "valueUrl": ID + "project/{project}"},
            {"propertyUrl": _iri("rdf:predicate"), "valueUrl": _iri(predicate)},
        ]

    made = {
        "organisations.csv": _schema(
            organisation,
            ["id"],
            [
                identifier,
                *_texts("name", "rdfs:label"),
                _ref("kind", "org:classification", "framework/organisation-kind/{kind}", True),
                _ref("municipality", "zorg:inMunicipality", "place/{municipality}"),
                _column(
                    "postcode",
                    datatype={"base": "string", "format": "[1-9][0-9]{3}"},
                    aboutUrl=address,
                    propertyUrl=_iri("locn:postCode"),
                ),
                _column("street", aboutUrl=address, propertyUrl=_iri("locn:thoroughfare")),
                _column(
                    "kbo",
                    datatype={"base": "string", "format": "[01][0-9]{9}"},
                    aboutUrl=number,
                    propertyUrl=_iri("skos:notation"),
                ),
                _url("homepage", "foaf:homepage"),
                _mailbox(),
            ],
            [
                _is("org:FormalOrganization"),
                *_MAILED,
                {"propertyUrl": _iri("adms:identifier"), "valueUrl": number},
                _is("adms:Identifier", number),
                {"aboutUrl": number, "propertyUrl": _iri("adms:schemaAgency"), "default": "KBO"},
                {"propertyUrl": _iri("skos:exactMatch"), "valueUrl": "https://data.vlaanderen.be/id/onderneming/{kbo}"},
                {
                    "propertyUrl": _iri("skos:exactMatch"),
                    "valueUrl": "https://org.belgif.be/id/CbeRegisteredEntity/{kbo}",
                },
                {"propertyUrl": _iri("org:hasSite"), "valueUrl": site},
                _is("org:Site", site),
                {"aboutUrl": site, "propertyUrl": _iri("org:siteAddress"), "valueUrl": address},
                _is("locn:Address", address),
            ],
        ),
        "names.csv": _schema(
            ID + "organisation/{organisation}",
            ["organisation", "name"],
            [
                _slug("organisation", True, suppressOutput=True),
                _text("name", "skos:altLabel", language, required=True),
            ],
        ),
        "places.csv": _schema(
            ID + "place/{id}",
            ["id"],
            [
                identifier,
                _text("name", "rdfs:label", language, required=True),
                _ref("part_of", "zorg:partOf", "place/{part_of}", True),
            ],
            [_is("zorg:Neighbourhood")],
        ),
        "projects.csv": _schema(
            project,
            ["id"],
            [
                identifier,
                *_texts("name", "rdfs:label"),
                *_texts("description", "dcterms:description"),
                _date("start", "schema:startDate"),
                _date("end", "schema:endDate"),
                _url("website", "foaf:page"),
                _mailbox(),
            ],
            [_is("zorg:Project"), *_MAILED],
        ),
        "locations.csv": _schema(
            claim + "takesPlaceIn_{place}",
            ["project", "place"],
            [on_project, _ref("place", "rdf:object", "place/{place}", True), named],
            [
                *claimed("zorg:takesPlaceIn"),
                {
                    "aboutUrl": ID + "project/{project}",
                    "propertyUrl": _iri("zorg:takesPlaceIn"),
                    "valueUrl": ID + "place/{place}",
                },
            ],
        ),
        "target-groups.csv": _schema(
            claim + "targetGroup_{passage}", ["project", "passage"], [on_project, named], claimed("zorg:targetGroup")
        ),
        "participations.csv": _schema(
            part + "{agent}_{role}_{passage}",
            ["project", "agent", "role", "passage"],
            [
                on_project,
                _ref("agent", "zorg:agent", "organisation/{agent}", True),
                _ref("role", "zorg:role", "framework/participation-role/{role}", True),
                named,
            ],
            [
                _is("zorg:Participation"),
                {
                    "aboutUrl": ID + "project/{project}",
                    "propertyUrl": PREFIXES["zorg"] + "{role}",
                    "valueUrl": ID + "organisation/{agent}",
                },
            ],
        ),
        "groups.csv": _schema(
            part + "{group}_{role}_{passage}",
            ["project", "group", "role", "passage"],
            [
                on_project,
                _ref("group", "zorg:agent", "framework/actor-group/{group}", True),
                _ref("role", "zorg:role", "framework/participation-role/{role}", True),
                named,
            ],
            [
                _is("zorg:Participation"),
                {
                    "aboutUrl": ID + "project/{project}",
                    "propertyUrl": _iri("zorg:involves"),
                    "valueUrl": ID + "framework/actor-group/{group}",
                },
            ],
        ),
        "activities.csv": _schema(
            activity,
            ["id"],
            [
                identifier,
                *_texts("name", "rdfs:label"),
                *_texts("description", "dcterms:description"),
                _date("start", "schema:startDate"),
                _date("end", "schema:endDate"),
                _ref("place", "zorg:takesPlaceIn", "place/{place}"),
                _ref("organiser", "schema:organizer", "organisation/{organiser}"),
                _url("website", "foaf:page"),
                _mailbox(),
            ],
            [_is("zorg:Activity"), *_MAILED],
        ),
        "contributions.csv": _beside_activity("schema:contributor"),
        "organisers.csv": _beside_activity("schema:organizer"),
        "positionings.csv": _schema(
            ID + "positioning/{project}_{scheme}_{component}_{basis}_{passage}",
            ["project", "scheme", "component", "basis", "passage"],
            [
                on_project,
                _column("scheme", required=True, datatype=_COMPONENT, suppressOutput=True),
                _column(
                    "component",
                    required=True,
                    datatype=_COMPONENT,
                    propertyUrl=_iri("zorg:component"),
                    valueUrl=ID + "framework/{scheme}/{component}",
                ),
                _column(
                    "basis",
                    required=True,
                    datatype={"base": "string", "format": "self-assessment|narrative-example|statement"},
                    propertyUrl=_iri("zorg:basis"),
                    valueUrl=ID + "framework/basis/{basis}",
                ),
                _text("rationale", "zorg:rationale", language),
            ],
            [_is("zorg:Positioning")],
        ),
    }
    for schema in made.values():
        _of_row(schema, source)
    return {file: {"url": file, "tableSchema": schema} for file, schema in made.items()}


def columns(schema: Json) -> list[str]:
    """Return the names of the columns that a table's file has."""
    return [one["name"] for one in schema["tableSchema"]["columns"] if not one.get("virtual")]


def _schema(about: str, primary: list[str], written: list[Json], virtual: list[Json] | None = None) -> Json:
    return {"aboutUrl": about, "primaryKey": primary, "columns": written, "_virtual": virtual or []}


def _beside_activity(way: str) -> Json:
    """Return the schema of a table of those that have to do with an activity."""
    return _schema(
        ID + "activity/{activity}",
        ["activity", "agent"],
        [
            _slug("activity", True, suppressOutput=True),
            _column(
                "agent",
                required=True,
                datatype={"base": "string", "format": "(organisation|framework/actor-group)/[a-z0-9-]+"},
                propertyUrl=_iri(way),
                valueUrl=ID + "{+agent}",
            ),
        ],
    )


def _of_row(schema: Json, source: str) -> None:
    """Add what tells the row that a row comes from: passage, sheet and number."""
    written = [
        *schema["columns"],
        _slug(
            "passage",
            True,
            aboutUrl=_PASSAGE,
            propertyUrl=_iri("dcterms:isPartOf"),
            valueUrl=f"{ID}source/{source}",
        ),
        _column("sheet", aboutUrl=_PASSAGE, propertyUrl=_iri("zorg:sheet")),
        _column(
            "row",
            required=True,
            datatype={"base": "integer", "minimum": 1},
            aboutUrl=_PASSAGE,
            propertyUrl=_iri("zorg:row"),
        ),
    ]
    virtual = [
        *schema.pop("_virtual"),
        {"propertyUrl": _iri("prov:wasDerivedFrom"), "valueUrl": _PASSAGE},
        _is("zorg:Passage", _PASSAGE),
    ]
    schema["columns"] = [*written, *({"name": f"v{n}", "virtual": True} | one for n, one in enumerate(virtual, 1))]
