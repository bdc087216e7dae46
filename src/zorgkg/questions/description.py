"""The questions as part of the graph: each a `sh:SPARQLSelectExecutable` (SHACL Advanced Features)."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from zorgkg.questions.catalogue import Catalogue
from zorgkg.terms import dataset_graph, term, thing


def quads(catalogue: Catalogue) -> Iterator[Quad]:
    """Describe every question in the graph of the dataset `questions`.

    :param catalogue: the questions.
    """
    graph = dataset_graph("questions")
    for question in catalogue.values():
        subject = thing("question", question.id)

        def about(predicate: str, value: NamedNode | Literal, subject: NamedNode = subject) -> Quad:
            return Quad(subject, term(predicate), value, graph)

        yield about("rdf:type", term("sh:SPARQLSelectExecutable"))
        yield about("sh:select", Literal(question.text))
        yield about("dcterms:identifier", Literal(question.id))
        for language, text in question.summary.items():
            yield about("rdfs:label", Literal(text, language=language))
        for tag in question.tags:
            yield about("dcat:keyword", Literal(tag, language="en"))
