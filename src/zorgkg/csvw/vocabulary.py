"""Names of the standard: prefixes, terms, built-in datatypes, and the expansion of prefixed names.

Follows "Metadata Vocabulary for Tabular Data", sections 5.8 (Common Properties) and 5.11.1 (Built-in Datatypes), and
the JSON-LD context http://www.w3.org/ns/csvw, which holds the RDFa initial context.
"""

import re

from pyoxigraph import Literal

CONTEXT = "http://www.w3.org/ns/csvw"
CSVW = "http://www.w3.org/ns/csvw#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"

PREFIXES: dict[str, str] = {
    "as": "https://www.w3.org/ns/activitystreams#",
    "cc": "http://creativecommons.org/ns#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "ctag": "http://commontag.org/ns#",
    "dc": "http://purl.org/dc/terms/",
    "dc11": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dctypes": "http://purl.org/dc/dcmitype/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "duv": "https://www.w3.org/TR/vocab-duv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "gr": "http://purl.org/goodrelations/v1#",
    "grddl": "http://www.w3.org/2003/g/data-view#",
    "ical": "http://www.w3.org/2002/12/cal/icaltzd#",
    "ldp": "http://www.w3.org/ns/ldp#",
    "ma": "http://www.w3.org/ns/ma-ont#",
    "oa": "http://www.w3.org/ns/oa#",
    "og": "http://ogp.me/ns#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfa": "http://www.w3.org/ns/rdfa#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rev": "http://purl.org/stuff/rev#",
    "rif": "http://www.w3.org/2007/rif#",
    "rr": "http://www.w3.org/ns/r2rml#",
    "schema": "http://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sioc": "http://rdfs.org/sioc/ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "v": "http://rdf.data-vocabulary.org/#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "wdr": "http://www.w3.org/2007/05/powder#",
    "wrds": "http://www.w3.org/2007/05/powder-s#",
    "xhv": "http://www.w3.org/1999/xhtml/vocab#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes that can be used in names and URLs; a metadata file cannot add any."""

CLASSES = frozenset(
    {
        "Cell",
        "Column",
        "Datatype",
        "Dialect",
        "Direction",
        "ForeignKey",
        "JSON",
        "NumericFormat",
        "Row",
        "Schema",
        "Table",
        "TableGroup",
        "TableReference",
        "Transformation",
        "Template",
        "uriTemplate",
    }
)
"""The terms of the context that may stand as an `@type`."""

_ALIASES = {
    "any": XSD + "anyAtomicType",
    "binary": XSD + "base64Binary",
    "datetime": XSD + "dateTime",
    "html": RDF + "HTML",
    "json": CSVW + "JSON",
    "number": XSD + "double",
    "xml": RDF + "XMLLiteral",
}
_XSD_NAMES = """
    anyAtomicType anyURI base64Binary boolean byte date dateTime dateTimeStamp dayTimeDuration decimal double duration
    float gDay gMonth gMonthDay gYear gYearMonth hexBinary int integer language long Name NCName NMTOKEN negativeInteger
    nonNegativeInteger nonPositiveInteger normalizedString positiveInteger QName short string time token unsignedByte
    unsignedInt unsignedLong unsignedShort yearMonthDuration
"""

DATATYPES: dict[str, str] = {name: XSD + name for name in _XSD_NAMES.split()} | _ALIASES
"""The IRIs of the built-in datatypes, by name."""

_TERMS: dict[str, str] = {
    **DATATYPES,
    **{name: CSVW + name for name in CLASSES},
    "describedby": "http://www.w3.org/2007/05/powder-s#describedby",
    "license": "http://www.w3.org/1999/xhtml/vocab#license",
    "role": "http://www.w3.org/1999/xhtml/vocab#role",
}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def has_scheme(url: str) -> bool:
    """Say whether a URL is absolute.

    Args:
        url: The URL.

    Returns:
        True if it begins with a scheme and a colon.
    """
    return _SCHEME.match(url) is not None


def expand_prefix(name: str) -> str:
    """Replace the prefix of a prefixed name.

    Args:
        name: A prefixed name such as `schema:name`, or anything else.

    Returns:
        The full IRI if the prefix is known; otherwise the name unchanged.
    """
    prefix, colon, rest = name.partition(":")
    if colon and prefix in PREFIXES and not rest.startswith("//"):
        return PREFIXES[prefix] + rest
    return name


def expand_term(name: str) -> str | None:
    """Expand the name of a common property or a type.

    Args:
        name: A term of the context, a prefixed name, or an absolute URL.

    Returns:
        The IRI, or None if the name is none of these.
    """
    if name in _TERMS:
        return _TERMS[name]
    if not has_scheme(name):
        return None
    return expand_prefix(name)


def is_language(tag: str) -> bool:
    """Say whether a text has the form of a language tag of BCP 47.

    Args:
        tag: The text.

    Returns:
        True if it is well-formed; it need not be registered.
    """
    try:
        Literal("", language=tag)
    except ValueError:
        return False
    return True
