"""What the check of question files finds, and what it leaves alone; and that it finds nothing in the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import NamedNode

from zorgkg import cli
from zorgkg.content import locate
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.questions import answering, catalogue, lint
from zorgkg.questions.question import Question

SUMMARY: Final = "{nl: Wat?, fr: Quoi ?, en: What?}"
SAID: Final = "{nl: Dit., fr: Ceci., en: This.}"
ONTOLOGY: Final = locate().ontology
QUESTIONS: Final = catalogue.read(locate().queries)


def check(
    tmp_path: Path,
    where: str,
    *,
    select: str = "SELECT ?a ?aLabel",
    order: str = "ORDER BY ?a",
    header: str = "chart: {none: a list}",
    evidence: str = "evidence: {none: a list}",
) -> list[str]:
    """Check a question; returns `line: rule` of each finding. The line of SELECT is 10."""
    lines = f"summary: {SUMMARY}\n{header}\n{evidence}".splitlines()
    prefixes = ("zorg: <https://w3id.org/zorgkg/ns#>", "skos: <http://www.w3.org/2004/02/skos/core#>")
    text = "".join(f"#+ {line}\n" for line in lines)
    text += "# \n" * (7 - len(lines)) + "".join(f"PREFIX {prefix}\n" for prefix in prefixes)
    text += (
        f"{select}\nWHERE {{ VALUES ?labels {{ zorg:labelNl }} OPTIONAL {{ ?a ?labels ?aLabel }}\n{where} }}\n{order}\n"
    )
    path = tmp_path / "question.rq"
    path.write_text(text, "utf-8")
    return [f"{finding.line}: {finding.rule}" for finding in lint.check(tmp_path, ONTOLOGY)]


def test_the_catalogue_is_well() -> None:
    assert [str(finding) for finding in lint.check(locate().queries, ONTOLOGY)] == []


@pytest.mark.parametrize(
    "where",
    [
        "?a zorg:project ?p . ?b zorg:project ?q",
        "?a zorg:project ?p .\n?b zorg:project ?q",
        "?a zorg:project [ zorg:partner ?p ] . [] zorg:project ?q",
        "{ SELECT ?a { ?a zorg:project ?p } } { SELECT ?b { ?b zorg:project ?p } }",
        "{ ?a zorg:project ?p } UNION { ?a zorg:agent ?p } ?b zorg:project ?q",
        "{ ?a zorg:project ?p . ?b zorg:project ?q } UNION { ?a zorg:agent ?p }",
        "?a zorg:project ?p OPTIONAL { ?b zorg:project ?q }",
        "?a zorg:project ?p OPTIONAL { ?a zorg:agent ?x . ?b zorg:project ?q }",
        "?a zorg:project ?p . ?b zorg:agent ?q OPTIONAL { ?a zorg:partner ?b }",
        "?a zorg:project ?p MINUS { ?a zorg:agent ?x . ?b zorg:project ?q }",
        "?a zorg:project ?p FILTER NOT EXISTS { ?x zorg:agent ?a . ?b zorg:project ?q }",
        "?a zorg:partOf* ?p . ?b (zorg:partOf|zorg:project)/zorg:agent ?q",
        "?a zorg:project ?p VALUES ?b { 1 2 }",
        "?a zorg:project ?p BIND (1 AS ?b) ?q zorg:role ?b",
        "?a zorg:project ?p { SELECT (COUNT(*) AS ?b) { ?q zorg:project ?r } GROUP BY ?r }",
        "VALUES ?b { zorg:x } ?a zorg:role ?b . ?p zorg:role ?b",
        "VALUES ?b { zorg:x } ?a zorg:role ?b . ?b ?labels ?l . ?p zorg:named ?l",
        "GRAPH ?g { ?a zorg:project ?p } GRAPH ?h { ?b zorg:project ?q }",
        "?a zorg:project ?p . ?b zorg:project ?q FILTER (?p != zorg:x && ?a != zorg:y)",
    ],
)
def test_patterns_that_share_no_variable_are_a_product(tmp_path: Path, where: str) -> None:
    found = check(tmp_path, where)
    assert {one.partition(": ")[2] for one in found} == {"product"}


def test_a_product_is_told_at_its_second_part(tmp_path: Path) -> None:
    assert check(tmp_path, "?a zorg:project ?p .\n\n?b zorg:project ?q") == ["14: product"]
    assert check(tmp_path, "?a zorg:project ?p .\n{\n?b zorg:project ?q } .\n?c zorg:role ?d") == [
        "13: product",
        "15: product",
    ]


@pytest.mark.parametrize(
    "where",
    [
        "?a zorg:project ?p . ?b zorg:project ?p",
        "?a zorg:project _:p . ?b zorg:project _:p",
        "?a zorg:project ?p . ?b zorg:project ?q . ?c zorg:x ?p ; zorg:y ?q",
        "?a zorg:project ?p . ?b zorg:count ?q FILTER (?q > STRLEN(STR(?p)))",
        "?a zorg:project ?p . ?b zorg:project ?q BIND (CONCAT(STR(?p), STR(?q)) AS ?c)",
        "?a zorg:project ?p . ?b zorg:project ?q FILTER EXISTS { ?p zorg:partner ?q }",
        "?a zorg:project ?p . ?b zorg:project ?q BIND (EXISTS { ?p zorg:partner ?q } AS ?c)",
        "?a zorg:project ?p BIND (COALESCE(?p, zorg:none) AS ?q) ?b zorg:project ?q",
        "?a zorg:project ?p OPTIONAL { ?b zorg:project ?q FILTER (?q = ?p) }",
        "?a zorg:project ?p OPTIONAL { ?p zorg:partner ?q } OPTIONAL { ?q zorg:partner ?r }",
        "?a zorg:project ?p OPTIONAL { ?p zorg:partner ?q } BIND (COALESCE(?q, zorg:none) AS ?r) "
        "OPTIONAL { ?r ?labels ?l }",
        "?a zorg:project ?p VALUES ?b { 1 }",
        "?a zorg:project ?p VALUES ?b { 1 2 } FILTER (?b < STRLEN(STR(?p)))",
        "?a zorg:project ?p { SELECT (COUNT(*) AS ?b) { ?q zorg:project ?r } }",
        "?a zorg:project ?p { SELECT ?b { ?b zorg:project ?r } ORDER BY ?b LIMIT 1 }",
        "?a zorg:project ?p VALUES ?b { zorg:x } OPTIONAL { ?b ?labels ?l }",
        "?a zorg:project ?p . zorg:x a zorg:Project",
        "?a zorg:project ?p FILTER EXISTS { zorg:x a zorg:Project }",
        "?a zorg:project ?p MINUS { ?b zorg:project ?p }",
        "{ SELECT ?a ?p { ?a zorg:project ?p } } { SELECT ?p ?q { ?q zorg:project ?p } }",
        "{ ?a zorg:project ?p } UNION { ?a zorg:agent ?q }",
        "?a zorg:project ( ?p ?q ) . ?q zorg:agent ?b",
        "?a zorg:note '} ?b zorg:project ?q {' # } ?b zorg:project ?q\n",
    ],
)
def test_patterns_that_are_joined_or_have_one_row_are_none(tmp_path: Path, where: str) -> None:
    assert check(tmp_path, where) == []


def test_a_parameter_joins_nothing_whatever_its_default(tmp_path: Path) -> None:
    header = f"chart: {{none: a list}}\nparams: {{given: {{type: iri, class: zorg:Basis, description: {SAID}}}}}"
    both = "?a zorg:basis ?given . ?b zorg:basis ?given"
    assert check(tmp_path, f"VALUES ?given {{ UNDEF }}\n{both}", header=header) == ["13: product"]
    assert check(tmp_path, f"VALUES ?given {{ zorg:x zorg:y }}\n{both}", header=header) == ["13: product"]
    assert check(tmp_path, "VALUES ?given { UNDEF } ?a zorg:basis ?given . ?b zorg:basis ?a", header=header) == []
    assert check(tmp_path, f"VALUES ?other {{ zorg:x zorg:y }}\n{both.replace('given', 'other')}") == []


def test_a_product_that_must_be_is_explained(tmp_path: Path) -> None:
    product = "?a zorg:project ?p . ?b zorg:project ?q"
    assert check(tmp_path, product, header="chart: {none: a list}\nproduct: every cell of a table") == []
    assert check(tmp_path, "?a zorg:project ?p", header="chart: {none: a list}\nproduct: none") == ["3: product"]


@pytest.mark.parametrize(
    ("select", "where", "order", "found"),
    [
        ("SELECT ?a ?aLabel", "?a zorg:project ?p", "", ["12: order"]),
        ("SELECT ?a ?aLabel", "?a zorg:project ?p", "ORDER BY LCASE(STR(?aLabel))", ["13: order"]),
        ("SELECT ?a ?aLabel", "?a zorg:project ?p", "ORDER BY ?aLabel", ["13: order"]),
        ("SELECT ?a ?aLabel", "?a zorg:project ?p", "ORDER BY STR(?a)", ["13: order"]),
        ("SELECT ?a ?aLabel", "?a zorg:project ?p", "ORDER BY ?aLabel ?a", []),
        ("SELECT ?a ?aLabel", "?a zorg:project ?p", "ORDER BY LCASE(STR(?aLabel)) DESC(?a)", []),
        ("SELECT ?a ?aLabel ?n", "?a zorg:count ?n", "ORDER BY ?a", ["13: order"]),
        ("SELECT ?a ?aLabel ?n", "?a zorg:count ?n", "ORDER BY ?a (?n)", []),
        ("SELECT ?a ?aLabel ?m", "?a zorg:count ?n BIND (?n + 1 AS ?m)", "ORDER BY ?a ?n", []),
        ("SELECT ?a ?aLabel ?m", "?a zorg:count ?n BIND (?n + 1 AS ?m)", "ORDER BY ?a ?m", []),
        ("SELECT ?a ?aLabel ?n", "{ SELECT ?a (COUNT(*) AS ?n) { ?a zorg:p ?b } GROUP BY ?a }", "ORDER BY ?a", []),
        (
            "SELECT ?a ?aLabel ?n",
            "{ SELECT ?a ?c (COUNT(*) AS ?n) { ?a zorg:p ?c } GROUP BY ?a ?c }",
            "ORDER BY ?a",
            ["13: order"],
        ),
        ("SELECT ?a ?aLabel ?n", "?a zorg:p ?p { SELECT (COUNT(*) AS ?n) { ?b zorg:p ?c } }", "ORDER BY ?a", []),
        ("SELECT ?a ?aLabel (COUNT(*) AS ?n)", "?a zorg:p ?p", "GROUP BY ?a ?aLabel ORDER BY DESC(?n)", ["13: order"]),
        ("SELECT ?a ?aLabel (COUNT(*) AS ?n)", "?a zorg:p ?p", "GROUP BY ?a ?aLabel ORDER BY DESC(?n) ?a", []),
        ("SELECT ?a ?aLabel ?l", "?a zorg:p ?b OPTIONAL { ?b ?labels ?l }", "ORDER BY ?a ?b", []),
        ("SELECT ?a ?aLabel ?l", "?a zorg:p ?b OPTIONAL { ?b ?labels ?l }", "ORDER BY ?a", ["13: order"]),
        ("SELECT ?a ?aLabel ?l", "?a zorg:p ?b OPTIONAL { ?a zorg:q ?c . ?c ?labels ?l }", "ORDER BY ?a ?c", []),
        (
            "SELECT ?a ?aLabel ?l",
            "{ ?a zorg:p ?b . ?b ?labels ?l } UNION { ?a zorg:q ?b . ?b zorg:r ?l }",
            "ORDER BY ?a ?b",
            ["13: order"],
        ),
        (
            "SELECT ?a ?aLabel ?b ?bLabel",
            "{ SELECT ?a ?b { ?a zorg:p ?b . ?c ?labels ?b } } OPTIONAL { ?b ?labels ?bLabel }",
            "ORDER BY ?a ?c",
            ["13: order"],
        ),
    ],
)  # fmt: skip
def test_order_by_must_decide_every_tie(tmp_path: Path, select: str, where: str, order: str, found: list[str]) -> None:
    header = "chart: {none: a list}\nunlabelled: {b: a number}" if "?b ?bLabel" not in select and "?b" in select else ""
    assert check(tmp_path, where, select=select, order=order, header=header or "chart: {none: a list}") == found


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("SERVICE <http://example.org/> { ?a zorg:project ?p }", ["12: service"]),
        ("?a zorg:p ?p FILTER EXISTS { SERVICE SILENT <http://example.org/> { ?a zorg:q ?q } }", ["12: service"]),
        ("?a zorg:p 'SERVICE' # SERVICE\n", []),
        ("{ SELECT * { ?a zorg:project ?p } }", ["12: star"]),
        ("{ SELECT (COUNT(*) AS ?n) { ?x zorg:project ?p } } ?a zorg:project ?q", []),
        ("?a zorg:project ?p BIND (RAND() AS ?r)", ["12: volatile"]),
        ("?a zorg:project ?p FILTER (NOW() > ?p)", ["12: volatile"]),
        ("{ SELECT ?a (SAMPLE(UUID()) AS ?r) { ?a zorg:project ?p } GROUP BY ?a }", ["12: volatile"]),
        ("?a zorg:project ?p FILTER (STR(?p) = 'RAND()')", []),
    ],
)
def test_a_question_asks_its_own_graph_by_name_and_answers_the_same_each_time(
    tmp_path: Path, where: str, found: list[str]
) -> None:
    assert check(tmp_path, where) == found


def test_pages_are_left_to_the_server_but_a_part_may_be_cut(tmp_path: Path) -> None:
    assert check(tmp_path, "?a zorg:project ?p", order="ORDER BY ?a\nLIMIT 5") == ["14: page"]
    assert check(tmp_path, "?a zorg:project ?p", order="ORDER BY ?a OFFSET 5") == ["13: page"]
    assert check(tmp_path, "{ SELECT ?a { ?a zorg:project ?p } ORDER BY ?a LIMIT 5 }") == []


def test_the_whole_graph_is_asked(tmp_path: Path) -> None:
    assert check(tmp_path, "?a zorg:project ?p", select="SELECT ?a ?aLabel FROM <http://example.org/>") == ["10: from"]


@pytest.mark.parametrize(
    ("select", "where", "header", "found"),
    [
        ("SELECT ?a", "?a zorg:project ?p", "", ["10: label"]),
        ("SELECT ?a", "?a zorg:project ?p", "unlabelled: {a: it has no name}", []),
        ("SELECT ?a ?aLabel", "?a zorg:project ?p", "unlabelled: {a: it has no name}", ["3: label"]),
        ("SELECT ?a ?aLabel", "?a zorg:project ?p", "unlabelled: {b: it has no name}", ["3: label"]),
        ("SELECT ?a ?aLabel ?p", "?a zorg:project ?p", "", ["10: label"]),
        ("SELECT ?a ?aLabel ?p", "?a zorg:ficheNumber ?p", "", []),
        ("SELECT ?a ?aLabel ?p", "?a zorg:project ?q BIND (?q AS ?p)", "", ["10: label"]),
        ("SELECT ?a ?aLabel ?p", "?a zorg:project ?q BIND (STR(?q) AS ?p)", "", []),
    ],
)
def test_what_stands_for_a_thing_has_its_label_beside_it(
    tmp_path: Path, select: str, where: str, header: str, found: list[str]
) -> None:
    header = f"chart: {{none: a list}}\n{header}"
    assert check(tmp_path, where, select=select, order="ORDER BY ?a ?p", header=header) == found


def test_a_label_follows_the_asked_language(tmp_path: Path) -> None:
    (tmp_path / "question.rq").write_text(
        f"#+ summary: {SUMMARY}\n#+ chart: {{none: a list}}\n#+ evidence: {{none: a list}}\n"
        "SELECT ?a ?aLabel WHERE { ?a <http://www.w3.org/2000/01/rdf-schema#label> ?aLabel } ORDER BY ?a ?aLabel\n"
    )
    (found,) = lint.check(tmp_path, ONTOLOGY)
    assert (found.line, found.rule) == (4, "label")
    assert "VALUES ?labels" in found.message


@pytest.mark.parametrize(
    ("chart", "found"),
    [
        ("tags: [a]", ["1: chart"]),
        ("chart: {none: ' '}", ["2: chart"]),
        ("chart: {none: a list, x: a}", ["2: chart"]),
        ("chart: {kind: bar, x: aLabel}", ["2: chart"]),
        ("chart: {kind: bar, x: aLabel, y: a}", []),
        ("chart: {kind: map, x: a}", ["2: chart"]),
        ("chart: {kind: map, x: a, geometry: b}", ["2: chart"]),
        ("chart: {kind: map, x: a, geometry: aLabel}", []),
        ("chart: {kind: pie}", ["2: form"]),
        ("chart: {kind: bar, x: b, y: a}", ["2: form"]),
    ],
)
def test_a_chart_can_be_drawn_or_there_is_a_reason(tmp_path: Path, chart: str, found: list[str]) -> None:
    assert check(tmp_path, "?a zorg:project ?p", header=chart) == found


def test_evidence_is_declared_or_there_is_a_reason(tmp_path: Path) -> None:
    assert check(tmp_path, "?a zorg:project ?p", evidence="") == ["1: evidence"]
    assert check(tmp_path, "?a zorg:project ?p", evidence="evidence: {none: definitions}") == []
    assert check(tmp_path, "?a zorg:project ?p", evidence="evidence: {subject: a}") == []
    assert check(tmp_path, "?a zorg:project ?p", evidence="evidence: {subject: x}") == ["3: form"]


def test_texts_are_written_in_three_languages(tmp_path: Path) -> None:
    parameter = "params: {given: {type: string, description: {nl: Dit., fr: This., en: This.}}}"
    header = f"chart: {{none: a list}}\n{parameter}"
    assert check(tmp_path, "VALUES ?given { 'x' } ?a zorg:named ?given", header=header) == ["3: language"]
    header = header.replace("en: This.", "en: It.")
    assert check(tmp_path, "VALUES ?given { 'x' } ?a zorg:named ?given", header=header) == []
    header = header.replace(", en: It.", "")
    assert check(tmp_path, "VALUES ?given { 'x' } ?a zorg:named ?given", header=header) == ["3: form"]


def test_a_parameter_is_used_and_of_a_class(tmp_path: Path) -> None:
    header = f"chart: {{none: a list}}\nparams: {{given: {{type: iri, description: {SAID}}}}}"
    assert check(tmp_path, "VALUES ?given { UNDEF } ?a zorg:role ?given", header=header) == ["3: parameter"]
    header = header.replace("iri,", "iri, class: zorg:Basis,")
    assert check(tmp_path, "VALUES ?given { UNDEF } ?a zorg:role ?given", header=header) == []
    assert check(tmp_path, "VALUES ?given { UNDEF } ?a zorg:role ?p", header=header) == ["3: parameter"]
    twice = header.replace("params: {", f"params: {{given: {{type: string, description: {SAID}}}, ")
    assert check(tmp_path, "VALUES ?given { UNDEF } ?a zorg:role ?given", header=twice) == ["3: form"]


def test_a_default_may_be_given_too(tmp_path: Path) -> None:
    header = f"chart: {{none: a list}}\nparams: {{given: {{type: decimal, min: 0, max: 9, description: {SAID}}}}}"
    for default, found in (("9.0", []), ("9.5", ["12: parameter"]), ("'x'", ["12: parameter"]), ("UNDEF", [])):
        assert check(tmp_path, f"VALUES ?given {{ {default} }} ?a zorg:order ?given", header=header) == found


def test_text_that_is_no_sparql_is_told_with_its_line(tmp_path: Path) -> None:
    assert check(tmp_path, "?a zorg:project .") == ["12: syntax"]
    assert check(tmp_path, "?a unknown:project ?p") == ["12: syntax"]


def test_the_command_tells_file_line_rule_and_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("ontology", "data"):
        (tmp_path / name).symlink_to(locate().ontology.with_name(name))
    (tmp_path / "queries").mkdir()
    assert cli.main(["questions", "--check", "--from", str(tmp_path)]) == 0
    check(tmp_path / "queries", "?a zorg:project ?p", order="ORDER BY ?a LIMIT 5")
    (tmp_path / "queries/broken.rq").write_text("SELECT ?a { ?a ?b ?c }")
    capsys.readouterr()
    assert cli.main(["questions", "--check", "--from", str(tmp_path)]) == 1
    broken, question = capsys.readouterr().out.splitlines()
    assert broken.startswith(f"{tmp_path}/queries/broken.rq:1: form: a question starts with a header")
    assert question.startswith(f"{tmp_path}/queries/question.rq:13: page: the server pages")


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_every_column_with_things_in_it_has_a_label_column_or_a_reason(
    question: Question, engine: EmbeddedEngine
) -> None:
    table = answering.answer(engine, question, {}, "nl")
    for at, column in enumerate(table.columns):
        if any(isinstance(row[at], NamedNode) for row in table.rows):
            assert f"{column}Label" in table.columns or column in question.unlabelled, column
