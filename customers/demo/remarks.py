"""Columns that the sources keep for themselves and no mapping takes over: memos, results of calls, departments."""

import numpy as np

from .draws import stream, weighted
from .text import table

_MEMOS = (
    "",
    "소개: 친구",
    "자녀 2명, 어린이보험 관심",
    '통화 시 "다음 달에 다시" 요청',
    "1차 방문 완료\n2차 방문 약속, 오후 3시",
    "자동차 만기 확인\n화재보험 문의, 견적 요청\n배우자와 상의",
    "골프 모임, 총무",
    "보험료 부담, 감액 상담",
)
_REMARKS = {
    "fp-customers": {"메모": (_MEMOS, (45, 12, 8, 7, 10, 6, 6, 6))},
    "tm-customers": {
        "통화결과": (("통화", "부재", "거절", "결번", "예약"), (35, 30, 20, 5, 10)),
        "비고": (("", "재통화\t요망", '"관심 있음"'), (90, 5, 5)),
    },
    "corp-employees": {
        "부서": (("영업부", "인사팀", "생산1팀", "연구소", "재무팀", "총무과"), (30, 8, 30, 14, 8, 10)),
        "직급": (("사원", "대리", "과장", "차장", "부장", "임원"), (34, 22, 20, 12, 9, 3)),
    },
}


def remarks(mapping: str, size: int, seed: int) -> dict[str, np.ndarray]:
    """Such columns for a file of `size` rows, by header."""
    rng = stream(seed, f"remarks {mapping}")
    found = _REMARKS.get(mapping, {})
    return {header: table(texts)[weighted(rng, shares, size)] for header, (texts, shares) in found.items()}
