"""Documents as PDF: title, language, contents, page numbers, the font that the pages of Hannun are set in."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace
from fpdf.outline import OutlineSection

from consent.packs import Block, Chapter, Document

FONT = "Pretendard"
MARGIN = 18  # mm, as all measures
LINE, SMALL = 5.6, 4.6
LABEL_SHARE = 32  # percent of the width that labels take
WIDEST_TABLE = 4  # columns; rows with more fields are written one below the other
INK, PALE, TITLE_INK, RULE = (24, 36, 51), (240, 243, 247), (11, 79, 145), (205, 213, 221)
LONGEST_CELL, LONGEST_PART = 200, 1_200  # characters: of a table's cell, and of what stands in one piece on a page
MISSING = "□"
MISSING_NOTE = "글꼴에 없는 글자는 □로 적었습니다. 함께 드리는 HTML 파일에는 그대로 있습니다."
# The subsetter tells about every table of the font; nobody reads that.
logging.getLogger("fontTools").setLevel(logging.ERROR)


def as_pdf(document: Document, made_at: datetime) -> bytes:
    """The document on A4; made_at stands in it, so that the same document gives the same bytes."""
    paper = _Paper(document)
    paper.set_creation_date(made_at)
    paper.write_cover(document)
    for chapter in document.chapters:
        paper.write_chapter(chapter)
    paper.write_closing(document.closing)
    return bytes(paper.output())


@lru_cache(maxsize=1)
def _known_letters(font: Path) -> frozenset[int]:
    with TTFont(font, lazy=True) as held:
        return frozenset(held.getBestCmap())


class _Paper(FPDF):
    """A4 with a foot of title, number and page."""

    def __init__(self, document: Document) -> None:
        super().__init__(format="A4")
        self.foot = f"{document.title} · {document.number}"
        self.has_missing = False
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN + 4)
        for style in ("", "B"):  # one file holds both weights; a heading is told by its size and colour
            self.add_font(FONT, style, settings.PAPER_FONT)
        self.set_title(document.title)
        self.set_lang("ko-KR")
        self.set_author("한눈(Hannun)")
        self.set_subject(document.number)
        self.set_creator("Hannun")
        self._use(10)

    def footer(self) -> None:
        self.set_y(-MARGIN + 4)
        self._use(8, (82, 95, 110))
        self.cell(self.epw / 2, SMALL, self._safe(self.foot))
        self.cell(self.epw / 2, SMALL, f"{self.page_no()} / {{nb}}", align="R")

    def write_cover(self, document: Document) -> None:
        self.add_page()
        self._use(20, TITLE_INK)
        self._text(document.title, 11)
        self.ln(2)
        self._use(10)
        self._text(document.intro, LINE)
        self.ln(3)
        self._facts((document.facts,))
        self.ln(3)
        if any(chapter.blocks for chapter in document.chapters):
            self.insert_toc_placeholder(_write_contents)

    def write_chapter(self, chapter: Chapter) -> None:
        self._heading(chapter.title, 0)
        if chapter.note:
            self._use(9, (82, 95, 110))
            self._text(chapter.note, SMALL)
            self.ln(1)
        for block in chapter.blocks:
            self._block(block)

    def write_closing(self, lines: Iterable[str]) -> None:
        self.ln(4)
        self._use(9)
        for line in (*lines, *((MISSING_NOTE,) if self.has_missing else ())):
            self._text(line, SMALL)
            self.ln(1)

    def _heading(self, text: str, level: int) -> None:
        # A heading does not stand alone at the foot of a page.
        if self.will_page_break(32):
            self.add_page()
        self.ln(5 if level == 0 else 3)
        self.start_section(self._safe(text), level=level, strict=False)
        self._use(15 if level == 0 else 11.5, TITLE_INK if level == 0 else INK)
        self._text(text, 8 if level == 0 else 6.4)
        if level == 0:
            self.set_draw_color(*RULE)
            self.line(self.l_margin, self.get_y(), self.l_margin + self.epw, self.get_y())
        self.ln(1.5)

    def _block(self, block: Block) -> None:
        self._heading(f"{block.title} ({len(block.rows)}건)" if len(block.rows) > 1 else block.title, 1)
        if block.note:
            self._use(9, (82, 95, 110))
            self._text(block.note, SMALL)
            self.ln(1)
        self._use(9.5)
        columns = list(dict.fromkeys(label for row in block.rows for label, _value in row))
        is_short = all(len(value) <= LONGEST_CELL for row in block.rows for _label, value in row)
        if len(block.rows) > 1 and len(columns) <= WIDEST_TABLE and is_short:
            self._table(columns, block)
        else:
            self._facts(block.rows)

    def _table(self, columns: list[str], block: Block) -> None:
        heading = FontFace(emphasis="", fill_color=PALE, color=INK)
        with self.table(headings_style=heading, line_height=LINE, text_align="LEFT", padding=1) as table:
            for cells in (columns, *([dict(row).get(name, "") for name in columns] for row in block.rows)):
                line = table.row()
                for cell in cells:
                    line.cell(self._safe(cell))

    def _facts(self, rows: Iterable[Iterable[tuple[str, str]]]) -> None:
        """Label and value side by side, one table for each row."""
        label = FontFace(emphasis="", fill_color=PALE, color=INK)
        for row in rows:
            widths = (LABEL_SHARE, 100 - LABEL_SHARE)
            with self.table(
                first_row_as_headings=False, col_widths=widths, line_height=LINE, text_align="LEFT", padding=1
            ) as table:
                for name, value in row:
                    for place, part in enumerate(_parts(value)):
                        line = table.row()
                        line.cell(self._safe(f"{name} (이어서)" if place else name), style=label)
                        line.cell(self._safe(part))
            self.ln(2)

    def _text(self, text: str, height: float) -> None:
        self.multi_cell(0, height, self._safe(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _use(self, size: float, colour: tuple[int, int, int] = INK) -> None:
        self.set_font(FONT, size=size)
        self.set_text_color(*colour)
        self.set_draw_color(*RULE)

    def _safe(self, text: str) -> str:
        """The text with a box for each letter that the font lacks, so that none vanishes unseen."""
        known = _known_letters(Path(settings.PAPER_FONT))
        shown = "".join(each if ord(each) in known or each in "\n" else MISSING for each in text)
        self.has_missing = self.has_missing or shown != text
        return shown


def _parts(text: str) -> list[str]:
    """A long text in pieces, for no row may be higher than a page."""
    return [text[start : start + LONGEST_PART] for start in range(0, len(text), LONGEST_PART)] or [""]


def _write_contents(paper: FPDF, outline: list[OutlineSection]) -> None:
    """The chapters, with the pages on which they begin; few enough for the rest of the first page. What is in each,
    the outline of the file tells."""
    paper.set_font(FONT, size=12)
    paper.set_text_color(*TITLE_INK)
    paper.set_x(paper.l_margin)
    paper.cell(0, 8, "차례", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.set_font(FONT, size=10)
    paper.set_text_color(*INK)
    for section in (each for each in outline if each.level == 0):
        link = paper.add_link(page=section.page_number)
        paper.cell(paper.epw - 15, LINE, section.name, link=link)
        paper.cell(15, LINE, str(section.page_number), align="R", link=link, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
