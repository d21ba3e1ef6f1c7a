"""What GeoNames lacks or a text makes ambiguous: exonyms, and city names that are also something else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def _exonyms() -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    for line in Path(__file__).with_name("city_exonyms.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        country, name, others = line.split("\t")
        yield (country, name), tuple(others.split("; "))


EXTRA = dict(_exonyms())
"""(country, GeoNames name) → names missing in CLDR and in the transliterations, or too short for the general rule."""

# Smaller places that are in the news: (country, GeoNames name).
NEWSWORTHY = {
    ("UA", "Kherson"), ("UA", "Bucha"), ("UA", "Irpin"), ("UA", "Bakhmut"), ("UA", "Pokrovsk"), ("UA", "Avdiyivka"), ("UA", "Avdiivka"),
    ("UA", "Chasiv Yar"), ("UA", "Kupiansk"), ("UA", "Kupyansk"), ("UA", "Kup’yans’k"), ("UA", "Izyum"), ("UA", "Izium"),
    ("UA", "Kostyantynivka"), ("UA", "Kostiantynivka"), ("UA", "Enerhodar"), ("UA", "Vuhledar"), ("UA", "Lyman"),
    ("UA", "Toretsk"), ("UA", "Uzhhorod"), ("UA", "Mukachevo"), ("UA", "Chornobyl"), ("UA", "Prypiat"), ("UA", "Nova Kakhovka"),
    ("UA", "Yalta"), ("UA", "Druzhkivka"), ("UA", "Myrnohrad"), ("CH", "Davos"), ("US", "Cape Canaveral"),
    ("US", "Brownsville"), ("US", "Los Alamos"), ("GF", "Kourou"), ("KZ", "Baikonur"), ("KZ", "Baykonyr"), ("TW", "Kinmen"),
    ("TW", "Jincheng"), ("TW", "Magong"), ("TW", "Hualien City"), ("DE", "Grünheide"), ("DE", "Ramstein-Miesenbach"),
    ("DE", "Garching bei München"), ("DE", "Oberpfaffenhofen"), ("DE", "Peenemünde"), ("DE", "Stuttgart"), ("DE", "Flensburg"),
    ("DE", "Schwerin"), ("DE", "Cottbus"), ("DE", "Bamberg"), ("DE", "Bayreuth"), ("DE", "Konstanz"), ("DE", "Passau"),
    ("DE", "Weimar"), ("DE", "Tübingen"), ("DE", "Wilhelmshaven"), ("DE", "Zwickau"), ("DE", "Plauen"), ("DE", "Görlitz"),
    ("DE", "Frankfurt (Oder)"), ("DE", "Stralsund"), ("DE", "Greifswald"), ("DE", "Bautzen"), ("DE", "Fulda"), ("DE", "Lüneburg"),
    ("DE", "Celle"), ("DE", "Dessau"), ("DE", "Brandenburg an der Havel"), ("CH", "Luzern"), ("CH", "Lugano"), ("CH", "St. Gallen"),
    ("AT", "Klagenfurt am Wörthersee"), ("AT", "Bregenz"), ("AT", "Eisenstadt"), ("AT", "St. Pölten"), ("BE", "Leuven"),
    ("RU", "Shebekino"), ("RU", "Kerch"), ("RU", "Gatchina"), ("RU", "Ust-Luga"), ("IL", "Eilat"), ("PS", "Jenin"),
    ("NO", "Tromsø"), ("IS", "Akureyri"), ("FR", "Cannes"), ("FR", "Calais"), ("FR", "Colmar"), ("PL", "Przemyśl"), ("PL", "Oświęcim"),
}  # fmt: skip

# Not these: words, other things, or names that GeoNames lists for reasons of history only.
DROPPED = {
    "Mitte", "Hamas", "Altona", "Wandsbek", "Nord", "Süd", "Hochfeld", "Neustadt", "Altstadt", "Centro", "Centrum", "Most", "Nice Ville", "Union", "Santa", "Maria", "Sankt", "Republic", "Capital", "Central", "Federal", "Novi", "Borg",
    "Colon", "Colombia", "Hansestadt", "Stadt", "Kong", "Capitale", "City", "Europa", "Angel", "Roman", "Romana", "Lutetia",
    "Libertad", "Progreso", "Alma", "Union City", "Stalin", "Kalinin", "Kirov", "Ville Lumière", "Bundesstadt", "New Amsterdam",
    "The City", "Big Apple", "Troja", "Alba", "Rio", "Ciudad", "Bela", "Para", "Kota", "Male", "Leone", "Bourg", "Real",
    "大同", "太平", "安康", "吉安", "永安", "平安", "和平", "东方", "南方", "中山", "中央", "东海", "长安", "西安门", "文山", "临沂市区", "大安",
    "Того", "Мали", "Чили", "Мира", "Победа", "Центральный", "Центральний", "Схід", "Фортеця", "Роли", "Ролі", "Брод", "Карай", "Бетин",
    "日本語", "հայերեն", "哥伦比亚", "哥倫比亞", "Orange", "Orange County", "オレンジ", "오렌지", "Shaping", "Pense", "Sucre", "Golfe", "Musko", "Teni",
    "Glaz", "Tulo", "Toras", "Warna", "Ukva", "Budta", "Mosca Rossa",
}  # fmt: skip

# First names, surnames, companies, everyday words (also German nouns and words that open a sentence).
WARY = {
    "Aberdeen", "Artem", "Bella", "Julia", "Milan", "Banda", "Porto", "Palma", "Padua", "Samar", "Zali", "Oral", "Tula", "Abilene", "Adelaide", "Alexandria", "Allen", "Allentown", "Anderson", "Antwerp", "Arlington", "Aurora", "Austin",
    "Bari", "Bath", "Beaumont", "Bengal", "Bergen", "Berkeley", "Bologna", "Bolton", "Bradford", "Brighton", "Bristol", "Burgos",
    "Bury", "Cali", "Cambridge", "Carlsbad", "Carmel", "Cary", "Chandler", "Charlotte", "Chester", "Clinton", "Columbia",
    "Columbus", "Concord", "Concepcion", "Coventry", "Crawley", "Cleveland", "Dallas", "Davidson", "Derby", "Dudley", "Durham",
    "Edison", "Elizabeth", "Erie", "Essen", "Esse", "Eugene", "Fulda", "Florence", "Florencia", "Florenz", "Gary", "Garland",
    "George", "Gera", "Gilbert", "Glendale", "Hagen", "Halle", "Hamilton", "Hamm", "Hampton", "Harlem", "Hartford", "Hastings",
    "Henderson", "Herne", "Hollywood", "Houston", "Hull", "Independence", "Irvine", "Irving", "Jackson", "Jena", "Joliet", "Kent",
    "Killeen", "Kingston", "Lancaster", "Laredo", "Leon", "León", "Lima", "Lincoln", "Linz", "London", "Lourdes", "Luton",
    "Lafayette", "Lakewood", "Lansing", "Macon", "Madison", "Malaga", "Marburg", "Marseille", "Medina", "Memphis", "Mercedes", "Merida",
    "Mesa", "Miranda", "Mobile", "Modesto", "Montgomery", "Moers", "Murcia", "Nancy", "Napoli", "Natal", "Nelson", "Newton",
    "Nice", "Norman", "Norwich", "Odense", "Olympia", "Oran", "Orange", "Orlando", "Oxford", "Palmer", "Paris", "Parma",
    "Pasadena", "Paterson", "Pearland", "Peoria", "Phoenix", "Pierre", "Plano", "Poole", "Portland", "Preston", "Provo", "Quebec",
    "Quimper", "Reading", "Regina", "Reno", "Richmond", "Riverside", "Roanoke", "Rochester", "Rosario", "Rugby", "Salamanca",
    "Salem", "Salvador", "Santiago", "Savannah", "Siegen", "Sofia", "Split", "Springfield", "Stamford", "Sterling", "Stockton",
    "Sunderland", "Surprise", "Surat", "Tampa", "Temple", "Thornton", "Torres", "Trento", "Trier", "Troy", "Tyler", "Valencia",
    "Vancouver", "Verona", "Victoria", "Victorville", "Vienna", "Virginia", "Vitoria", "Waco", "Warren", "Washington", "Waterbury",
    "Wellington", "Wells", "Weimar", "Westminster", "Wichita", "Winchester", "Worms", "Worthing", "York", "Young", "Hof", "Lehrte",
    "Celle", "Roth", "Gap", "Lens", "Brest", "Tours", "Calais", "Angers", "Vannes", "Sete", "Ajax", "Guelph", "Delta", "Kelowna",
    "Windsor", "Laval", "Gander", "Rouen", "Clermont", "Caen", "Pau", "Metz", "Bern", "Basel", "Chur", "Wil", "Wels", "Leoben",
    "Batman", "Van", "Ordu", "Siirt", "Mary", "Osh", "Gori", "Bor", "Nis", "Como", "Prato", "Pisa", "Lodi", "Ravenna", "Vigo",
    "Elche", "Jaen", "Jerez", "Cadiz", "Leiria", "Braga", "Maia", "Setubal", "Amadora", "Brasilia", "Recife", "Franca", "Serra",
    "Santos", "Palmas", "Marilia", "Moreno", "Lucas", "San Martin", "San Juan", "Santa Cruz", "Santa Rosa", "San Miguel",
    "San Pedro", "San Carlos", "San Fernando", "Santa Maria", "Santa Clara", "Santo Domingo", "Cordoba", "Trujillo", "Guerrero",
    "Zapopan", "Reyes", "Morelos", "Juarez", "Hidalgo", "Colima", "Tala", "Progress", "General", "Imperial", "Maine", "Kate",
    "Sale", "Same", "Are", "Bam", "Qom", "Sari", "Ilam", "Homs", "Hama", "Aden", "Ibb", "Taiz", "Suez", "Bursa", "Fes",
    "Meru", "Thika", "Moroni", "Ise", "Kobe", "Nara", "Oita", "Ota", "Tsu", "Ueda", "Chiba", "Suita", "Toyota", "Honda", "Mito",
    "Fuji", "Seto", "Handa", "Anjo", "Kure", "Ube", "Data", "Hue", "Vinh", "Bago", "Pune", "Agra", "Durg", "Anand", "Moga",
    "Kota", "Rewa", "Satna", "Bally", "Karur", "Delhi", "Nagar", "Budge", "Thane", "Sirsa", "Latur", "Patan", "Bhola", "Feni",
    "Okara", "Kasur", "Sukkur", "Davao", "Iloilo", "Angeles", "Tarlac", "Malang", "Solo", "Ambon", "Medan", "Batu", "Kendari",
    "Padang", "Madiun", "Samara", "Kazan", "Perm", "Ufa", "Orel", "Tver", "Kirov", "Engels", "Puschkin", "Puschkino", "Pushkin",
    "Korolyov", "Zhukovsky", "Kaluga", "Kolomna", "Gomel", "Lida", "Sumy", "Rivne", "Nova", "Podil", "Nikopol", "Melitopol",
    "Mayor", "Mira", "Nador", "Safi", "Setif", "Batna", "Blida", "Biskra", "Male", "Most", "Of", "Man", "Divo", "Enugu", "Jos",
    "Aba", "Ife", "Owo", "Ondo", "Bida", "Sagamu", "Kano", "Lagos", "Bo", "Thies", "Goma", "Beni", "Uvira", "Boma", "Matadi",
    "Toamasina", "George Town", "Georgetown", "Port Louis", "Pretoria", "Benoni", "Soweto", "Paarl", "Welkom", "Witbank",
    "Liege", "Mons", "Namur", "Charleroi", "Genk", "Sint", "Leuven", "Haarlem", "Breda", "Ede", "Zwolle", "Leiden", "Delft",
    "Emmen", "Venlo", "Deventer", "Bilbao", "Palermo", "Bergamo", "Bolzano", "Trapani", "Messina", "Catania", "Foggia", "Latina",
    "Asti", "Terni", "Rimini", "Varna", "Ruse", "Pleven", "Sliven", "Galati", "Iasi", "Arad", "Buzau", "Bacau", "Deva",
    "Pitesti", "Marion", "Vera", "Ana", "Carolina", "Caroline", "Jose", "Ponce", "Bayamon", "Mayaguez", "Cartago", "Managua",
    "Barrie", "Markham", "Vaughan", "Saanich", "Kitchener", "Burlington", "Greater", "Elgin", "Newport", "Logan", "Darwin", "Newcastle", "Perth", "Geelong", "Hobart", "Cairns", "Bendigo", "Ballarat", "Mackay", "Dunedin", "Auckland City",
    "Bochum-Hordel", "Wolfsburg Stadt", "Waterloo", "Nantes", "Solingen", "Remscheid", "Marl", "Unna", "Ahlen", "Lünen", "Rheine",
    "Эссен", "Галле", "Остин", "Хьюстон", "Вашингтон", "Виктория", "Линкольн", "Орландо", "Медина", "Энгельс", "Киров", "Калинин",
    "Королёв", "Королев", "Орел", "Орёл", "Владимир", "Жуковский", "Мирный", "Шахты", "Находка", "Комсомольск", "Чайковский",
    "Пушкино", "Дзержинский", "Володимир", "Горлівка", "Александрия", "Олександрія", "Обухов", "Самара",
    "Vladimir", "Wladimir", "Volodymyr", "Wolodymyr", "Włodzimierz", "Артем", "Артём", "Заря", "Курган", "Салават", "Железнодорожный",
    "Северск", "Рака", "Боку", "Аман", "Газа", "Семей", "Мале", "Кантон", "Калі", "Кызыл", "Praga", "Favoriten", "Simmering", "Kennedy",
    "Douglas", "Stanley", "Hitachi", "Kawasaki", "Surrey", "Santander", "Komatsu", "Mishima", "Yamaguchi", "Matsumoto", "Arakawa",
    "Sakai", "Bender", "Butterworth", "Rosetta", "Americana", "Retiro", "Rybnik", "Taras", "Nasar", "Reus", "Pest", "Ganja", "Erode",
    "Damas", "Parla", "Elst", "Banan", "Bade", "Manas", "Desna", "Saran", "Liman", "Buda", "Wola", "Viana", "Kochi", "Gent", "Queens",
    "Granada", "Sofi", "Formosa",
}  # fmt: skip

# Names that stay sure although they are in the lists above or short: they hardly ever mean anything else in the news.
SURE = {
    "Antwerp", "Bari", "Basel", "Bern", "Bologna", "Bristol", "Cleveland", "Dallas", "Halle", "Hamm", "Jena", "Linz", "London",
    "Marseille", "Memphis", "Moers", "Nantes", "Oxford", "Cambridge", "Paris", "Parma", "Pisa", "Ravenna", "Rimini", "Sumy",
    "Rivne", "Solingen", "Remscheid", "Siegen", "Trier", "Vancouver", "Vienna", "Wellington", "Weimar", "Washington", "Kazan",
    "Samara", "Самара", "Вашингтон", "Nikopol", "Melitopol", "Горлівка", "Odense", "Bergen", "Napoli", "Florenz", "Lagos",
    "Palermo", "Bilbao", "Leuven", "Haarlem", "Zwolle", "Leiden", "Delft", "Charleroi", "Liege", "Namur", "Goma", "Kano",
    "Lens", "Rouen", "Calais", "Caen", "Metz", "Managua", "Pretoria", "Soweto", "Delhi", "Pune", "Homs", "Hama", "Aden", "Taiz",
    "Suez", "Bursa", "Gomel", "Kaluga", "Tver", "Perm", "Kobe", "Messina", "Catania", "Varna", "Iasi", "Brasilia",
    "Recife", "Santo Domingo", "Toamasina", "Moroni", "Houston", "Marburg", "Perth", "Wolfsburg", "Lünen", "Rheine",
    "Portland", "Quebec", "Bergamo", "Bolzano", "Setubal", "Fulda", "Gera", "Malaga", "Murcia", "Salamanca", "Medan",
    "Lodz", "Kiel", "Bonn", "Oslo", "Riga", "Baku", "Doha", "Lyon", "Bray", "Kyiv", "Lviv", "Gaza", "Tunis", "Hobart", "Georgetown",
}  # fmt: skip
WARY -= SURE

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California|Kalifornien|Californie|Калифорни|Каліфорні",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida|Флорид", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio",
    "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania|Pennsylvanie", "RI": "Rhode Island", "SC": "South Carolina",
    "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas|Teksas|Техас", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip
