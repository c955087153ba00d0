package locales

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"
)

func catalogue(t *testing.T) *Catalogue {
	t.Helper()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// New refuses languages that differ in keys or placeholders, so that it succeeds at all is the main test of completeness.
func TestEveryMessageOfEveryLanguageCanBeSaid(t *testing.T) {
	c := catalogue(t)
	data := Data{}
	for _, k := range []string{"Comune", "Title", "Rubric", "Purpose", "Number", "Office", "Act", "Date", "Score", "Day", "Month", "Year", "Count", "Time"} {
		data[k] = "§"
	}
	for _, l := range c.Languages() {
		loc := c.For(l.Tag)
		if loc.Lang() != l.Tag || loc.Dir() != l.Dir || loc.Name() != l.Name {
			t.Errorf("For(%s) speaks %s %s", l.Tag, loc.Lang(), loc.Dir())
		}
		for _, key := range c.Keys() {
			plural := strings.HasSuffix(key, "_count") || key == "made_passages" || key == "made_rejected" || key == "problem_too_long"
			for _, n := range []int{0, 1, 2, 3, 11, 20, 21, 25, 100, 101, 1_000_000} {
				got := loc.T(key, data)
				if plural {
					got = loc.N(key, n)
				}
				if strings.TrimSpace(got) == "" || got == key || strings.Contains(got, "{{") || strings.Contains(got, "<no value>") {
					t.Errorf("%s %s (%d) = %q", l.Tag, key, n, got)
				}
			}
		}
	}
}

// same are messages that are rightly the same in Italian and in another language.
var same = map[string]bool{
	"product_name": true, "place_article": true, "place_page": true, "place_separator": true, "date_long": true, "date_of_year": true, "act_dated": true,
	"act_undated": true, "month_3": true, "month_4": true, "month_8": true, "month_11": true, "date_first_day": true, "main_menu": true,
	"documents_title": true, "menu_documents": true, "form_title": true, "contact_phone": true, "documents_kind": true, "documents_count": true,
	"contact_hours": true, "useful_no": true, "chat_you": true, // Albanian says orari too
}

func TestNothingIsLeftInItalian(t *testing.T) {
	messages := func(tag string) map[string]any {
		b, err := fs.ReadFile(messages, "messages/"+tag+".toml")
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]any{}
		if err := toml.Unmarshal(b, &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	italian := messages("it")
	for _, l := range languages[1:] {
		for key, text := range messages(l.Tag) {
			if cmp.Equal(text, italian[key]) && !same[key] {
				t.Errorf("%s: %s is still Italian: %v", l.Tag, key, text)
			}
		}
	}
}

func TestPlurals(t *testing.T) {
	c := catalogue(t)
	for _, tc := range []struct {
		lang string
		n    int
		want string
	}{
		{"it", 1, "1 documento"}, {"it", 2, "2 documenti"}, {"it", 2110, "2.110 documenti"}, {"it", 1_000_000, "1.000.000 di documenti"},
		{"en", 1, "1 document"}, {"en", 1500, "1,500 documents"},
		{"ro", 3, "3 documente"}, {"ro", 25, "25 de documente"},
		{"uk", 1, "1 документ"}, {"uk", 3, "3 документи"}, {"uk", 5, "5 документів"}, {"uk", 21, "21 документ"},
		{"ar", 0, "لا توجد وثائق"}, {"ar", 2, "وثيقتان"}, {"ar", 3, "3 وثائق"}, {"ar", 11, "11 وثيقة"},
		{"zh", 7, "7 份文件"},
	} {
		if got := c.For(tc.lang).N("documents_count", tc.n); got != tc.want {
			t.Errorf("%s %d = %q, want %q", tc.lang, tc.n, got, tc.want)
		}
	}
}

func TestMatch(t *testing.T) {
	c := catalogue(t)
	for _, tc := range []struct {
		preferences []string
		want        string
	}{
		{nil, "it"},
		{[]string{""}, "it"},
		{[]string{"fr"}, "fr"},
		{[]string{"", "de-AT,de;q=0.9,en;q=0.5"}, "de"},
		{[]string{"", "pt-BR,es;q=0.5"}, "es"},
		{[]string{"", "ja,ko"}, "it"},
		{[]string{"", "zh-CN,zh;q=0.9"}, "zh"},
		{[]string{"xx", "ar-MA"}, "ar"},
		{[]string{"not a tag;;;", "uk"}, "uk"},
		{[]string{"en-GB"}, "en"},
	} {
		if got := c.Match(tc.preferences...); got != tc.want {
			t.Errorf("Match(%q) = %s, want %s", tc.preferences, got, tc.want)
		}
	}
}

func TestDatesAndNumbers(t *testing.T) {
	c := catalogue(t)
	day := time.Date(2021, 3, 31, 0, 0, 0, 0, time.UTC)
	want := map[string]string{
		"it": "31 marzo 2021", "en": "31 March 2021", "fr": "31 mars 2021", "de": "31. März 2021", "es": "31 de marzo de 2021",
		"ro": "31 martie 2021", "sq": "31 mars 2021", "ar": "31 مارس 2021", "uk": "31 березня 2021 р.", "zh": "2021年3月31日",
	}
	for lang, text := range want {
		if got := c.For(lang).Date(day); got != text {
			t.Errorf("%s: %q, want %q", lang, got, text)
		}
	}
	it := c.For("it")
	for _, tc := range []struct{ got, want string }{
		{it.ISODate("2026-05-01"), "1º maggio 2026"}, {c.For("fr").ISODate("2026-05-01"), "1er mai 2026"}, {it.ISODate("circa 1990"), "circa 1990"},
		{it.Number(12345), "12.345"}, {it.Decimal(.5, 2), "0,50"}, {c.For("en").Decimal(.5, 2), "0.50"}, {c.For("ar").Number(12), "12"},
		{it.T("no_such_key"), "no_such_key"}, {it.N("no_such_key", 2), "no_such_key"},
	} {
		if tc.got != tc.want {
			t.Errorf("%q, want %q", tc.got, tc.want)
		}
	}
}

func TestBadMessagesStopTheProgram(t *testing.T) {
	whole := func(change func(fstest.MapFS)) fs.FS {
		m := fstest.MapFS{}
		for _, l := range languages {
			m["messages/"+l.Tag+".toml"] = &fstest.MapFile{Data: []byte("a = \"ciao {{.Name}}\"\n")}
		}
		change(m)
		return m
	}
	for name, tc := range map[string]struct {
		change func(fstest.MapFS)
		want   string
	}{
		"a language is missing":  {func(m fstest.MapFS) { delete(m, "messages/sq.toml") }, "sq"},
		"a key is missing":       {func(m fstest.MapFS) { m["messages/uk.toml"].Data = []byte("") }, "a is missing"},
		"a key too many":         {func(m fstest.MapFS) { m["messages/de.toml"].Data = []byte("a = \"{{.Name}}\"\nb = \"x\"\n") }, "b is not in it.toml"},
		"another placeholder":    {func(m fstest.MapFS) { m["messages/zh.toml"].Data = []byte("a = \"{{.Nome}}\"\n") }, "placeholders"},
		"a file that is no TOML": {func(m fstest.MapFS) { m["messages/ar.toml"].Data = []byte("a = ") }, "ar.toml"},
	} {
		if _, err := load(whole(tc.change)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, tc.want)
		}
	}
}
