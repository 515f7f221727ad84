"""E-mail addresses."""

import re
from typing import NamedTuple

from customers.standard.certainty import CERTAIN, DOUBTFUL, EMPTY, PLAUSIBLE, UNUSABLE
from customers.standard.placeholders import WORDS, is_one_repeated, is_tidy_placeholder
from customers.standard.text import tidy


def _corrections(table: dict[str, str]) -> dict[str, str]:
    return {wrong: right for right, wrongs in table.items() for wrong in wrongs.split()}


class MailDomains(NamedTuple):
    """What is known of mail domains: those in use, misspellings with their correction, those closed."""

    known: frozenset[str]
    typos: dict[str, str]
    dead: frozenset[str]


DOMAINS = MailDomains(
    known=frozenset(
        (
            "naver.com gmail.com daum.net hanmail.net nate.com kakao.com hotmail.com outlook.com yahoo.com "
            "yahoo.co.kr icloud.com live.com msn.com me.com"
        ).split()
    ),
    typos=_corrections(
        {
            "naver.com": "naver.con nave.com naver.co naver.cm naver.om naver.cim naver.vom naver.comm naver.coml "
            "naver.xom naver.net naver.kr naver navr.com naer.com nver.com anver.com navet.com nevar.com never.com "
            "naver.ocm naver.cmo naver.cpm navercom",
            "hanmail.net": "hanmail.com hanmail.co.kr hanmail hanmial.net hanmai.net hanmil.net hanmeil.net hamail.net "
            "hanmail.ney hanmail.ent hanmail.nte hanmail.ner hanmail.ne hanmaill.net hanamil.net",
            "daum.net": "daum.com daum daum.ent daum.nte daum.ner daum.co.kr daum.ne daum.nat duam.net dam.net",
            "gmail.com": "gmial.com gamil.com gmai.com gmal.com gmail gmail.con gmail.co gmail.cm gmail.cmo gmail.ocm "
            "gmail.net gmaill.com gmail.comm gmil.com gmail.co.kr gmali.com gmail.om gmailcom",
            "nate.com": "nate.co nate nate.con nate.net nate.cm nat.com natc.com",
            "hotmail.com": "hotmail hotmial.com hotmail.con hotmal.com hotmai.com",
            "yahoo.com": "yahoo yaho.com yahoo.con",
            "kakao.com": "kakao kakao.con kakao.co",
        }
    ),
    dead=frozenset(
        (
            "empal.com freechal.com dreamwiz.com paran.com hanmir.com lycos.co.kr netian.com nownuri.net hitel.net "
            "chollian.net"
        ).split()
    ),
)

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LOCAL_MATCH = re.compile(_LOCAL).fullmatch
_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*").fullmatch
_DOMAIN = re.compile(r"(?=.{4,189}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}").fullmatch
_WRAPPED = re.compile(r"<([^<>]*@[^<>]*)>")
_SEPARATOR = re.compile(r"[;/|]|,(?=[^@]*@)| (?=\S+@)")
_NOTE = re.compile(r" ?\([^()]*\)")
_NO_SUCH_END = re.compile(r"\.(?:con|cmo|ocm|comm|xom|vom)$")  # of .com
_JUNK_LOCALS = frozenset(["test", "tester", "no", "none", "noemail", "nomail", "noname", "null", "asdf", "qwer"])
_JUNK_DOMAINS = frozenset(
    "test.com no.com none.com example.com example.org a.com aa.com aaa.com abc.com asdf.com".split()
)
_LONGEST, _LONGEST_LOCAL = 254, 64


class Email(NamedTuple):
    """An e-mail address with its domain in lower case. key: all in lower case, for comparison."""

    value: str
    certainty: int
    problems: tuple[str, ...]
    key: str


def email(raw: str | None, domains: MailDomains = DOMAINS) -> Email:
    """The standard form of the first e-mail address in the text."""
    if type(raw) is str:
        local, _, domain = raw.partition("@")
        domain = domain.lower()
        is_known = domain in domains.known
        if (is_known or _is_ordinary(domain, domains)) and _PLAIN_LOCAL(local) and len(local) <= _LONGEST_LOCAL:
            key = local.lower()
            if not _is_junk(key, domain):
                return Email(f"{local}@{domain}", CERTAIN if is_known else PLAUSIBLE, (), f"{key}@{domain}")
    return _read(raw, domains)


def _is_ordinary(domain: str, domains: MailDomains) -> bool:
    """Whether nothing is known of a well-formed domain."""
    is_known_wrong = domain in domains.typos or domain in domains.dead or _NO_SUCH_END.search(domain)
    return not is_known_wrong and _DOMAIN(domain) is not None


def _read(raw: str | None, domains: MailDomains) -> Email:
    text = tidy(raw)
    if not text:
        return Email("", EMPTY, (), "")
    problems: list[str] = []
    text = _first(_without_note(text.removeprefix("mailto:"), problems), problems)
    local, _, domain = text.replace("@@", "@").partition("@")
    domain = _mended(domain.lower().rstrip("."), domains, problems)
    if is_tidy_placeholder(text) or _is_junk(local.lower(), domain):
        return Email("", UNUSABLE, (*problems, "PLACEHOLDER"), "")
    if "*" in local:
        return Email("", UNUSABLE, (*problems, "MASKED"), "")
    if not _LOCAL_MATCH(local) or not _DOMAIN(domain):
        return Email("", UNUSABLE, (*problems, "FORM"), "")
    if len(local) > _LONGEST_LOCAL or len(local) + 1 + len(domain) > _LONGEST:
        return Email("", UNUSABLE, (*problems, "LENGTH"), "")
    return _graded(local, domain, domains, problems)


def _without_note(text: str, problems: list[str]) -> str:
    """What stands in angle brackets, else the text without what stands in round ones."""
    wrapped = _WRAPPED.search(text)
    bare = wrapped[1] if wrapped else _NOTE.sub("", text)
    if bare != text.strip("<>"):
        problems.append("NOTE")
    return bare


def _first(text: str, problems: list[str]) -> str:
    """The first address of several; spaces inside one are dropped."""
    parts = [part for part in _SEPARATOR.split(text) if "@" in part]
    if len(parts) > 1:
        problems.append("MULTIPLE")
    return (parts[0] if parts else text).replace(" ", "").strip(",.;:'\"")


def _mended(domain: str, domains: MailDomains, problems: list[str]) -> str:
    """The domain with a comma turned into the dot that was meant and known misspellings corrected."""
    dotted = re.sub(r"[,.]{1,}", ".", domain) if "," in domain else domain
    right = domains.typos.get(dotted) or _NO_SUCH_END.sub(".com", dotted)
    if right != domain:
        problems.append("DOMAIN_TYPO")
    return right


def _is_junk(local: str, domain: str) -> bool:
    if local in _JUNK_LOCALS or local in WORDS or domain in _JUNK_DOMAINS or is_one_repeated(local):
        return True
    label = domain.partition(".")[0]
    return local == label and len(local) == 1


def _graded(local: str, domain: str, domains: MailDomains, problems: list[str]) -> Email:
    if domain in domains.dead:
        problems.append("DEAD_DOMAIN")
    if not _DOUBTED.isdisjoint(problems):
        certainty = DOUBTFUL
    else:
        certainty = CERTAIN if domain in domains.known and not problems else PLAUSIBLE
    return Email(f"{local}@{domain}", certainty, tuple(problems), f"{local.lower()}@{domain}")


_DOUBTED = frozenset(("DOMAIN_TYPO", "DEAD_DOMAIN", "MULTIPLE"))
