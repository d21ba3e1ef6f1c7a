"""Dedup: copies are folded onto their original, and articles join stories.

Decision and result are one transaction that no other runs beside, because two workers with two
copies of one report would otherwise each take theirs for the original. Fingerprints, the costly part,
are made before.

A new version is judged by its new text: it leaves its group and comes back if it is still like the others, who
meanwhile have the next best for their original. It stays in its story, of which readers were told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.article import Article
from pipeline.dedup import Fingerprint, Folding, Member, fingerprints, fold, meetings, words_of
from pipeline.read import report_of
from pipeline.stages import boundary
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services
from pipeline.store import Place, Print, Transaction

STAGE = "dedup"
_FEW_WORDS, _BEGINNING = 12, 500
_NEVER_BEATEN = (0, datetime.min.replace(tzinfo=UTC))


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
    """Return the text that makes an article a copy of another: the report in its body; of a short one, the headline too."""
    report = report_of(article.body)
    if len(words_of(report[:_BEGINNING])) >= _FEW_WORDS or not article.headline:
        return report
    return f"{article.headline}\n{report}"


def _print(article: Article, made: Fingerprint) -> Print:
    return Print(
        article_id=article.id,
        at=article.timestamp,
        agency=article.source.kind == "agency",
        words=made.words,
        exact=made.exact,
        packed=made.pack(),
        bands=made.bands,
    )


def _fold(transaction: Transaction, services: Services, prints: Mapping[str, Print]) -> Folding:
    window = services.settings.dedup_window
    times = [one.at for one in prints.values()]
    known, pairs = transaction.copies.near(list(prints.values()), since=min(times) - window, until=max(times) + window)
    groups = _Groups.around(transaction, prints, {one: found for one, found in known.items() if one not in prints})
    new, others = groups.new(), groups.others()
    members = {member.article_id: member for member in (*new, *others)}
    near = {
        (left, right)
        for left, right in {*pairs, *meetings(new)}
        if right in members and abs(members[left].rank[1] - members[right].rank[1]) <= window
    }
    folding = fold(new, others, near, story_window=services.settings.story_window)
    return groups.settled(folding)


@dataclass(frozen=True)
class _Groups:
    """The groups around new articles, each of which stands alone until it is folded; `heirs` lead those that a new one left."""

    prints: Mapping[str, Print]
    known: Mapping[str, Print]
    places: Mapping[str, Place]
    heirs: Mapping[str, str]
    leaders: Mapping[str, Print]

    @classmethod
    def around(cls, transaction: Transaction, prints: Mapping[str, Print], known: Mapping[str, Print]) -> _Groups:
        places = transaction.copies.places(list(prints))
        heirs = transaction.copies.heirs(list(prints))
        originals = {one.duplicate_of for one in known.values()} | {one.duplicate_of for one in places.values()}
        leaders = transaction.copies.of([one for one in {*originals, *heirs.values()} if one and one not in prints])
        return cls(prints, known, places, heirs, leaders)

    def new(self) -> list[Member]:
        return [self._new(one, self.places[one.article_id]) for one in self.prints.values()]

    def others(self) -> list[Member]:
        return [self._known(one) for one in self.known.values()]

    def settled(self, folding: Folding) -> Folding:
        """Let those whom a new article left follow their heir, wherever that went."""
        joined = {former: one for former, one in folding.joined_originals.items() if former not in self.prints}
        left = {original: joined.get(heir, heir) for original, heir in self.heirs.items()}
        moved = {former: original for former, original in {**joined, **left}.items() if former != original}
        return Folding(folding.originals, folding.stories, moved, folding.joined_stories)

    def _new(self, one: Print, place: Place) -> Member:
        original = place.duplicate_of
        is_forgotten = original and original not in self.leaders and original not in self.prints
        return self._member(one, original if is_forgotten else None, place.story_id)

    def _known(self, one: Print) -> Member:
        original = one.duplicate_of
        return self._member(one, self.heirs.get(original, original) if original else None, one.story_id)

    def _member(self, one: Print, original: str | None, story_id: str | None) -> Member:
        made = Fingerprint.unpack(words=one.words, exact=one.exact, packed=one.packed, bands=one.bands)
        original = original or one.article_id
        leader = one if original == one.article_id else self.leaders.get(original)
        rank = _rank(leader) if leader else (*_NEVER_BEATEN, original)
        return Member(one.article_id, made, _rank(one), original, rank, story_id)


def _rank(one: Print) -> tuple[int, datetime, str]:
    return (0 if one.agency else 1, one.at, one.article_id)


def _apply(transaction: Transaction, prints: Mapping[str, Print], folding: Folding, *, now: datetime) -> int:
    transaction.copies.save(list(prints.values()))
    changed = transaction.copies.group(folding.originals, folding.joined_originals)
    changed |= transaction.copies.tell(folding.stories, folding.joined_stories, now=now)
    others = transaction.articles.enriched(changed - set(prints))
    transaction.work.add(others, "enrich", now=now)
    return len(others)
