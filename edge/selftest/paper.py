"""What a self-test prints: a page with every character set, and the report."""

from typing import Final

from edge.checkout.paper.receipt import (
    Align,
    Columns,
    Element,
    Feed,
    Picture,
    Qr,
    Receipt,
    Rule,
    Text,
)
from edge.checkout.shop import Language
from edge.checkout.words.texts import text
from edge.selftest.report import OUTCOME_WORDS, Report, explained, summary
from edge.selftest.verdict import Outcome
from edge.selftest.words import SelftestWord as W

# Letters that only that code page of edge.drivers.charset has, so that each is selected once.
CODE_PAGES: Final = (
    ("PC437", "éüñÇ ½¼ ░▒▓ ╔═╗"),
    ("WPC1252", "€ © ® ™ Ø Œ õ"),
    ("PC852", "Łódź žšč ő ű"),
    ("PC866", "Чек Спасибо"),
    ("WPC1253", "Ευχαριστώ"),
    ("WPC1254", "Teşekkür İığ"),
)
CHINESE: Final = ("GB18030", "收款机自检，谢谢惠顾。￥")
ASCII: Final = "".join(map(chr, range(0x21, 0x7F)))


def page(device: str, logo: Picture | None) -> Receipt:
    """Everything that a receipt may have on it; the printer cuts after it."""
    elements: list[Element] = [logo] if logo is not None else []
    elements += [
        Text("edge selftest", Align.CENTRE, bold=True, large=True),
        Text(device, Align.CENTRE),
        Rule(),
        Text(ASCII),
        *(Columns(name, sample) for name, sample in (*CODE_PAGES, CHINESE)),
        Columns("0.00", "99,999.99", bold=True),
        Columns("TOTAL 合计", "¥12.50", large=True),
        Rule(),
        Qr(f"edge selftest {device}"),
        Feed(),
    ]
    return Receipt(0, copy=False, elements=tuple(elements))


def report_paper(report: Report, when: str, language: Language) -> Receipt:
    """The report: under what failed stands what to do, under figures what they are. `when` is the
    shop's own time.
    """
    elements: list[Element] = [
        Text(text(W.TITLE, language), Align.CENTRE, bold=True, large=True),
        Columns(report.device, when),
        Rule(),
    ]
    for finding in report.findings:
        outcome = finding.verdict.outcome
        is_bad = outcome is Outcome.FAILED
        said = text(OUTCOME_WORDS[outcome], language)
        elements.append(Columns(finding.check.name, said, bold=is_bad))
        if is_bad or finding.verdict.detail:
            elements.append(Text(f"  {explained(finding, language)}"))
    elements += [Rule(), Text(summary(report, language), Align.CENTRE, bold=True), Feed()]
    return Receipt(0, copy=False, elements=tuple(elements))
