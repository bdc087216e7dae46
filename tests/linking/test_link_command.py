"""`zorgkg link`: what is proposed, decided, published and taken back, as who sits at the terminal notices it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from pyoxigraph import Store

from tests import homes
from tests.linking import partner
from tests.linking.partner import KBS, LDC, OCMW, organisation
from tests.test_cli_writing import run
from zorgkg.datasets import sssom
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.linking import commands, deciding, identity, review
from zorgkg.linking.deciding import BadDecision, Reviewer
from zorgkg.linking.linkfile import LinkFile
from zorgkg.publishing.versions import Home

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
STAD1, STAD2, STAD3 = (organisation("stad", key) for key in "123")
REVIEWER = Reviewer.of("curator")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the partner's dataset `stad`, and its package beside it."""
    folder = tmp_path_factory.mktemp("linking")
    home = homes.small(folder / "home")
    added = run(home, "dataset", "add", partner.package(folder / "stad"))
    assert added.returncode == 0, added.stderr
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "here"))


@pytest.fixture
def home(folder: Path) -> Home:
    return Home(folder / "home")


def engine(home: Home) -> EmbeddedEngine:
    manifest = home.current()
    return EmbeddedEngine.open(home.store(manifest.id), manifest.id, manifest.statements, 0)


def file(folder: Path) -> LinkFile:
    return LinkFile(folder / "stad" / "links.sssom.tsv", "stad")


def proposed(folder: Path, home: Home) -> LinkFile:
    """The link file of the package, with what is proposed."""
    commands.propose(file(folder), engine(home))
    return file(folder)


def pairs(rows: list[sssom.Mapping]) -> set[tuple[str, str]]:
    return {(one.subject, one.object) for one in rows}


def keys(text: str) -> review.Keys:
    left = iter(text)
    return lambda: next(left, "")


def reviewed(links: LinkFile, home: Home, text: str, language: str = "en") -> str:
    """Review with some keys; returns what was shown."""
    output = StringIO()
    one = engine(home)
    review.Review(links, one, REVIEWER, identity.decisions(one), language, output).run(keys(text))
    return output.getvalue()


def holds(home: Home, pattern: str) -> bool:
    prefixes = (
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX zorg: <https://w3id.org/zorgkg/ns#> "
        "PREFIX sssom: <https://w3id.org/sssom/> "
    )
    return bool(engine(home).query(f"{prefixes} ASK {{ {pattern} }}"))


def test_the_same_organisations_are_proposed_and_the_new_one_is_not(folder: Path, home: Home) -> None:
    rows = proposed(folder, home).read()
    assert {(STAD1, OCMW), (STAD2, LDC), (STAD3, KBS)} <= pairs(rows)
    assert not any(one.subject == organisation("stad", "4") and one.confidence > 0.8 for one in rows)
    assert [one.confidence for one in rows] == sorted((one.confidence for one in rows), reverse=True)
    best = rows[0]
    assert (best["predicate_id"], best["mapping_tool"], best["reviewer_id"]) == ("skos:exactMatch", "zorgkg", "")
    assert best["mapping_justification"].startswith("semapv:")
    assert "name=" in best["other"]


def test_a_review_is_published_and_what_was_decided_does_not_come_back(folder: Path, home: Home) -> None:
    done = run(home, "link", folder / "stad", "--review", "--reviewer", "city-desk", stdin="arq")
    assert done.returncode == 0, done.stderr
    rows = file(folder).read()
    (accepted,) = [one for one in rows if one.is_accepted]
    (refused,) = [one for one in rows if one.is_refused]
    assert accepted["reviewer_id"] == "https://w3id.org/zorgkg/id/reviewer/city-desk"
    assert accepted["review_date"]
    assert accepted["confidence"] == "1.0"
    assert accepted["similarity_score"]
    assert holds(
        home, f"<{accepted.subject}> skos:exactMatch <{accepted.object}> ; zorg:identifiedWith <{accepted.object}>"
    )
    assert not holds(home, f"<{refused.subject}> skos:exactMatch|zorg:sameThing <{refused.object}>")
    assert holds(home, f'?m sssom:subject_id <{refused.subject}> ; sssom:predicate_modifier "Not"')
    again = run(home, "link", folder / "stad")
    assert "nothing changes" in again.stdout
    left = [one for one in file(folder).read() if not one.is_decided]
    assert not pairs(left) & {(accepted.subject, accepted.object), (refused.subject, refused.object)}
    # Neither from the other side, nor without the file: the graph knows what was decided.
    file(folder).path.unlink()
    commands.propose(file(folder), engine(home))
    assert {one.id for one in file(folder).read() if one.is_decided} == {accepted.id, refused.id}
    taken = run(home, "link", folder / "stad", "--undo", accepted.id)
    assert taken.returncode == 0, taken.stderr
    assert not holds(home, f"<{accepted.subject}> skos:exactMatch <{accepted.object}>")
    assert accepted.pair in {one.pair for one in file(folder).read() if not one.is_decided}


def test_one_number_is_accepted_in_bulk_only_when_that_is_asked_for(folder: Path, home: Home) -> None:
    rows, accepted = commands.propose(file(folder), engine(home))
    assert not accepted
    assert not any(one.is_reviewed for one in rows)
    rows, accepted = commands.propose(file(folder), engine(home), accept=REVIEWER)
    (one,) = [one for one in rows if one.is_reviewed]
    assert accepted == 1
    assert (one.subject, one.object) == (STAD1, OCMW)
    assert one["comment"] == f"The same KBO number, {partner.KBO}."


def test_every_key_does_what_the_help_says(folder: Path, home: Home) -> None:
    links = proposed(folder, home)
    count = len(links.read())
    told = reviewed(links, home, "?xu" + "a" + "u" + "s" + "r", "fr")
    for text in (
        "a : c'est une seule chose",
        "x : pas une touche",
        "rien à annuler",
        "accepté",
        "annulé",
        "pas clair",
        "refusé",
    ):
        assert text in " ".join(told.split()), text
    rows = links.read()
    assert [sum(map(state, rows)) for state in (is_unclear, is_refused, is_accepted)] == [1, 1, 0]
    left = count - 2
    assert review.summary(rows, "fr") == f"acceptés : 0, refusés : 1, pas clairs : 1, à voir : {left}"
    assert review.summary(rows, "nl") == f"0 aanvaard, 1 geweigerd, 1 onduidelijk, {left} te bekijken"
    assert deciding.waiting(rows)[-1].is_unclear, "what is unclear comes last"
    assert len(rows) == count
    # Proposing anew keeps it unclear.
    commands.propose(links, engine(home))
    assert sum(one.is_unclear for one in links.read()) == 1


def is_unclear(one: sssom.Mapping) -> bool:
    return one.is_unclear


def is_refused(one: sssom.Mapping) -> bool:
    return one.is_refused


def is_accepted(one: sssom.Mapping) -> bool:
    return one.is_accepted


def test_both_things_are_shown_side_by_side(folder: Path, home: Home) -> None:
    told = reviewed(proposed(folder, home), home, "sss", "nl")
    for text in ("OCMW Malle", partner.KBO, "Malle", "stad", "proef", "nummers", "waarom", "1 van"):
        assert text in told, text


def test_a_review_that_is_killed_loses_no_decision(folder: Path, home: Home) -> None:
    proposed(folder, home)
    command = [sys.executable, "-m", "zorgkg", "link", str(folder / "stad"), "--review", "--home", str(home.path)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, bufsize=0
    )
    assert process.stdin is not None
    process.stdin.write(b"a")
    for _ in range(600):
        if any(one.is_accepted for one in file(folder).read()):
            break
        time.sleep(0.1)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdin.close()
    (accepted,) = [one for one in file(folder).read() if one.is_accepted]
    assert not holds(home, f"<{accepted.subject}> skos:exactMatch <{accepted.object}>"), "it was not published yet"
    again = run(home, "link", folder / "stad")
    assert again.returncode == 0, again.stderr
    assert holds(home, f"<{accepted.subject}> skos:exactMatch <{accepted.object}>")


def test_two_reviewers_lose_nothing_of_each_other(folder: Path, home: Home) -> None:
    links = proposed(folder, home)
    records = [one.id for one in links.read()]
    known = identity.decisions(engine(home))

    def decide(mine: list[str]) -> None:
        for record in mine:
            links.change(partial(deciding.decide, verdicts={record: "refuse"}, reviewer=REVIEWER, elsewhere=known))

    threads = [threading.Thread(target=decide, args=(records[at::2],)) for at in (0, 1)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert all(one.is_refused for one in links.read())


def test_what_somebody_else_decided_meanwhile_stays(folder: Path, home: Home) -> None:
    links = proposed(folder, home)
    first = deciding.waiting(links.read())[0]

    def pressed() -> Iterator[str]:
        # While the pair is shown, another accepts it.
        links.change(lambda rows: deciding.decide(rows, {first.id: "accept"}, REVIEWER))
        yield "r"
        yield "q"

    given = pressed()
    output = StringIO()
    review.Review(links, engine(home), REVIEWER, [], "en", output).run(lambda: next(given, ""))
    assert "decided by somebody else" in output.getvalue()
    assert next(one for one in links.read() if one.id == first.id).is_accepted


def test_a_decision_that_contradicts_others_is_refused(folder: Path, home: Home) -> None:
    links = proposed(folder, home)
    rows = links.read()
    one = next(row for row in rows if (row.subject, row.object) == (STAD1, OCMW))
    other = one.with_(record_id="x", subject_id=STAD2, object_id=STAD1)
    third = one.with_(record_id="y", subject_id=STAD2, object_id=OCMW)
    decided = deciding.decide([one, other, third], {one.id: "accept", "x": "accept"}, REVIEWER)
    with pytest.raises(BadDecision, match="undo one of them first"):
        deciding.decide(decided, {"y": "refuse"}, REVIEWER)
    with pytest.raises(BadDecision, match="no proposal"):
        deciding.decide(decided, {"nowhere": "refuse"}, REVIEWER)
    with pytest.raises(BadDecision, match="no role"):
        Reviewer.of("Jan Peeters")


def test_two_partners_are_seen_through_and_removing_one_removes_what_is_its_own(folder: Path, home: Home) -> None:
    def merged(version: str) -> set[str]:
        return {str(quad) for quad in Store.read_only(str(home.store(version)))}

    assert run(home, "dataset", "add", partner.package(folder / "fonds", "https://fonds.example")).returncode == 0
    assert run(home, "link", folder / "stad", "--accept-identifiers").returncode == 0
    before = home.current().id
    state = merged(before)
    # The second partner's OCMW is linked to ours, so it is the same as that of the first.
    linked = run(home, "link", folder / "fonds", "--accept-identifiers", "--least", "0.95")
    assert linked.returncode == 0, linked.stderr
    fonds = organisation("fonds", "1")
    assert holds(home, f"<{fonds}> zorg:identifiedWith <{OCMW}> . <{STAD1}> zorg:identifiedWith <{OCMW}>"), (
        linked.stdout
    )
    seen = run(
        home, "ask", "organisation-profile", "--organisation", "ocmw-malle", "--format", "csv", "--lang", "nl"
    ).stdout
    assert "https://fonds.example" in seen
    assert "https://www.malle.be" in seen
    assert seen.count("dataset/fonds")
    assert seen.count("dataset/stad")
    assert seen.count("dataset/proef")
    differ = run(home, "ask", "linked-disagreements", "--format", "csv", "--lang", "nl").stdout
    assert "https://fonds.example" in differ
    whole = home.current().id
    removed = run(home, "dataset", "remove", "fonds")
    assert removed.returncode == 0, removed.stderr
    # All that came with it is gone, and nothing else.
    difference = run(home, "versions", "diff", whole, "--count").stdout
    assert "fonds" in difference
    assert "stad" not in difference
    assert not holds(home, f"<{fonds}> ?p ?o")
    assert not holds(home, f"?s ?p <{fonds}>")
    now = merged(home.current().id)
    own = {one for one in state if "/fonds" in one}
    assert now == state - own


def test_removing_a_linked_dataset_restores_the_graph_byte_for_byte(folder: Path, home: Home) -> None:
    def dump() -> bytes:
        return b"\n".join(sorted(str(quad).encode() for quad in Store.read_only(str(home.store(home.current().id)))))

    first = dump()
    assert run(home, "dataset", "add", partner.package(folder / "fonds")).returncode == 0
    assert run(home, "link", folder / "fonds", "--accept-identifiers").returncode == 0
    assert holds(home, f"<{organisation('fonds', '1')}> zorg:sameThing ?other")
    assert run(home, "dataset", "remove", "fonds").returncode == 0
    assert dump() == first


def test_a_dataset_that_comes_again_without_links_keeps_those_that_it_had(folder: Path, home: Home) -> None:
    assert run(home, "link", "stad", "--accept-identifiers").returncode == 0
    assert (home.path / "links" / "stad.sssom.tsv").exists(), (
        "a dataset that is served without a folder has its file here"
    )
    again = run(home, "dataset", "add", folder / "stad")
    assert "nothing changes" in again.stdout, again.stdout
    assert holds(home, f"<{STAD1}> zorg:identifiedWith <{OCMW}>")
    # A package with a link file says which links there are.
    shutil.copy(home.path / "links" / "stad.sssom.tsv", folder / "stad" / "links.sssom.tsv")
    links = file(folder)
    links.change(lambda rows: [one for one in rows if not one.is_decided])
    assert run(home, "dataset", "add", folder / "stad").returncode == 0
    assert not holds(home, f"<{STAD1}> zorg:identifiedWith ?main")
    assert not holds(home, f"?other zorg:sameThing <{STAD1}>")


def test_bad_input_is_one_sentence(folder: Path, home: Home) -> None:
    for words, text in (
        (("nowhere",), "there is no dataset 'nowhere'"),
        (("Stad!",), "no dataset, and no folder"),
        ((folder / "stad", "--reviewer", "Jan Peeters"), "no role"),
        ((folder / "stad", "--undo", "x"), "no proposal or decision 'x'"),
        ((folder / "stad", "--import", folder / "none.tsv"), "there is no file"),
        ((folder / "stad", "--import", folder), "there is no file"),
        ((folder / "stad", "--least", "2"), "no number from 0 to 1"),
    ):
        told = run(home, "link", *words)
        assert (told.returncode, text in told.stderr) == (2, True), (words, told.stderr)


def test_a_link_of_another_goes_with_the_thing_that_it_leads_to(folder: Path, home: Home) -> None:
    assert run(home, "dataset", "add", partner.package(folder / "fonds")).returncode == 0
    fonds, stad = organisation("fonds", "4"), organisation("stad", "4")
    table = folder / "x.csv"
    table.write_text(f"id,match\n{stad},{fonds}\n{STAD2},{LDC}\n")
    linked = run(home, "link", folder / "stad", "--import", table)
    assert linked.returncode == 0, linked.stderr
    # Both are a partner's: the first by its IRI stands for them.
    assert holds(home, f"<{stad}> zorg:identifiedWith <{fonds}>")
    assert run(home, "dataset", "remove", "fonds").returncode == 0
    assert not holds(home, f"<{stad}> skos:exactMatch|zorg:sameThing|zorg:identifiedWith ?other")
    assert holds(home, f"<{STAD2}> zorg:identifiedWith <{LDC}>")
    # The file keeps the decision: it is published again when the thing is back.
    assert run(home, "dataset", "add", folder / "fonds").returncode == 0
    assert run(home, "link", folder / "stad").returncode == 0
    assert holds(home, f"<{stad}> zorg:identifiedWith <{fonds}>")
