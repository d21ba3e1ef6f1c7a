"""Looking around in what the demo left: results for people, and the same as JSON."""

import fcntl
import json
import re
import shutil
import socket
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli.demo_report import print_overview
from pipeline.config import Settings
from tests.command_line import ROOT, Ran, process, wirewatch

DOCUMENT = {
    "id", "@timestamp", "published", "updated", "first_seen", "embargo_until", "source", "agency", "feeds", "url", "guid",
    "version", "status", "urgency", "priority", "headline", "subheadline", "byline", "summary", "body", "language", "words",
    "dateline", "people", "organisations", "places", "products", "tickers", "entity_ids", "topics", "topic_evidence",
    "subjects", "locations", "duplicate_of", "copies", "story_id", "watches",
}  # fmt: skip

Ask = Callable[..., Ran]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The data folder after a demo, and beside it what the demo printed; one for all workers."""
    own = tmp_path_factory.getbasetemp()
    shared = (own if worker_id == "master" else own.parent) / "demo"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "done.json").exists():
            ran = process("--data", shared / "data", "demo", "--json")
            assert ran.status == 0, ran.err
            (shared / "said").write_text(ran.err)
            (shared / "done.json").write_text(ran.out)
    return shared


@pytest.fixture
def ask(demo: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Calls the command on the demo's data; the tests only read it."""
    return lambda *arguments: wirewatch(capsys, "--config", ROOT / "config", "--data", demo / "data", *arguments)


@pytest.fixture
def change(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Calls the command on a copy of the demo's data, which a test may change."""
    shutil.copytree(demo / "data", tmp_path / "data")
    return lambda *arguments: wirewatch(capsys, "--config", ROOT / "config", "--data", tmp_path / "data", *arguments)


def one_id(ask: Ask, query: str, *options: str) -> str:
    return str(ask("search", query, "--limit", 1, "--json", *options).document["id"])


def test_the_demo_tells_in_one_document_what_came_of_the_sample_wire(demo: Path) -> None:
    shown = json.loads((demo / "done.json").read_text())

    assert shown["articles"] > 100
    assert 0 < shown["stories"] < shown["articles"]
    assert shown["this_run"]["alert sent"] == len(shown["alerts"])
    assert {"topics", "people", "organisations", "places", "top_stories", "problems"} <= set(shown)
    assert (demo / "said").read_text().startswith("a sample wire on this machine")


def test_search_shows_the_newest_first_with_the_words_found(ask: Ask) -> None:
    ran = ask("search", "starlink", "--limit", 3)

    times = re.findall(r"^\d{4}-\d\d-\d\d \d\d:\d\d", ran.out, re.MULTILINE)
    assert (ran.status, len(times)) == (0, 3)
    assert times == sorted(times, reverse=True)
    assert "\x1b" not in ran.out
    assert re.fullmatch(r"3 of \d+ in \d+ ms; `wirewatch show ID` tells all about one\n", ran.err)


def test_search_prints_article_documents(ask: Ask) -> None:
    ran = ask("search", "topics:starlink", "--json")

    assert len(ran.documents) == 10
    assert ran.err == ""
    for document in ran.documents:
        assert set(document) >= DOCUMENT
        assert "starlink" in document["topics"]
        assert document["duplicate_of"] is None


def test_search_shows_copies_only_on_demand(ask: Ask) -> None:
    folded = ask("search", "topics:starlink", "--limit", 100, "--json").documents
    all_of_them = ask("search", "topics:starlink", "--limit", 100, "--copies", "--json").documents

    assert len(folded) < len(all_of_them)
    assert {one["id"] for one in all_of_them if one["duplicate_of"]} & {one["id"] for one in folded} == set()


def test_search_with_facets_is_one_document(ask: Ask) -> None:
    document = ask("search", "starlink", "--facets", "--limit", 2, "--json").document

    assert len(document["hits"]) == 2
    assert document["facets"]["topics"]["starlink"] >= 2
    assert document["total"] >= 2


def test_search_lists_facets_for_people(ask: Ask) -> None:
    out = ask("search", "starlink", "--facets", "--limit", 1).out

    assert re.search(r"^topics  starlink \d+ · ", out, re.MULTILINE)
    assert re.search(r"^language  \w\w \d+", out, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["starlnk"], "`wirewatch search 'starlnk~'` finds "),
        (["starlink", "--since", "1s"], "without `--since` there are "),
        (["qqqqxxxx AND wwww"], "try fewer words"),
    ],
)
def test_search_without_results_says_what_to_try(ask: Ask, arguments: list[str], hint: str) -> None:
    ran = ask("search", *arguments)

    assert (ran.status, ran.out) == (0, "")
    assert f"hint: {hint}" in ran.err


def test_search_in_an_empty_archive_says_how_to_fill_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = wirewatch(capsys, "--data", tmp_path, "search", "x")

    assert ran.status == 0
    assert "the index is empty: `wirewatch demo` or `wirewatch run` fills it" in ran.err


def test_a_wrong_query_is_marked_at_the_place_where_it_is_wrong(ask: Ask) -> None:
    ran = ask("search", '星链 AND "台積電')

    assert (ran.status, ran.out) == (2, "")
    _, line, mark, hint = ran.err.splitlines()
    assert line == '  星链 AND "台積電'
    assert mark.index("^") == 2 + 4 + len(" AND ")
    assert hint.startswith('hint: add a `"`')


def test_an_unknown_time_is_wrong_use(ask: Ask) -> None:
    ran = ask("search", "x", "--since", "yesterday")

    assert ran.status == 2
    assert ran.err.startswith("error: `yesterday` is no time\nhint: such as `24h`")


def test_show_tells_the_whole_life_of_an_article(ask: Ask) -> None:
    name = one_id(ask, "copies:>3")

    told = ask("show", name, "--json").document

    article = told["article"]
    assert article["id"] == name
    assert set(article) == DOCUMENT | {"mentions"}
    assert [one["feed"] for one in told["feeds"]] == article["feeds"]
    assert len(told["group"]) == article["copies"] > 3
    assert told["alerts"]
    assert all("sent 20" in one["delivery"] and one["why"] for one in told["alerts"])
    assert {"story", "versions", "waiting", "problems"} <= set(told)


def test_show_is_readable(ask: Ask) -> None:
    name = one_id(ask, "copies:>3")

    out = ask("show", name[:12]).out

    assert re.search(rf"^id +{name}$", out, re.MULTILINE)
    assert re.search(r"^#starlink  \d", out, re.MULTILINE)
    for title in ("seen in", "the same text", "alerts"):
        assert f"\n\n{title}\n" in out
    assert "`--whole` shows them" in out
    assert "`--whole` shows them" not in ask("show", name, "--whole").out


def test_show_tells_the_versions_of_a_corrected_article(ask: Ask) -> None:
    name = one_id(ask, "version:>1")

    told = ask("show", name, "--json").document

    assert [one["version"] for one in told["versions"]] == list(range(1, told["article"]["version"]))


def test_show_of_a_copy_tells_its_original_and_the_alerts_of_the_story(ask: Ask) -> None:
    name = one_id(ask, "_exists_:duplicate_of AND topics:starlink", "--copies")

    told = ask("show", name, "--json").document

    assert told["article"]["duplicate_of"] in {one["id"] for one in told["group"]}
    assert told["alerts"]


def test_show_of_an_unknown_or_ambiguous_id_is_wrong_use(ask: Ask) -> None:
    unknown, ambiguous = ask("show", "zzz"), ask("show", "")

    assert (unknown.status, ambiguous.status) == (2, 2)
    assert unknown.err.startswith("error: no article has the id `zzz`\nhint: ")
    assert re.match(r"error: `` begins several ids: `\w+`, ", ambiguous.err)


def test_status_counts_and_tells_of_every_feed(ask: Ask, demo: Path) -> None:
    document = ask("status", "--json").document
    shown = json.loads((demo / "done.json").read_text())

    assert document["counts"]["articles"] == shown["articles"]
    assert document["counts"]["open_problems"] == len(shown["problems"])
    assert document["waiting"] == {}
    assert document["outbox"] == {"sent": len(shown["alerts"])}
    polled = {one["feed"]: one for one in document["feeds"] if one["last_polled"]}
    assert len(polled) == shown["feeds"]
    assert all(one["last_success"].endswith("Z") and one["failures"] == 0 for one in polled.values())
    assert not polled["depesche-nord"]["configured"]
    assert any(one["configured"] and one["last_polled"] is None for one in document["feeds"])


def test_status_is_readable(ask: Ask) -> None:
    ran = ask("status")

    assert re.search(r"^articles +\d+$", ran.out, re.MULTILINE)
    assert re.search(r"^depesche-nord +\d+ +20\S+ \S+ +20\S+ \S+ +ok$", ran.out, re.MULTILINE)
    assert "nothing waits" in ran.err
    assert re.search(r"^never polled: .* and \d+ more$", ran.err, re.MULTILINE)


def test_problems_are_listed_with_their_reason(ask: Ask) -> None:
    documents, readable = ask("problems", "list", "--json").documents, ask("problems", "list")

    assert {one["stage"] for one in documents} == {"poll", "read"}
    for one in documents:
        assert set(one) == {"id", "stage", "subject", "reason", "detail", "first_seen", "last_seen", "times", "open"}
        assert f"{one['id']}  {one['last_seen'][5:10]}" in readable.out
        assert one["reason"] in readable.out
    assert f"{len(documents)} problems; `wirewatch problems retry` lets them try again" in readable.err


def test_a_problem_that_is_retried_waits_for_its_stage_again(change: Ask) -> None:
    (problem,) = [one for one in change("problems", "list", "--json").documents if one["stage"] == "read"]

    retried = change("problems", "retry", problem["id"], "--json")

    assert (retried.status, retried.document) == (0, {"retried": 1})
    assert problem["id"] not in {one["id"] for one in change("problems", "list", "--json").documents}
    assert change("status", "--json").document["waiting"]["read"]["count"] == 1
    assert re.search(r"^read +1 +20", change("status").out, re.MULTILINE)


def test_a_problem_that_nobody_knows_cannot_be_retried(ask: Ask) -> None:
    ran = ask("problems", "retry", "nonsense")

    assert ran.status == 2
    assert ran.err.startswith("error: no open problem has the id `nonsense`\nhint: ")


def test_watches_are_replayed_over_the_archive(ask: Ask, demo: Path) -> None:
    documents, readable = ask("watches", "test", "--json").documents, ask("watches", "test", "starlink")
    shown = json.loads((demo / "done.json").read_text())

    assert len(documents) == len(shown["alerts"])
    assert set(documents[0]) == {"watch", "story", "article", "published", "headline", "why"}
    assert "entities: starlink" in readable.out
    assert "taiwan " not in readable.out
    assert re.search(r"^\d+ alerts from \d+ articles since 20", readable.err, re.MULTILINE)


def test_watches_are_listed(ask: Ask) -> None:
    documents, readable = ask("watches", "list", "--json").documents, ask("watches", "list")

    assert {one["id"] for one in documents} >= {"starlink", "taiwan"}
    assert re.search(r"^starlink +Starlink +desk@example.org +entities: starlink +yes$", readable.out, re.MULTILINE)


def test_an_unknown_watch_is_wrong_use(ask: Ask) -> None:
    assert ask("watches", "test", "nonsense").err == (
        "error: no watch has the id `nonsense`\nhint: `wirewatch watches list` shows them all\n"
    )


def test_doctor_finds_a_sound_set_up_sound(ask: Ask) -> None:
    documents, readable = ask("doctor", "--json"), ask("doctor")

    assert (documents.status, readable.status) == (0, 0)
    parts = [one["what"] for one in documents.documents]
    assert parts[:5] == ["settings", "configuration", "data folder", "store", "search index"]
    assert all(one["sound"] for one in documents.documents)
    assert [line[:4] for line in readable.out.splitlines()] == ["ok  "] * len(parts)


def test_doctor_says_once_that_the_settings_are_wrong(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIREWATCH_LEASE", "soon")
    monkeypatch.setenv("WIREWATCH_SMTP", "x")

    ran = ask("doctor")

    assert ran.status == 1
    assert ran.out.startswith("BAD settings: ")
    assert ran.out.count("WIREWATCH_LEASE") == ran.out.count("`WIREWATCH_SMTP`") == 1


def test_housekeeping_finds_nothing_to_repair(change: Ask) -> None:
    counts = dict.fromkeys(
        (
            "fingerprints_forgotten",
            "articles_to_index_again",
            "strays_removed",
            "articles_outlived",
            "journal_rows_forgotten",
        ),
        0,
    )

    assert change("housekeeping", "--json").document == counts
    assert change("housekeeping").out == (
        "0 fingerprints forgotten, 0 articles to index again, 0 strays removed, 0 articles outlived, "
        "0 journal rows forgotten\n"
    )


def test_a_lost_index_is_rebuilt(change: Ask, tmp_path: Path) -> None:
    def everything() -> dict[str, Any]:
        return {one["id"]: one for one in change("search", "*", "--copies", "--limit", 1000, "--json").documents}

    before = everything()
    shutil.rmtree(tmp_path / "data" / "index")

    ran = change("reindex", "--json")

    assert ran.document == {"indexed": len(before)}
    assert everything() == before
    assert change("reindex").out == f"indexed {len(before)} articles\n"


@pytest.mark.parametrize("stage", ["read", "dedup", "enrich", "index", "alert"])
def test_a_stage_with_nothing_to_do_says_so(change: Ask, stage: str) -> None:
    document, readable = change(stage, "--json"), change(stage)

    assert (document.status, document.document["stage"], document.document["claimed"]) == (0, stage, 0)
    assert re.fullmatch(rf"stage +seconds +taken on +result\n{stage} +0\.\d\d +0 +nothing to do\n", readable.out)


def test_run_reports_every_stage(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = shutil.copytree(ROOT / "config", tmp_path / "config")
    (config / "feeds.yaml").write_text("feeds: []\n")
    shutil.copytree(demo / "data", tmp_path / "data")

    def run(*options: str) -> Ran:
        return wirewatch(capsys, "--config", config, "--data", tmp_path / "data", "run", *options)

    documents = run("--json").documents
    assert [one["stage"] for one in documents] == ["poll", "read", "dedup", "enrich", "index", "alert"]
    assert len(run().out.splitlines()) == 7


def test_a_port_that_is_taken_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: Any = taken.getsockname()[1]

        ran = wirewatch(capsys, "--data", tmp_path, "demo", "--port", port)

    assert ran.status == 2
    assert f"error: cannot use port {port}: address already in use\nhint: choose another" in ran.err


def test_the_demo_is_readable_in_a_pipe_and_says_what_to_do_next(demo: Path) -> None:
    shown = json.loads((demo / "done.json").read_text())
    out = StringIO()

    with redirect_stdout(out):
        print_overview(shown, Settings.load({"WIREWATCH_DATA": str(demo / "data")}))

    assert max(map(len, out.getvalue().splitlines())) <= 100
    assert "\x1b" not in out.getvalue()
    for title in ("what came in", "stories, the most carried first", "alerts", "set aside, with the reason", "next"):
        assert title in out.getvalue()
    assert f"wirewatch show {shown['top_stories'][0]['id']}" in out.getvalue()
