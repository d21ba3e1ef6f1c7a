"""Which sentences show why an alert fired?"""

from pipeline.alert import Reasons
from pipeline.alert.excerpts import excerpt
from pipeline.article import Article, Kind, Mention, TopicEvidence
from tests.factories import REPORT, an_article

STARLINK = Reasons(entities=("starlink",))


def mentioning(name: str, body: str, *, entity_id: str = "starlink", headline: str = "Bodenstationen") -> Article:
    text = f"{headline}\n{body}" if headline else body
    starts = [at for at in range(len(text)) if text.startswith(name, at)]
    return an_article(
        headline=headline,
        body=body,
        entity_ids=(entity_id,),
        mentions=tuple(
            Mention(text=name, start=at, end=at + len(name), kind=Kind.PRODUCT, entity_id=entity_id) for at in starts
        ),
    )


def shown(article: Article, reasons: Reasons) -> list[str]:
    passages = excerpt(article, reasons)
    return ["".join(f"[{piece.text}]" if piece.marked else piece.text for piece in passage) for passage in passages]


def test_the_sentences_that_name_the_entity_are_shown_with_the_name_marked() -> None:
    article = mentioning("Starlink", "Es regnet. Gestern wuchs Starlink. Am 3. November ruht Starlink. Ende.")

    assert shown(article, STARLINK) == ["Gestern wuchs [Starlink].", "Am 3. November ruht [Starlink]."]


def test_offsets_hold_without_a_headline_too() -> None:
    assert shown(mentioning("Starlink", "Nun wächst Starlink.", headline=""), STARLINK) == ["Nun wächst [Starlink]."]


def test_other_entities_are_not_marked() -> None:
    article = mentioning("Tesla", "Tesla wächst. Mehr nicht. Ende.", entity_id="tesla")

    assert shown(article, STARLINK) == ["Tesla wächst.", "Mehr nicht."]


def test_every_entity_that_fired_is_shown_before_one_is_shown_twice() -> None:
    body = "Tesla eins. Tesla zwei. Tesla drei. Tesla vier. Tesla fünf. Starlink auch."
    tesla, starlink = mentioning("Tesla", body, entity_id="tesla"), mentioning("Starlink", body)
    article = tesla.changed(mentions=tesla.mentions + starlink.mentions)

    passages = shown(article, Reasons(entities=("tesla", "starlink")))

    assert passages == ["[Tesla] eins.", "[Tesla] zwei.", "[Tesla] drei.", "[Starlink] auch."]


def test_for_a_topic_the_sentences_with_its_evidence_are_shown() -> None:
    evidence = {"space": TopicEvidence(score=2, phrases=("bodenstation", "Harz"))}
    article = an_article(topics=("space",), topic_evidence=evidence)

    passages = shown(article, Reasons(topics=("space",)))

    assert passages[0].startswith("Der Satellitenbetreiber Nordlicht will bis zum Sommer drei weitere [Bodenstation]en")
    assert passages[1].endswith("eine im [Harz].")
    assert len(passages) == 2


def test_with_nothing_to_point_at_the_lead_is_shown() -> None:
    assert shown(an_article(), Reasons(source="kuestenblatt")) == [
        REPORT.split(" Das teilte")[0],
        "Das teilte das Unternehmen am Dienstag in Kiel mit.",
    ]


def test_without_a_body_the_summary_stands_in() -> None:
    assert shown(an_article(body="", summary="Kurz. Gut."), STARLINK) == ["Kurz.", "Gut."]


def test_an_article_without_text_has_no_passages() -> None:
    assert shown(an_article(body="", summary=""), STARLINK) == []


def test_an_endless_sentence_is_cut_around_the_name() -> None:
    article = mentioning("Starlink", "Wort " * 500 + "Starlink " + "Wort " * 500)

    (passage,) = shown(article, STARLINK)

    assert len(passage) < 450
    assert "[Starlink]" in passage
    assert passage.startswith("… Wort")
    assert passage.endswith("Wort …")


def test_an_endless_word_is_cut_too() -> None:
    (passage,) = shown(mentioning("星", "卫" * 4000 + "星" + "卫" * 4000), STARLINK)

    assert len(passage) < 450
    assert "[星]" in passage


def test_mentions_that_point_nowhere_or_overlap_do_no_harm() -> None:
    article = an_article(
        headline="",
        body="Starlink wächst.",
        mentions=tuple(
            Mention(text="x", start=start, end=end, kind=Kind.PRODUCT, entity_id="starlink")
            for start, end in [(-5, 3), (0, 8), (0, 4), (2, 10), (5, 5), (9, 2), (10, 999)]
        ),
    )

    assert shown(article, STARLINK) == ["[Starlink][ w]ächst."]
