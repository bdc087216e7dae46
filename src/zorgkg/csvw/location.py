"""Where files are: URLs of the standard and files of this machine.

Follows "Metadata Vocabulary for Tabular Data", section 5.1.2 (Link Properties); nothing is fetched from a network.
"""

import os
import posixpath
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname


class Locations:
    """Maps URLs to local files.

    A URL is looked up beside the file that was loaded. A `file:` URL elsewhere is looked up as it stands.
    """

    def __init__(self, path: Path, url: str) -> None:
        """Begin with one file whose URL is known.

        Args:
            path: The file.
            url: Its URL.
        """
        self._roots = [(url, path.parent)]

    def add(self, url: str, folder: Path) -> None:
        """Say that a base URL stands for a folder.

        Args:
            url: The base URL.
            folder: The folder that holds the files below it.
        """
        self._roots.append((url, folder))

    def find(self, url: str) -> Path | None:
        """Find the file of a URL.

        Args:
            url: An absolute URL; its query and fragment are ignored.

        Returns:
            The path, which need not exist, or None if the URL is not that of a local file.
        """
        target = urlsplit(url)
        for root, folder in self._roots:
            known = urlsplit(root)
            if (known.scheme, known.netloc) == (target.scheme, target.netloc):
                below = posixpath.relpath(unquote(target.path) or "/", posixpath.dirname(unquote(known.path)) or "/")
                return Path(os.path.normpath(folder / below))
        return Path(url2pathname(target.path)) if target.scheme == "file" else None
