"""Do the DAGs bring the sample wire's articles into the index and the mails to the readers, once?"""

from collections import Counter
from datetime import timedelta

import pytest

from tests.dags.newsroom import OPERATOR, Newsroom, a_wire, mails
from tests.mail_server import Post, a_server


def test_the_wires_articles_are_indexed_and_mailed_and_a_second_time_nothing_is(newsroom: Newsroom) -> None:
    post = Post()
    with a_server(post) as port, a_wire(newsroom.folder / "wire") as wire:
        newsroom.take_shipped(wire.feeds)
        newsroom.variables["AIRFLOW_CONN_WIREWATCH_SMTP"] = f"smtp://127.0.0.1:{port}"

        first = newsroom.run("poll_wires"), newsroom.run("process_articles")
        counts, indexed, waiting = newsroom.counts(), newsroom.indexed(), newsroom.waiting()
        newsroom.make_due()
        second = newsroom.run("poll_wires"), newsroom.run("process_articles")

    assert [run.state for run in (*first, *second)] == ["success"] * 4
    assert waiting == {}
    assert indexed == counts["articles"] > 100
    assert sum(report["new"] for report in first[0].returned("poll")) == counts["articles"]
    assert [event["new"] for event in first[0].events] == [counts["articles"]]
    assert (second[0].states("announce"), second[0].events) == (["skipped"], [])
    assert second[1].started == set()
    assert newsroom.counts() == counts
    sent = Counter(mail["Message-ID"] for mail in mails(post))
    assert sent
    assert set(sent.values()) == {1}


def test_workers_share_the_articles_and_counts_are_all_that_passes_between_tasks(newsroom: Newsroom) -> None:
    newsroom.take_small(*(f"Meldung Nummer {number}" for number in range(120)))
    newsroom.write("watches", [])  # 120 mails say nothing more
    newsroom.run("poll_wires")

    run = newsroom.run("process_articles", AIRFLOW_VAR_WIREWATCH_ENRICH_WORKERS="3")

    reports = run.returned("enrich")
    assert run.returned("look") == [[0, 1]]
    assert sorted(report["worker"] for report in reports) == [0, 1]
    assert sum(report["enriched"] for report in reports if report["claimed"]) == 120
    assert all(isinstance(value, (int, float, str, type(None))) for report in reports for value in report.values())


def test_when_no_feed_is_due_one_task_runs_and_that_is_all(newsroom: Newsroom) -> None:
    newsroom.take_small("Hafen nimmt Kran in Betrieb")
    newsroom.run("poll_wires")

    run = newsroom.run("poll_wires")

    assert (run.state, run.started) == ("success", {"due"})
    assert run.returned("due") == [[]]


@pytest.mark.parametrize("what", ["everything", "differences"])
def test_reindex_brings_the_index_in_line_with_the_store(newsroom: Newsroom, what: str) -> None:
    newsroom.keep("a1", "a2")

    run = newsroom.run("reindex", {"what": what})

    (counts,) = run.returned("rebuild")
    assert counts["indexed"] == newsroom.indexed() == 2


def test_housekeeping_lets_missing_articles_be_indexed_again(newsroom: Newsroom) -> None:
    newsroom.keep("a1", "a2")

    run = newsroom.run("housekeeping")

    (counts,) = run.returned("keep_house")
    assert counts["articles_to_index_again"] == 2
    assert newsroom.waiting() == {"index": 2}


def test_operators_are_told_once_that_nothing_arrives_any_more(newsroom: Newsroom) -> None:
    post = Post()
    newsroom.take_small("Hafen nimmt Kran in Betrieb")
    newsroom.run("poll_wires")
    newsroom.let_news_be_old(timedelta(days=2))

    with a_server(post) as port:
        newsroom.variables |= {"WIREWATCH_OPERATORS": OPERATOR, "WIREWATCH_SMTP_URL": f"smtp://127.0.0.1:{port}"}
        runs = [newsroom.run("watch_arrivals"), newsroom.run("watch_arrivals")]

    assert [report["told"] for run in runs for report in run.returned("check") if "told" in report] == [1]
    assert len(mails(post, to=OPERATOR)) == 1


def test_digests_are_sent_by_their_own_dag(newsroom: Newsroom) -> None:
    run = newsroom.run("send_digests")

    (report,) = run.returned("send")
    assert run.state == "success"
    assert report["stopped"] is None


def test_a_mapped_shard_asks_only_its_own_hosts(newsroom: Newsroom) -> None:
    with a_wire(newsroom.folder / "wire") as wire:
        newsroom.take_shipped(wire.feeds)
        run = newsroom.run("poll_wires", AIRFLOW_VAR_WIREWATCH_POLL_SHARDS="2")

    (shards,) = run.returned("due")
    claimed = [report["claimed"] for report in run.returned("poll")]
    assert len(claimed) == len(shards)
    assert all(claimed)
