"""Models that find names: our own, others by language, and what texts from outside may do to them."""

import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
import xx_wirewatch_news
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from xx_wirewatch_news.recogniser import DamagedModel, Recogniser

from pipeline.article import Kind
from pipeline.enrich.models import OWN, NameModels
from pipeline.errors import ConfigError

MODEL = Path(xx_wirewatch_news.__file__).parent / f"xx_wirewatch_news-{xx_wirewatch_news.__version__}" / "names"


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load(OWN)


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(MODEL, threads=1)


def read(nlp: Language, text: str) -> list[tuple[str, str]]:
    return [(name.text, name.label_) for name in nlp(text).ents]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Wolodymyr Selenskyj traf in Berlin Friedrich Merz.",
         [("Wolodymyr Selenskyj", "PER"), ("Berlin", "LOC"), ("Friedrich Merz", "PER")]),
        ("Anneliese Obermoser leitet die Deutsche Bundesbank.",
         [("Anneliese Obermoser", "PER"), ("Deutsche Bundesbank", "ORG")]),
        ("Obama's visit to Arlington was announced on Monday.", [("Obama", "PER"), ("Arlington", "LOC")]),
        ("Владимир Путин прибыл в Пекин.", [("Владимир Путин", "PER"), ("Пекин", "LOC")]),
        ("Olena Tkaczenko przyjechała do Warszawy.", [("Olena Tkaczenko", "PER"), ("Warszawy", "LOC")]),
        ("Die russische Regierung und ein EU-Gipfel sind keine Namen.", []),
    ],
)  # fmt: skip
def test_people_organisations_and_places_are_found_in_many_languages(
    nlp: Language, text: str, names: list[tuple[str, str]]
) -> None:
    assert read(nlp, text) == names


def test_a_name_is_found_with_invisible_characters_in_it_and_ends_with_its_line(nlp: Language) -> None:
    assert read(nlp, "Gestern sprach Elon\u200b Mu\u00adsk in Kiel.")[0] == ("Elon\u200b Mu\u00adsk", "PER")
    assert all("\n" not in name for name, _ in read(nlp, "Treffen in Kiew\nKöln\nHamburg\nBundestag\nFriedrich Merz"))


def test_every_character_stays(nlp: Language) -> None:
    text = "  Zwei  Leerzeichen,\n\nzwei Zeilen\u00a0und\tmehr. "

    assert nlp(text).text == text


def test_a_text_in_many_windows_is_read_as_its_parts_are(recogniser: Recogniser) -> None:
    sentence = "Am Dienstag traf Anneliese Obermoser in Hamburg den Sprecher der Bundesbank. "

    (names,) = recogniser.find([sentence * 60])

    assert len(names) == 60 * len(recogniser.find([sentence])[0])
    assert {sentence[name.start % len(sentence) :][: name.end - name.start] for name in names} == {
        "Anneliese Obermoser", "Hamburg", "Bundesbank",
    }  # fmt: skip


def test_texts_read_together_are_read_as_alone(recogniser: Recogniser) -> None:
    texts = [
        "Friedrich Merz reiste nach Paris.",
        "",
        "Kurz.",
        "Die Nato und die EU tagten in Brüssel, sagte Rosa Falk.",
    ]

    assert recogniser.find(texts * 3) == [recogniser.find([text])[0] for text in texts] * 3


@pytest.mark.parametrize(
    "text",
    ["", "A", " ", "\n", "😀" * 500, "A" * 200_000, "ALLES NUR IN GROSSEN BUCHSTABEN " * 50, "\ud800 Kiel \udfff", "\u202eKiel\u202c",
     "<p>Kiel&nbsp;</p><script>x</script>", "DAX 18.000 +1,2 % | MDAX 25.000 -0,3 %\n" * 200, "ꙮ" * 99, "Kiel Κιλ Киль 基尔 كيل " * 40,
     "ein " * 20_000, "." * 5_000],
    ids=lambda text: ascii(text[:12]),
)  # fmt: skip
def test_odd_texts_are_read_without_harm(recogniser: Recogniser, text: str) -> None:
    (names,) = recogniser.find([text])

    assert all(0 <= one.start < one.end <= len(text) for one in names)
    assert all(one.end <= other.start for one, other in pairwise(names))


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_read_without_harm(recogniser: Recogniser, text: str) -> None:
    (names,) = recogniser.find([text])

    assert all(0 <= one.start < one.end <= len(text) for one in names)


@pytest.mark.parametrize("name", ["encoder.onnx", "embeddings.npy", "pieces.model", "labels.json", "checksums.json"])
def test_a_damaged_or_missing_file_is_told_with_its_remedy(tmp_path: Path, name: str) -> None:
    shutil.copytree(MODEL, tmp_path / "names")
    (tmp_path / "names" / name).write_bytes(b"{}")

    with pytest.raises(DamagedModel, match="install the package xx_wirewatch_news again"):
        Recogniser(tmp_path / "names")
    (tmp_path / "names" / name).unlink()
    with pytest.raises(DamagedModel, match="install the package xx_wirewatch_news again"):
        Recogniser(tmp_path / "names")


def test_it_can_be_written_and_read_again(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "copy")

    assert read(spacy.load(tmp_path / "copy"), "Rosa Falk reiste nach Kiel.") == read(
        nlp, "Rosa Falk reiste nach Kiel."
    )


def test_two_processes_and_a_forked_one_read_at_once() -> None:
    script = (
        "import multiprocessing, spacy\n"
        "nlp = spacy.load('xx_wirewatch_news')\n"
        "def count(_): return len(nlp('Rosa Falk reiste nach Kiel.').ents)\n"
        "assert count(0) == 2\n"
        "with multiprocessing.get_context('fork').Pool(2) as pool: assert pool.map(count, range(4)) == [2] * 4\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(2)]

    assert [one.wait(timeout=120) for one in running] == [0, 0]


def test_another_package_takes_the_place_of_ours_for_its_language() -> None:
    models = NameModels({"*": OWN, "de": "none", "en": "xx_wirewatch_news"})

    told = models.find(
        [("Rosa Falk spoke in Dublin.", "en"), ("Rosa Falk sprach in Kiel.", "de"), ("Rosa Falk.", None)]
    )

    assert [[one.kind for one in spans] for spans in told] == [
        [Kind.PERSON, Kind.PLACE],
        [Kind.PERSON, Kind.PLACE],
        [Kind.PERSON],
    ]


def test_a_package_that_is_not_installed_is_told_with_its_remedy() -> None:
    with pytest.raises(ConfigError, match=r"WIREWATCH_NLP_MODELS.*de_core_news_lg.*not installed") as refused:
        NameModels({"*": OWN, "de": "de_core_news_lg"})

    assert "spacy download de_core_news_lg" in str(refused.value.hint)


def test_without_any_package_the_catalogue_is_alone() -> None:
    assert NameModels({"*": "none"}).find([("Rosa Falk sprach.", "de")]) == [[]]
