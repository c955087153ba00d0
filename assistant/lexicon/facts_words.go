package lexicon

import "strings"

// numberWordsOf gives the number words of a language. "un", "uno" and "una" are there too: the recognisers count them
// only before a unit.
func numberWordsOf(language string) map[string]int {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	if m, ok := numberWords[base]; ok {
		return m
	}
	return numberWords["it"]
}

// articleNumbers are the number words that are also articles or other frequent words: they count only before a unit.
var articleNumbers = map[string]bool{
	"un": true, "uno": true, "una": true, "one": true, "une": true, "ein": true, "eine": true, "einen": true, "einem": true, "einer": true,
	"o": true, "nje": true, "один": true, "одна": true, "одного": true, "sei": true, "mille": true, "a": true, "an": true,
}

var numberWords = map[string]map[string]int{
	"it": italianNumbers(),
	"en": numberList("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
		"twenty thirty forty fifty sixty seventy eighty ninety hundred"),
	"fr": numberList("zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
		"vingt trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix cent"),
	"es": numberList("cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve",
		"veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien"),
	"de": numberList("null ein zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn",
		"zwanzig dreißig vierzig funfzig sechzig siebzig achtzig neunzig hundert"),
	"ro": numberList("zero un doi trei patru cinci sase sapte opt noua zece unsprezece doisprezece treisprezece paisprezece cincisprezece saisprezece saptesprezece optsprezece nouasprezece",
		"douazeci treizeci patruzeci cincizeci saizeci saptezeci optzeci nouazeci suta"),
	"sq": numberList("zero nje dy tre kater pese gjashte shtate tete nente dhjete njembedhjete dymbedhjete trembedhjete katermbedhjete pesembedhjete gjashtembedhjete shtatembedhjete tetembedhjete nentembedhjete",
		"njezet tridhjete dyzet pesedhjete gjashtedhjete shtatedhjete tetedhjete nentedhjete njeqind"),
	"uk": numberList("нуль один два три чотири пять шість сім вісім девять десять одинадцять дванадцять тринадцять чотирнадцять пятнадцять шістнадцять сімнадцять вісімнадцять девятнадцять",
		"двадцять тридцять сорок пятдесят шістдесят сімдесят вісімдесят девяносто сто"),
	"ar": {"ثلاثة": 3, "ثلاث": 3, "اربعة": 4, "اربع": 4, "خمسة": 5, "خمس": 5, "ستة": 6, "ست": 6,
		"سبعة": 7, "سبع": 7, "ثمانية": 8, "ثماني": 8, "تسعة": 9, "تسع": 9, "عشرة": 10, "عشر": 10, "عشرين": 20, "عشرون": 20, "ثلاثين": 30, "ثلاثون": 30,
		"اربعين": 40, "خمسين": 50, "ستين": 60, "ستون": 60, "سبعين": 70, "ثمانين": 80, "تسعين": 90, "تسعون": 90, "مئة": 100, "مائة": 100},
	"zh": {},
}

// numberList numbers words: units from 0, then tens from 20.
func numberList(units, tens string) map[string]int {
	m := map[string]int{}
	for i, w := range strings.Fields(units) {
		m[w] = i
	}
	for i, w := range strings.Fields(tens) {
		m[w] = 20 + 10*i
	}
	return m
}

// italianNumbers writes every number up to 999, and the round thousands up to 99,000, as Italian joins them: "ventuno", "ventotto".
func italianNumbers() map[string]int {
	units := strings.Fields("zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove")
	tens := strings.Fields("venti trenta quaranta cinquanta sessanta settanta ottanta novanta")
	m := map[string]int{}
	below := make([]string, 100)
	copy(below, units)
	for i, w := range tens {
		n := 20 + 10*i
		below[n] = w
		for u := 1; u < 10; u++ {
			stem := w
			if u == 1 || u == 8 {
				stem = w[:len(w)-1]
			}
			below[n+u] = stem + units[u]
		}
	}
	for n, w := range below {
		m[w] = n
		if n > 20 && n%10 == 1 {
			m[w[:len(w)-1]] = n // "ventun giorni"
		}
	}
	for h := 1; h < 10; h++ {
		hundred := "cento"
		if h > 1 {
			hundred = units[h] + "cento"
		}
		m[hundred] = h * 100
		for n := 1; n < 100; n++ {
			m[hundred+below[n]] = h*100 + n
			if n >= 80 && n < 90 || n == 8 {
				m[hundred[:len(hundred)-1]+below[n]] = h*100 + n
			}
		}
	}
	for n := 2; n < 100; n++ {
		m[below[n]+"mila"] = n * 1000
		for h := 1; h < 10; h++ {
			hundred := "cento"
			if h > 1 {
				hundred = units[h] + "cento"
			}
			m[below[n]+"mila"+hundred] = n*1000 + h*100
		}
	}
	for n, w := range below {
		if n > 0 {
			m["mille"+w] = 1000 + n
		}
	}
	for h := 1; h < 10; h++ {
		hundred := "cento"
		if h > 1 {
			hundred = units[h] + "cento"
		}
		m["mille"+hundred] = 1000 + h*100
		for n := 1; n < 100; n++ {
			m["mille"+hundred+below[n]] = 1000 + h*100 + n
		}
	}
	m["mille"] = 1000
	m["centomila"] = 100000
	m["un"], m["una"] = 1, 1
	return m
}

// monthNames are the months of all languages; abbreviations of Italian only, which documents use.
var monthNames = monthTable(
	"gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
	"gen feb mar apr mag giu lug ago set ott nov dic",
	"january february march april may june july august september october november december",
	"janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
	"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
	"januar februar marz april mai juni juli august september oktober november dezember",
	"ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
	"janar shkurt mars prill maj qershor korrik gusht shtator tetor nentor dhjetor",
	"январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
	"января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
	"січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
	"січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень",
	"يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر",
	"كانون شباط اذار نيسان ايار حزيران تموز اب ايلول تشرين - -",
)

func monthTable(lists ...string) map[string]int {
	m := map[string]int{}
	for _, l := range lists {
		for i, w := range strings.Fields(l) {
			if w != "-" {
				m[w] = i + 1
			}
		}
	}
	for i, w := range strings.Fields("janarit shkurtit marsit prillit majit qershorit korrikut gushtit shtatorit tetorit nentorit dhjetorit") {
		m[w] = i + 1
	}
	return m
}
