"""The findings as a report: for a terminal, as JSON, and as the journal's record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from edge import __version__
from edge.checkout.instant import Instant
from edge.checkout.paper.width import clip
from edge.checkout.records import Entry, EntryKind, Json, JsonObject
from edge.checkout.shop import Language
from edge.checkout.words.texts import text
from edge.selftest.verdict import Finding, Outcome
from edge.selftest.words import SelftestWord as W

VERSION: Final = 1
# What a device says of itself is cut here, so that the record of the largest box fits a message.
LONGEST_DETAIL: Final = 120
OUTCOME_WORDS: Final = {
    Outcome.PASSED: W.PASSED,
    Outcome.FAILED: W.FAILED,
    Outcome.SKIPPED: W.SKIPPED,
    Outcome.NOT_ASKED: W.NOT_ASKED,
}


@dataclass(frozen=True, slots=True)
class Report:
    """`is_attended`: somebody was there to be asked."""

    device: str
    at: Instant
    is_attended: bool
    findings: tuple[Finding, ...]

    def count(self, outcome: Outcome) -> int:
        return sum(finding.verdict.outcome is outcome for finding in self.findings)

    @property
    def is_well(self) -> bool:
        return self.count(Outcome.FAILED) == 0


def explained(finding: Finding, language: Language) -> str:
    """What was found and, where it failed, what to do."""
    detail = "".join(each if each.isprintable() else " " for each in finding.verdict.detail)
    return clip(text(finding.verdict.word, language, detail), LONGEST_DETAIL)


def line(finding: Finding, language: Language) -> str:
    """One line for a terminal."""
    outcome = text(OUTCOME_WORDS[finding.verdict.outcome], language)
    return f"{outcome:<10} {finding.check.name}: {explained(finding, language)}"


def summary(report: Report, language: Language) -> str:
    """All is well, or how much is not; and what nobody was asked."""
    count = report.count(Outcome.FAILED)
    said = [text(W.SOME_FAILED, language, str(count)) if count else text(W.ALL_WELL, language)]
    if open_questions := report.count(Outcome.NOT_ASKED):
        said.append(text(W.LEFT_OPEN, language, str(open_questions)))
    return ", ".join(said)


def as_json(report: Report, *, recorded: bool, printed: bool) -> JsonObject:
    """What `--json` writes; in English whatever the shop speaks, for programs."""
    return {
        **_head(report),
        "recorded": recorded,
        "printed": printed,
        "checks": [
            {**_check(finding), "measured": dict(finding.verdict.measured)}
            for finding in report.findings
        ],
    }


def entry(report: Report) -> Entry:
    """The journal's record."""
    checks: list[Json] = [_check(finding) for finding in report.findings]
    return Entry(EntryKind.SELFTEST_RUN, {**_head(report), "checks": checks})


def _head(report: Report) -> JsonObject:
    counts: Sequence[tuple[str, Json]] = [(each.value, report.count(each)) for each in Outcome]
    return {
        "version": VERSION,
        "edge": __version__,
        "device": report.device,
        "at": report.at.utc_ms,
        "attended": report.is_attended,
        **dict(counts),
    }


def _check(finding: Finding) -> JsonObject:
    return {
        "name": finding.check.name,
        "kind": finding.check.part.value,
        "outcome": finding.verdict.outcome.value,
        "detail": explained(finding, Language.ENGLISH),
    }
