"""What makes the answers beside the version: this program, its pages and the questions."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import zorgkg
from zorgkg.web.service import Service

_PARTS: Final = ("**/*.py", "web/templates/*", "web/static/*")


def identity(service: Service) -> str:
    """Return what changes when the same request on the same version may be answered otherwise.

    It is made of the contents of the files, so that two machines with the same program have the same one.

    :param service: its questions.
    """
    package = Path(zorgkg.__file__).parent
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(path for pattern in _PARTS for path in package.glob(pattern) if path.is_file()):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    for question in service.questions.values():
        digest.update(question.id.encode() + b"\0" + question.text.encode())
    return digest.hexdigest()
