"""What the demo shows on the terminal."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from pipeline.alert import message_file
from pipeline.cli.terminal import console
from pipeline.config import Settings

_MOST_ALERTS = 2


def print_overview(shown: dict[str, Any], settings: Settings, out: Console | None = None) -> None:
    """Print what came in and what was made of it, and the next commands to try."""
    out = out or console(framed=True)
    out.print(_summary(shown))
    out.print(_names(shown))
    out.print(Panel(_stories(shown), title="stories, the most carried first", title_align="left", border_style="blue"))
    out.print(Panel(_alerts(shown, settings), title="alerts", title_align="left", border_style="red"))
    if shown["problems"]:
        out.print(
            Panel(_problems(shown), title="set aside, with the reason", title_align="left", border_style="yellow")
        )
    out.print(_next(shown))


def _summary(shown: dict[str, Any]) -> RenderableType:
    languages = " ".join(f"{name or '?'} {count}" for name, count in shown["languages"].items())
    new, sent = shown["this_run"].get("poll new", 0), shown["this_run"].get("alert sent", 0)
    text = (
        f"[bold]{shown['articles']}[/] articles from [bold]{shown['feeds']}[/] feeds ({escape(languages)}), "
        f"[bold]{shown['copies']}[/] of them copies, in [bold]{shown['stories']}[/] stories\n"
        f"this run: [bold]{new}[/] new, [bold]{sent}[/] alerts sent, in {shown['seconds']} s"
    )
    if not new:
        text += "\neverything was known already, so nothing was sent twice; remove the data folder to begin anew"
    return Panel(text, title="what came in", title_align="left", border_style="green")


def _names(shown: dict[str, Any]) -> RenderableType:
    table = Table(box=None, expand=True, header_style="bold")
    columns = ("topics", "people", "organisations", "places")
    for column in columns:
        table.add_column(column)
    lists = [[f"{escape(name)} [dim]{count}[/]" for name, count in shown[column].items()] for column in columns]
    for row in range(max(map(len, lists), default=0)):
        table.add_row(*(one[row] if row < len(one) else "" for one in lists))
    return table


def _stories(shown: dict[str, Any]) -> RenderableType:
    return Group(*(_story(story) for story in shown["top_stories"]))


def _story(story: dict[str, Any]) -> str:
    agency = f" [magenta]{escape(story['agency'])}[/]" if story["agency"] else ""
    topics = " ".join(
        f"[cyan]#{escape(topic)}[/] [dim]({escape(', '.join(phrases))})[/]"
        for topic, phrases in story["topics"].items()
    )
    sources = escape(", ".join(story["sources"]))
    lines = [
        f"[bold]{story['articles']}[/] [bold]{escape(story['headline'])}[/]{agency} [dim]{story['id']}[/]",
        f"   {sources}",
    ]
    return "\n".join([*lines, f"   {topics}"] if topics else lines)


def _alerts(shown: dict[str, Any], settings: Settings) -> RenderableType:
    if not shown["alerts"]:
        return "none"
    lines = []
    for watch, alerts in groupby(shown["alerts"], key=lambda alert: alert["watch"]):
        found = list(alerts)
        lines.append(
            f"[bold]{escape(watch)}[/] → {escape(found[0]['recipient'])}: [bold]{len(found)}[/] alerts, among them"
        )
        for alert in found[:_MOST_ALERTS]:
            file = message_file(settings.outbox, alert["message"])
            lines.append(f"   {escape(alert['headline'])}")
            lines.append(f"   [dim]{escape(str(file) if file else alert['state'])}[/]")
    lines.append(f"open one with any mail program; all lie in {escape(str(settings.outbox))}")
    return "\n".join(lines)


def _problems(shown: dict[str, Any]) -> RenderableType:
    table = Table(box=None, show_header=False)
    for problem in shown["problems"][:6]:
        table.add_row(escape(problem["about"]), escape(problem["reason"][:160]))
    more = len(shown["problems"]) - 6
    if more > 0:
        table.add_row("", f"… {more} more; `wirewatch problems list` shows all")
    return table


def _next(shown: dict[str, Any]) -> RenderableType:
    example = shown["top_stories"][0]["id"] if shown["top_stories"] else "ID"
    commands = {
        "wirewatch search starlink --facets": "search as in Kibana",
        "wirewatch search 'people:putin AND language:de'": "fields, phrases, ranges",
        f"wirewatch show {example}": "an article's whole life",
        "wirewatch problems list": "what was set aside, and why",
        "wirewatch feeds check": "try the real feeds in config/feeds.yaml",
        "wirewatch run --watch": "and keep watching them",
    }
    table = Table(box=None, show_header=False, title="next", title_justify="left", title_style="bold")
    for command, about in commands.items():
        table.add_row(f"[green]{escape('.venv/bin/' + command)}[/]", f"[dim]{about}[/]")
    return table
