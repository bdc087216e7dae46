"""Build: the one way from the folders to a published version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from zorgkg.content import Content
from zorgkg.datasets import package
from zorgkg.datasets.problems import InvalidData
from zorgkg.engine.embedded import merge
from zorgkg.publishing import candidate as candidates
from zorgkg.publishing import searching, validation
from zorgkg.publishing.candidate import Candidate, Progress
from zorgkg.publishing.checksum import content_sha256
from zorgkg.publishing.counts import counted
from zorgkg.publishing.versions import Home, Manifest, NoVersion
from zorgkg.publishing.writing import Judge


def check(
    content: Content, progress: Progress, language: str = "en", kept: Sequence[Quad] = ()
) -> tuple[Candidate, validation.Report]:
    """Make a candidate and validate it; publish nothing.

    :param content: the folders of ontology, datasets and questions.
    :param progress: told after each step.
    :param language: language of the messages of invalid data.
    :param kept: statements of other named graphs that go into it too.
    :returns: the candidate and its report, which conforms.
    :raises InvalidData: the data is malformed or does not conform to the shapes.
    """
    made = candidates.make(content, progress, kept)
    report = validation.validate(made.union(), validation.read_shapes(content.ontology / "shapes"))
    progress("validation", 1, 1)
    if not report.conforms:
        raise InvalidData(validation.trace(report.results(language), made.packages))
    return made, report


def build(content: Content, home: Home, progress: Progress, language: str = "en") -> Manifest:
    """Build and publish a version. What was published before stays when anything goes wrong.

    A dataset that was written to the version before, and that the folders do not have, stays in the new one.

    :param content: the folders of ontology, datasets and questions.
    :param home: where versions are published.
    :param progress: told after each step.
    :param language: language of the messages of invalid data.
    :returns: the manifest of the new version.
    :raises InvalidData: the data is malformed or does not conform to the shapes; nothing was published.
    :raises zorgkg.publishing.versions.Busy: another process is publishing.
    """
    with home.publishing() as folder:
        kept, written = _written(home, content)
        made, report = check(content, progress, language, kept)
        store = Store(str(folder / "store"))
        store.bulk_extend(made.store)
        merge(store)
        store.flush()
        searching.make(store, folder)
        progress("search", 1, 1)
        uses = counted(store.quads_for_pattern(None, None, None, DefaultGraph()))
        del store
        report.graph.serialize(folder / "report.ttl", format="turtle")
        now = datetime.now(UTC)
        sha256 = made.sha256()
        counts = made.counts()
        manifest = Manifest(
            id=f"{now:%Y%m%dT%H%M%S%f}Z-{sha256[:8]}",
            created=now.isoformat(timespec="seconds"),
            statements=sum(counts.values()),
            triples=sum(uses.properties.values()),
            sha256=sha256,
            datasets=counts,
            derived=made.derived,
            written=written,
            shapes=Judge(content.ontology).digest,
            properties=uses.properties,
            classes=uses.classes,
        )
        home.publish(folder, manifest)
        progress("published", 1, 1)
    return manifest


def publish_empty(home: Home, shapes: str) -> Manifest:
    """Publish a version without a statement, to write to.

    :param home: where versions are published.
    :param shapes: digest of the shapes and rules that will hold (:class:`zorgkg.publishing.writing.Judge`).
    :raises zorgkg.publishing.versions.Busy: another process is publishing.
    """
    with home.publishing() as folder:
        store = Store(str(folder / "store"))
        store.flush()
        searching.make(store, folder)
        del store
        validation.Report.empty().graph.serialize(folder / "report.ttl", format="turtle")
        now = datetime.now(UTC)
        sha256 = content_sha256([])
        manifest = Manifest(
            f"{now:%Y%m%dT%H%M%S%f}Z-{sha256[:8]}", now.isoformat(timespec="seconds"), 0, 0, sha256, shapes=shapes
        )
        home.publish(folder, manifest)
    return manifest


def _written(home: Home, content: Content) -> tuple[list[Quad], list[str]]:
    """What writes have added to the version that is served, beside what the folders have: statements, and graphs."""
    try:
        current = home.current()
    except NoVersion:
        return [], []
    own = package.own(content.data)
    graphs = [graph for graph in current.written if graph not in own]
    store = Store.read_only(str(home.store(current.id)))
    quads = [quad for graph in graphs for quad in store.quads_for_pattern(None, None, None, NamedNode(graph))]
    return quads, graphs
