"""What a DAG does when its surroundings fail, and what the operators hear of it."""

import socket
import threading
from collections.abc import Mapping

from tests.dags.newsroom import OPERATOR, Newsroom, mails
from tests.mail_server import READER, Post, a_closed_port, a_server
from tests.newsroom import a_feed, item, rss
from tests.unit.fetch.loopback import Answer, a_raw_server, a_site


def test_alerts_go_while_elasticsearch_is_away_and_the_index_follows_later(newsroom: Newsroom) -> None:
    newsroom.take_small("Hafen nimmt Kran in Betrieb")
    post = Post()
    newsroom.variables["WIREWATCH_OPERATORS"] = OPERATOR
    with a_server(post) as port, a_closed_port() as nobody:
        newsroom.variables["AIRFLOW_CONN_WIREWATCH_SMTP"] = f"smtp://127.0.0.1:{port}"
        newsroom.run("poll_wires")

        run = newsroom.run("process_articles", AIRFLOW_CONN_WIREWATCH_ELASTICSEARCH=f"http://127.0.0.1:{nobody}")

    assert (run.states("alert"), run.states("index"), run.state) == (["success"], ["failed"], "failed")
    assert run.tries("index") == 1
    assert len(mails(post, to=READER)) == 1
    assert newsroom.waiting() == {"index": 1}
    (told,) = mails(post, to=OPERATOR)
    assert told["Subject"] == "Wirewatch: `process_articles.index` failed"
    assert "cannot be reached" in told.get_content()


def test_mail_waits_while_the_server_is_away_and_goes_once_when_it_is_back(newsroom: Newsroom) -> None:
    newsroom.take_small("Hafen nimmt Kran in Betrieb")
    newsroom.run("poll_wires")
    post = Post()
    with a_closed_port() as nobody:
        away = newsroom.run("process_articles", AIRFLOW_CONN_WIREWATCH_SMTP=f"smtp://127.0.0.1:{nobody}")
    newsroom.forget_pause()

    with a_server(post) as port:
        newsroom.variables["AIRFLOW_CONN_WIREWATCH_SMTP"] = f"smtp://127.0.0.1:{port}"
        back, after = newsroom.run("process_articles"), newsroom.run("process_articles")

    assert (away.states("alert"), away.states("index")) == (["failed"], ["success"])
    assert back.state == "success"
    assert after.started == set()
    assert [mail["To"] for mail in mails(post)] == [READER]


def test_without_a_word_on_the_store_the_task_fails_at_once_and_names_the_connection(newsroom: Newsroom) -> None:
    del newsroom.variables["WIREWATCH_DATA"]

    run = newsroom.run("poll_wires")

    assert (run.state, run.states("due"), run.tries("due")) == ("failed", ["failed"], 1)
    assert "connection `wirewatch_store`: there is none" in newsroom.log


def test_a_store_that_is_away_is_tried_again_and_told_once(newsroom: Newsroom) -> None:
    newsroom.take_small()
    newsroom.variables["WIREWATCH_OPERATORS"] = OPERATOR
    post = Post()
    with a_server(post) as port, a_closed_port() as nobody:
        newsroom.variables["AIRFLOW_CONN_WIREWATCH_SMTP"] = f"smtp://127.0.0.1:{port}"
        newsroom.variables["AIRFLOW_CONN_WIREWATCH_STORE"] = f"postgres://wirewatch:secret@127.0.0.1:{nobody}/wirewatch"
        runs = [newsroom.run("poll_wires"), newsroom.run("poll_wires")]

    assert [(run.state, run.tries("due")) for run in runs] == [("failed", 4)] * 2
    (told,) = mails(post, to=OPERATOR)
    assert told["Subject"] == "Wirewatch: `poll_wires.due` failed"
    assert "secret" not in told.get_content()


def test_a_broken_file_leaves_the_last_good_configuration_in_force_and_the_operators_are_told_once(
    newsroom: Newsroom,
) -> None:
    newsroom.take_small("Hafen nimmt Kran in Betrieb")
    newsroom.run("housekeeping")
    feeds = newsroom.config / "feeds.yaml"
    sound = feeds.read_text(encoding="utf-8")
    feeds.write_text("feeds: [{id: Kein Name}]", encoding="utf-8")
    newsroom.variables["WIREWATCH_OPERATORS"] = OPERATOR
    post = Post()
    with a_server(post) as port:
        newsroom.variables["AIRFLOW_CONN_WIREWATCH_SMTP"] = f"smtp://127.0.0.1:{port}"
        run = newsroom.run("poll_wires")

    assert (run.state, newsroom.counts()["articles"]) == ("success", 1)
    (told,) = mails(post, to=OPERATOR)
    assert told["Subject"] == "Wirewatch: the configuration is broken"
    assert "feeds.yaml" in told.get_content()
    assert [one.subject for one in newsroom.problems()] == ["configuration"]

    feeds.write_text(sound, encoding="utf-8")
    newsroom.run("poll_wires")

    assert newsroom.problems() == []


def test_without_an_address_nobody_is_mailed_and_the_log_says_so(newsroom: Newsroom) -> None:
    del newsroom.variables["WIREWATCH_CONFIG"]

    run = newsroom.run("poll_wires", AIRFLOW_VAR_WIREWATCH_POLL_SHARDS="many")

    assert run.states("due") == ["failed"]
    assert "variable `wirewatch_poll_shards`: `many` is not a whole number from 1 to 64" in newsroom.log
    assert "nobody is told: the setting `operators`" in newsroom.log


def test_a_poll_that_runs_out_of_time_is_tried_again_and_loses_and_repeats_nothing(newsroom: Newsroom) -> None:
    released = threading.Event()
    asked: list[None] = []

    def slow_at_first(_headers: Mapping[str, str]) -> Answer:
        asked.append(None)
        if len(asked) == 1:
            released.wait(60)
        return Answer(body=rss(item(1), item(2)), headers={"Content-Type": "application/rss+xml"})

    with a_site({"/feed": slow_at_first}) as site:
        newsroom.write_feeds([a_feed(f"{site.url}/feed")])
        run = newsroom.run("poll_wires", limits={"poll": 2.0})
        released.set()

    (report,) = run.returned("poll")
    assert (run.state, run.tries("poll")) == ("success", 2)
    assert "Process timed out" in newsroom.log
    assert len(asked) == 2
    assert report["new"] == newsroom.counts()["articles"] == 2
    assert newsroom.waiting() == {"read": 2}


def test_a_stage_that_runs_out_of_time_gives_its_articles_back_and_the_attempt_counts(newsroom: Newsroom) -> None:
    newsroom.take_small("Hafen nimmt Kran in Betrieb")
    newsroom.run("poll_wires")
    released = threading.Event()

    def say_nothing(_connection: socket.socket) -> None:
        released.wait(60)

    with a_raw_server(say_nothing) as silent:
        limits = {"index": 2.0, "catch_up": 1.0}
        run = newsroom.run("process_articles", limits=limits, AIRFLOW_CONN_WIREWATCH_ELASTICSEARCH=silent)
        released.set()
    (attempts,) = newsroom.attempts("index")

    after = newsroom.run("process_articles")

    assert (run.states("index"), run.tries("index"), run.states("alert")) == (["failed"], 4, ["success"])
    assert attempts > 0
    assert (after.state, newsroom.indexed(), newsroom.waiting()) == ("success", 1, {})
