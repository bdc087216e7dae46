"""The manifest: what the service offers, and where."""

from __future__ import annotations

from typing import Any, Final

from zorgkg.collection.declared import texts
from zorgkg.terms import ID, NS
from zorgkg.web.reconciliation import vocabulary
from zorgkg.web.reconciliation.asked import BATCH
from zorgkg.web.view import View

PATH: Final = "/reconcile"
WIDTH: Final = 430
HEIGHT: Final = 270

_NAME: Final = texts("Zorgzame buurten (zorgkg)", "Quartiers solidaires (zorgkg)", "Caring neighbourhoods (zorgkg)")
_LIMIT: Final = texts("Hoogstens zoveel waarden", "Au plus autant de valeurs", "At most this many values")
_NO_LIMIT: Final = texts("0: alle.", "0 : toutes.", "0: all.")


def manifest(view: View) -> dict[str, Any]:
    """Return the manifest.

    :param view: how the service was reached; the language and the version that were asked for stay in its addresses.
    """
    language = view.language
    service = view.absolute(PATH)

    def path(tail: str) -> str:
        return view.plain(tail, view.kept).removeprefix(view.root)

    def template(tail: str) -> str:
        more = "".join(f"&{name}={value}" for name, value in view.kept)
        return f"{service}{tail}?id={{{{id}}}}{more}"

    def place(tail: str) -> dict[str, str]:
        return {"service_url": service, "service_path": path(tail)}

    return {
        "versions": ["0.2"],
        "name": _NAME[language],
        "identifierSpace": ID,
        "schemaSpace": NS,
        "documentation": view.absolute("/api/docs"),
        "serviceVersion": view.version.id,
        "logo": view.absolute("/static/icon.svg"),
        "defaultTypes": [vocabulary.TYPES[one].told(language) for one in vocabulary.DEFAULT],
        "view": {"url": template("/view")},
        "preview": {"url": template("/preview"), "width": WIDTH, "height": HEIGHT},
        "suggest": {one: place(f"/suggest/{one}") for one in ("entity", "type", "property")},
        "extend": {
            "propose_properties": place("/properties"),
            "property_settings": [
                {
                    "name": "limit",
                    "label": _LIMIT[language],
                    "type": "number",
                    "default": 0,
                    "help_text": _NO_LIMIT[language],
                }
            ],
        },
        "batchSize": BATCH,
    }
