"""What becomes of an entity that comes with Wirewatch when a user's file names it, too?"""

from typing import Any

from pipeline.article import Kind
from pipeline.config import Alias, Entity, load
from pipeline.config.shipped import joined
from tests.unit.config.conftest import Write

SHIPPED = Entity(
    id="nordlicht",
    name="Nordlicht Satelliten",
    kind=Kind.ORGANISATION,
    country="DE",
    role="operator of satellites",
    aliases=("Nordlicht", Alias(name="NOS", case=True, context=("Satellit",))),
    tickers=("XETRA:NOS",),
    source="curated 2026-11",
)


def own(**fields: Any) -> Entity:
    return Entity.model_validate(
        {"id": "nordlicht", "name": "Nordlicht Satelliten", "kind": "organisation"} | fields,
    )


def test_what_the_user_does_not_name_stays() -> None:
    assert joined([SHIPPED], []) == (SHIPPED,)


def test_an_entry_with_a_new_id_comes_on_top() -> None:
    kiel = own(id="kiel-space", name="Kiel Space")

    assert joined([SHIPPED], [kiel]) == (SHIPPED, kiel)


def test_fields_given_take_the_place_of_the_shipped_ones() -> None:
    (entity,) = joined([SHIPPED], [own(role="builder of rockets", country="DK")])

    assert (entity.role, entity.country) == ("builder of rockets", "DK")
    assert entity.source == "curated 2026-11"


def test_aliases_and_tickers_come_on_top() -> None:
    (entity,) = joined([SHIPPED], [own(aliases=["Nordlys"], tickers=["OSL:NOS", "XETRA:NOS"])])

    assert entity.aliases == (*SHIPPED.aliases, "Nordlys")
    assert entity.tickers == ("XETRA:NOS", "OSL:NOS")


def test_an_alias_given_again_gets_the_users_terms() -> None:
    (entity,) = joined([SHIPPED], [own(aliases=[{"name": "NOS", "case": True}])])

    assert entity.aliases == ("Nordlicht", Alias(name="NOS", case=True))


def test_another_canonical_name_leaves_the_shipped_one_an_alias() -> None:
    (entity,) = joined([SHIPPED], [own(name="Polarlicht")])

    assert (entity.name, entity.aliases[0]) == ("Polarlicht", "Nordlicht Satelliten")


def test_the_terms_of_a_canonical_name_stay_with_it_as_an_alias() -> None:
    wary = SHIPPED.model_copy(update={"name": "Taurus", "case": True, "context": ("Bundeswehr",)})

    (entity,) = joined([wary], [own(name="Taurus KEPD 350")])

    assert entity.aliases[0] == Alias(name="Taurus", case=True, context=("Bundeswehr",))


def test_the_terms_of_a_canonical_name_do_not_pass_to_another_one() -> None:
    wary = SHIPPED.model_copy(update={"name": "Taurus", "case": True, "context": ("Bundeswehr",)})

    (entity,) = joined([wary], [own(name="Taurus KEPD 350")])

    assert (entity.case, entity.context) == (False, ())


def test_an_alias_that_becomes_the_canonical_name_is_no_alias_any_more() -> None:
    (entity,) = joined([SHIPPED], [own(name="Nordlicht")])

    assert (entity.name, "Nordlicht" in entity.aliases) == ("Nordlicht", False)


def test_replace_leaves_nothing_of_the_shipped_one() -> None:
    (entity,) = joined([SHIPPED], [own(replace=True)])

    assert (entity.aliases, entity.tickers, entity.role, entity.source) == ((), (), None, None)


def test_topics_and_watches_can_name_a_shipped_entity(write: Write) -> None:
    folder = write(
        watches="watches: [{id: a, name: b, to: [a@b.example], entities: [Nordlicht]}]",
        topics="topics: [{id: space, name: Space, entities: {nordlicht: 1}}]",
    )

    configuration = load(folder, shipped=[SHIPPED])

    assert configuration.watches[0].entities == ("nordlicht",)
    assert [entity.id for entity in configuration.entities] == ["nordlicht", "anna-berg"]
