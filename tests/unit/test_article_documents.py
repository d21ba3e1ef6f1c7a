"""What older versions wrote down is read by newer ones."""

from pipeline.article import Article, TopicEvidence
from tests.factories import an_article


def test_evidence_from_before_there_were_spans_is_still_read() -> None:
    stored = an_article(topic_evidence={"harbour": TopicEvidence(score=1.5, phrases=("Hafen",))}).model_dump(
        mode="json"
    )
    del stored["topic_evidence"]["harbour"]["spans"]

    article = Article.model_validate(stored)

    assert article.topic_evidence["harbour"] == TopicEvidence(score=1.5, phrases=("Hafen",), spans=())
