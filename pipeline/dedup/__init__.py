"""Which reports are copies of one another, and which tell the same story?

Wires republish: one agency report runs on thirty sites with another headline, a sentence less, a
credit more. The room turns texts into fingerprints and decides; the store finds the candidates.
"""

from pipeline.dedup.fingerprint import BANDS, Fingerprint, fingerprints, words_of
from pipeline.dedup.fold import Folding, Member, fold, meetings

__all__ = ["BANDS", "Fingerprint", "Folding", "Member", "fingerprints", "fold", "meetings", "words_of"]
