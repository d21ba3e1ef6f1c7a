"""Are the operators told, once, when nothing comes in any more?"""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP as Protocol  # noqa: N811
from aiosmtpd.smtp import Envelope, Session

from pipeline import runtime
from pipeline.alert import Concern, FolderMailer, Mailer, Notice
from pipeline.config import Configuration, Feed, Settings
from pipeline.errors import FetchFailed
from pipeline.stages import Services, StageReport
from pipeline.stages.doctor import news
from pipeline.stages.feed_health import concerns, tell_of_feeds
from pipeline.stages.health import check
from pipeline.stages.notices import tell
from pipeline.store import Problem, Store
from tests.alerting import mailer_at
from tests.chain import in_sqlite
from tests.factories import NOON, an_article
from tests.mail_server import Post, a_server, content_of
from tests.newsroom import a_feed
from tests.stores import a_state, keep

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPERATOR = "ops@wirewatch.example"
ROOT = Path(__file__).parents[2]


@contextmanager
def a_watchman(store: Store, mailer: Mailer, *feeds: Feed, operators: str = OPERATOR) -> Iterator[Services]:
    """A worker that looks after the feeds; all use `store`, which the test closes."""
    settings = Settings.load({"WIREWATCH_OPERATORS": operators})
    services = Services(
        settings=settings,
        configuration=Configuration(feeds or (a_feed("https://kuestenblatt.example/rss"),), (), (), ()),
        store=store,
        limits=runtime.limits(settings),
        fetcher=lambda: runtime.make_fetcher(settings),
        enricher=lambda: runtime.make_enricher(settings, Configuration((), (), (), ())),
        index=lambda: runtime.make_index(settings),
        mailer=lambda: mailer,
    )
    with ExitStack() as stack:
        stack.callback(mailer.close)
        yield services


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


@pytest.fixture
def services(store: Store, outbox: Path) -> Iterator[Services]:
    with a_watchman(store, FolderMailer(outbox)) as services:
        yield services


def remember(store: Store, **changes: object) -> None:
    """Keep the state of a feed."""
    state = a_state(**changes)
    with store.transaction() as transaction:
        transaction.feeds.claim([state.feed_id], "x", now=NOON, lease=HOUR)
        transaction.feeds.save(state, "x")


def mails(outbox: Path) -> list[EmailMessage]:
    return [message_from_bytes(file.read_bytes(), EmailMessage, policy=SMTP) for file in sorted(outbox.glob("*.eml"))]


def subjects(outbox: Path) -> list[str]:
    return [str(mail["Subject"]) for mail in mails(outbox)]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return " ".join(str(part.get_content()).split())


def open_problems(store: Store) -> dict[str, Problem]:
    with store.reading() as transaction:
        return {one.subject: one for one in transaction.problems.latest()}


# silence


def test_as_long_as_news_arrives_nobody_is_told(services: Services, store: Store, outbox: Path) -> None:
    remember(store, last_changed=NOON)

    report = check(services, now=NOON + 6 * HOUR)

    assert not report.counts.total()
    assert subjects(outbox) == []


def test_a_silence_is_told_once_however_often_it_is_looked_for(services: Services, store: Store, outbox: Path) -> None:
    remember(store, last_changed=NOON, last_polled=NOON + 5 * HOUR)

    reports = [check(services, now=NOON + 7 * HOUR + minutes * timedelta(minutes=1)) for minutes in range(3)]

    assert [dict(one.counts) for one in reports] == [{"silences": 1, "problems": 1, "told": 1}, {}, {}]
    (mail,) = mails(outbox)
    assert mail["Subject"] == "[Wirewatch] nothing has arrived since 2026-11-03 12:00 UTC"
    assert mail["To"] == OPERATOR
    assert "A feed was last asked at 2026-11-03 17:00 UTC" in text_of(mail)
    assert open_problems(store)["silence"].reason == "nothing has arrived since 2026-11-03 12:00 UTC"


def test_the_end_of_a_silence_is_told_and_the_next_one_too(services: Services, store: Store, outbox: Path) -> None:
    remember(store, last_changed=NOON)
    check(services, now=NOON + 7 * HOUR)
    remember(store, last_changed=NOON + 8 * HOUR)

    ended = [check(services, now=NOON + 8 * HOUR) for _ in range(2)]
    between = open_problems(store)
    check(services, now=NOON + 15 * HOUR)

    assert [one.counts["ends"] for one in ended] == [1, 0]
    assert between == {}
    assert sorted(subjects(outbox)) == [
        "[Wirewatch] news arrive again; nothing has arrived since 2026-11-03 12:00 UTC",
        "[Wirewatch] nothing has arrived since 2026-11-03 12:00 UTC",
        "[Wirewatch] nothing has arrived since 2026-11-03 20:00 UTC",
    ]


@in_sqlite
def test_the_feed_that_brought_news_last_counts_and_those_out_of_use_do_not(store: Store, outbox: Path) -> None:
    quiet, used = (a_feed(f"https://{name}.example/rss", id=name) for name in ("quiet", "used"))
    unused = a_feed("https://unused.example/rss", id="unused", enabled=False)
    for name, changed in (("quiet", NOON), ("used", NOON + 3 * HOUR), ("unused", NOON + 8 * HOUR)):
        remember(store, feed_id=name, last_changed=changed)

    with a_watchman(store, FolderMailer(outbox), quiet, used, unused) as services:
        loud = check(services, now=NOON + 9 * HOUR)
        silent = check(services, now=NOON + 10 * HOUR)

    assert (loud.counts["silences"], silent.counts["silences"]) == (0, 1)
    assert subjects(outbox) == ["[Wirewatch] nothing has arrived since 2026-11-03 15:00 UTC"]


@in_sqlite
def test_where_nothing_ever_arrived_nothing_is_missed(services: Services, store: Store) -> None:
    remember(store, last_changed=None, last_polled=NOON)

    assert not check(services, now=NOON + 30 * DAY).counts.total()


@in_sqlite
def test_without_operators_a_silence_is_a_problem_all_the_same(store: Store, outbox: Path) -> None:
    remember(store, last_changed=NOON)

    with a_watchman(store, FolderMailer(outbox), operators="") as services:
        check(services, now=NOON + 7 * HOUR)
        found = open_problems(store)
        remember(store, last_changed=NOON + 8 * HOUR)
        check(services, now=NOON + 8 * HOUR)

    assert set(found) == {"silence"}
    assert open_problems(store) == {}
    assert subjects(outbox) == []


def test_the_doctor_finds_a_silence(store: Store) -> None:
    feeds = [a_feed("https://kuestenblatt.example/rss")]
    remember(store, last_changed=NOON)
    with store.reading() as transaction:
        states = transaction.feeds.states()

    told = news(states, feeds, now=NOON + HOUR, after=6 * HOUR)

    assert told == "the latest came in at 2026-11-03 12:00 UTC"
    assert news({}, feeds, now=NOON, after=HOUR) == "none came in yet"
    with pytest.raises(FetchFailed, match="nothing has arrived since 2026-11-03 12:00 UTC"):
        news(states, feeds, now=NOON + 7 * HOUR, after=6 * HOUR)


# how operators are told


class Forgetful(Post):
    """Does not know one of the operators any more."""

    async def handle_RCPT(
        self, server: Protocol, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == "gone@wirewatch.example":
            return "550 no such person"
        return await super().handle_RCPT(server, session, envelope, address, options)


def test_each_operator_is_told_once_although_one_address_is_refused(store: Store) -> None:
    post = Forgetful()
    notice = Notice("something is wrong", "Look.", (Concern("a", "b", "c"),))

    with (
        a_server(post) as port,
        a_watchman(store, mailer_at(port), operators=f"gone@wirewatch.example, {OPERATOR}") as services,
    ):
        settled = [tell(services, StageReport("health", NOON), notice, now=NOON + number * DAY) for number in range(3)]

    assert settled == [True, True, True]
    assert [envelope.rcpt_tos for envelope in post.taken] == [[OPERATOR]]
    (problem,) = open_problems(store).values()
    assert problem.subject == "notice:gone@wirewatch.example"
    assert "refused for good" in problem.detail


def test_where_mail_cannot_go_it_goes_later(store: Store) -> None:
    post = Post()
    remember(store, last_changed=NOON)
    with a_server(post) as port:
        pass
    with a_watchman(store, mailer_at(port)) as services:
        first = check(services, now=NOON + 7 * HOUR)
        soon = check(services, now=NOON + 7 * HOUR + timedelta(seconds=1))
        with a_server(post, port):
            later = check(services, now=NOON + 8 * HOUR)

    assert (first.counts["told"], soon.counts["problems"], later.counts["told"]) == (0, 0, 1)
    assert len(post.taken) == 1
    assert set(open_problems(store)) == {"silence"}


def test_what_could_not_be_told_under_a_clock_ahead_is_told_when_the_clock_is_set_back(store: Store) -> None:
    post = Post()
    notice = Notice("the disk is nearly full", "Free some room.")
    with a_server(post) as port:
        mailer = mailer_at(port)
    with a_watchman(store, mailer) as services:
        tell(services, StageReport("health", NOON + DAY), notice, now=NOON + DAY)

    with a_server(post) as port, a_watchman(store, mailer_at(port)) as services:
        settled = tell(services, StageReport("health", NOON), notice, now=NOON)

    assert settled
    assert len(post.taken) == 1


def test_a_silence_that_no_mail_could_tell_of_ends_without_a_word(store: Store) -> None:
    post = Post()
    remember(store, last_changed=NOON)
    with a_server(post) as port:
        pass
    with a_watchman(store, mailer_at(port)) as services:
        check(services, now=NOON + 7 * HOUR)
        remember(store, last_changed=NOON + 8 * HOUR)
        with a_server(post, port):
            check(services, now=NOON + 8 * HOUR)

    assert post.taken == []
    assert open_problems(store) == {}


def test_of_two_that_look_at_one_moment_one_tells(post: Post, connect: Callable[[], Store]) -> None:
    remember(connect(), last_changed=NOON)
    both, counts = threading.Barrier(2, timeout=20), list[int]()

    def look(port: int, store: Store) -> None:
        with a_watchman(store, mailer_at(port)) as services:
            both.wait()
            counts.append(check(services, now=NOON + 7 * HOUR).counts["told"])

    with a_server(post) as port:
        lookers = [threading.Thread(target=look, args=(port, connect())) for _ in range(2)]
        for looker in lookers:
            looker.start()
        for looker in lookers:
            looker.join()

    assert sorted(counts) == [0, 1]
    assert len(post.taken) == 1


WORKER = """
import sys
from datetime import datetime
from pipeline.alert import SmtpMailer
from pipeline.stages.health import check
from pipeline.store import Store
from tests.integration.test_health import a_watchman
url, port, now = sys.argv[1:]
with a_watchman(Store(url), SmtpMailer(f"smtp://127.0.0.1:{port}", 5)) as services:
    check(services, now=datetime.fromisoformat(now))
"""


def test_one_killed_after_the_servers_yes_is_followed_by_the_same_message_id(post: Post, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    remember(store, last_changed=NOON)
    then = NOON + 7 * HOUR

    with a_server(post) as port, a_watchman(store, mailer_at(port)) as services:
        command = [sys.executable, "-c", WORKER, f"sqlite:///{tmp_path / 'store.db'}", str(port), then.isoformat()]
        with subprocess.Popen(command, cwd=ROOT) as worker:
            post.before_message = worker.kill
            assert worker.wait(30) < 0
        post.before_message = lambda: None

        within_the_lease = check(services, now=then + timedelta(minutes=1))
        after_it = check(services, now=then + timedelta(minutes=31))
    store.close()

    assert (within_the_lease.counts["told"], after_it.counts["told"]) == (0, 1)
    first, second = (message_from_bytes(content_of(envelope)) for envelope in post.taken)
    assert first["Message-ID"] == second["Message-ID"]


# feeds


def bring(store: Store, feed_id: str, moments: list[datetime]) -> None:
    """Let the feed have brought an article at each of these moments."""
    for number, moment in enumerate(moments):
        name = f"{feed_id}-{number}"
        keep(store, an_article(id=name, published=moment, first_seen=moment))
        with store.transaction() as transaction:
            transaction.articles.seen({name: "x"}, feed_id, now=moment)


def test_a_list_of_the_feeds_that_want_a_look_is_mailed_once_a_day(store: Store, outbox: Path) -> None:
    names = ("well", "failing", "retired", "silent", "odd", "unknown")
    feeds = [a_feed(f"https://{name}.example/rss", id=name) for name in names]
    for name in names[:-1]:
        remember(store, feed_id=name, last_success=NOON - 3 * DAY)
    remember(store, feed_id="failing", failures=12, last_error="the server answered 503", last_success=NOON - 3 * DAY)
    remember(store, feed_id="retired", retired="gone (HTTP 410)")
    bring(store, "silent", [NOON - age * DAY for age in range(5, 15)])
    bring(store, "well", [NOON - age * DAY for age in range(10)])
    with store.transaction() as transaction:
        transaction.problems.record("poll", "feed:odd", "3 entries without a headline", now=NOON)

    with a_watchman(store, FolderMailer(outbox), *feeds) as services:
        told = [tell_of_feeds(services, now=NOON + hours * HOUR) for hours in (0, 6, 24)]

    assert [(one.counts["ailing"], one.counts["told"]) for one in told] == [(4, 1), (4, 0), (4, 1)]
    first, _ = mails(outbox)
    assert first["Subject"] == "[Wirewatch] feed health on 2026-11-03"
    text = text_of(first)
    for words in (
        "failing failed 12 times in a row, last answer 2026-10-31: the server answered 503",
        "retired polled no more: gone (HTTP 410)",
        "silent answers, but brought nothing new since 2026-10-29",
        "odd 3 entries without a headline",
        "try `wirewatch feeds check failing`",
    ):
        assert words in text
    assert "well" not in text
    assert "unknown" not in text


def test_where_all_feeds_are_well_no_mail_goes(services: Services, store: Store, outbox: Path) -> None:
    remember(store, last_success=NOON, failures=2)
    with store.transaction() as transaction:
        transaction.problems.record("poll", "feed:kuestenblatt", "over", now=NOON)
        transaction.problems.close(subject="feed:kuestenblatt", stage="poll")

    assert concerns(services, now=NOON) == []
    assert not tell_of_feeds(services, now=NOON).counts.total()
    assert not outbox.exists()
