"""The endings of Slavic names, as tables: Russian and Ukrainian in one, Polish, Czech and Slovak in the other.

A row says: a word in this suffix keeps this much of it, and takes these endings in the nominative, genitive, dative,
accusative, instrumental and locative; `|` separates alternatives, `-` is no ending. The first row that fits counts.
One row serves several languages, so it also makes forms that no language has; they stand in no text and do no harm.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A suffix, the part of it that stays, and the endings by case."""

    suffix: str
    kept: str
    cases: tuple[tuple[str, ...], ...]


def _rows(table: str) -> tuple[Row, ...]:
    rows = []
    for line in table.strip().splitlines():
        suffix, kept, *cases = line.split()
        parts = tuple(tuple("" if ending == "-" else ending for ending in case.split("|")) for case in cases)
        rows.append(Row("" if suffix == "-" else suffix, "" if kept == "-" else kept, parts))
    return tuple(rows)


CYRILLIC = _rows("""
ская ск ая ой ой ую ой ой
ська ськ а ої ій у ою ій
цька цьк а ої ій у ою ій
ая - ая ой ой ую ой ой
яя - яя ей ей юю ей ей
ое - ое ого ому ое ым|им ом
ее - ее его ему ее им ем
ые - ые ых ым ые|ых ыми ых
ие - ие|ия их|ия им|ию ие|их ими|ием их|ии
ый - ый ого ому ого|ый ым ом
ской ск ой|ая ой|ого ой|ому ую|ой ой|им ой|ом
ой - ой ого ому ого|ой ым|им ом
ий - ий ого|ия|его ому|ию|ему ого|ия|его|ий им|ием ом|ии|ем|ому
ій - ій ія|ього ію|ієві|ьому ія|ій|ього ієм|ім ії|ієві|ьому
ія і я ї ї ю єю ї
ия и я и и ю ей и
їв - їв єва єву|єву|єву|єву їв|єва євом|євим єві|єву
ів - ів ова|ева|іва ову|еву|іву|ову ів|ова|ева овом|евом|овим|івим ові|еві|ову|іву
ець ц ець я|а ю|у|еві я|ець ем|ом і|е|ю
ец - ец ца|еца|еца цу|ецу ца|еца|ец цем|цом|ецем це|еце
ка - ка ки|кої ці|ке|кій ку кою|кой ці|ке|кій
га - га ги зі|ге гу гою|гой зі|ге
ха - ха хи сі|хе ху хою|хой сі|хе
а - а ы|и|ой|ої е|і|ой|ій у ой|ою|ей|ею е|і|ой|ій
я - я и|і|ї е|і|ї ю ей|ею|єю е|і|ї
ь - ь я|и|і ю|и|і|еві ь|я|ю ем|ью|єм|ом|ю е|и|і|ю
й - й я ю|єві й|я ем|єм е|ї|ю|єві
ко к о о|а о|у|ові о|а о|ом о|ові|у|і
о - о а у о ом|м і|е
е е - - - - - -
у у - - - - - -
ю ю - - - - - -
і і - - - - - -
є є - - - - - -
э э - - - - - -
ї ї - - - - - -
ы - ы -|ов ам ы|ов ами ах
и - и -|ів|ов ам и ами ах
- - - а|у|я|ого у|ові|еві|ю -|а ом|ем|ым|им|ім е|і|у|ові|ю|ї
""")

WEST_SLAVIC = _rows("""
ska - ska skiej|ski|ské skiej|sce|ské ską|skę|skou ską|skou skiej|sce|ské
cka - cka ckiej|cki|cké ckiej|cce|cké cką|ckę|ckou cką|ckou ckiej|cce|cké
ski sk i iego|ého iemu|ému iego im|ým im|ém
cki ck i iego|ého iemu|ému iego im|ým im|ém
ský sk ý ého ému ého ým ém|om
skie sk ie ich im ie imi ich
owa ow a y|ej ie|ej ę|ą ą ie|ej
ia i a i i ę ą i
ja j a i|e i|i ę|u ą|ou i|i
ka - ka ki|ky ce kę|ku ką|kou ce
ga - ga gi|gy dze|ze gę|gu gą|gou dze|ze
cha - cha chy sze|še chę|chu chą|chou sze|še
ha - ha hy ze hę|hu hą|hou ze
ta - ta ty cie|tě tę|tu tą|tou cie|tě
da - da dy dzie|dě dę|du dą|dou dzie|dě
ra - ra ry rze|ře rę|ru rą|rou rze|ře
ła - ła ły le łę łą le
a - a y|i ie|ě|e ę|u ą|ou ie|ě|e
ów - ów owa owowi|owu ów|owa owem owie
ek - ek ka|eka kowi|ekowi|kovi ka|ek|eka kiem|ekiem|kem ku|eku|kovi
ec - ec ca cowi|covi ca|ec cem cu|covi
iec - iec ca cowi ca|iec cem cu
st s t ta|tu towi|tu|tovi t|ta tem cie|tě|tu
t - t ta|tu towi|tu|tovi t|ta tem cie|tě|tu
d d - a|u owi|u|ovi -|a em zie|ě|u
k k - a|u owi|u|ovi -|a iem|em|om u
g g - a|u owi|u|ovi -|a iem|em|om u
r r - a|u owi|u|ovi -|a em|om ze|u|ovi
ł - ł ła|łu łowi ł|ła łem le
ż ż - a|u owi|u -|a em u
ń - ń nia|ni niowi|ni ń|nia niem|nią niu|ni
ý - ý ého ému ého ým ém
enko en ko ki|ka ce|kowi|kovi kę|ka ką|kem ce|kovi
o - o a u|owi o|a em|om ie|u|ě
y - y ego|-|ów emu|om y|ego ym|ami ym|ach
e - e ego|ych|ich|a emu|ym|im|u e ym|im|em|ymi|imi ym|im|ych|ich|u
i - i ego|iego emu|iemu ego|i im im
é é - - - - - -
u u - - - - - -
- - - a|u owi|u|ovi -|a em|iem|om ie|u|ě|ovi
""")

# Words whose stem changes: nominative → all cases in order.
IRREGULAR: dict[str, tuple[tuple[str, ...], ...]] = {
    "niemcy": (("niemcy",), ("niemiec",), ("niemcom",), ("niemcy",), ("niemcami",), ("niemczech",)),
    "węgry": (("węgry",), ("węgier",), ("węgrom",), ("węgry",), ("węgrami",), ("węgrzech",)),
    "włochy": (("włochy",), ("włoch",), ("włochom",), ("włochy",), ("włochami",), ("włoszech",)),
    "czechy": (("czechy",), ("czech",), ("czechom",), ("czechy",), ("czechami",), ("czechach",)),
    "chiny": (("chiny",), ("chin",), ("chinom",), ("chiny",), ("chinami",), ("chinach",)),
    "stany": (("stany",), ("stanów",), ("stanom",), ("stany",), ("stanami",), ("stanach",)),
    "zjednoczone": (("zjednoczone",), ("zjednoczonych",), ("zjednoczonym",), ("zjednoczone",), ("zjednoczonymi",), ("zjednoczonych",)),
    "штаты": (("штаты",), ("штатов",), ("штатам",), ("штаты",), ("штатами",), ("штатах",)),
    "штати": (("штати",), ("штатів",), ("штатам",), ("штати",), ("штатами",), ("штатах",)),
    "сполучені": (("сполучені",), ("сполучених",), ("сполученим",), ("сполучені",), ("сполученими",), ("сполучених",)),
    "арабские": (("арабские",), ("арабских",), ("арабским",), ("арабские",), ("арабскими",), ("арабских",)),
    "эмираты": (("эмираты",), ("эмиратов",), ("эмиратам",), ("эмираты",), ("эмиратами",), ("эмиратах",)),
}  # fmt: skip
