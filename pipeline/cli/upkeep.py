"""`wirewatch doctor`, `housekeeping` and `reindex`: is all sound, and how to make it so."""

# ruff: noqa: PLC0415

from __future__ import annotations

from contextlib import closing

import typer

from pipeline import runtime
from pipeline.cli.describing import SETUP, add
from pipeline.cli.session import Session, clock
from pipeline.cli.terminal import AsJson, plain, print_json, print_text, progress


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (doctor, housekeeping, reindex):
        add(app, command, command.__name__, SETUP)


def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Examine the set-up: settings, configuration, store, index, mail. Exit status 1 if something is not sound.

    For example:

        wirewatch doctor
        wirewatch doctor --json | jq 'select(.sound | not)'

    Next: `wirewatch feeds check` tries the feeds, `wirewatch run --watch` begins.
    """
    from pipeline.stages.doctor import examine, free_space

    session = Session.of(context)
    parts = {
        "settings": lambda: f"contact {session.settings.contact or 'not set; sites that you poll cannot reach you'}",
        "configuration": lambda: _configuration(session),
        "data folder": lambda: free_space(session.settings.data),
        "store": lambda: _store(session),
        "search index": lambda: _index(session),
        "mail": lambda: _mail(session),
        "operators": lambda: _operators(session),
        "news": lambda: _news(session),
    }
    sound = True
    for one in examine(parts):
        sound = sound and one.sound
        if as_json:
            print_json(vars(one))
        else:
            hint = f"\nhint: {one.hint}" if one.hint else ""
            told = f"{one.told}{hint}".replace("\n", "\n    ")
            print_text(plain(f"{'ok ' if one.sound else 'BAD'} {one.what}: {told}"))
        if one.what == "settings" and not one.sound:
            break  # all other parts would say the same
    raise typer.Exit(int(not sound))


def _configuration(session: Session) -> str:
    found = session.configuration
    counts = (len(found.feeds), len(found.topics), len(found.entities), len(found.watches))
    return "{} feeds, {} topics, {} entities, {} watches".format(*counts)


def _store(session: Session) -> str:
    with session.store() as store, store.reading() as transaction:
        counts = transaction.articles.counts()
    return f"{counts['articles']} articles in {counts['stories']} stories"


def _index(session: Session) -> str:
    with closing(runtime.make_index(session.settings)) as index:
        told = index.describe()
    if session.settings.has_elasticsearch:
        with closing(runtime.make_journal_index(session.settings)) as journal:
            told = f"{told}; {journal.describe()}"
    return told


def _mail(session: Session) -> str:
    from pipeline.stages.doctor import mail

    settings = session.settings
    mailer = runtime.make_mailer(settings)
    with closing(mailer):
        return mail(mailer, settings.mail_from if settings.smtp_url else None)


def _operators(session: Session) -> str:
    told = session.settings.operators
    return f"{', '.join(told)} are told" if told else "none set; nobody is told by mail when something is wrong"


def _news(session: Session) -> str:
    from pipeline.stages.doctor import news

    with session.store() as store, store.reading() as transaction:
        states = transaction.feeds.states()
    return news(states, session.feeds, now=clock(), after=session.settings.silence_after)


def housekeeping(context: typer.Context, as_json: AsJson = False) -> None:
    """Look after the store and the index, and tell the operators which feeds want a look. Run it once a day.

    Forgets what is too old to matter, in the journal too, and articles if `WIREWATCH_STORE_RETENTION` says so; lets pages be fetched again that
    could not be; gives room back; repairs the index where it differs from the store; and mails `WIREWATCH_OPERATORS`, at
    most once a day, a list of the feeds that fail, were retired or fell silent. Safe to break off and to run again.

    For example:

        wirewatch housekeeping       # once a day, from cron or Airflow

    Next: `wirewatch index` takes on what is to be indexed again; `wirewatch run` does so too.
    """
    from pipeline.stages import upkeep

    with Session.of(context).services() as services:
        counts = upkeep.housekeeping(services, now=clock())
    if as_json:
        print_json(counts)
    else:
        print_text(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()))


def reindex(context: typer.Context, as_json: AsJson = False) -> None:
    """Rebuild the search index from the store; on Elasticsearch also the indices of polls and alerts.

    Safe at any time: the index holds nothing of its own.

    For example:

        wirewatch reindex

    Stopped half way, it leaves an index with gaps; run it again. Next: `wirewatch search`.
    """
    from pipeline.stages import upkeep

    session = Session.of(context)
    with progress() as told, session.services(progress=told) as services:
        count = upkeep.reindex(services, lambda: runtime.rebuild_index(session.settings), now=clock())
    if as_json:
        print_json({"indexed": count})
    else:
        print_text(f"indexed {count} articles")
