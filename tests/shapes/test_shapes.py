"""The shapes: a small valid graph conforms, and every fault planted in it is reported at the thing that is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SH

from zorgkg.publishing.validation import PreparedGraph, read_shapes, validate

HERE = Path(__file__).parent
ONTOLOGY = HERE.parents[1] / "ontology"
LANGUAGES = {"nl", "fr", "en"}
VALID = (HERE / "valid.ttl").read_text("utf-8")
PREFIXES = "\n".join(line for line in VALID.splitlines() if line.startswith("@prefix"))
EXTRA = """
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix person: <http://www.w3.org/ns/person#> .
"""
WESTVELD = "project:het-westveld"
OCMW = "organisation:ocmw-malle"
CONTACT = "<https://w3id.org/zorgkg/id/project/het-westveld#contact>"
ADDRESS = "<https://w3id.org/zorgkg/id/organisation/ocmw-malle#address>"
KBO = "<https://w3id.org/zorgkg/id/organisation/ocmw-malle#kbo>"
OVO = "<https://w3id.org/zorgkg/id/organisation/ocmw-malle#ovo>"
POINT = "<https://w3id.org/zorgkg/id/place/malle#point>"


@dataclass(frozen=True)
class Fault:
    """A change to the valid graph: triples (Turtle) that go and that come, and the things then reported."""

    name: str
    focus: str
    remove: str = ""
    add: str = ""


def _put(subject: str, predicate: str, old: str, new: str, name: str) -> Fault:
    return Fault(name, subject, f"{subject} {predicate} {old} .", f"{subject} {predicate} {new} .")


def _drop(subject: str, rest: str, name: str) -> Fault:
    return Fault(name, subject, remove=f"{subject} {rest} .")


def _add(subject: str, rest: str, name: str) -> Fault:
    return Fault(name, subject, add=f"{subject} {rest} .")


def _contact(address: str) -> Fault:
    return _put(CONTACT, "schema:email", '"info@malle.be"', f'"{address}"', f"mailbox {address}")


PROJECT = [
    _drop(WESTVELD, 'rdfs:label "Het Westveld"@fr', "project without French label"),
    _add(WESTVELD, 'rdfs:label "Westveld"@nl', "project with two Dutch labels"),
    _put(WESTVELD, "rdfs:label", '"Het Westveld"@fr', '"Westveld"@de', "project label in German"),
    _drop(WESTVELD, 'dcterms:description "A caring neighbourhood."@en', "project without English description"),
    _put(WESTVELD, "zorg:ficheNumber", "3", "0", "fiche number zero"),
    _put(WESTVELD, "zorg:ficheNumber", "3", '"3"', "fiche number as text"),
    Fault(
        "fiche number used twice",
        f"{WESTVELD} project:zonder-plaats",
        add="project:zonder-plaats zorg:ficheNumber 3 ; zorg:takesPlaceIn place:malle .",
    ),
    _drop(WESTVELD, "zorg:takesPlaceIn place:westmalle", "fiche project without a place"),
    Fault(
        "two calls",
        WESTVELD,
        add=f"""{WESTVELD} zorg:fundedUnder id:call\\/two .
        id:call\\/two a zorg:FundingCall ; rdfs:label "a"@nl, "a"@fr, "a"@en ; prov:wasDerivedFrom passage:one .""",
    ),
    _drop(WESTVELD, "prov:wasDerivedFrom passage:one", "project without passage"),
    _put(WESTVELD, "prov:wasDerivedFrom", "passage:one", "source:report", "derived from no passage"),
    _drop("id:programme\\/honderd", 'rdfs:label "Quartiers solidaires"@fr', "programme without French label"),
    _drop("id:practice\\/elders", "prov:wasDerivedFrom passage:one", "practice without passage"),
    _drop("id:call\\/2018", "prov:wasDerivedFrom passage:one", "call without passage"),
    _drop(CONTACT, 'schema:email "info@malle.be"', "contact point without mailbox"),
    _put(WESTVELD, "schema:contactPoint", CONTACT, OCMW, "contact point of another kind"),
    _add("id:practice\\/elders", 'dcterms:description "a"@nl, "b"@nl', "practice with two Dutch descriptions"),
]

ORGANISATION = [
    _put(OCMW, "a", "org:FormalOrganization", "org:Organization", "organisation of no closer class"),
    _add(OCMW, "a org:OrganizationalCollaboration", "organisation of two classes"),
    _put("organisation:netwerk", "rdfs:label", '"Netwerk"@nl', '"Réseau"@fr', "organisation without Dutch label"),
    _add(OCMW, 'rdfs:label "OCMW"@nl', "organisation with two Dutch labels"),
    _put(OCMW, "skos:altLabel", '"OCMW van Malle"@nl', '"OCMW van Malle"', "alternative label without language"),
    _drop("organisation:netwerk", "org:classification voc:ocmw", "organisation without kind"),
    _put("organisation:netwerk", "org:classification", "voc:ocmw", "voc:abcd", "kind that is a method"),
    _add(OCMW, "org:unitOf organisation:kbs", "a formal organisation that is a unit"),
    Fault(
        "unit of itself",
        "organisation:ldc-malle",
        "organisation:ldc-malle org:unitOf organisation:ocmw-malle .",
        "organisation:ldc-malle org:unitOf organisation:ldc-malle .",
    ),
    Fault(
        "circle of units",
        "organisation:ldc-malle organisation:cel",
        "organisation:ldc-malle org:unitOf organisation:ocmw-malle .",
        """organisation:ldc-malle org:unitOf organisation:cel .
        organisation:cel a org:OrganizationalUnit ; rdfs:label "Cel"@nl ; org:classification voc:ocmw ;
            org:unitOf organisation:ldc-malle .""",
    ),
    _add(OCMW, "zorg:inMunicipality place:leuven", "organisation in two municipalities"),
    _add("organisation:x", 'a org:FormalOrganization ; rdfs:label "X"@nl ; org:classification voc:ocmw', "never named"),
    _put(ADDRESS, "locn:postCode", '"2390"', '"390"', "postcode of three digits"),
    _put(ADDRESS, "locn:postCode", '"2390"', '"8302AB"', "Dutch postcode without space"),
    Fault(
        "site without address",
        "<https://w3id.org/zorgkg/id/organisation/ocmw-malle#site>",
        f"<https://w3id.org/zorgkg/id/organisation/ocmw-malle#site> org:siteAddress {ADDRESS} .",
    ),
    _put(OCMW, "org:hasPrimarySite", "<https://w3id.org/zorgkg/id/organisation/ocmw-malle#site>", ADDRESS, "no site"),
    _put(KBO, "skos:notation", '"0417497106"', '"0417497107"', "KBO number with a wrong check"),
    _put(KBO, "skos:notation", '"0417497106"', '"417497106"', "KBO number of nine digits"),
    _put(KBO, "skos:notation", '"0417497106"', '"2417497106"', "KBO number that starts with 2"),
    _drop(KBO, 'adms:schemaAgency "KBO"', "identifier without agency"),
    _put(OVO, "skos:notation", '"OVO002949"', '"OVO2949"', "OVO code of four digits"),
    _put(
        OCMW,
        "skos:exactMatch",
        "<https://data.vlaanderen.be/id/onderneming/0417497106>",
        "<https://data.vlaanderen.be/id/onderneming/0417497116>",
        "Flemish enterprise IRI with a wrong check",
    ),
    _put(
        OCMW,
        "skos:exactMatch",
        "<https://org.belgif.be/id/CbeRegisteredEntity/0202239951>",
        "<https://org.belgif.be/id/CbeRegisteredEntity/202239951>",
        "federal enterprise IRI of nine digits",
    ),
]

PARTICIPATION = [
    _drop("participation:group", f"zorg:project {WESTVELD}", "participation without project"),
    _add("participation:group", "zorg:agent organisation:kbs", "participation of two agents"),
    _drop("participation:partner", "zorg:agent organisation:netwerk", "participation without agent"),
    _put("participation:group", "zorg:role", "role:partner", "voc:abcd", "role that is a method"),
    _drop("participation:group", "zorg:role role:partner", "participation without role"),
    _drop("participation:partner", 'zorg:asNamed "het netwerk"@nl', "participation without name as printed"),
    _put("participation:group", "zorg:asNamed", '"buurtbewoners"@nl', '"Anwohner"@de', "name as printed in German"),
    _drop("participation:group", "prov:wasDerivedFrom passage:one", "participation without passage"),
    _add(WESTVELD, "zorg:partner organisation:kbs", "partner without participation"),
    _add(WESTVELD, "zorg:initiator organisation:netwerk", "initiator that only participates as a partner"),
    _add(WESTVELD, "zorg:coach organisation:netwerk", "coach that only participates as a partner"),
    _put("participation:group", "zorg:project", WESTVELD, "project:zonder-plaats", "group without participation"),
    _add(WESTVELD, "zorg:involves organisation:netwerk", "organisation involved as a group"),
    _put("participation:group", "zorg:agent", "voc:residents", "place:malle", "a place that participates"),
]
# What is reported besides: a participation that goes leaves the project's link, and the organisation, without one;
# a Dutch municipality whose province lies in Belgium needs a code and a point.
OTHERS = {
    "coding of no project": "id:code\\/one",
    "coding of a project that is not there": "id:code\\/one",
    "coding by somebody with a name": "id:code\\/one",
    "refused with a strength": "positioning:decided",
    "coded position without a code": "id:code\\/two",
    "evidence in another project's description": "id:code\\/two",
    "participation without role": WESTVELD,
    "province in a municipality": "place:noordoostpolder",
    "participation without project": WESTVELD,
    "participation without agent": f"{WESTVELD} organisation:netwerk",
    "group without participation": WESTVELD,
    "a place that participates": WESTVELD,
}
# The participation stays valid: what it no longer backs is wrong.
NOT_ITSELF = {"group without participation"}

POSITIONING = [
    _drop("positioning:stated", f"zorg:project {WESTVELD}", "positioning without project"),
    _drop("positioning:stated", "zorg:component lens:1", "positioning without component"),
    _drop("positioning:stated", "zorg:basis basis:self-assessment", "positioning without basis"),
    _put("positioning:stated", "zorg:basis", "basis:self-assessment", "strength:central", "basis that is none"),
    _put("positioning:coded", "zorg:strength", "strength:central", "agreement:agreed", "strength that is none"),
    _put("positioning:coded", "zorg:agreement", "agreement:agreed", "strength:central", "agreement that is none"),
    _drop("positioning:coded", "zorg:strength strength:central", "coding without strength"),
    _drop("positioning:coded", "zorg:agreement agreement:agreed", "coding without agreement"),
    _drop("positioning:coded", 'zorg:coder "coder-1", "coder-2"', "coding without coder"),
    _drop(
        "positioning:coded",
        'zorg:rationale "Buren leren elkaar kennen."@nl, "Les voisins se rencontrent."@fr, "Neighbours meet."@en',
        "coding without rationale",
    ),
    _add("positioning:stated", "zorg:strength strength:central", "self-assessment with strength"),
    _add("positioning:stated", "zorg:agreement agreement:agreed", "self-assessment with agreement"),
    _add("positioning:stated", 'zorg:coder "coder-1"', "self-assessment with coder"),
    _add("positioning:stated", 'zorg:rationale "Waarom."@nl', "self-assessment with rationale"),
    _put("positioning:coded", "zorg:coder", '"coder-1"', '"Jan"', "coder with a name"),
    _put("positioning:coded", "zorg:rationale", '"Neighbours meet."@en', f'"{"word " * 26}"@en', "26 words"),
    _drop("positioning:stated", "prov:wasDerivedFrom passage:one", "positioning without passage"),
    Fault(
        "component outside a framework",
        "positioning:stated",
        "positioning:stated zorg:component lens:1 .",
        "positioning:stated zorg:component voc:abcd .",
    ),
]

BOOK = "id:publication\\/book"
CLAIM = "id:claim\\/method"
STATEMENT = "id:statement\\/future"
FIGURE = "id:figure\\/volunteers"
EVIDENCE = [
    _drop("source:report", 'rdfs:label "Rapport"@fr', "source without French label"),
    _put(
        "source:report",
        "zorg:sha256",
        '"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
        '"9f86"',
        "checksum too short",
    ),
    _drop("source:report", "zorg:characters 1000", "source without number of characters"),
    _drop("source:report", 'zorg:fileName "report.txt"', "source without file name"),
    _put("source:report", "dcterms:issued", '"2021-04"^^dcterms:W3CDTF', '"april 2021"', "date as text"),
    _drop(BOOK, 'rdfs:label "Caring neighbourhoods"@en', "publication without title"),
    _put(BOOK, "dcterms:issued", '"2017"^^xsd:gYear', '"2017"', "year as text"),
    _drop("passage:part", "dcterms:isPartOf source:report", "passage of no source"),
    _put("passage:part", "dcterms:isPartOf", "source:report", "source:gone", "passage of a source that is not there"),
    _put("passage:part", "zorg:startOffset", "0", "-1", "negative start"),
    _put("passage:part", "zorg:startOffset", "0", "500", "start that is the end"),
    _put("passage:one", "zorg:endOffset", "1000", "1001", "end beyond the source"),
    _drop("passage:part", "zorg:endOffset 500", "passage without end"),
    _put("passage:one", "zorg:page", "7", '"vii"', "page as text"),
    _put("passage:one", "zorg:section", "passage:part", "passage:one", "section that is none"),
    _put("passage:part", "rdfs:label", '"Aanpak"@nl', '"Approach"@en', "section without Dutch label"),
    _drop("passage:part", "zorg:sectionKind voc:approach", "section without kind"),
    _drop(CLAIM, f"rdf:subject {WESTVELD}", "claim without subject"),
    _drop(CLAIM, "rdf:predicate zorg:usesMethod", "claim without predicate"),
    _drop(CLAIM, "rdf:object voc:abcd", "claim without object"),
    _drop(CLAIM, 'zorg:asNamed "ABCD-methode"@nl', "claim without name as printed"),
    _drop(CLAIM, "prov:wasDerivedFrom passage:one", "claim without passage"),
    Fault("claim of what the graph does not say", CLAIM, remove=f"{WESTVELD} zorg:usesMethod voc:abcd ."),
    _drop(STATEMENT, f"zorg:about {WESTVELD}, lens:1", "statement about nothing"),
    _add(STATEMENT, "zorg:about project:gone", "statement about a thing that is not there"),
    _drop(STATEMENT, "zorg:topic voc:sustainability", "statement without topic"),
    _put(STATEMENT, "zorg:topic", "voc:sustainability", "voc:abcd", "topic that is a method"),
    _drop(STATEMENT, 'dcterms:description "It goes on."@en', "statement without English text"),
    _drop(STATEMENT, "prov:wasDerivedFrom passage:one", "statement without passage"),
    _drop(FIGURE, f"zorg:project {WESTVELD}", "figure without project"),
    _drop(FIGURE, 'rdfs:label "Volunteers"@en', "figure without English label"),
    _put(FIGURE, "schema:value", "40", '"veertig"', "figure in words"),
    _drop(FIGURE, 'schema:unitText "people"@en', "figure without English unit"),
    _put(FIGURE, "zorg:approximate", "true", '"ja"', "approximate in words"),
    _drop(FIGURE, "prov:wasDerivedFrom passage:one", "figure without passage"),
]

PLACE = [
    _put("place:westmalle", "rdfs:label", '"Westmalle"@nl', '"Westmalle"@fr', "place without Dutch label"),
    _drop("place:malle", 'zorg:nisCode "11057"', "Belgian municipality without code"),
    _put("place:malle", "zorg:nisCode", '"11057"', '"1105"', "code of four digits"),
    _put("place:malle", "zorg:nisCode", '"11057"', '"81057"', "code that starts with 8"),
    _add("place:malle", 'zorg:nisCode "11058"', "municipality with two codes"),
    Fault(
        "code used twice",
        "place:malle place:westmalle-2",
        add="""place:westmalle-2 a zorg:Municipality ; rdfs:label "W"@nl ; zorg:nisCode "11057" ;
        zorg:partOf place:provincie-antwerpen ; geo:hasGeometry <https://w3id.org/zorgkg/id/place/malle#point> .""",
    ),
    _put("place:malle", "zorg:nisCode", '"11057"', '"24057"', "code of another province"),
    _put("place:leuven", "zorg:nisCode", '"24062"', '"21062"', "code of Brussels in Flemish Brabant"),
    _put("place:schaarbeek", "zorg:nisCode", '"21015"', '"23015"', "code of Flemish Brabant in Brussels"),
    _put("place:westmalle", "zorg:partOf", "place:malle", "place:provincie-antwerpen", "neighbourhood in a province"),
    _add("place:westmalle", "zorg:partOf place:leuven", "neighbourhood in two municipalities"),
    _put("place:leuven", "zorg:partOf", "place:vlaams-brabant", "place:vlaams-gewest", "municipality in Flanders"),
    _drop("place:noordoostpolder", "zorg:partOf place:flevoland", "municipality in no province"),
    _put("place:flevoland", "zorg:partOf", "place:nederland", "place:malle", "province in a municipality"),
    _put("place:vlaams-brabant", "zorg:nisCode", '"20001"', '"2001"', "province code of four digits"),
    _drop("place:vlaams-brabant", 'zorg:nisCode "20001"', "Belgian province without code"),
    _drop("place:malle", f"geo:hasGeometry {POINT}", "Belgian municipality without point"),
    Fault(
        "geometry without coordinates",
        "place:malle",
        f'{POINT} geo:asWKT "POINT(4.725 51.2935)"^^geo:wktLiteral .',
    ),
    _put(
        POINT,
        "geo:asWKT",
        '"POINT(4.725 51.2935)"^^geo:wktLiteral',
        '"4.725 51.2935"^^geo:wktLiteral',
        "point that is no WKT",
    ),
    _put("place:malle", "wgs84:lat", "51.2935", "4.725", "latitude of a longitude"),
    _put("place:malle", "wgs84:long", "4.725", "51.2935", "longitude of a latitude"),
    _put("place:malle", "wgs84:lat", "51.2935", '"51.2935"', "latitude as text"),
    _drop("place:malle", "wgs84:long 4.725", "latitude without longitude"),
    _put("place:malle", "dcterms:isReplacedBy", "place:leuven", "place:vlaams-brabant", "replaced by a province"),
    _put("place:malle", "dcterms:isReplacedBy", "place:leuven", "place:malle", "replaced by itself"),
]

FRAMEWORK = [
    _drop("framework:lens", 'skos:prefLabel "Lentille"@fr', "framework without French label"),
    _drop("framework:lens", 'skos:definition "Framework."@en', "framework without English definition"),
    _drop("framework:lens", 'skos:notation "lens"', "framework without notation"),
    _drop("framework:lens", "prov:wasDerivedFrom passage:one", "framework without passage"),
    _drop("lens:1", 'skos:prefLabel "Netwerken"@nl', "component without Dutch label"),
    _drop("lens:1", 'skos:definition "Partie."@fr', "component without French definition"),
    _drop("lens:1", "prov:wasDerivedFrom passage:one", "component without passage"),
    _drop("lens:1", "zorg:order 1", "component without a place in the order"),
    _put("lens:1", "skos:notation", '"1"', '"2"', "component with the notation of another"),
    Fault(
        "component outside a framework, positioned",
        "lens:1 positioning:stated positioning:coded positioning:decided",
        "lens:1 skos:inScheme framework:lens .",
    ),
    _drop("voc:abcd", 'skos:prefLabel "ABCD"@en', "method without English label"),
    _drop("voc:abcd", 'skos:definition "Méthode."@fr', "method without French definition"),
    _drop("voc:buurtcoach", 'skos:definition "Rol."@nl', "named role without Dutch definition"),
    _drop("voc:sustainability", 'skos:definition "La suite."@fr', "topic without French definition"),
    _drop("basis:self-assessment", 'skos:definition "By the project."@en', "basis without English definition"),
    _drop("strength:central", 'skos:definition "Au centre."@fr', "strength without French definition"),
    _drop("agreement:agreed", 'skos:definition "Gelijk."@nl', "agreement without Dutch definition"),
    _drop("voc:residents", 'skos:prefLabel "habitants"@fr', "group without French label"),
    _drop("voc:ocmw", 'skos:notation "ocmw"', "kind of organisation without notation"),
    _drop("role:partner", "skos:inScheme framework:role", "role in no scheme"),
    _drop("voc:approach", 'skos:prefLabel "approach"@en', "section kind without English label"),
    _put("voc:ocmw", "skos:inScheme", "framework:voc", "framework:gone", "scheme that is not there"),
]

URBAN = "id:observation\\/urban"
OBSERVATION = [
    _drop(URBAN, "qb:dataSet dataset:counts", "observation in no data set"),
    _put(URBAN, "qb:dataSet", "dataset:counts", "dataset:gone", "data set that is not there"),
    _drop(URBAN, "zorg:count 21.0", "observation without count"),
    _put(URBAN, "zorg:count", "21.0", "-1.0", "negative count"),
    _put(URBAN, "zorg:count", "21.0", "32.0", "count above the denominator"),
    _put(URBAN, "zorg:count", "21.0", '"21"', "count as text"),
    _put(URBAN, "zorg:denominator", "31", "31.5", "denominator that is no integer"),
    _put(URBAN, "zorg:maxAnswers", "5", '"vijf"', "maximum in words"),
    _put(URBAN, "zorg:category", "lens:1", "lens:9", "category that is not there"),
    _drop(URBAN, "prov:wasDerivedFrom passage:one", "observation without passage"),
]

AGREED = "id:observation\\/agreement"
AGREEMENT = [
    _drop(AGREED, "zorg:framework framework:lens", "agreement of no framework"),
    _put(AGREED, "zorg:framework", "framework:lens", "framework:gone", "agreement of a framework that is not there"),
    _put(AGREED, "zorg:percentAgreement", "97.6", "102.0", "agreement above 100 percent"),
    _put(AGREED, "zorg:kappa", "0.95", "1.2", "kappa above 1"),
    _put(AGREED, "zorg:kappa", "0.95", '"high"', "kappa as text"),
    _drop(AGREED, "zorg:prevalence 0.5", "agreement without prevalence"),
    _put(AGREED, "zorg:prevalence", "0.5", "50.0", "prevalence in percent"),
    _put(AGREED, "zorg:firstCoder", '"coder-1"', '"An"', "agreement of somebody with a name"),
    _put(AGREED, "zorg:secondCoder", '"coder-2"', '"coder-1"', "agreement of a coder with himself"),
    _drop(AGREED, "zorg:denominator 37", "agreement of no judgements"),
    _put(AGREED, "zorg:bothCoded", "18", "-5", "negative count"),
    _put(AGREED, "zorg:onlyFirstCoded", "1", '"many"', "count as text"),
    _put(AGREED, "zorg:sameStrength", "17", "400", "more of the same strength than there are"),
    _add(
        URBAN, "zorg:percentAgreement 50.0 ; zorg:framework framework:lens ; zorg:prevalence 0.5", "count and agreement"
    ),
]

CODING_ONE = "id:coding\\/one"
CODE = "id:code\\/one"
DECISION = "id:adjudication\\/one"
CODING = [
    _drop(CODING_ONE, f"zorg:project {WESTVELD}", "coding of no project"),
    _put(CODING_ONE, "zorg:project", WESTVELD, "project:gone", "coding of a project that is not there"),
    _drop(CODING_ONE, "zorg:framework framework:lens", "coding for no framework"),
    _put(CODING_ONE, "zorg:framework", "framework:lens", "framework:voc", "coding for what is no framework"),
    _drop(CODING_ONE, "prov:used source:report", "coding of no source"),
    _put(CODING_ONE, "zorg:coder", '"coder-1"', '"An"', "coding by somebody with a name"),
    _drop(CODE, "zorg:component lens:1", "code without component"),
    _drop(CODE, "zorg:strength strength:central", "code without strength"),
    _put(CODE, "zorg:strength", "strength:central", "agreement:agreed", "code with a strength that is none"),
    _drop(CODE, 'zorg:rationale "Les voisins se rencontrent."@fr', "code without French rationale"),
    _put(CODE, "zorg:rationale", '"Neighbours meet."@en', f'"{"word " * 26}"@en', "rationale of 26 words"),
    _drop(CODE, "prov:wasDerivedFrom passage:quote", "code without evidence"),
    _put(CODE, "prov:wasGeneratedBy", CODING_ONE, "id:coding\\/gone", "code without coding"),
    _put(CODE, "prov:wasGeneratedBy", CODING_ONE, "id:coding\\/two", "code of another's coding"),
    Fault(
        "code of a coding of another project",
        CODE,
        f"{CODING_ONE} zorg:project {WESTVELD} .",
        f"{CODING_ONE} zorg:project project:zonder-plaats .",
    ),
    Fault(
        "position that rests on a refusal",
        "positioning:decided",
        f"{DECISION} zorg:upheld true ; zorg:strength strength:central .",
        f"{DECISION} zorg:upheld false .",
    ),
    _drop("positioning:coded", "zorg:restsOn id:code\\/two", "coded position without a code"),
    _put(DECISION, "zorg:reason", '"It is an aim."@en', '"Ask dhr. Peeters."@en', "reason with a person's name"),
    _drop(CODE, "zorg:sectionKind voc:approach", "code without section"),
    _put(CODE, "zorg:sectionKind", "voc:approach", "voc:table", "evidence that lies in another section"),
    _put(CODE, "prov:wasDerivedFrom", "passage:quote", "passage:elsewhere", "evidence elsewhere"),
    Fault(
        "evidence in another project's description",
        CODE,
        f"passage:fiche schema:about {WESTVELD} .",
        "passage:fiche schema:about project:zonder-plaats .",
    ),
    Fault(
        "code that nothing decides",
        f"{CODE} {DECISION} positioning:decided",
        f"{DECISION} zorg:restsOn {CODE} . positioning:decided zorg:restsOn {CODE} .",
    ),
    _drop(DECISION, "dcterms:source source:report", "decision on no source"),
    _drop(DECISION, "zorg:upheld true", "decision that says nothing"),
    _drop(DECISION, "zorg:strength strength:central", "upheld without strength"),
    _put(DECISION, "zorg:upheld", "true", "false", "refused with a strength"),
    _drop(DECISION, 'zorg:reason "It is an aim."@en', "decision without English reason"),
    _put(DECISION, "zorg:reason", '"It is an aim."@en', f'"{"word " * 41}"@en', "reason of 41 words"),
    _put(DECISION, "zorg:coder", '"coder-3"', '"coder-1"', "decision by who gave the code"),
    _drop(
        "positioning:decided",
        'zorg:reason "Het is een doel."@nl, "C\'est un objectif."@fr, "It is an aim."@en',
        "adjudicated without reason",
    ),
    _add("positioning:coded", 'zorg:reason "Daarom."@nl', "agreed with a reason"),
    _add("positioning:stated", 'zorg:reason "Daarom."@nl', "self-assessment with a reason"),
]

LINK = [
    _drop("mapping:name", 'sssom:subject_label "OCMW van Malle"@nl', "mapping without name"),
    _drop("mapping:name", "sssom:predicate_id skos:exactMatch", "mapping without relation"),
    _put("mapping:name", "sssom:predicate_id", "skos:exactMatch", "dcterms:relation", "relation that is not of SKOS"),
    _drop("mapping:name", f"sssom:object_id {OCMW}", "mapping without object"),
    _put("mapping:name", "sssom:object_id", OCMW, "organisation:gone", "mapping to a thing that is not there"),
    _drop("mapping:name", "sssom:mapping_justification semapv:ManualMappingCuration", "mapping without justification"),
    _drop("mapping:name", 'sssom:reviewer_id "reviewer-1"', "mapping without reviewer"),
    _put("mapping:name", "sssom:mapping_date", '"2025-01-31"^^xsd:date', '"2025"', "mapping date as text"),
    _put("mapping:refused", "sssom:predicate_modifier", '"Not"', '"Maybe"', "modifier that is none"),
    _put("mapping:name", "sssom:confidence", "0.9", "1.5", "confidence above 1"),
    _add(WESTVELD, "skos:exactMatch id:practice\\/elders", "match without mapping"),
    Fault(
        "match after a refusal",
        f"{WESTVELD} mapping:refused",
        add=f"{WESTVELD} skos:exactMatch project:zonder-plaats .",
    ),
    Fault(
        "match of an accepted mapping that became refused",
        "id:practice\\/elders mapping:accepted",
        add='mapping:accepted sssom:predicate_modifier "Not" .',
    ),
    _add("voc:abcd", "skos:exactMatch voc:residents", "concepts matched without mapping"),
]

DATASET = [
    _drop("dataset:counts", 'dcterms:title "Comptages"@fr', "dataset without French title"),
    _drop("dataset:counts", 'dcterms:description "From the report."@en', "dataset without English description"),
    _drop("dataset:counts", "dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/>", "no licence"),
    _drop("dataset:counts", "dcterms:publisher organisation:kbs", "dataset without publisher"),
    _put("dataset:counts", "dcterms:publisher", "organisation:kbs", "organisation:gone", "publisher not there"),
]

PRIVACY = [
    _add("id:someone", "a foaf:Person", "foaf:Person"),
    _add("id:someone", "a schema:Person", "schema:Person"),
    _add("id:someone", "a person:Person", "person:Person"),
    _add("id:someone", "a vcard:Individual", "vcard:Individual"),
    _add(CONTACT, 'schema:telephone "03 312 49 61"', "schema:telephone"),
    _add(OCMW, "foaf:phone <tel:+3233124961>", "foaf:phone"),
    _add(OCMW, "vcard:hasTelephone <tel:+3233124961>", "vcard:hasTelephone"),
    _put(CONTACT, "schema:email", '"info@malle.be"', '"info(at)malle.be"', "mailbox that is none"),
    _add(OCMW, "foaf:mbox <mailto:jan.peeters@malle.be>", "foaf:mbox of a person"),
    _add(OCMW, "vcard:hasEmail <mailto:fatima@malle.be>", "vcard:hasEmail of a person"),
    _add(WESTVELD, "foaf:page <mailto:info@malle.be>", "page that is a mailbox"),
    _put(OCMW, "foaf:homepage", "<https://www.malle.be>", "<mailto:info@malle.be>", "homepage that is a mailbox"),
    *(
        _contact(address)
        for address in (
            "inge.melis@nottebohm.be",
            "bart@grondiganders.be",
            "Nathalie.vanachte@zorgband.be",
            "linde.vande.woestyne@x.be",
            "jan-peeters@malle.be",
            "jan_peeters2@malle.be",
            "j.peeters@malle.be",
            "kobe.p@malle.be",
            "Mehmet@malle.be",
            "fatima.elamrani@malle.be",
            "marleen+zorg@malle.be",
            "xylia.van.den.berghe@malle.be",
        )
    ),
    *(
        _add(CLAIM, rest, f"contact in {rest}")
        for rest in (
            'rdfs:comment "Mail naar jan@x.be."@nl',
            'schema:description "Bel 0475 12 34 56."@nl',
            'dcterms:description "Tel. 03/312.49.61"@nl',
        )
    ),
    _put(WESTVELD, "dcterms:description", '"Un quartier solidaire."@fr', '"Tél. +32 3 312 49 61"@fr', "phone in text"),
    _put(OCMW, "rdfs:label", '"OCMW Malle"@nl', '"OCMW Malle, info@malle.be"@nl', "mailbox in a label"),
    _put("participation:group", "zorg:asNamed", '"buurtbewoners"@nl', '"An, 011 26 45 10"@nl', "phone as named"),
    _put(
        WESTVELD, "dcterms:description", '"Un quartier solidaire."@fr', '"Chez Mme Dupont."@fr', "titled name in text"
    ),
    _put("participation:group", "zorg:asNamed", '"buurtbewoners"@nl', '"dhr. Peeters"@nl', "titled name as named"),
    _put("positioning:coded", "zorg:rationale", '"Neighbours meet."@en', '"Call 06-12345678."@en', "Dutch phone"),
    _put("lens:1", "skos:definition", '"Part."@en', '"See a.b@x.org."@en', "mailbox in a definition"),
]

INTEGRITY = [
    _put("place:malle", "zorg:municipalityKind", "voc:other-municipality", "voc:gone", "kind that is not there"),
    _add(WESTVELD, "zorg:partner organisation:gone", "partner that is not there"),
    _put(WESTVELD, "zorg:takesPlaceIn", "place:westmalle", "place:gone", "place that is not there"),
    _put(WESTVELD, "zorg:inMunicipality", "place:malle", "place:westmalle", "municipality that is a neighbourhood"),
    _put(WESTVELD, "zorg:inProvince", "place:provincie-antwerpen", "place:vlaams-gewest", "province that is a region"),
    _put(WESTVELD, "zorg:inRegion", "place:vlaams-gewest", "place:malle", "region that is a municipality"),
    _put(WESTVELD, "zorg:fundedUnder", "id:call\\/2018", "id:call\\/gone", "call that is not there"),
    _put(WESTVELD, "zorg:addresses", "lens:1", "lens:9", "component that is not there"),
    _add(WESTVELD, "zorg:usesMethod voc:gone", "method that is not there"),
    _add(WESTVELD, "zorg:involvesRole voc:abcd", "named role that is a method"),
    _add(WESTVELD, "zorg:inspiredBy id:practice\\/gone", "inspiration that is not there"),
    _add(WESTVELD, "zorg:follows organisation:kbs", "follows an organisation"),
    _add("participation:group", "prov:wasDerivedFrom passage:gone", "passage that is not there"),
    _add("mapping:name", "prov:wasDerivedFrom dataset:gone", "dataset that is not there"),
    _put("id:call\\/2018", "schema:funder", "organisation:kbs", "organisation:gone", "funder that is not there"),
    _put("organisation:ldc-malle", "org:unitOf", OCMW, "organisation:gone", "parent that is not there"),
    _add("dataset:counts", "dcterms:isPartOf dataset:gone", "whole that is not there"),
    _add("lens:1", "skos:topConceptOf framework:gone", "top concept of a scheme that is not there"),
    _put("place:belgie", "rdfs:label", '"Belgique"@fr', '"Belgique"', "label without language"),
    _add("lens:1", 'skos:prefLabel "Netwerk"@nl', "two Dutch preferred labels"),
    _put("lens:1", "skos:altLabel", '"netwerk"@nl', '"netwerk"', "altLabel without language"),
    _put("lens:1", "skos:definition", '"Part."@en', '"Part."', "definition without language"),
    _add("id:programme\\/honderd", 'dcterms:description "Tekst."', "description without language"),
]

FAULTS = [
    *PROJECT,
    *ORGANISATION,
    *PARTICIPATION,
    *POSITIONING,
    *EVIDENCE,
    *PLACE,
    *FRAMEWORK,
    *OBSERVATION,
    *AGREEMENT,
    *CODING,
    *LINK,
    *DATASET,
    *PRIVACY,
    *INTEGRITY,
]

FINE = [
    *(
        _contact(address)
        for address in (
            "ldc.allegro@menen.be",
            "LokaalDienstencentrum.elckerlyc@wevelgem.be",
            "o-vl@viva-svv.be",
            "haspengouw@triamant.be",
            "info.jan@malle.be",
            "buurtwerk-noord@malle.be",
            "welzijn@deerlijk.be",
            "ouderenzorg@ocmw.gent",
            "de-kring@malle.be",
            "sociaal.huis@knokke-heist.be",
            "info@buurtwinkel.brussels",
        )
    ),
    _put(CONTACT, "schema:email", '"info@malle.be"', "<mailto:info@malle.be>", "mailbox as an IRI"),
    _put("positioning:coded", "zorg:rationale", '"Neighbours meet."@en', '"Contact person: a coach."@en', "a role"),
    _put(OCMW, "rdfs:label", '"OCMW Malle"@nl', '"Programme Tim en Mevrouwtje"@nl', "words that begin like a title"),
    _put(ADDRESS, "locn:postCode", '"2390"', '"8302 AB"', "Dutch postcode"),
    _drop(WESTVELD, "zorg:ficheNumber 3", "project without a fiche number"),
    _put("positioning:coded", "zorg:rationale", '"Neighbours meet."@en', f'"{"word " * 25}"@en', "25 words"),
    _add(STATEMENT, "zorg:about framework:lens", "statement about a framework"),
    _add(BOOK, 'rdfs:label "Zorgende buurten"@nl', "publication with a title in two languages"),
    _add(BOOK, "prov:wasDerivedFrom <https://example.org/list>", "derived from something outside"),
    _put(FIGURE, "schema:value", "40", "2.5", "decimal figure"),
    _put(URBAN, "zorg:count", "21.0", "31.0", "count that is the denominator"),
    _drop(URBAN, "zorg:denominator 31", "count without denominator"),
    _drop(AGREED, "zorg:kappa 0.95", "kappa that is not defined"),
    _drop("id:practice\\/elders", "skos:exactMatch id:programme\\/honderd", "accepted mapping that is not stated"),
    Fault(
        "match in the other direction",
        "",
        "id:practice\\/elders skos:exactMatch id:programme\\/honderd .",
        "id:programme\\/honderd skos:exactMatch id:practice\\/elders .",
    ),
    _put(
        WESTVELD,
        "dcterms:description",
        '"Un quartier solidaire."@fr',
        '"Depuis 2018-2019, du 01/02/2019 au 03-04-2021, 1.250.000 euros, 2390 Malle, J@M, 0,5 ETP."@fr',
        "text with dates and amounts",
    ),
]


@pytest.fixture(scope="session")
def shapes() -> rdflib.Graph:
    return read_shapes(ONTOLOGY / "shapes")


def _parse(text: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=PREFIXES + EXTRA + text, format="turtle")


@pytest.fixture(scope="session")
def hierarchy() -> rdflib.Graph:
    """The ontology's hierarchies: what the shapes use of it."""
    ontology = rdflib.Graph().parse(ONTOLOGY / "zorgkg.ttl")
    hierarchy = rdflib.Graph()
    for predicate in (RDFS.subClassOf, RDFS.subPropertyOf):
        for triple in ontology.triples((None, predicate, None)):
            hierarchy.add(triple)
    return hierarchy


@pytest.fixture(scope="session")
def base(hierarchy: rdflib.Graph) -> rdflib.Graph:
    return hierarchy + rdflib.Graph().parse(data=VALID, format="turtle")


def _plant(base: rdflib.Graph, fault: Fault) -> rdflib.Graph:
    gone = _parse(fault.remove)
    assert all(triple in base for triple in gone), "the fault removes what the valid graph does not say"
    graph = PreparedGraph()
    for triple in base:
        if triple not in gone:
            graph.add(triple)
    for triple in _parse(fault.add):
        graph.add(triple)
    return graph


def _subjects(names: str) -> set[str]:
    return {str(subject) for name in names.split() for subject in _parse(f"{name} a rdfs:Resource .").subjects()}


def test_the_valid_graph_conforms_with_the_whole_ontology(shapes: rdflib.Graph) -> None:
    graph = rdflib.Graph().parse(data=VALID, format="turtle").parse(ONTOLOGY / "zorgkg.ttl")
    report = validate(graph, shapes)
    assert [str(result) for result in report.results()] == []
    assert report.conforms


def test_the_frameworks_conform(shapes: rdflib.Graph, hierarchy: rdflib.Graph) -> None:
    graph = hierarchy + rdflib.Graph()
    for path in (ONTOLOGY / "frameworks").glob("*.ttl"):
        graph.parse(path)
    stub = """
        framework:voc a skos:ConceptScheme .
        voc:kind a zorg:OrganisationKind ; skos:prefLabel "a"@nl, "a"@fr, "a"@en ; skos:notation "kind" ;
            skos:inScheme framework:voc .
    """
    sources = {str(source) for source in graph.objects(None, rdflib.URIRef("http://purl.org/dc/terms/isPartOf"))}
    publishers = {str(name) for name in graph.objects(None, rdflib.URIRef("http://purl.org/dc/terms/publisher"))}
    for source in sources:
        stub += f"""<{source}> a zorg:Source ; rdfs:label "a"@nl, "a"@fr, "a"@en ; zorg:sha256 "{"0" * 64}" ;
            zorg:characters 1000000 ; zorg:fileName "a" ."""
    for publisher in publishers:
        stub += f'<{publisher}> a org:FormalOrganization ; rdfs:label "a"@nl ; org:classification voc:kind .'
    for triple in _parse(stub):
        graph.add(triple)
    assert [str(result) for result in validate(graph, shapes).results()] == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_reported_where_it_is(fault: Fault, base: rdflib.Graph, shapes: rdflib.Graph) -> None:
    report = validate(_plant(base, fault), shapes)
    expected = _subjects(OTHERS.get(fault.name, ""))
    if fault.name not in NOT_ITSELF:
        expected |= _subjects(fault.focus)
    assert {result.focus for result in report.results()} == expected
    for result in report.graph.subjects(RDF.type, SH.ValidationResult):
        messages = list(report.graph.objects(result, SH.resultMessage))
        assert {message.language for message in messages if isinstance(message, rdflib.Literal)} == LANGUAGES
        assert len(messages) == len(LANGUAGES)


@pytest.mark.parametrize("change", FINE, ids=lambda change: change.name)
def test_what_is_allowed_conforms(change: Fault, base: rdflib.Graph, shapes: rdflib.Graph) -> None:
    report = validate(_plant(base, change), shapes)
    assert [str(result) for result in report.results()] == []


def test_every_shape_with_a_target_has_a_message_in_three_languages(shapes: rdflib.Graph) -> None:
    targeted = {
        shape
        for target in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
        for shape in shapes.subjects(target)
    }
    assert targeted
    for shape in targeted:
        messages = [message for message in shapes.objects(shape, SH.message) if isinstance(message, rdflib.Literal)]
        assert sorted(str(message.language) for message in messages) == sorted(LANGUAGES), shape
        assert all(str(message).strip() for message in messages), shape


def test_queries_declare_their_prefixes_and_nothing_is_imported(shapes: rdflib.Graph) -> None:
    assert not set(shapes.objects(None, OWL.imports))
    validators = set(shapes.subjects(SH.select)) | set(shapes.subjects(SH.ask))
    assert validators
    for validator in validators:
        declared = {
            (str(shapes.value(declaration, SH.prefix)), str(shapes.value(declaration, SH.namespace)))
            for ontology in shapes.objects(validator, SH.prefixes)
            for declaration in shapes.objects(ontology, SH.declare)
        }
        text = str(shapes.value(validator, SH.select) or shapes.value(validator, SH.ask))
        header = "".join(f"PREFIX {prefix}: <{namespace}> " for prefix, namespace in sorted(declared))
        # rdflib binds well-known prefixes by itself; this parser binds none.
        pyoxigraph.Store().query(header + text.replace("$PATH", "<urn:x>"))


def test_regular_expressions_need_no_lookaround(shapes: rdflib.Graph) -> None:
    assert not [str(pattern) for pattern in shapes.objects(None, SH.pattern) if "(?" in str(pattern)]
