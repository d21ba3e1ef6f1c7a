"""Are the formats of the public corpora read as they are meant? On invented samples of each."""

import gzip
import json
from pathlib import Path

from tests.quality.corpora import (
    Corpus,
    MarkedText,
    read_crossner,
    read_germeval,
    read_smartdata,
    read_universal,
    read_wikigold,
)

GERMEVAL = """#\thttp://zeitung.example/1\t[2010-01-01]\t
1\tIn\tO\tO
2\tKiel\tB-LOC\tO
3\ttagt\tO\tO
4\tdie\tO\tO
5\tdeutsche\tB-LOCderiv\tO
6\tUniversität\tB-ORG\tO
7\tKiel\tI-ORG\tB-LOC
8\t(\tO\tO
9\tKiel-Mitte\tB-LOCpart\tO
10\t)\tO\tO
11\t.\tO\tO

#\thttp://zeitung.example/2\t[2010-01-01]\t
1\tJa\tO\tO
"""
UNIVERSAL = """# newdoc id = weblog-1
# sent_id = weblog-1-1
# text = Ana Lee's in Porto.
1\tAna\tB-PER\t-\tx
2\tLee\tI-PER\t-\tx
3\t's\tO\t-\tx
4\tin\tO\t-\tx
5\tPorto\tB-LOC\t-\tx
6\t.\tO\t-\tx
"""
WIKIGOLD = """-DOCSTART- O

Ana I-PER
Lee I-PER
left O
Acme I-ORG
of O
Porto I-LOC
" O
Go I-MISC
" O
"""


def words(marked: MarkedText) -> set[tuple[str, str]]:
    return {(marked.text[start:end], label) for start, end, label in marked.names}


def test_germeval_counts_outer_names_without_derivations_and_parts() -> None:
    first, second = read_germeval(GERMEVAL)

    assert first.text == "In Kiel tagt die deutsche Universität Kiel (Kiel-Mitte)."
    assert words(first) == {("Kiel", "LOC"), ("Universität Kiel", "ORG")}
    assert second == MarkedText("Ja", frozenset())


def test_universal_ner_keeps_the_sentence_as_it_was_printed() -> None:
    (sentence,) = read_universal(UNIVERSAL)

    assert sentence.text == "Ana Lee's in Porto."
    assert words(sentence) == {("Ana Lee", "PER"), ("Porto", "LOC")}


def test_a_sentence_that_its_tokens_do_not_fit_is_set_anew() -> None:
    (sentence,) = read_universal(UNIVERSAL.replace("= Ana Lee's", "= Anna Lee's"))

    assert sentence.text == "Ana Lee's in Porto."


def test_wikigold_joins_neighbours_of_one_kind_and_leaves_out_what_is_no_name_of_ours() -> None:
    (sentence,) = read_wikigold(WIKIGOLD)

    assert sentence.text == 'Ana Lee left Acme of Porto "Go"'
    assert words(sentence) == {("Ana Lee", "PER"), ("Acme", "ORG"), ("Porto", "LOC")}


def test_crossner_has_parties_and_politicians_among_organisations_and_people() -> None:
    rows = [
        "The\tB-politicalparty",
        "Greens\tI-politicalparty",
        "met\tO",
        "Ana\tB-politician",
        "Lee\tB-politician",
        "Bo\tB-person",
        "1999\tB-election",
    ]

    (sentence,) = read_crossner("\n".join(rows) + "\n\n")

    assert words(sentence) == {("The Greens", "ORG"), ("Ana", "PER"), ("Lee", "PER"), ("Bo", "PER")}


def test_smartdata_counts_utf16_units_and_has_fine_types() -> None:
    text = "🚆 Stau in Kiel, Acme hilft\r\nAna Lee"
    mentions = [
        {"span": {"start": 11, "end": 15}, "type": "location-city"},
        {"span": {"start": 17, "end": 21}, "type": "organization-company"},
        {"span": {"start": 29, "end": 36}, "type": "person"},
        {"span": {"start": 3, "end": 7}, "type": "trigger"},
    ]
    document = {"text": {"string": text}, "conceptMentions": {"array": mentions}}
    empty = {"text": None, "conceptMentions": None}

    (marked,) = read_smartdata(json.dumps(document, indent=1) + "\n" + json.dumps(empty) + "\n")

    assert words(marked) == {("Acme", "ORG"), ("Ana Lee", "PER"), ("Kiel", "LOC")}


def test_a_corpus_says_which_files_it_lacks_and_reads_compressed_ones(tmp_path: Path) -> None:
    corpus = Corpus("sample", "de", ("one.tsv", "two.tsv"), read_germeval)
    (tmp_path / "one.tsv.gz").write_bytes(gzip.compress(GERMEVAL.encode()))

    lacking = corpus.missing(tmp_path)
    (tmp_path / "two.tsv").write_text(GERMEVAL, encoding="utf-8")

    assert lacking == ["two.tsv"]
    assert corpus.missing(tmp_path) == []
    assert len(list(corpus.texts(tmp_path))) == 4
