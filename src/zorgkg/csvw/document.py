"""Reading the JSON of metadata: documents, contexts, and the kinds of properties.

Follows "Metadata Vocabulary for Tabular Data", sections 5.1 (Property Syntax), 5.2 (Top-Level Properties) and 5.8
(Common Properties).
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn
from urllib.parse import urljoin

from pyoxigraph import NamedNode

from zorgkg.csvw.annotations import Annotation, InvalidValueError, normalize
from zorgkg.csvw.location import Locations
from zorgkg.csvw.problems import MetadataError, MetadataWarning, shown
from zorgkg.csvw.template import clean
from zorgkg.csvw.vocabulary import CONTEXT, PREFIXES, expand_prefix, has_scheme, is_language

Object = dict[str, object]


@dataclass(frozen=True)
class Place:
    """Where a value stands in a document, and how URLs and texts are to be read there.

    Attributes:
        file: The document.
        pointer: JSON pointer to the value.
        base: The URL that others are resolved against.
        language: The default language, or None.
    """

    file: Path
    pointer: str
    base: str
    language: str | None

    def at(self, *keys: str | int) -> "Place":
        """Go to a part of the value.

        Args:
            keys: Names of members and positions in arrays.

        Returns:
            The place of the part.
        """
        steps = "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)
        return replace(self, pointer=self.pointer + steps)

    def url(self, written: str) -> str:
        """Make a URL of the document absolute (section 5.1.2, Link Properties).

        Args:
            written: The URL as written.

        Returns:
            The absolute URL.

        Raises:
            MetadataError: If it is not a URL.
        """
        try:
            return NamedNode(urljoin(self.base, clean(written))).value
        except ValueError:
            raise MetadataError(self.file, self.pointer, f"{shown(written)} is not a valid URL.") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of JSON")


class Reader:
    """Reads a metadata file, and the documents that it refers to.

    Attributes:
        locations: Where files are.
        warnings: What was ignored so far.
    """

    def __init__(self, path: Path, url: str) -> None:
        """Begin with one file.

        Args:
            path: The metadata file.
            url: Its URL.
        """
        self.locations = Locations(path, url)
        self.warnings: list[MetadataWarning] = []

    # Saying what is wrong

    def warn(self, place: Place, message: str) -> None:
        """Remember that something is ignored.

        Args:
            place: The ignored value.
            message: What is ignored and what was expected.
        """
        self.warnings.append(MetadataWarning(place.file, place.pointer, message))

    @staticmethod
    def fail(place: Place, message: str) -> NoReturn:
        """Refuse the metadata.

        Args:
            place: The wrong value.
            message: What is wrong and what was expected.

        Raises:
            MetadataError: Always.
        """
        raise MetadataError(place.file, place.pointer, message)

    # Documents

    def document(self, path: Path, url: str) -> tuple[Object, Place]:
        """Read a JSON document and its context (Top-Level Properties, section 5.2).

        Args:
            path: The file.
            url: Its URL.

        Returns:
            The object at the top, and its place.

        Raises:
            MetadataError: If the file is not a JSON document with the context of the standard.
        """
        place = Place(path, "", url, None)
        try:
            document = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=_no_constant)
        except OSError as error:
            self.fail(place, f"The file {path.name} cannot be read ({error.strerror}).")
        except UnicodeDecodeError as error:
            self.fail(place, f"The file {path.name} is not UTF-8 (byte {error.start + 1}); save it as UTF-8.")
        except json.JSONDecodeError as error:
            where = f"line {error.lineno}, column {error.colno}"
            self.fail(place, f"The file {path.name} is not valid JSON ({where}: {error.msg}).")
        except (ValueError, RecursionError) as error:
            self.fail(place, f"The file {path.name} is not valid JSON ({error}).")
        if not isinstance(document, dict):
            self.fail(place, "A metadata document must be a JSON object.")
        return document, self._context(document, place)

    def _context(self, document: Object, place: Place) -> Place:
        here = place.at("@context")
        context = document.get("@context")
        if context is None:
            self.fail(place, f'The document must have an "@context" of "{CONTEXT}".')
        parts = context if isinstance(context, list) else [context]
        if not parts or parts[0] != CONTEXT or len(parts) > 2:
            self.fail(here, f'The context must be "{CONTEXT}", alone or followed by one object.')
        local = parts[1] if len(parts) == 2 else {}
        if not isinstance(local, dict) or any(key not in ("@base", "@language") for key in local):
            self.fail(here, "The local context can hold only @base and @language.")
        return self._local_context(local, place, here)

    def _local_context(self, local: Object, place: Place, here: Place) -> Place:
        base, language = local.get("@base"), local.get("@language")
        if base is not None and not isinstance(base, str):
            self.warn(here.at(1, "@base"), "@base is ignored: it must be a URL.")
        elif base:
            resolved = place.url(base)
            self.locations.add(resolved, place.file.parent)
            place = replace(place, base=resolved)
        if language is not None and not (isinstance(language, str) and is_language(language)):
            self.warn(here.at(1, "@language"), f"{shown(language)} is ignored: it is not a language tag such as nl.")
        elif isinstance(language, str):
            place = replace(place, language=language)
        return place

    def _linked(self, url: str, place: Place) -> tuple[Object, Place]:
        """Read a schema or dialect that is given by its URL (Object Properties, section 5.1.5)."""
        absolute = place.url(url)
        path = self.locations.find(absolute)
        if path is None or not path.is_file():
            self.fail(place, f"The file {shown(url)} does not exist here.")
        document, inner = self.document(path, absolute)
        document.setdefault("@id", absolute)
        return document, inner

    def description(self, value: object, place: Place, what: str) -> tuple[Object, Place]:
        """Read an object property: an object, or the URL of a file that holds one (section 5.1.5).

        Args:
            value: The value of the property.
            place: Its place.
            what: The name of the property.

        Returns:
            The object, empty if the value is neither, and its place.

        Raises:
            MetadataError: If the file does not exist or is not a document of the standard.
        """
        if isinstance(value, str):
            return self._linked(value, place)
        if isinstance(value, dict):
            return value, place
        self.warn(place, f"{shown(value)} is ignored: {what} must be an object or the URL of one.")
        return {}, place

    # Properties that many descriptions share

    def known(self, obj: Object, place: Place, known: frozenset[str], kind: str) -> list[Annotation]:
        """Check the names of properties, and collect common properties (section 5.8).

        Args:
            obj: The description.
            place: Its place.
            known: The properties that the description may have.
            kind: The `@type` of the description.

        Returns:
            The common properties.

        Raises:
            MetadataError: If `@id`, `@type` or a common property is not allowed.
        """
        self._identity(obj, place, kind)
        found: list[Annotation] = []
        for key, value in obj.items():
            if key in known or (key == "@context" and place.pointer == ""):
                continue
            if key.startswith("@"):
                self.fail(place.at(key), f"{key} cannot be used in a {kind} description.")
            if not has_scheme(key):
                self.warn(place.at(key), f"{shown(key)} is ignored: a {kind} description has no such property.")
                continue
            if key.partition(":")[0] not in PREFIXES and "://" not in key and not key.startswith("urn:"):
                self.warn(place.at(key), f"The prefix of {shown(key)} is not known; it is taken as an absolute URL.")
            found.append((place.at(key).url(expand_prefix(key)), self._annotation(value, place.at(key))))
        return found

    def _annotation(self, value: object, place: Place) -> object:
        try:
            return normalize(value, place.base, place.language)
        except InvalidValueError as error:
            raise MetadataError(place.file, place.pointer + error.pointer, str(error)) from None

    def _identity(self, obj: Object, place: Place, kind: str) -> None:
        if obj.get("@type", kind) != kind:
            self.fail(place.at("@type"), f'@type must be "{kind}" here.')
        identifier = obj.get("@id")
        if isinstance(identifier, str) and identifier.startswith("_:"):
            self.fail(place.at("@id"), "@id cannot begin with _:.")
        if identifier is not None and not isinstance(identifier, str):
            self.warn(place.at("@id"), f"{shown(identifier)} is taken as an empty text: @id must be a URL.")

    @staticmethod
    def identifier(obj: Object, place: Place) -> str | None:
        """Read `@id` (section 5.1.2); what is not a text counts as an empty one.

        Args:
            obj: The description.
            place: Its place.

        Returns:
            The absolute URL, or None if there is no `@id`.
        """
        if "@id" not in obj:
            return None
        identifier = obj["@id"]
        return place.url(identifier if isinstance(identifier, str) else "")

    def flag(self, obj: Object, key: str, place: Place) -> bool:
        """Read a boolean property that is false by default (section 5.1.7).

        Args:
            obj: The description.
            key: The name of the property.
            place: The place of the description.

        Returns:
            The value.
        """
        value = obj.get(key, False)
        if isinstance(value, bool):
            return value
        self.warn(place.at(key), f"{shown(value)} is ignored: {key} must be true or false.")
        return False

    def array(self, obj: Object, key: str, place: Place) -> list[tuple[Object, Place]]:
        """Read an array property (section 5.1.1).

        Args:
            obj: The description.
            key: The name of the property.
            place: The place of the description.

        Returns:
            The objects in the array, and their places.
        """
        value = obj.get(key, [])
        if not isinstance(value, list):
            self.warn(place.at(key), f"{shown(value)} is ignored: {key} must be an array of objects.")
            return []
        found: list[tuple[Object, Place]] = []
        for index, item in enumerate(value):
            if isinstance(item, dict):
                found.append((item, place.at(key, index)))
            else:
                self.warn(place.at(key, index), f"{shown(item)} is ignored: {key} must hold objects.")
        return found

    def notes(self, obj: Object, place: Place) -> list[object]:
        """Read the notes of a group or table.

        Args:
            obj: The description.
            place: Its place.

        Returns:
            The normalized notes.
        """
        return [self._annotation(note, here) for note, here in self.array(obj, "notes", place)]

    def direction(self, obj: Object, place: Place) -> None:
        """Check the direction of a table, which has no effect here.

        Args:
            obj: The description.
            place: Its place.
        """
        value = obj.get("tableDirection", "auto")
        if value not in ("rtl", "ltr", "auto"):
            self.warn(place.at("tableDirection"), f"{shown(value)} is ignored: tableDirection is rtl, ltr or auto.")

    def titles(self, obj: Object, place: Place) -> dict[str, tuple[str, ...]]:
        """Read `titles`, a natural language property (section 5.1.6).

        Args:
            obj: The description.
            place: Its place.

        Returns:
            The texts by language tag.
        """
        value, here = obj["titles"], place.at("titles")
        if isinstance(value, str | list):
            texts = self._texts(value, here)
            return {place.language or "und": texts} if texts else {}
        if not isinstance(value, dict):
            self.warn(here, f"{shown(value)} is ignored: titles are texts, or texts by language.")
            return {}
        found: dict[str, tuple[str, ...]] = {}
        for language, texts in value.items():
            if is_language(language):
                found[language] = self._texts(texts, here.at(language))
            else:
                self.warn(here.at(language), f"{shown(language)} is ignored: it is not a language tag such as nl.")
        return {language: texts for language, texts in found.items() if texts}

    def _texts(self, value: object, place: Place) -> tuple[str, ...]:
        items = value if isinstance(value, list) else [value]
        texts = tuple(item for item in items if isinstance(item, str))
        if len(texts) < len(items):
            self.warn(place, f"{shown(value)} is ignored as far as it is not text.")
        return texts
