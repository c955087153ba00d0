package access

import (
	"bytes"
	"context"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"sportello/assistant/fault"
)

// The table says what was meant, in words.
func TestMay(t *testing.T) {
	for _, tc := range []struct {
		role   Role
		action Action
		want   bool
	}{
		{Territory, EditTenants, true}, {Tenant, EditTenants, false}, {Tenant, EditPeople, true}, {Editor, EditPeople, false},
		{Editor, EditDocuments, true}, {Clerk, EditDocuments, false}, {Clerk, TalkToCitizens, true}, {Facilitator, ReadQuestions, false},
		{Facilitator, HelpCitizens, true}, {Segretario, SwitchOff, true}, {Editor, SwitchOff, false}, {Auditor, ReadAudit, true},
		{"", Enter, false}, {"nobody", ReadDocuments, false}, {Territory, "nothing", false},
	} {
		if got := May(tc.role, tc.action); got != tc.want {
			t.Errorf("May(%s, %s) = %v", tc.role, tc.action, got)
		}
	}
	for _, r := range Roles() {
		if !r.Known() || !May(r, Enter) || !Covers([]Role{Territory}, r) || !Covers([]Role{r}, r) {
			t.Errorf("role %s", r)
		}
	}
	for _, a := range Actions() {
		if !a.Known() || !May(Territory, a) {
			t.Errorf("action %s", a)
		}
		if strings.Contains(string(a), ".edit") || strings.Contains(string(a), ".repeal") || a == TalkToCitizens || a == SwitchOff {
			if May(Auditor, a) {
				t.Errorf("an auditor may %s", a)
			}
		}
	}
	if Covers([]Role{Editor, Clerk}, Tenant) || Covers(nil, Auditor) || !Covers([]Role{Tenant}, Segretario) {
		t.Error("Covers")
	}
	if got := Widest([]Role{Clerk, Tenant, Clerk, "x"}); len(got) != 2 || got[0] != Tenant {
		t.Errorf("Widest %v", got)
	}
	if !MayAny([]Role{Clerk, Segretario}, SwitchOff) || MayAny(nil, Enter) {
		t.Error("MayAny")
	}
}

func TestTableIsWhole(t *testing.T) {
	for _, text := range []string{"", "clerk x", strings.Repeat("auditor "+strings.Repeat("x ", len(actions))+"\n", 2), "clerk " + strings.Repeat("y ", len(actions))} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("the table %q was taken", text)
				}
			}()
			rights(text)
		}()
	}
}

func TestPassword(t *testing.T) {
	ctx := context.Background()
	h, err := NewHasher(0)
	if err != nil {
		t.Fatal(err)
	}
	one, err := h.Hash(ctx, "quattro gatti sul tetto")
	if err != nil || !strings.HasPrefix(one, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatal(one, err)
	}
	if two, _ := h.Hash(ctx, "quattro gatti sul tetto"); two == one {
		t.Error("no salt")
	}
	for _, tc := range []struct {
		encoded, password string
		want, broken      bool
	}{
		{one, "quattro gatti sul tetto", true, false}, {one, "quattro gatti sul tetta", false, false}, {one, "", false, false},
		{one, strings.Repeat("x", 10_000), false, false}, {"", "quattro gatti sul tetto", false, false}, {"", "nobody has this password", false, false},
		{"$2b$12$x", "a", false, true}, {"$argon2id$v=18$m=19456,t=2,p=1$aaaa$aaaa", "a", false, true},
		{"$argon2id$v=19$m=99999999,t=2,p=1$aaaa$aaaa", "a", false, true}, {"$argon2id$v=19$m=19456,t=2,p=1$!$aaaa", "a", false, true},
		{"$argon2id$v=19$m=19456,t=2,p=1$aaaaaaaaaaaaaaaaaaaaaa$aaaa", "a", false, true},
	} {
		got, err := h.Verify(ctx, tc.encoded, tc.password)
		if got != tc.want || (fault.CodeOf(err) == fault.Broken) != tc.broken {
			t.Errorf("Verify(%q, %.30q) = %v, %v", tc.encoded, tc.password, got, err)
		}
	}
	// The letter è as one character and as two.
	accented, _ := h.Hash(ctx, "perch\u00e9 no, mi chiedo")
	if ok, _ := h.Verify(ctx, accented, "perche\u0301 no, mi chiedo"); !ok {
		t.Error("another keyboard is another password")
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	h.turn <- struct{}{}
	h.turn <- struct{}{}
	if _, err := h.Hash(over, "quattro gatti sul tetto"); err == nil {
		t.Error("it did not wait for its turn")
	}
}

func TestCheckPassword(t *testing.T) {
	for _, tc := range []struct {
		password string
		code     fault.Code
	}{
		{"quattro gatti sul tetto", ""}, {"corta", fault.Invalid}, {strings.Repeat("abcdefg", 20), fault.TooLarge}, {"aaaaaaaaaaaaaaaa", fault.Invalid},
		{"Password1234", fault.Invalid}, {"MariaRossi12", fault.Invalid}, {"maria scrive sempre alle nove", ""}, {"àèìòùçéàèìòùç", ""},
	} {
		if err := CheckPassword(tc.password, "Maria", "Rossi", "mariarossi"); fault.CodeOf(err) != tc.code {
			t.Errorf("%q: %v", tc.password, err)
		}
	}
}

func TestTOTP(t *testing.T) {
	a, err := NewAuthenticator("Comune: di Prova", "maria@example.it")
	if err != nil {
		t.Fatal(err)
	}
	again, err := AuthenticatorOf("Comune: di Prova", "maria@example.it", a.Secret)
	if err != nil || again.URL != a.URL || len(a.Secret) != 32 {
		t.Errorf("%v %v %v", a, again, err)
	}
	if _, err := AuthenticatorOf("x", "y", "not base 32!"); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
	if _, err := NewAuthenticator("x", ""); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
	picture, err := a.QR(200)
	if err != nil {
		t.Fatal(err)
	}
	if img, err := png.Decode(bytes.NewReader(picture)); err != nil || img.Bounds().Dx() != 200 {
		t.Error(err)
	}
	now := time.Unix(1_800_000_000, 0)
	at := func(shift time.Duration) string { code, _ := totp.GenerateCode(a.Secret, now.Add(shift)); return code }
	step, ok := VerifyTOTP(a.Secret, at(0)[:3]+" "+at(0)[3:], now, 0)
	if !ok || step != now.Unix()/30 {
		t.Errorf("now: %v %v", step, ok)
	}
	if _, ok := VerifyTOTP(a.Secret, at(0), now, step); ok {
		t.Error("a code twice")
	}
	for shift, want := range map[time.Duration]bool{-30 * time.Second: true, 30 * time.Second: true, -90 * time.Second: false, 90 * time.Second: false} {
		if _, ok := VerifyTOTP(a.Secret, at(shift), now, 0); ok != want {
			t.Errorf("%s: %v", shift, ok)
		}
	}
	for _, code := range []string{"", "12345", "abcdef", "1234567"} {
		if _, ok := VerifyTOTP(a.Secret, code, now, 0); ok {
			t.Errorf("%q", code)
		}
	}
	if _, ok := VerifyTOTP("", at(0), now, 0); ok {
		t.Error("without a secret")
	}
}

// The vectors of RFC 6238, appendix B, for SHA-1 (the last six of eight digits).
func TestTOTPVectors(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"} {
		if _, ok := VerifyTOTP(secret, code, time.Unix(at, 0), 0); !ok {
			t.Errorf("at %d", at)
		}
	}
}

func TestSecrets(t *testing.T) {
	a, b := NewSecret(), NewSecret()
	if a == b || len(a) != 43 || Digest(a) == Digest(b) || len(Digest(a)) != 64 {
		t.Error(a, b)
	}
	if Mark(a, "csrf") == Mark(a, "other") || Mark(a, "csrf") == Mark(b, "csrf") || !Same(Mark(a, "csrf"), Mark(a, "csrf")) || Same(a, b) {
		t.Error("Mark")
	}
	codes, digests := NewRecovery()
	if len(codes) != 10 || len(digests) != 10 || codes[0] == codes[1] {
		t.Fatal(codes)
	}
	left, ok := UseRecovery(digests, " "+strings.ToUpper(codes[3])+" ")
	if !ok || len(left) != 9 {
		t.Error("a code was refused")
	}
	if _, ok := UseRecovery(left, codes[3]); ok {
		t.Error("a code twice")
	}
	if _, ok := UseRecovery(digests, ""); ok {
		t.Error("nothing is a code")
	}
}
