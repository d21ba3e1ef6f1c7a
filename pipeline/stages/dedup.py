"""Dedup: copies are folded onto their original, and articles join stories.

Decision and result are one transaction that no other runs beside, because two workers with two
copies of one report would otherwise each take theirs for the original. Fingerprints, the costly part,
are made before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from pipeline.article import Article
from pipeline.dedup import Fingerprint, Folding, Member, fingerprints, fold, meetings
from pipeline.stages import boundary
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services
from pipeline.store import Print, Transaction

STAGE = "dedup"
_FEW_WORDS = 12


def run(services: Services, *, limit: int, now: datetime) -> StageReport:
    """Fold copies among the articles that wait for it; safe to run again and side by side."""
    report = StageReport(STAGE, now)
    claimed = boundary.claim(services, report, limit=limit, now=now)
    if not claimed.articles:
        return report.done()
    made = fingerprints([comparable(article) for article in claimed.articles])
    prints = {article.id: _print(article, one) for article, one in zip(claimed.articles, made, strict=True)}
    with services.store.transaction(wide=True) as transaction:
        mine = transaction.work.finish(STAGE, services.worker, list(prints))
        kept = {article_id: prints[article_id] for article_id in prints if article_id in mine}
        if kept:
            folding = _fold(transaction, services, kept)
            moved = _apply(transaction, kept, folding, now=now)
            report.count(folded=sum(one != original for one, original in folding.originals.items()), regrouped=moved)
        transaction.work.add(mine, "enrich", now=now)
    report.count(seen=len(mine))
    return report.done()


def comparable(article: Article) -> str:
    """Return the text that makes an article a copy of another: the body; of a short one, the headline too."""
    return article.body if len(article.body.split()) >= _FEW_WORDS else article.text


def _print(article: Article, made: Fingerprint) -> Print:
    return Print(
        article_id=article.id,
        at=article.timestamp,
        agency=article.source.kind == "agency",
        words=made.words,
        exact=made.exact,
        packed=made.pack(),
        bands=made.bands,
        duplicate_of=article.duplicate_of,
        story_id=article.story_id,
    )


def _fold(transaction: Transaction, services: Services, prints: Mapping[str, Print]) -> Folding:
    window = services.settings.dedup_window
    times = [one.at for one in prints.values()]
    known, pairs = transaction.copies.near(list(prints.values()), since=min(times) - window, until=max(times) + window)
    pairs = {
        (left, right) for left, right in pairs if right in known and abs(prints[left].at - known[right].at) <= window
    }
    known = {one: found for one, found in known.items() if one not in prints}
    heads = {found.duplicate_of for found in (*known.values(), *prints.values())} - {None, *known, *prints}
    leaders = known | transaction.copies.of([one for one in heads if one])
    new = _members(prints.values(), leaders | dict(prints))
    return fold(
        [new[one] for one in prints],
        list(_members(known.values(), leaders | dict(prints)).values()),
        {*pairs, *meetings(list(new.values()))},
    )


def _members(prints: Iterable[Print], leaders: Mapping[str, Print]) -> dict[str, Member]:
    return {one.article_id: _member(one, leaders) for one in prints}


def _member(one: Print, leaders: Mapping[str, Print]) -> Member:
    leader = leaders.get(one.duplicate_of or "", one)
    made = Fingerprint.unpack(words=one.words, exact=one.exact, packed=one.packed)
    return Member(
        article_id=one.article_id,
        fingerprint=Fingerprint(made.words, made.exact, one.bands, made.shingles, made.figures),
        rank=_rank(one),
        original_id=leader.article_id,
        original_rank=_rank(leader),
        story_id=one.story_id,
    )


def _rank(one: Print) -> tuple[int, datetime, str]:
    return (0 if one.agency else 1, one.at, one.article_id)


def _apply(transaction: Transaction, prints: Mapping[str, Print], folding: Folding, *, now: datetime) -> int:
    transaction.copies.save(list(prints.values()))
    changed = transaction.copies.group(folding.originals, folding.joined_originals)
    changed |= transaction.copies.tell(folding.stories, folding.joined_stories, now=now)
    others = transaction.articles.enriched(changed - set(prints))
    transaction.work.add(others, "enrich", now=now)
    return len(others)
