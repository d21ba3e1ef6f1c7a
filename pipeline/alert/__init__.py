"""Who has to be told what, in which words, and is it delivered? Watches → alerts → messages → delivery.

Everything here is pure but for the two mailers. `matches` decides, `compose` words the message, a `Mailer` delivers it.
"""

from pipeline.alert.addresses import domain_of
from pipeline.alert.alerts import Alert, CopyInfo, alert_id, message_id
from pipeline.alert.bulletin import Edition, Story, late_id
from pipeline.alert.delivery import Mailer
from pipeline.alert.envelope import enclosed
from pipeline.alert.folder import FolderMailer, message_file
from pipeline.alert.messages import compose, compose_edition
from pipeline.alert.notices import OPERATORS, Concern, Notice, compose_notice, notice_id
from pipeline.alert.periods import Period, due, following, latest
from pipeline.alert.sentences import Sentence, sentences
from pipeline.alert.smtp import SmtpMailer
from pipeline.alert.watching import Reasons, matches

__all__ = [
    "OPERATORS",
    "Alert",
    "Concern",
    "CopyInfo",
    "Edition",
    "FolderMailer",
    "Mailer",
    "Notice",
    "Period",
    "Reasons",
    "Sentence",
    "SmtpMailer",
    "Story",
    "alert_id",
    "compose",
    "compose_edition",
    "compose_notice",
    "domain_of",
    "due",
    "enclosed",
    "following",
    "late_id",
    "latest",
    "matches",
    "message_file",
    "message_id",
    "notice_id",
    "sentences",
]
