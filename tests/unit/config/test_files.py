"""What is said about a file that is wrong: the file, the line, the field and what would be right."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import files, load, load_entities, load_feeds, load_topics, load_watches
from pipeline.errors import ConfigError

Write = Callable[..., Path]
Complaint = Callable[..., ConfigError]

FEED = """\
feeds:
  - id: kuestenblatt
    name: Küstenblatt
    url: https://kuestenblatt.example/rss
    {line}
"""


def test_sound_files_load(write: Write) -> None:
    configuration = load(write())

    assert [feed.id for feed in configuration.feeds] == ["kuestenblatt"]
    assert [topic.id for topic in configuration.topics] == ["harbour"]
    assert [entity.id for entity in configuration.entities] == ["anna-berg"]
    assert [watch.id for watch in configuration.watches] == ["berg"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("interval: 10", "`feeds[0].interval`: write a duration such as `90s`"),
        ("interval: 10 minutes", "`feeds[0].interval`: write a duration such as `90s`"),
        ("interval: 0s", "`feeds[0].interval`: write a duration between"),
        ("interval: 99999999999999999999d", "`feeds[0].interval`: write a duration between"),
        ("intervall: 10min", "`feeds[0].intervall`: unknown field; did you mean `interval`?"),
        ("shade: red", "`feeds[0].shade`: unknown field; known are `id`, `name`"),
        ("country: NO", '`feeds[0].country`: `NO` without quotes means false in YAML; write `"NO"`'),
        ("country: UK", "`feeds[0].country`: no country has the code `UK`; did you mean `GB`?"),
        ("country: de", "`feeds[0].country`: no country has the code `de`; did you mean `DE`?"),
        ("country: Germany", "`feeds[0].country`: write the country's code of two capital letters"),
        ("country: 49", '`feeds[0].country`: `49` is a number; to have it as a text, write `"49"`'),
        ("country: [DE]", "`feeds[0].country`: write one text"),
        ("language: ua", "`feeds[0].language`: no language has the code `ua`; did you mean `uk`?"),
        ("language: DE", "`feeds[0].language`: language codes are written in lower case; did you mean `de`?"),
        ("language: german", "`feeds[0].language`: write a language code (BCP 47), such as `de`"),
        ("kind: newspapr", "`feeds[0].kind`: did you mean `newspaper`? write `agency`, `broadcaster`"),
        ("full_text: perhaps", "`feeds[0].full_text`: write `true` or `false`"),
        ("source: Küste", "`feeds[0].source`: use lower-case letters"),
        ("source_name: ' '", "`feeds[0].source_name`: write at least one letter"),
        ("name: Wieder", "`name` is given twice, first in line 3; remove one"),
    ],
)
def test_a_wrong_field_is_named_with_its_line_and_what_would_be_right(
    complaint: Complaint, line: str, expected: str
) -> None:
    error = complaint(feeds=FEED.format(line=line))

    place, _, message = error.message.partition(": ")
    assert place.endswith("feeds.yaml:5")
    assert message.startswith(expected)
    assert error.hint


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/rss",
        "a.example/rss",
        "https://",
        "file:folder",
        "http://[x",
        "https://a b.example/",
        "https://a:0/",
    ],
)
def test_an_address_that_cannot_be_polled_is_refused(complaint: Complaint, url: str) -> None:
    error = complaint(feeds=f"feeds:\n  - id: a\n    name: A\n    url: {url!r}\n")

    assert "feeds.yaml:4: `feeds[0].url`: write an address such as `https://" in error.message


def test_a_folder_needs_local(complaint: Complaint, write: Write) -> None:
    feed = "feeds:\n  - id: a\n    name: A\n    url: file:///srv/wire\n"

    error = complaint(feeds=feed)
    configuration = load(write(feeds=feed + "    local: true\n"))

    assert "`feeds[0].local`: write `local: true`; a `file:` address is read only with it" in error.message
    assert configuration.feeds[0].local


def test_a_missing_field_is_shown_by_example(complaint: Complaint) -> None:
    error = complaint(feeds="feeds:\n  - name: A\n")

    assert "feeds.yaml:2: `feeds[0].id`: is missing; write `id: space-news`" in error.message
    assert "feeds.yaml:2: `feeds[0].url`: is missing; write `url: https://example.org/news.rss`" in error.message


def test_a_field_without_value_is_empty(complaint: Complaint) -> None:
    error = complaint(feeds="feeds:\n  - id: a\n    name:\n    url: https://a.example/\n")

    assert "feeds.yaml:3: `feeds[0].name`: is empty; write `name: Space News`" in error.message


@pytest.mark.parametrize("field", ["id", "url"])
def test_an_id_and_an_address_are_given_once(complaint: Complaint, field: str) -> None:
    fields = {"id": "b", "name": "B", "url": "https://b.example/"} | {
        field: {"id": "kuestenblatt", "url": "https://kuestenblatt.example/rss"}[field]
    }
    second = "".join(f"{'  - ' if name == 'id' else '    '}{name}: {value}\n" for name, value in fields.items())

    error = complaint(feeds=FEED.format(line="enabled: true") + second)

    line = {"id": 6, "url": 8}[field]
    assert f"feeds.yaml:{line}: `feeds[1].{field}`: `{fields[field]}` stands in line" in error.message


@pytest.mark.parametrize(
    ("topics", "expected"),
    [
        ("topics: [{id: a, name: b, threshold: 0}]", "`topics[0].threshold`: write a number greater than 0"),
        ("topics: [{id: a, name: b, threshold: high}]", "`topics[0].threshold`: write a number such as `1`"),
        ("topics: [{id: a, name: b, threshold: .inf}]", "`topics[0].threshold`: write a number such as `1`"),
        ("topics: [{id: a, name: b, phrases: Hafen}]", "`topics[0].phrases`: write a list"),
        (
            "topics: [{id: a, name: b, phrases: [Hafen]}]",
            "`topics[0].phrases[0]`: write its fields, such as `{phrase: Starlink, weight: 2}`",
        ),
        (
            "topics: [{id: a, name: b, phrases: [{phrase: x, wait: 2}]}]",
            "`topics[0].phrases[0].wait`: unknown field; did you mean `weight`?",
        ),
        (
            "topics: [{id: a, name: b, phrases: [{phrase: x, weight: inf}]}]",
            "`topics[0].phrases[0].weight`: write a number such as `1`",
        ),
        (
            "topics: [{id: a, name: b, together: [{all: [Hafen]}]}]",
            "`topics[0].together[0].all`: write at least two parts, such as `[Sanktion, country-RU]`",
        ),
        (
            "topics: [{id: a, name: b, together: [Hafen]}]",
            "`topics[0].together[0]`: write its fields, such as `{all: [Sanktion, country-RU], weight: 1.5}`",
        ),
        (
            "topics: [{id: a, name: b, together: [{all: [Hafen, Kai], whithin: article}]}]",
            "`topics[0].together[0].whithin`: unknown field; did you mean `within`?",
        ),
        (
            "topics: [{id: a, name: b, together: [{all: [Hafen, Kai], within: page}]}]",
            "`topics[0].together[0].within`: write `sentence`, `paragraph` or `article`",
        ),
        (
            "topics: [{id: a, name: b, together: [{all: [Hafen, country-ru]}]}]",
            "`topics[0].together[0].all[1]`: `country-ru` is no id of an entity; did you mean `country-RU`?",
        ),
        (
            "topics: [{id: a, name: b, together: [{all: [[Kai, anna-breg], Hafen]}]}]",
            "`topics[0].together[0].all[0]`: `anna-breg` is no id of an entity; did you mean `anna-berg`?",
        ),
        ("topics: [{id: a, name: b, marginal: 2}]", "`topics[0].marginal`: write a number less than or equal to 1"),
        ("topics: [{id: a, name: b, phrases: [{phrase: x, also: y}]}]", "`topics[0].phrases[0].also`: write a list"),
        ("topics: [{id: a, name: b, entities: [x]}]", "`topics[0].entities`: write names and numbers"),
        (
            "topics: [{id: a, name: b, entities: {anna-breg: 1}}]",
            "`topics[0].entities.anna-breg`: no entity has this id; did you mean `anna-berg`?",
        ),
        (
            "topics: [{id: a, name: b, entities: {country-ua: 1}}]",
            "`topics[0].entities.country-ua`: no entity has this id; did you mean `country-UA`?",
        ),
        (
            "topics: [{id: a, name: b, against: [sports]}, {id: sport, name: b}]",
            "`topics[0].against[0]`: `sports` is not known; did you mean `sport`?",
        ),
        ("topics: [{id: a, name: b, against: [a]}]", "`topics[0].against[0]`: `a` is not known"),
        (
            "topics: [{id: a, name: b, entities: {country-QQ: 1}}]",
            "`topics[0].entities.country-QQ`: no entity has this id",
        ),
    ],
)
def test_a_wrong_topic_is_named(complaint: Complaint, topics: str, expected: str) -> None:
    error = complaint(topics=topics)

    assert f"topics.yaml:1: {expected}" in error.message


def test_countries_and_cities_are_entities_without_standing_in_a_file(write: Write) -> None:
    folder = write(topics="topics: [{id: a, name: b, entities: {country-UA: 1, city-703448: 0.5}}]")

    assert load(folder).topics[0].entities == {"country-UA": 1.0, "city-703448": 0.5}


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        ("kind: persn", "`entities[0].kind`: did you mean `person`? write `person`, `organisation`"),
        ("kind: person, wikidata: xQ1", "`entities[0].wikidata`: write `wikidata: Q42`"),
        ("kind: person, tickers: [TSLA]", "`entities[0].tickers[0]`: write `NASDAQ:TSLA`, the exchange first"),
        ("kind: person, aliases: [No]", "`entities[0].aliases[0]`: `No` without quotes means false in YAML"),
        ("kind: person, aliases: [{name: 7}]", "`entities[0].aliases[0].name`: `7` is a number"),
        ("kind: person, aliases: [{nam: x}]", "`entities[0].aliases[0].nam`: unknown field; did you mean `name`?"),
        ("kind: place, location: {lat: 91, lon: 0}", "`entities[0].location`: write `lat` between -90 and 90"),
        ("kind: place, location: {lat: x, lon: 0}", "`entities[0].location.lat`: write a number"),
        ("kind: place, location: Kiel", "`entities[0].location`: write its fields, such as `{lat: 52.5, lon: 13.4}`"),
    ],
)
def test_a_wrong_entity_is_named(complaint: Complaint, entity: str, expected: str) -> None:
    error = complaint(entities=f"entities:\n  - {{id: a, name: b, {entity}}}\n", watches="watches: []")

    assert f"entities.yaml:2: {expected}" in error.message


def test_a_later_file_of_entities_wins(write: Write) -> None:
    folder = write()
    (folder / "entities.d").mkdir()
    (folder / "entities.d" / "10.yaml").write_text("entities: [{id: anna-berg, name: X, kind: person}]")
    (folder / "entities.d" / "20.yaml").write_text(
        "entities: [{id: anna-berg, name: Dr. Anna Berg, kind: person}, {id: kai, name: Kai, kind: place}]"
    )

    entities = load(folder).entities

    assert [(entity.id, entity.name) for entity in entities] == [("anna-berg", "Dr. Anna Berg"), ("kai", "Kai")]


def test_the_file_that_is_wrong_among_overrides_is_named(write: Write) -> None:
    folder = write()
    (folder / "entities.d").mkdir()
    (folder / "entities.d" / "10.yaml").write_text("entities: [{id: anna-berg}]")

    with pytest.raises(ConfigError, match=r"entities\.d/10\.yaml:1: `entities\[0\]\.name`: is missing"):
        load(folder)


@pytest.mark.parametrize(
    ("watch", "expected"),
    [
        ("to: []", "`watches[0].to`: is empty; write `to: [desk@example.org]`"),
        ("to: desk@example.org", "`watches[0].to`: write a list"),
        ('to: ["a@b.example\\nBcc: c@d.example"]', "`watches[0].to[0]`: write a mail address such as `desk@"),
        ("to: [a@b.example], urgency: 12", "`watches[0].urgency`: write a number less than or equal to 9"),
        ("to: [a@b.example], urgency: high", "`watches[0].urgency`: write a whole number"),
        (
            "to: [a@b.example], topics: [harbor]",
            "`watches[0].topics[0]`: `harbor` is not known; did you mean `harbour`?",
        ),
        (
            "to: [a@b.example], sources: [kustenblatt]",
            "`watches[0].sources[0]`: `kustenblatt` is not known; did you mean",
        ),
        (
            "to: [a@b.example], entities: [Anna Burg]",
            "`watches[0].entities[0]`: no entity is called `Anna Burg`; did you",
        ),
        (
            "to: [a@b.example], languages: [cn]",
            "`watches[0].languages[0]`: no language has the code `cn`; did you mean `zh`",
        ),
        ("to: [a@b.example]", "`watches[0]`: names nothing to watch for; write at least one of `entities`"),
    ],
)
def test_a_wrong_watch_is_named(complaint: Complaint, watch: str, expected: str) -> None:
    error = complaint(watches=f"watches:\n  - {{id: a, name: b, {watch}}}\n")

    assert f"watches.yaml:2: {expected}" in error.message


def test_a_topic_that_is_wrong_elsewhere_is_not_called_unknown(complaint: Complaint) -> None:
    error = complaint(
        topics="topics: [{id: harbour, nam: Harbour}]",
        watches="watches: [{id: a, name: b, to: [a@b.example], topics: [harbour]}]",
    )

    assert "not known" not in error.message


def test_all_faults_of_all_files_are_told_at_once(complaint: Complaint) -> None:
    error = complaint(
        feeds="feeds:\n  - {id: A B, name: x, url: nowhere}\n  - 7\n",
        topics="topics: {}\nthemes: []\n",
        watches="watches: [{id: a, name: b, to: [nobody]}]",
    )

    lines = error.message.splitlines()
    assert [line.partition("`")[0].rpartition("/")[2] for line in lines] == [
        "feeds.yaml:2: ",
        "feeds.yaml:2: ",
        "feeds.yaml:3: ",
        "topics.yaml:2: unknown field ",
        "watches.yaml:1: ",
    ]


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("", 1, "the file is empty; write `feeds:` and a list below it, or `feeds: []`"),
        ("# nothing yet\n", 1, "the file is empty"),
        ("- id: a\n", 1, "begin with `feeds:` and put everything below it"),
        ("feed:\n  - id: a\n", 1, "unknown field `feed`; did you mean `feeds`?"),
        ("feeds: all\n", 1, "`feeds`: write a list"),
        ("feeds:\n\t- id: a\n", 2, "indented with a tab; YAML wants spaces"),
        ("feeds:\n  - id: a: b\n", 2, "not valid YAML at column 10: mapping values are not allowed"),
        ("feeds: [\n", 2, "not valid YAML at column 1: "),
        ("feeds:\n  - name: \x07\n", 2, "remove the control character U+0007"),
        ("feeds: &all\n  - *all\n", 2, "aliases such as `*all` are not allowed; write the value out"),
        ("feeds:\n  - !!python/object:os.system {}\n", 2, "tags such as `tag:yaml.org,2002:python/object:os.system`"),
        ("feeds:\n  - <<: {id: a}\n", 2, "merge keys (`<<`) are not allowed"),
        ("feeds: []\n---\nfeeds: []\n", 2, "a second document begins here"),
        ("feeds:\n  - ? [a]\n    : b\n", 2, "a field's name must be a word"),
        ("feeds: " + "[" * 100_000, 1, "nested more than 20 levels deep"),
        ("feeds:\n  " + "- " * 100_000, 2, "nested more than 20 levels deep"),
    ],
)
def test_text_that_is_no_plain_yaml_is_refused_with_its_line(
    complaint: Complaint, text: str, line: int, expected: str
) -> None:
    error = complaint(feeds=text)

    assert f"feeds.yaml:{line}: {expected}" in error.message


def test_an_alias_bomb_is_refused_at_once(complaint: Complaint) -> None:
    bomb = "feeds:\n  - &a [x, x]\n" + "".join(
        f"  - &{chr(98 + step)} [{', '.join([f'*{chr(97 + step)}'] * 9)}]\n" for step in range(9)
    )

    error = complaint(feeds=bomb)

    assert "feeds.yaml:3: aliases such as `*a` are not allowed" in error.message


def test_what_a_file_says_cannot_steer_the_terminal(complaint: Complaint) -> None:
    error = complaint(feeds='feeds:\n  - {"\\e[2J\\nfeeds.yaml": 1}\n')

    assert "\x1b" not in error.message
    assert all(": `feeds[0]" in line for line in error.message.splitlines())


def test_a_list_that_is_all_comments_is_an_empty_list(write: Write) -> None:
    assert load(write(watches="watches:\n  # - id: a\n")).watches == ()


def test_a_byte_order_mark_does_no_harm(write: Write) -> None:
    folder = write(feeds="\ufefffeeds: []\n")

    assert load(folder).feeds == ()


def test_a_file_in_another_encoding_is_named_with_its_line(write: Write) -> None:
    folder = write()
    (folder / "feeds.yaml").write_bytes("feeds:\n  - name: Küstenblatt\n".encode("latin-1"))

    with pytest.raises(ConfigError, match=r"feeds\.yaml:2: not UTF-8: byte 0xfc; save the file as UTF-8"):
        load(folder)


def test_a_missing_folder_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"feeds\.yaml: no such file") as caught:
        load(tmp_path / "nowhere")

    assert caught.value.hint is not None
    assert str(tmp_path / "nowhere") in caught.value.hint
    assert "--config DIR" in caught.value.hint


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").mkdir()

    with pytest.raises(ConfigError, match=r"feeds\.yaml: cannot be read: "):
        load_feeds(tmp_path / "feeds.yaml")


@given(st.text() | st.text(alphabet="feds:topicn-[]{}&*!|>'\"#%,? \n\t0~.<"))
def test_whatever_a_file_says_nothing_but_a_config_error_comes_of_it(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))

    for read in (load_feeds, load_topics, load_entities, load_watches):
        try:
            items = read(path)
        except ConfigError as error:
            assert str(path) in error.message  # noqa: PT017 - either outcome is fine
        else:
            assert isinstance(items, tuple)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["NO", "10min", "de"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "name", "url", "to", "phrases", "aliases", "entities", "location", "phrase", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from(["feeds", "topics", "entities", "watches"]), st.lists(VALUES, max_size=3))
def test_values_of_the_wrong_shape_give_nothing_but_a_config_error(
    tmp_path_factory: pytest.TempPathFactory, section: str, items: list[object]
) -> None:
    path = tmp_path_factory.getbasetemp() / "shaped.yaml"
    path.write_text(json.dumps({section: items}), encoding="utf-8")

    try:
        getattr(files, f"load_{section}")(path)
    except ConfigError as error:
        assert all(line.startswith(str(path)) for line in error.message.splitlines())  # noqa: PT017
