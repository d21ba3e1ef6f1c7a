"""Which language is a text in? The text tells, and a hint only where it does not."""

import pytest

from pipeline.enrich.language import Detector


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(["de", "en", "fr", "pl", "ru", "uk", "zh", "ja"])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Reederei stellte am Montag in der Werft ein neues Schiff vor.", "de"),
        ("The lifeboat station celebrated its hundredth birthday on Sunday with a parade.", "en"),
        ("Une péniche transformée en bibliothèque descend la Loire jusqu'en décembre.", "fr"),
        ("Delegacja samorządowców z Lublina spędziła dwa dni w Kijowie.", "pl"),
        ("Двадцать тысяч молодых осетров выпустили на этой неделе в реку.", "ru"),
        ("У Дніпрі відкрився невеликий музей мостів, його зібрав інженер.", "uk"),
        ("公司将在明年年底前新建八座地面站", "zh"),
        ("会社は来年末までに八つの地上局を建設する", "ja"),
    ],
)
def test_a_sentence_is_enough(detector: Detector, text: str, language: str) -> None:
    assert detector.detect(text) == language


def test_a_clear_text_is_believed_against_the_hint(detector: Detector) -> None:
    text = "Die Reederei stellte am Montag in der Werft an der Stör ein neues Schiff vor."

    assert detector.detect(text, "en") == "de"


def test_the_hint_decides_where_the_text_is_short(detector: Detector) -> None:
    assert detector.detect("Bonn, Kiel, Ulm", "pl") == "pl"
    assert detector.detect("Bonn, Kiel, Ulm", "de-AT") == "de"
    assert detector.detect("Bonn, Kiel, Ulm", "EN_us") == "en"


def test_a_script_decides_against_the_hint(detector: Detector) -> None:
    assert detector.detect("星链", "de") == "zh"
    assert detector.detect("Київ і Львів", "ru") == "uk"
    assert detector.detect("Объём вырос", "uk") == "ru"


def test_a_text_without_letters_has_the_language_of_the_hint_or_none(detector: Detector) -> None:
    for text in ("", "3:1", "🚀🚀"):
        assert detector.detect(text) is None
        assert detector.detect(text, "de") == "de"


def test_only_the_configured_languages_are_given() -> None:
    few = Detector(["de", "en"])

    assert few.detect("Delegacja samorządowców z Lublina spędziła dwa dni w Kijowie i Lwowie.") in {"de", "en"}
