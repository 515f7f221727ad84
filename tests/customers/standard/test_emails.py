"""E-mail addresses as the files of an insurer hold them, each with its standard form."""

import pytest

from customers.standard import MailDomains, email
from customers.standard.certainty import CERTAIN, DOUBTFUL, PLAUSIBLE, UNUSABLE

# Raw, value, certainty, problems, key.
CASES = [
    # as it should be
    ("hong@naver.com", "hong@naver.com", CERTAIN, "", "hong@naver.com"),
    ("Hong@Naver.COM", "Hong@naver.com", CERTAIN, "", "hong@naver.com"),
    (" hong@naver.com ", "hong@naver.com", CERTAIN, "", "hong@naver.com"),
    ("ｈｏｎｇ＠ｎａｖｅｒ．ｃｏｍ", "hong@naver.com", CERTAIN, "", "hong@naver.com"),
    ("hong.gil@company.co.kr", "hong.gil@company.co.kr", PLAUSIBLE, "", "hong.gil@company.co.kr"),
    ("hong+ins@gmail.com", "hong+ins@gmail.com", CERTAIN, "", "hong+ins@gmail.com"),
    ("hong_gil-2@daum.net", "hong_gil-2@daum.net", CERTAIN, "", "hong_gil-2@daum.net"),
    ("hong@xn--bj0bj06e.kr", "hong@xn--bj0bj06e.kr", PLAUSIBLE, "", "hong@xn--bj0bj06e.kr"),
    ("h@b.com", "h@b.com", PLAUSIBLE, "", "h@b.com"),
    # misspelt domains
    ("hong@naver.con", "hong@naver.com", DOUBTFUL, "DOMAIN_TYPO", "hong@naver.com"),
    ("hong@nave.com", "hong@naver.com", DOUBTFUL, "DOMAIN_TYPO", "hong@naver.com"),
    ("hong@naver,com", "hong@naver.com", DOUBTFUL, "DOMAIN_TYPO", "hong@naver.com"),
    ("hong@naver.co", "hong@naver.com", DOUBTFUL, "DOMAIN_TYPO", "hong@naver.com"),
    ("hong@navercom", "hong@naver.com", DOUBTFUL, "DOMAIN_TYPO", "hong@naver.com"),
    ("hong@naver", "hong@naver.com", DOUBTFUL, "DOMAIN_TYPO", "hong@naver.com"),
    ("hong@hanmail.com", "hong@hanmail.net", DOUBTFUL, "DOMAIN_TYPO", "hong@hanmail.net"),
    ("hong@hanmail.ent", "hong@hanmail.net", DOUBTFUL, "DOMAIN_TYPO", "hong@hanmail.net"),
    ("hong@gmial.com", "hong@gmail.com", DOUBTFUL, "DOMAIN_TYPO", "hong@gmail.com"),
    ("hong@gamil.com", "hong@gmail.com", DOUBTFUL, "DOMAIN_TYPO", "hong@gmail.com"),
    ("hong@gmail.con", "hong@gmail.com", DOUBTFUL, "DOMAIN_TYPO", "hong@gmail.com"),
    ("hong@daum.com", "hong@daum.net", DOUBTFUL, "DOMAIN_TYPO", "hong@daum.net"),
    ("hong@nate.co", "hong@nate.com", DOUBTFUL, "DOMAIN_TYPO", "hong@nate.com"),
    ("hong@icloud.con", "hong@icloud.com", DOUBTFUL, "DOMAIN_TYPO", "hong@icloud.com"),
    ("hong@company.cmo", "hong@company.com", DOUBTFUL, "DOMAIN_TYPO", "hong@company.com"),
    # domains whose mail service has ended
    ("hong@empal.com", "hong@empal.com", DOUBTFUL, "DEAD_DOMAIN", "hong@empal.com"),
    ("hong@freechal.com", "hong@freechal.com", DOUBTFUL, "DEAD_DOMAIN", "hong@freechal.com"),
    ("hong@dreamwiz.com", "hong@dreamwiz.com", DOUBTFUL, "DEAD_DOMAIN", "hong@dreamwiz.com"),
    ("hong@paran.com", "hong@paran.com", DOUBTFUL, "DEAD_DOMAIN", "hong@paran.com"),
    ("hong@hanmir.com", "hong@hanmir.com", DOUBTFUL, "DEAD_DOMAIN", "hong@hanmir.com"),
    ("hong@lycos.co.kr", "hong@lycos.co.kr", DOUBTFUL, "DEAD_DOMAIN", "hong@lycos.co.kr"),
    ("hong@hitel.net", "hong@hitel.net", DOUBTFUL, "DEAD_DOMAIN", "hong@hitel.net"),
    # beside the address
    ("홍길동 <hong@naver.com>", "hong@naver.com", PLAUSIBLE, "NOTE", "hong@naver.com"),
    ("hong@naver.com (본인)", "hong@naver.com", PLAUSIBLE, "NOTE", "hong@naver.com"),
    ("mailto:hong@naver.com", "hong@naver.com", CERTAIN, "", "hong@naver.com"),
    ("hong @naver.com", "hong@naver.com", CERTAIN, "", "hong@naver.com"),
    ("hong@@naver.com", "hong@naver.com", CERTAIN, "", "hong@naver.com"),
    ("hong@naver.com.", "hong@naver.com", CERTAIN, "", "hong@naver.com"),
    ("hong@naver.com;lee@daum.net", "hong@naver.com", DOUBTFUL, "MULTIPLE", "hong@naver.com"),
    ("hong@naver.com, lee@daum.net", "hong@naver.com", DOUBTFUL, "MULTIPLE", "hong@naver.com"),
    ("hong@naver.com/lee@daum.net", "hong@naver.com", DOUBTFUL, "MULTIPLE", "hong@naver.com"),
    # not addresses
    ("hong", "", UNUSABLE, "FORM", ""),
    ("hong@", "", UNUSABLE, "FORM", ""),
    ("@naver.com", "", UNUSABLE, "FORM", ""),
    ("hong naver.com", "", UNUSABLE, "FORM", ""),
    ("hong..gil@naver.com", "", UNUSABLE, "FORM", ""),
    ("hong.@naver.com", "", UNUSABLE, "FORM", ""),
    ("hong@company", "", UNUSABLE, "FORM", ""),
    ("hong@-company.com", "", UNUSABLE, "FORM", ""),
    ("hong@company..com", "", UNUSABLE, "FORM", ""),
    ("hong@한빛.한국", "", UNUSABLE, "FORM", ""),
    ("홍@naver.com", "", UNUSABLE, "FORM", ""),
    ("hong@1.2.3.4", "", UNUSABLE, "FORM", ""),
    ("ho***@naver.com", "", UNUSABLE, "MASKED", ""),
    ("h*ng@naver.com", "", UNUSABLE, "MASKED", ""),
    # placeholders
    ("없음", "", UNUSABLE, "PLACEHOLDER", ""),
    ("-", "", UNUSABLE, "PLACEHOLDER", ""),
    ("a@a.a", "", UNUSABLE, "PLACEHOLDER", ""),
    ("no@no.com", "", UNUSABLE, "PLACEHOLDER", ""),
    ("test@", "", UNUSABLE, "PLACEHOLDER", ""),
    ("test@test.com", "", UNUSABLE, "PLACEHOLDER", ""),
    ("test@naver.com", "", UNUSABLE, "PLACEHOLDER", ""),
    ("none@naver.com", "", UNUSABLE, "PLACEHOLDER", ""),
    ("aaa@naver.com", "", UNUSABLE, "PLACEHOLDER", ""),
    ("0@0.com", "", UNUSABLE, "PLACEHOLDER", ""),
    ("asdf@asdf.com", "", UNUSABLE, "PLACEHOLDER", ""),
    ("hong@example.com", "", UNUSABLE, "PLACEHOLDER", ""),
    ("없음@naver.com", "", UNUSABLE, "PLACEHOLDER", ""),
    ("***@***.com", "", UNUSABLE, "PLACEHOLDER", ""),
]


@pytest.mark.parametrize(("raw", "value", "certainty", "problems", "key"), CASES)
def test_email_has_one_standard_form(raw, value, certainty, problems, key):
    assert email(raw) == (value, certainty, tuple(problems.split()), key)


@pytest.mark.parametrize(
    ("length", "expected"), [(64, ("", PLAUSIBLE)), (65, ("LENGTH", UNUSABLE))], ids=["longest", "too long"]
)
def test_email_has_at_most_64_letters_before_the_sign(length, expected):
    found = email("ab" * (length // 2) + "c" * (length % 2) + "@company.co.kr")

    assert (" ".join(found.problems), found.certainty) == expected


def test_email_asks_the_domains_it_is_given():
    domains = MailDomains(known=frozenset(["hanbit.kr"]), typos={"hanbt.kr": "hanbit.kr"}, dead=frozenset(["old.kr"]))

    found = [email(f"hong@{domain}", domains) for domain in ("hanbit.kr", "hanbt.kr", "old.kr", "naver.con")]

    assert [(form.value, form.certainty, form.problems) for form in found] == [
        ("hong@hanbit.kr", CERTAIN, ()),
        ("hong@hanbit.kr", DOUBTFUL, ("DOMAIN_TYPO",)),
        ("hong@old.kr", DOUBTFUL, ("DEAD_DOMAIN",)),
        ("hong@naver.com", DOUBTFUL, ("DOMAIN_TYPO",)),
    ]
