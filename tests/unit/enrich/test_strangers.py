"""Whom do names mean that only a language model saw? The texts mark what the model saw: `[[Kiew|LOC]]`."""

import re
from collections.abc import Callable

import pytest

from pipeline.article import Kind
from pipeline.enrich.catalogue import Catalogue
from pipeline.enrich.folding import read
from pipeline.enrich.identity import identity_of
from pipeline.enrich.linking import View, link
from pipeline.enrich.names import Known, Match, Terms

KINDS = {"PER": Kind.PERSON, "ORG": Kind.ORGANISATION, "LOC": Kind.PLACE}
Linked = Callable[..., dict[str, str | None]]


@pytest.fixture
def linked(catalogue: Catalogue) -> Linked:
    """The id of each name in a text, by the words that stand there; of several equal ones that of the last."""

    def read_marked(marked: str, language: str = "de") -> dict[str, str | None]:
        text, seen = "", []
        for piece in re.split(r"(\[\[.+?\]\])", marked):
            name, _, label = piece.strip("[]").partition("|")
            if label:
                seen.append(Match(len(text), len(text) + len(name), Known(None, name, KINDS[label]), Terms()))
            text += name if label else piece
        folded = read(text)
        found = link([*seen, *catalogue.find(folded, language)], catalogue, View(folded, 0, language, (0, 0)))
        return {text[match.start : match.end]: match.known.id for match in found}

    return read_marked


OLENA = identity_of("Olena Tkachenko", Kind.PERSON)


def test_a_full_name_has_an_id_of_its_own_and_its_surname_shares_it(linked: Linked) -> None:
    assert linked(
        "[[Olena Tkatschenko|PER]] kam. Später sprach [[Tkatschenko|PER]] über [[Tkatschenkos|PER]] Plan."
    ) == {
        "Olena Tkatschenko": OLENA,
        "Tkatschenko": OLENA,
        "Tkatschenkos": OLENA,
    }


def test_a_surname_stands_for_nobody_where_two_bear_it_or_none(linked: Linked) -> None:
    assert linked("[[Falk|PER]] schwieg.") == {"Falk": None}
    assert linked("[[Rosa Falk|PER]] und [[Tim Falk|PER]] kamen. [[Falk|PER]] schwieg.")["Falk"] is None


def test_the_surname_stands_first_in_chinese_names(linked: Linked) -> None:
    ids = linked("[[Fan Mei-ling|PER]] kam, [[Fan|PER]] blieb.")

    assert ids["Fan"] == ids["Fan Mei-ling"] is not None


def test_a_chinese_name_is_a_full_name_without_a_space(linked: Linked) -> None:
    assert linked("记者[[罗志豪|PER]]报道。", "zh") == {"罗志豪": identity_of("罗志豪", Kind.PERSON)}


@pytest.mark.parametrize(
    "name", ["Vladimir Poetin", "Wladimir Wladimirowitsch Putin", "Vladimir Poutine", "Владимиром Путиным"]
)
def test_a_full_name_in_another_spelling_is_that_of_the_catalogue(linked: Linked, name: str) -> None:
    assert linked(f"Heute kam [[{name}|PER]].")[name] == "vladimir-putin"


def test_a_surname_that_the_model_takes_for_a_company_is_still_its_bearers(linked: Linked) -> None:
    ids = linked("[[Ivo Brandstätter|PER]] kaufte Aktien. [[Brandstätter|ORG]] will mehr.")

    assert ids["Brandstätter"] == ids["Ivo Brandstätter"]


def test_an_acronym_in_brackets_means_what_stands_before_it_from_there_on(linked: Linked) -> None:
    ids = linked("Der [[Rat für Wasserbau|ORG]] (RFW) tagt. Der RFW, so [[RFW|PER]]-Sprecher, bleibt.")

    assert ids["RFW"] == ids["Rat für Wasserbau"] == identity_of("Rat für Wasserbau", Kind.ORGANISATION)


def test_an_acronym_of_something_else_means_nothing_here(linked: Linked) -> None:
    assert "CDU" not in linked("Die [[Stadtwerke Nordhafen|ORG]] (CDU-Stadtrat Maus) warten.")


def test_the_catalogue_knows_an_acronym_better(linked: Linked) -> None:
    assert linked("Der [[Ultra-Norden|ORG]] (UN) tagt.", "de")["UN"] == "un"


def test_where_the_model_saw_an_organisation_a_wary_name_needs_no_context(linked: Linked) -> None:
    assert linked("Der Gewinn von [[Orange|ORG]] stieg.") == {"Orange": "orange"}
    assert linked("Die Farbe Orange ist beliebt.") == {}
    assert linked("Bei [[Apple|ORG]] gab es Kuchen.")["Apple"] != "apple"


def test_where_the_model_saw_a_place_a_city_is_meant_whose_name_alone_would_not_be_sure(linked: Linked) -> None:
    assert linked("Reading is fun.", "en") == {}
    assert linked("Trains stopped in [[Reading|LOC]].", "en") == {"Reading": "city-2639577"}


def test_where_the_model_saw_a_person_no_city_is_meant(linked: Linked) -> None:
    assert linked("Danach sprach Florenz.")["Florenz"] == "city-3176959"
    assert linked("Danach sprach [[Florenz|PER]].") == {"Florenz": None}
    assert linked("[[Tim Florenz|PER]] kam, dann sprach [[Florenz|PER]].")["Florenz"] == identity_of(
        "Tim Florenz", Kind.PERSON
    )


def test_an_organisation_swallows_the_place_in_its_name(linked: Linked) -> None:
    assert list(linked("Die [[Universität Leipzig|ORG]] und das [[US-Verteidigungsministerium|ORG]] schwiegen.")) == [
        "Universität Leipzig",
        "US-Verteidigungsministerium",
    ]
    assert linked("Russlands Präsident sprach.")["Russlands"] == "country-RU"
    assert linked("Der russische Präsident und die Ukrainer sprachen.") == {}
