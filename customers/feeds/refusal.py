"""Why a file as a whole cannot be read. Pure."""

from __future__ import annotations


class UnreadableFile(Exception):
    """The file as a whole cannot be read; `code` says why, `details` name what was found."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code, details)
        self.code, self.details = code, details
