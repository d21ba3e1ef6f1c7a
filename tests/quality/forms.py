"""Texts from a form: the same words each day with other figures or names. All of it is invented.

Readers need each of them, so no two of a kind are copies. Each form comes with what two issues of it fill in.
"""

from typing import NamedTuple


class Form(NamedTuple):
    """A form and the fields of its issues."""

    name: str
    text: str
    issues: tuple[tuple[str, ...], ...]

    def filled(self) -> list[str]:
        """Return the issues as printed."""
        return [self.text.format(*fields) for fields in self.issues]


FORMS = [
    Form("share price, de", "Die Aktie von {} notiert am Mittag im Plus. Im XETRA-Handel stieg das Papier um {} Prozent auf {} Euro. Der DAX mit seinen 40 Werten liegt bei {} Punkten. In der Spitze kletterte die Aktie auf {} Euro, zum Handelsstart waren es {} Euro. Zuletzt wechselten {} Papiere den Besitzer. Das 52-Wochen-Hoch liegt bei {} Euro. Analysten schätzen den Gewinn je Aktie auf {} Euro.",
         (("Nordwerk", "1,4", "84,20", "24.118", "84,90", "83,30", "31.507", "97,44", "5,12"), ("Hafenlogistik Ost", "0,6", "31,96", "24.090", "32,15", "31,70", "44.812", "39,80", "2,07"))),
    Form("share price, same firm next day, de", "Nordwerk-Aktie am {}: Das Papier von Nordwerk legt um 14 Uhr um {} Prozent auf {} Euro zu. Im TecDAX mit 30 Werten gehört es damit zu den Gewinnern. Das Tageshoch lag bei {} Euro, der Umsatz bei {} Stück. Am 14. November 2025 hatte das Papier mit 97,44 Euro den höchsten Stand seit 52 Wochen erreicht, der tiefste lag bei 61,02 Euro.",
         (("Montag", "1,4", "84,20", "84,90", "31.507"), ("Dienstag", "2,3", "86,14", "86,40", "52.310"))),
    Form("weather, de", "Heute ist es in {} {} bei Höchstwerten von {} Grad. In der Nacht zum {} kühlt es auf {} Grad ab. Der Wind weht schwach bis mäßig aus {} und erreicht in Böen {} Kilometer in der Stunde. Die Wahrscheinlichkeit für Regen liegt bei {} Prozent. Am Wochenende bleibt es nach Angaben der Wetterwarte unbeständig, mit Schauern in den Bergen und an der Küste.",
         (("Lahnbrück", "wolkig", "9", "Mittwoch", "2", "Westen", "35", "60"), ("Odenheim", "sonnig", "14", "Donnerstag", "5", "Süden", "20", "10"))),
    Form("lottery, de", "Die Lottozahlen der Ziehung vom {} lauten: {}. Die Superzahl ist {}. Im Jackpot lagen {} Millionen Euro. Beim Spiel 77 wurde die Zahl {} gezogen, bei der Super 6 die {}. Alle Angaben sind ohne Gewähr. Die Chance auf sechs Richtige mit Superzahl liegt bei 1 zu 140 Millionen, die nächste Ziehung folgt um 19.25 Uhr.",
         (("Mittwoch", "3, 11, 19, 23, 38, 44", "7", "12", "4 1 8 3 0 2 2", "9 1 5 5 0 3"), ("Samstag", "6, 8, 15, 27, 31, 49", "2", "21", "7 7 0 1 5 9 3", "2 6 6 8 1 4"))),
    Form("currency fixing, de", "Der Euro hat sich am {} wenig verändert. Die Gemeinschaftswährung kostete im Mittagshandel {} US-Dollar. Die Europäische Zentralbank setzte den Referenzkurs gegen 14.15 Uhr auf {} Dollar fest. Zu anderen wichtigen Währungen legte sie die Kurse für einen Euro auf {} britische Pfund, {} japanische Yen und {} Schweizer Franken fest. Eine Feinunze Gold kostete in London {} Dollar.",
         (("Montag", "1,1621", "1,1630", "0,8742", "176,31", "0,9312", "4061"), ("Dienstag", "1,1588", "1,1579", "0,8719", "175,90", "0,9287", "4023"))),
    Form("football league, de", "Ergebnisse des {}. Spieltags der Verbandsliga: Fortuna Lahnbrück – SV Odenheim {}, TuS Hartfeld – Eintracht Moorau {}, Blau-Weiß Seedorf – SC Talheim {}, VfL Grünau – FC Steinach {}. Tabellenführer bleibt Fortuna Lahnbrück mit {} Punkten vor Eintracht Moorau mit {} Punkten. Die nächsten Spiele beginnen am Samstag um 14.30 Uhr auf allen Plätzen.",
         (("11", "2:1", "0:0", "3:4", "1:2", "27", "24"), ("12", "0:3", "1:5", "2:2", "4:0", "30", "25"))),
    Form("police blotter, de", "Ein {} ist am {} in {} bei einem Zusammenstoß mit einem Lieferwagen leicht verletzt worden. Wie die Polizei mitteilte, bog der Wagen gegen {} Uhr von der {} ab. Es entstand ein Schaden von etwa {} Euro. Zeugen werden gebeten, sich bei der Polizeiwache unter der Telefonnummer {} zu melden. Hinweise nimmt auch jede andere Dienststelle entgegen.",
         (("Radfahrer", "Montag", "Lahnbrück", "7.40", "Mühlstraße in die Gartenstraße", "2500", "0100 22 33"), ("Rollerfahrer", "Freitag", "Odenheim", "17.15", "Bahnhofstraße in den Kirchweg", "800", "0100 44 55"))),
    Form("roadworks, de", "Die Landesstraße {} wird zwischen {} und {} vom {} an für {} Wochen voll gesperrt. Das teilte der Landesbetrieb mit. Grund ist die Erneuerung der Fahrbahn auf einer Länge von {} Metern. Eine Umleitung ist ausgeschildert, Busse fahren nach einem Sonderfahrplan. Die Kosten von {} Euro trägt das Land. Anlieger erreichen ihre Grundstücke nach Absprache mit der Bauleitung.",
         (("41", "Hartfeld", "Moorau", "9. November", "6", "1400", "920.000"), ("17", "Seedorf", "Talheim", "23. November", "3", "650", "310.000"))),
    Form("electricity exchange, de", "Am Spotmarkt kostet eine Megawattstunde Strom zur Lieferung am {} im Schnitt {} Euro. Am teuersten ist die Stunde von {} Uhr an mit {} Euro, am billigsten die von {} Uhr an mit {} Euro. Windräder liefern voraussichtlich {} Gigawatt, Solaranlagen {} Gigawatt. Das meldete die Strombörse nach der Auktion um 12.57 Uhr.",
         (("Dienstag", "81,20", "18", "142,10", "3", "44,90", "21,5", "6,1"), ("Mittwoch", "47,65", "19", "96,30", "13", "2,15", "38,2", "9,7"))),
    Form("horoscope, de", "Widder: Heute {}. Am Nachmittag meldet sich {}, nehmen Sie sich Zeit. Stier: {} hilft Ihnen weiter, doch prüfen Sie jedes Angebot. Zwillinge: Gönnen Sie sich {}. Krebs: Im Beruf zählt jetzt {}, privat ein offenes Wort. Löwe: {} tut Ihnen gut, auch wenn es schwerfällt.",
         (("gelingt vieles leichter", "ein alter Bekannter", "Geduld", "einen freien Abend", "Genauigkeit", "Bewegung an der Luft"), ("sollten Sie nichts übereilen", "jemand aus der Nachbarschaft", "Ein Gespräch", "etwas Süßes", "ein guter Plan", "Früh schlafen zu gehen"))),
    Form("earthquake bulletin, en", "A magnitude {} earthquake struck {} on {}, the seismological service said. The quake hit at {} local time at a depth of {} kilometres, with its epicentre {} kilometres {} of the nearest town. There were no immediate reports of damage or casualties, and no tsunami warning was issued. The region lies in the Pacific belt where 9 in 10 of the world's earthquakes occur.",
         (("5.1", "off northern Luzon", "Monday", "04:12", "33", "61", "north-east"), ("4.7", "near the Banda islands", "Thursday", "22:48", "118", "140", "south"))),
    Form("share price, en", "Shares of {} rose {} percent to ${} in morning trading in New York, outpacing the S&P 500, which added {} percent. The stock has gained {} percent since the start of the year. Volume was {} shares against a 30-day average of {}. Of 24 analysts who follow the company, {} rate the shares a buy. The mean price target is ${}.",
         (("Lakeside Foods", "2.1", "41.30", "0.4", "11", "812,000", "640,000", "9", "45.50"), ("Union Bearings", "3.8", "118.02", "0.2", "27", "1,305,000", "990,000", "17", "131.00"))),
    Form("weather, en", "{} will be {} with a high near {} and {} winds of {} to {} miles an hour. Tonight will be mostly cloudy with a low around {}. The chance of rain is {} percent. Drivers should allow extra time on bridges, the weather office said in its 6 a.m. bulletin, and boaters should check the marine forecast before they leave harbor for the day.",
         (("Tuesday", "sunny", "64", "north", "5", "10", "47", "10"), ("Thursday", "rainy", "55", "south-east", "15", "25", "41", "80"))),
    Form("quarterly figures, en", "{} reported third-quarter earnings of ${} million, or {} cents a share, compared with ${} million, or {} cents a share, a year earlier. Revenue rose to ${} million from ${} million. The results beat Wall Street expectations; the average estimate of four analysts was for earnings of {} cents a share. The company expects full-year revenue of ${} million.",
         (("Lakeside Foods", "14.2", "31", "12.8", "28", "402", "377", "29", "1,610"), ("Union Bearings", "96.7", "112", "81.0", "94", "1,208", "1,150", "105", "4,700"))),
    Form("obituary notice, en", "{}, {}, of {}, passed away peacefully at home on {}, surrounded by family. Born in {}, {} worked for many years as a {} and loved {}. A service will be held at the Methodist church at 11 a.m. on {}, followed by a reception in the parish hall. The family asks that instead of flowers gifts be made to the local hospice.",
         (("Edwin Marlowe", "84", "Saltby", "October 29", "Hull", "he", "lock keeper", "brass bands", "Saturday"), ("Harriet Penrose", "91", "Round Rock", "November 1", "Tulsa", "she", "music teacher", "her roses", "Friday"))),
    Form("ferry timetable, en", "Ferries between {} and {} will leave at {} on {} because of high tides, the operator said. The usual timetable returns the following day. Foot passengers should be at the pier 20 minutes before departure, cars 45 minutes. Tickets stay valid. Anyone who cannot travel may change a booking without a fee until {} by calling {} or at the counter.",
         (("Oban", "Craignure", "7:10, 11:25 and 16:40", "Wednesday", "noon on Tuesday", "0100 221"), ("Ardrossan", "Brodick", "6:35, 13:05 and 18:50", "Sunday", "6 p.m. on Saturday", "0100 778"))),
    Form("market close, en", "The FTSE 100 closed {} points {} at {} on {}. {} led the risers with a gain of {} percent, while {} was the weakest, {} percent lower. The pound stood at {} against the dollar. In Frankfurt the DAX ended at {} and in Paris the CAC 40 at {}. Brent crude cost ${} a barrel.",
         (("31", "higher", "9,702", "Monday", "Northern Water", "3.1", "Crown Estates", "2.2", "1.3141", "24,118", "8,110", "64.20"), ("18", "lower", "9,684", "Tuesday", "Albion Mines", "4.4", "Tay Brewers", "3.9", "1.3092", "24,090", "8,087", "63.75"))),
    Form("court diary, en", "A {}-year-old man from {} was fined £{} by magistrates on {} for driving at {} miles an hour in a 30 zone on {}. He was also ordered to pay costs of £{} and a surcharge of £{}. The court heard that the road was dry and that nobody was hurt. His licence was endorsed with {} points.",
         (("34", "Saltby", "220", "Monday", "44", "Harbour Road", "110", "88", "3"), ("58", "Little Wenham", "415", "Wednesday", "52", "Church Lane", "130", "166", "5"))),
    Form("election ward, en", "{} ward result: {} ({}) {} votes, {} ({}) {} votes, {} ({}) {} votes. Majority {}. Turnout {} percent, down from 41 percent four years ago. The returning officer declared the result shortly after 2 a.m. at the leisure centre. Counting went smoothly and no recount was asked for. The council now meets on the second Tuesday of the month.",
         (("Saltby North", "J. Marsh", "Independent", "611", "P. Oduya", "Green", "598", "T. Lane", "Liberal", "240", "13", "33"), ("Castle Hill", "R. Fenn", "Green", "902", "A. Shah", "Liberal", "744", "M. Cole", "Independent", "515", "158", "38"))),
    Form("weather, fr", "Le temps sera {} {} sur {}. Les températures atteindront {} degrés l'après-midi, après {} degrés au lever du jour. Le vent de {} soufflera jusqu'à {} kilomètres à l'heure. Le risque de pluie est de {} %. Selon la station météorologique, la tendance pour la fin de la semaine reste incertaine, avec des averses possibles sur le relief.",
         (("ensoleillé", "mardi", "la Drôme", "17", "6", "nord", "40", "10"), ("couvert", "jeudi", "le Roussillon", "12", "8", "sud-est", "70", "60"))),
    Form("loto, fr", "Voici les résultats du tirage du loto de {}. Les numéros gagnants sont : {}. Le numéro chance est le {}. {} joueurs remportent 20 000 euros chacun grâce à leur code. Le jackpot du prochain tirage sera de {} millions d'euros. Les joueurs ont 60 jours pour réclamer leur gain auprès d'un point de vente ou sur le site.",
         (("lundi", "4, 17, 22, 31, 45", "3", "Dix", "5"), ("mercredi", "8, 13, 29, 36, 41", "9", "Douze", "7"))),
    Form("weather, pl", "We {} w {} będzie {}. Termometry pokażą od {} do {} stopni. Wiatr z kierunku {} osiągnie w porywach {} kilometrów na godzinę. Prawdopodobieństwo opadów wynosi {} procent. Synoptycy przypominają, że na drogach rano może być ślisko, i radzą kierowcom ostrożność, zwłaszcza na mostach i wiaduktach oraz w pobliżu lasów.",
         (("wtorek", "Płocku", "pochmurno", "3", "8", "północnego", "45", "70"), ("piątek", "Rzeszowie", "słonecznie", "5", "12", "południowego", "30", "15"))),
    Form("currency, pl", "Narodowy Bank ogłosił {} nowe kursy. Za dolara trzeba zapłacić {} zł, za euro {} zł, za franka szwajcarskiego {} zł, a za funta {} zł. Poprzedniego dnia kurs euro wynosił {} zł. Tabela kursów średnich ukazuje się w dni robocze między godziną 11:45 a 12:15 i obowiązuje do następnego ogłoszenia przez bank.",
         (("w poniedziałek", "3,6512", "4,2433", "4,5560", "4,8014", "4,2390"), ("we wtorek", "3,6688", "4,2501", "4,5702", "4,8127", "4,2433"))),
    Form("exchange rate, uk", "Національний банк установив на {} офіційний курс гривні: {} гривні за долар і {} гривні за євро. На міжбанківському ринку долар купували по {} і продавали по {} гривні. Обсяг торгів становив {} мільйонів доларів. Курс оприлюднюють щодня о 15:30 на підставі угод, які банки уклали до цього часу на валютному ринку.",
         (("вівторок", "41,97", "48,61", "41,95", "41,99", "212"), ("середу", "42,08", "48,40", "42,04", "42,10", "187"))),
    Form("weather, uk", "У {} у {} очікується {} погода. Удень температура підніметься до {} градусів, уночі опуститься до {}. Вітер {}, {} метрів за секунду. Імовірність дощу {} відсотків. Синоптики радять водіям бути уважними вранці, бо на мостах можлива ожеледиця, а пішоходам узяти з собою парасольку та тепло вдягтися.",
         (("Дніпрі", "вівторок", "хмарна", "8", "1", "північний", "6", "70"), ("Полтаві", "четвер", "ясна", "12", "4", "західний", "3", "10"))),
    Form("exchange rate, ru", "Официальный курс доллара на {} составил {} рубля, евро {} рубля, юаня {} рубля. По сравнению с предыдущим днём доллар изменился на {} копеек, евро на {} копеек. Золото стоит {} рублей за грамм, серебро {} рубля. Курсы действуют со следующего дня и публикуются после 18:00 по московскому времени на сайте банка.",
         (("вторник", "80,88", "93,41", "11,36", "12", "31", "10432", "125,1"), ("среду", "81,24", "93,02", "11,41", "36", "39", "10377", "123,8"))),
    Form("weather, ru", "В {} {} ожидается {} погода. Днём воздух прогреется до {} градусов, ночью похолодает до {}. Ветер {}, {} метра в секунду, порывы до {}. Атмосферное давление {} миллиметров ртутного столба. Синоптики просят водителей быть внимательнее на дорогах утром, когда возможен туман, и следить за обновлениями прогноза.",
         (("Казани", "во вторник", "облачная", "5", "минус 1", "северный", "4", "9", "751"), ("Самаре", "в пятницу", "ясная", "9", "плюс 2", "южный", "2", "6", "744"))),
    Form("weather, zh", "{}市气象台发布：今天{}，最高气温{}度，最低气温{}度，{}风{}级，降水概率{}%。明天到后天有一股较强冷空气影响本市，请市民注意添衣保暖，出行关注路面湿滑。相对湿度{}%，空气质量指数{}。以上预报由气象台于早晨6时发布，请以最新消息为准。",
         (("海港", "多云", "23", "16", "东北", "3", "20", "68", "42"), ("临江", "小雨", "17", "11", "西北", "5", "80", "91", "57"))),
    Form("share price, zh", "截至今日收盘，{}股价报{}元，上涨{}%，成交额{}亿元，换手率{}%，总市值{}亿元。该股今日最高价为{}元，最低价为{}元，开盘价为{}元。数据由交易所提供，仅供参考，不构成投资建议。投资者应当独立判断，自行承担风险。",
         (("海港重工", "18.42", "2.31", "6.7", "1.9", "312", "18.60", "17.95", "18.01"), ("临江电子", "45.07", "4.88", "21.3", "5.2", "874", "45.50", "42.80", "43.10"))),
    Form("lottery, zh", "双色球第{}期开奖结果揭晓。红球号码为{}，蓝球号码为{}。本期一等奖开出{}注，单注奖金{}万元；二等奖开出{}注，单注奖金{}万元。奖池资金累计{}亿元。下期开奖时间为晚上21时15分，请广大彩民理性购彩，量力而行。",
         (("26124", "03、09、14、22、27、31", "05", "7", "712", "133", "18", "24.1"), ("26125", "01、06、17、19、28、33", "12", "4", "901", "98", "23", "25.6"))),
    Form("tide table, en", "Tides at {} on {}: high water {} and {}, {} and {} metres; low water {} and {}. Sunrise {}, sunset {}. Walkers should be off the causeway two hours before high water. The harbour office sounds a horn 30 minutes before the gates close, and the coastguard can be reached on channel 16 at any time of the day or night.",
         (("Saltby", "Tuesday", "05:41", "18:02", "4.8", "4.6", "11:50", "23:58", "07:02", "16:24"), ("Port Ellen", "Friday", "08:13", "20:39", "3.9", "4.1", "02:01", "14:22", "07:21", "16:10"))),
    Form("blood donation dates, de", "Das Rote Kreuz bittet am {} von {} bis {} Uhr zur Blutspende in {}. Spenden kann, wer mindestens 18 Jahre alt ist, sich gesund fühlt und 50 Kilogramm wiegt. Mitzubringen ist ein Ausweis. Nach der Spende gibt es einen Imbiss. Beim letzten Termin kamen {} Menschen, davon {} zum ersten Mal. Termine lassen sich vorher buchen.",
         (("10. November", "15.30", "19", "der Grundschule Hartfeld", "112", "9"), ("19. November", "16", "20.30", "der Stadthalle Moorau", "87", "14"))),
]  # fmt: skip
