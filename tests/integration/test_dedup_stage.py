"""Do batches, orders, workers and new versions leave every copy with its original? Over real stores."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipeline.article import Article
from pipeline.stages import Services, StageReport, dedup
from pipeline.store import Store, Transaction
from tests.factories import NOON, REPORT, a_source, an_article
from tests.newsroom import a_newsroom

SENTENCES = REPORT.split(". ")
FERRY = (
    "Die Fähre zwischen Cuxhaven und Brunsbüttel legt vom Frühjahr an wieder alle neunzig Minuten ab. Das beschloss der "
    "Verkehrsverbund am Montag in Stade. Ein zweites Schiff kommt aus Norwegen und wird im Winter umgebaut. Für Pendler "
    "gibt es eine Karte zum halben Preis, Fahrräder fahren umsonst mit. Der Hafenmeister rechnet mit vielen Gästen."
)
CHAIN = (f"{FERRY} {'. '.join(SENTENCES[:2])}", ". ".join([*FERRY.split(". ")[2:], *SENTENCES[:4]]), REPORT)
FORM = (
    "Die Aktie des Maschinenbauers Nordwerk hat am Mittag {} Prozent gewonnen. Zuletzt kostete das Papier {} Euro. Damit "
    "gehörte die Aktie zu den gefragten Werten im Index, der bei {} Punkten lag. Insgesamt wechselten bisher {} Papiere den "
    "Besitzer. Analysten sehen den fairen Wert im Durchschnitt bei {} Euro."
)
FOLLOW_UP = (
    f"{SENTENCES[0]}. {SENTENCES[1]}. Im Rathaus freuen sich alle, und ein Fest ist schon geplant. Die Stadt wächst damit "
    "über ihre alten Grenzen, sagen die einen; andere fürchten um die Ruhe am Strand."
)
AGENCY = a_source(id="depesche", name="Depesche", kind="agency")
LATER = NOON + timedelta(hours=1)

Opener = Callable[..., Services]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        made: str = request.getfixturevalue("emptied_url")
        return made
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def open_worker(url: str, tmp_path: Path) -> Iterator[Opener]:
    """Opens workers on the same database."""
    with ExitStack() as stack:
        yield lambda kind=Store: stack.enter_context(a_newsroom(tmp_path, store=kind(url)))


@pytest.fixture
def services(open_worker: Opener) -> Services:
    return open_worker()


def a_text(article_id: str, body: str, *, minutes: float = 0, **changes: Any) -> Article:
    return an_article(id=article_id, body=body, published=NOON + timedelta(minutes=minutes), **changes)


def arrive(services: Services, *articles: Article) -> None:
    """Let new articles and new versions wait, one after the other."""
    with services.store.transaction() as transaction:
        known = transaction.articles.many([article.id for article in articles])
        for place, article in enumerate(articles):
            if article.id in known:
                transaction.articles.replace(article, now=NOON)
            else:
                transaction.articles.add(article)
            transaction.work.restart([article.id], "dedup", now=NOON + timedelta(seconds=place))


def run(services: Services, *, limit: int = 100, now: datetime = LATER) -> StageReport:
    """Run the stage until nothing waits."""
    report = dedup.run(services, limit=limit, now=now)
    while (more := dedup.run(services, limit=limit, now=now)).claimed:
        report.joined(more)
    return report


def originals(services: Services) -> dict[str, str]:
    with services.store.reading() as transaction:
        return {article.id: article.duplicate_of or article.id for article in transaction.articles.all()}


def stories(services: Services) -> set[frozenset[str]]:
    """The stories by their members."""
    found: dict[str | None, set[str]] = {}
    with services.store.reading() as transaction:
        for article in transaction.articles.all():
            found.setdefault(article.story_id, set()).add(article.id)
    return {frozenset(members) for members in found.values()}


def waiting(services: Services, article_id: str) -> set[str]:
    with services.store.reading() as transaction:
        return set(transaction.work.stages_of(article_id))


def enriched(services: Services) -> None:
    """Let all that waits for it be enriched, in name only."""
    with services.store.transaction() as transaction:
        for article in list(transaction.articles.all()):
            transaction.articles.save(article, enriched=True)
            transaction.work.claim("enrich", services.worker, limit=100, now=LATER, lease=timedelta(minutes=1))
            transaction.work.finish("enrich", services.worker, [article.id])


def a_mixed_wire() -> list[Article]:
    """Three chains of copies, one with the agency's own, and articles that stand alone."""
    made = [a_text(f"alone{number}", _invented(number, 60), minutes=number) for number in range(5)]
    for number in range(3):
        sentences = [_invented(f"{number} {place}", 12) for place in range(10)]
        for copy in range(5):
            source = AGENCY if (number, copy) == (1, 3) else a_source()
            body = " ".join(sentences[copy : copy + 6])
            made.append(a_text(f"chain{number}{copy}", body, minutes=(copy * 7 + 1) % 5, source=source))
    return made


def _invented(seed: object, words: int) -> str:
    syllables = [f"{one}{other}" for one in "bdfgklmnprst" for other in ("a", "e", "i", "o", "u", "ei", "au")]
    return " ".join(Random(str(seed)).sample(syllables, words))


ORIGINALS = {"chain02", "chain13", "chain22", *(f"alone{number}" for number in range(5))}


@pytest.mark.parametrize(("seed", "limit"), [(1, 1), (2, 3), (3, 7)])
def test_batches_and_orders_of_any_kind_end_in_the_same_copies(
    open_worker: Opener, tmp_path: Path, seed: int, limit: int
) -> None:
    wire = a_mixed_wire()
    with a_newsroom(tmp_path / "one go") as at_once:
        arrive(at_once, *wire)
        run(at_once)
        expected = originals(at_once), stories(at_once)
    services = open_worker()

    arrive(services, *Random(seed).sample(wire, len(wire)))
    run(services, limit=limit)

    assert (originals(services), stories(services)) == expected
    assert set(expected[0].values()) == ORIGINALS


def test_two_workers_at_once_end_in_the_same_copies(open_worker: Opener) -> None:
    wire = a_mixed_wire()
    first, second = open_worker(), open_worker()
    arrive(first, *wire)
    together = threading.Barrier(2)
    seen: list[int] = []

    def work(services: Services) -> None:
        together.wait()
        seen.append(run(services, limit=2).counts["seen"])

    threads = [threading.Thread(target=work, args=(services,)) for services in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(seen) == len(wire)
    assert set(originals(first).values()) == ORIGINALS


def test_the_stage_takes_no_more_than_its_limit(services: Services) -> None:
    arrive(services, *(a_text(f"a{number}", FERRY) for number in range(5)))

    report = dedup.run(services, limit=3, now=LATER)

    assert (report.claimed, report.counts["seen"], report.counts["folded"]) == (3, 3, 2)
    with services.store.reading() as transaction:
        left = {stage: waits.count for stage, waits in transaction.work.waiting().items()}
    assert left == {"dedup": 2, "enrich": 3}


def test_nothing_that_waits_is_nothing_done(services: Services) -> None:
    assert dedup.run(services, limit=3, now=LATER).document()["claimed"] == 0


def test_a_copy_that_gets_a_text_of_its_own_leaves_its_group_and_stays_in_its_story(services: Services) -> None:
    arrive(services, a_text("a", REPORT), a_text("b", REPORT, minutes=1), a_text("c", REPORT, minutes=2))
    run(services)

    arrive(services, a_text("b", FERRY, minutes=1, version=2))
    run(services)

    assert originals(services) == {"a": "a", "b": "b", "c": "a"}
    assert stories(services) == {frozenset("abc")}


def test_an_original_that_gets_another_text_leaves_the_group_to_the_next(services: Services) -> None:
    arrive(services, *(a_text(name, REPORT, minutes=n) for n, name in enumerate("abcd")))
    run(services)
    enriched(services)

    arrive(services, a_text("a", FERRY, version=2))
    report = run(services)

    assert originals(services) == {"a": "a", "b": "b", "c": "b", "d": "b"}
    assert report.counts["regrouped"] == 3
    assert all(waiting(services, name) == {"enrich"} for name in "abcd")


def test_an_original_may_become_a_copy_of_another_and_leave_its_copies_behind(services: Services) -> None:
    arrive(services, *(a_text(name, REPORT, minutes=n) for n, name in enumerate("abc")), a_text("f", FERRY))
    run(services)

    arrive(services, a_text("a", FERRY, version=2, minutes=5))
    run(services)

    assert originals(services) == {"a": "f", "b": "b", "c": "b", "f": "f"}


def test_a_new_version_with_nearly_the_same_text_moves_nobody(services: Services) -> None:
    arrive(services, *(a_text(name, REPORT, minutes=n) for n, name in enumerate("abc")))
    run(services)
    enriched(services)

    arrive(services, *(a_text(name, f"{REPORT} Mehr in Kürze.", minutes=n, version=2) for n, name in enumerate("ab")))
    report = run(services)

    assert originals(services) == dict.fromkeys("abc", "a")
    assert report.counts["regrouped"] == 0
    assert waiting(services, "c") == set()


def test_the_new_text_of_a_group_joins_what_it_is_now_like(services: Services) -> None:
    arrive(services, a_text("a", CHAIN[0]), a_text("c", CHAIN[2], minutes=2), a_text("x", "Kurz.", minutes=1))
    run(services)
    assert originals(services) == {"a": "a", "c": "c", "x": "x"}

    arrive(services, a_text("x", CHAIN[1], minutes=1, version=2))
    run(services)

    assert originals(services) == dict.fromkeys("acx", "a")
    assert stories(services) == {frozenset("acx")}


def test_running_again_over_the_same_versions_changes_nothing(services: Services) -> None:
    wire = a_mixed_wire()
    arrive(services, *wire)
    run(services)
    before = originals(services), stories(services)

    for limit in (2, 100):
        with services.store.transaction() as transaction:
            transaction.work.add([article.id for article in wire], "dedup", now=NOON)
        run(services, limit=limit)

        assert (originals(services), stories(services)) == before


def test_the_agencys_own_that_comes_last_takes_the_group_over_and_its_members_are_enriched_again(
    services: Services,
) -> None:
    arrive(services, a_text("a", REPORT), a_text("b", REPORT, minutes=1), a_text("f", FERRY))
    run(services)
    enriched(services)

    arrive(services, a_text("late", REPORT, minutes=30, source=AGENCY))
    report = run(services)

    assert originals(services) == {"a": "late", "b": "late", "f": "f", "late": "late"}
    assert report.counts["regrouped"] == 2
    assert {name: waiting(services, name) for name in "abf"} == {"a": {"enrich"}, "b": {"enrich"}, "f": set()}


def test_a_member_that_is_not_enriched_yet_waits_where_it_waited(services: Services) -> None:
    arrive(services, a_text("a", REPORT, minutes=5))
    run(services)

    arrive(services, a_text("earlier", REPORT))
    report = run(services)

    assert originals(services) == {"a": "earlier", "earlier": "earlier"}
    assert report.counts["regrouped"] == 0
    assert waiting(services, "a") == {"enrich"}


def test_what_is_like_a_copy_points_at_the_original_even_if_that_is_long_forgotten(services: Services) -> None:
    arrive(services, a_text("a", CHAIN[0], minutes=-60), a_text("b", CHAIN[1]))
    run(services)
    with services.store.transaction() as transaction:
        transaction.copies.forget(NOON - timedelta(minutes=30))

    arrive(services, a_text("c", CHAIN[2], minutes=1), a_text("d", CHAIN[2], minutes=-90, source=AGENCY))
    run(services)
    arrive(services, a_text("b", f"{CHAIN[1]} Ende.", version=2))
    run(services)

    assert originals(services) == dict.fromkeys("abcd", "a")


@pytest.mark.parametrize("limit", [1, 100])
def test_what_is_further_apart_than_the_window_is_no_copy(services: Services, limit: int) -> None:
    days = 24 * 60
    arrive(
        services, *(a_text(name, REPORT, minutes=at * days) for name, at in {"a": 0, "b": 6, "x": 14, "y": 20}.items())
    )

    run(services, limit=limit)

    assert originals(services) == {"a": "a", "b": "a", "x": "x", "y": "x"}


@pytest.mark.parametrize("limit", [1, 100])
@pytest.mark.parametrize(("hours", "together"), [(71, True), (73, False)])
def test_what_is_further_apart_than_the_story_window_is_another_story(
    services: Services, hours: int, limit: int, *, together: bool
) -> None:
    arrive(services, a_text("a", REPORT), a_text("b", FOLLOW_UP, minutes=60 * hours))

    run(services, limit=limit)

    assert originals(services) == {"a": "a", "b": "b"}
    assert (stories(services) == {frozenset("ab")}) is together


def test_a_burst_of_a_thousand_edited_copies_is_one_group(tmp_path: Path) -> None:
    sentences = f"{REPORT} {FERRY}".split(". ")
    bodies = [
        ". ".join([f"Blatt {chr(97 + n % 26) * (1 + n // 26)}", *sentences[: n % 9], *sentences[n % 9 + 1 :]])
        for n in range(1000)
    ]
    with a_newsroom(tmp_path) as services:
        arrive(services, *(a_text(f"a{n:04}", body, minutes=n / 60) for n, body in enumerate(bodies)))

        run(services)

        assert set(originals(services).values()) == {"a0000"}


def test_among_hundreds_of_forms_a_copy_finds_its_own(services: Services) -> None:
    forms = [FORM.format(f"{n + 1},{n + 2}", f"{n + 3},{n + 4}", f"{n + 5}", n + 6, n + 7) for n in range(0, 2000, 10)]
    arrive(services, *(a_text(f"a{n:03}", form, minutes=n / 60) for n, form in enumerate(forms)))
    run(services)
    assert len(set(originals(services).values())) == 200

    arrive(services, *(a_text(f"b{n:03}", f"{forms[n]} (dpa)", minutes=10) for n in range(0, 200, 20)))
    run(services)

    found = originals(services)
    assert {name: found[name] for name in found if name[0] == "b"} == {
        f"b{n:03}": f"a{n:03}" for n in range(0, 200, 20)
    }


class _Interrupted(Store):
    """Something happens between the claim and the result of the stage, once."""

    happens: Callable[[], object] | None = None

    @contextmanager
    def transaction(self, *, alone: str | None = None, wide: bool = False) -> Iterator[Transaction]:
        if wide and self.happens:
            happens, self.happens = self.happens, None
            happens()
        with super().transaction(alone=alone, wide=wide) as transaction:
            yield transaction


def interrupted(open_worker: Opener, happens: Callable[[], object]) -> Services:
    services = open_worker(_Interrupted)
    assert isinstance(services.store, _Interrupted)
    services.store.happens = happens
    return services


def test_a_claim_that_another_took_over_is_not_applied(open_worker: Opener) -> None:
    other = open_worker()
    arrive(other, a_text("a", REPORT), a_text("b", REPORT, minutes=1))
    slow = interrupted(open_worker, lambda: dedup.run(other, limit=9, now=LATER + timedelta(hours=1)))

    report = dedup.run(slow, limit=9, now=LATER)

    assert (report.claimed, report.counts["seen"]) == (2, 0)
    assert originals(other) == {"a": "a", "b": "a"}
    assert waiting(other, "b") == {"enrich"}


def test_a_version_that_was_replaced_meanwhile_leaves_no_trace(open_worker: Opener) -> None:
    other = open_worker()
    arrive(other, a_text("a", REPORT))
    run(other)
    arrive(other, a_text("b", REPORT, minutes=1))
    slow = interrupted(open_worker, lambda: arrive(other, a_text("b", FERRY, minutes=1, version=2)))

    report = dedup.run(slow, limit=9, now=LATER)

    assert report.counts["seen"] == 0
    assert originals(other) == {"a": "a", "b": "b"}
    assert waiting(other, "b") == {"dedup"}


def test_a_group_that_moved_meanwhile_is_seen_where_it_is_now(open_worker: Opener) -> None:
    other = open_worker()
    arrive(other, a_text("a", CHAIN[0]), a_text("b", CHAIN[1], minutes=1))
    run(other)
    arrive(other, a_text("b", f"{CHAIN[1]} Ende.", minutes=1, version=2))

    def agency_takes_over() -> None:
        arrive(other, a_text("agency", CHAIN[0], minutes=9, source=AGENCY))
        run(other)

    slow = interrupted(open_worker, agency_takes_over)
    run(slow)

    assert originals(other) == {"a": "agency", "b": "agency", "agency": "agency"}
    assert stories(other) == {frozenset({"a", "b", "agency"})}


def test_a_short_text_is_compared_with_its_headline(services: Services) -> None:
    headlines = {"a": "Brücke gesperrt", "b": "Brücke gesperrt", "c": "Brücke wieder frei"}
    arrive(services, *(a_text(name, "Mehr in Kürze.", headline=headline) for name, headline in headlines.items()))

    run(services)

    assert originals(services) == {"a": "a", "b": "a", "c": "c"}
