package count

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWords(t *testing.T) {
	for n, want := range map[int64]string{
		0: "zero", 3: "tre", 8: "otto", 21: "ventuno", 23: "ventitré", 28: "ventotto", 100: "cento", 101: "centouno", 108: "centootto", 180: "centottanta", 200: "duecento", 1000: "mille", 1001: "milleuno",
		1220: "milleduecentoventi", 2000: "duemila", 10309: "diecimilatrecentonove", 21000: "ventunomila", 100000: "centomila", 1_000_000: "unmilione", 2_500_003: "duemilionicinquecentomilatré", 1_000_000_000: "unmiliardo",
	} {
		got := Words(n)
		if got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
		if back, ok := Number(got); !ok || back != n {
			t.Errorf("%q: %d %v, want %d", got, back, ok, n)
		}
	}
	for n := int64(0); n < 20000; n++ {
		if back, ok := Number(Words(n)); !ok || back != n {
			t.Fatalf("%d: %q comes back as %d %v", n, Words(n), back, ok)
		}
	}
	if Words(-1) != "" || Words(1_000_000_000_000) != "" {
		t.Error("what cannot be written")
	}
	for _, s := range []string{"", "pippo", "centopippo", "ventimilapippo", "pippomilioni", "xmila"} {
		if n, ok := Number(s); ok {
			t.Errorf("%q is read as %d", s, n)
		}
	}
	for s, want := range map[string]int64{"mille duecento venti": 1220, "Ventun": 21, "un": 1, "due milioni": 2_000_000, "un milione e duecento": 1_000_200} {
		if n, ok := Number(s); !ok || n != want {
			t.Errorf("%q: %d %v", s, n, ok)
		}
	}
}

func TestMoney(t *testing.T) {
	for s, want := range map[string]Cents{"1.220,00": 122000, "1220": 122000, "1220.50": 122050, "€ 1.220,5": 122050, "1.220": 122000, "-3,20": -320, "0,99": 99, "1'220,00": 122000, "12.345.678,90": 1234567890, "100.000,=": 10000000} {
		if got, ok := ParseMoney(s); !ok || got != want {
			t.Errorf("%q: %v %v, want %v", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "abc", "1,2,3", "1.22,00", "1,234", "12345678901234", ",5", "1.2.3"} {
		if got, ok := ParseMoney(s); ok {
			t.Errorf("%q is read as %v", s, got)
		}
	}
	if got := Cents(123456789).String() + " " + Cents(-5).String() + " " + Cents(122050).Letters() + Cents(-1).Letters(); got != "1.234.567,89 -0,05 milleduecentoventi/50" {
		t.Error(got)
	}
	if VAT(845000, 22) != 185900 || VAT(333, 10) != 33 || VAT(335, 10) != 34 || FromFloat(8450.005) != 845001 && FromFloat(8450.005) != 845000 {
		t.Error("VAT")
	}
}

func TestDays(t *testing.T) {
	for year, want := range map[int]string{2024: "2024-03-31", 2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28", 2038: "2038-04-25"} {
		if got := Easter(year).Format(time.DateOnly); got != want {
			t.Errorf("Easter %d: %s", year, got)
		}
	}
	c := Calendar{PatronMonth: time.June, PatronDay: 24, Saturday: true}
	for d, want := range map[string]bool{"2026-04-06": true, "2026-04-05": true, "2026-06-24": true, "2026-06-23": false, "2026-10-04": true, "2025-10-04": false, "2026-12-26": true, "2026-04-25": true, "2026-06-02": true, "2026-03-07": false} {
		day, ok := ParseDay(d)
		if !ok || c.Holiday(day) != want {
			t.Errorf("%s: holiday %v", d, !want)
		}
	}
	from, _ := ParseDay("2026-03-26")
	if got := c.Term(from, 10).Format(time.DateOnly); got != "2026-04-07" { // 5 April is Easter, 6 April Easter Monday
		t.Errorf("term %s", got)
	}
	if got := c.WorkingTerm(from, 3).Format(time.DateOnly); got != "2026-03-31" {
		t.Errorf("working term %s", got)
	}
	if _, ok := ParseDay("2026-02-30"); ok {
		t.Error("30 February")
	}
	sat, _ := ParseDay("2026-03-07")
	if c.Working(sat) || !(Calendar{}).Working(sat) {
		t.Error("Saturday")
	}
}

func TestVotes(t *testing.T) {
	none := -1
	for _, tt := range []struct {
		v    Vote
		want []Fault
	}{
		{Vote{Members: 13, Present: 11, Voting: 10, For: 8, Against: 2, Abstain: 1}, nil},
		{Vote{Present: 11, Voting: 11, For: 8, Against: 2, Abstain: 1}, nil}, // where those who abstain count as voting
		{Vote{Present: 11, Voting: none, For: 9, Against: 2, Abstain: 1}, []Fault{SumOverPresent}},
		{Vote{Present: 11, Voting: none, For: 8, Against: 1, Abstain: 1}, []Fault{SumUnderThose}},
		{Vote{Present: 11, Voting: 9, For: 8, Against: 2, Abstain: 1}, []Fault{VotingDiffers}},
		{Vote{Members: 10, Present: 11, Voting: none, For: 11, Against: none, Abstain: none}, []Fault{OverMembers}},
		{Vote{Present: 10, Voting: none, For: 5, Against: 5, Abstain: 0}, []Fault{NotCarried}},
		{Vote{Present: 10, Voting: 10, For: 6, Against: 2, Abstain: 0, Blank: 2}, nil},
	} {
		if diff := cmp.Diff(tt.want, tt.v.Check()); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.v, diff)
		}
	}
	if Majority(13) != 7 || Majority(4) != 3 || !Quorum(true, 13, 4) || Quorum(true, 13, 3) || !Quorum(false, 5, 3) || Quorum(false, 5, 2) {
		t.Error("majority or quorum")
	}
}
