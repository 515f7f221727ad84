"""Documents in forms that machines read: JSON and CSV in an archive that opens with a passphrase (AES-256).

Source: 개인정보 보호법 제35조의2, 시행령 제42조의6 (a form that information devices process, encrypted).
"""

from __future__ import annotations

import csv
import io
import json
import secrets

import pyzipper

from accounts.exporting.cells import harmless
from consent.packs import Block, Document

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when it is read out
GROUPS, GROUP_LETTERS = 4, 5


def new_passphrase() -> str:
    """Words such as k7m2p-… that are told by another way than the file: 20 letters of 31, 99 bits."""
    groups = ("".join(secrets.choice(LETTERS) for _letter in range(GROUP_LETTERS)) for _group in range(GROUPS))
    return "-".join(groups)


def as_archive(document: Document, passphrase: str) -> bytes:
    """The document as a ZIP file: data.json with everything, and a CSV file for each kind."""
    packed = io.BytesIO()
    with pyzipper.AESZipFile(packed, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(passphrase.encode())
        archive.writestr("data.json", as_json(document))
        blocks = [block for chapter in document.chapters for block in chapter.blocks]
        for place, block in enumerate(blocks, start=1):
            archive.writestr(f"{place:02}_{block.title.replace('/', '·')}.csv", _as_csv(block))
    return packed.getvalue()


def as_json(document: Document) -> str:
    """{number, title, kinds: [{code, title, rows: [{label: value}]}]}."""
    kinds = [
        {"code": block.code, "title": block.title, "rows": [dict(row) for row in block.rows]}
        for chapter in document.chapters
        for block in chapter.blocks
    ]
    told = {"number": document.number, "title": document.title, "kinds": kinds}
    return json.dumps(told, ensure_ascii=False, indent=1)


def _as_csv(block: Block) -> str:
    """With the mark by which spreadsheets know the encoding; no cell is a formula."""
    columns = list(dict.fromkeys(label for row in block.rows for label, _value in row))
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, columns, "")
    writer.writeheader()
    writer.writerows({label: harmless(value) for label, value in row} for row in block.rows)
    return "\ufeff" + written.getvalue()
