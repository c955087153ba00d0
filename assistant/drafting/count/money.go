package count

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Cents is an amount of euro, exact.
type Cents int64

// String writes an amount as acts do: "1.220,00".
func (c Cents) String() string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	euro := strconv.FormatInt(int64(c)/100, 10)
	for i := len(euro) - 3; i > 0; i -= 3 {
		euro = euro[:i] + "." + euro[i:]
	}
	return fmt.Sprintf("%s%s,%02d", sign, euro, int64(c)%100)
}

// Letters writes an amount in letters: "milleduecentoventi/00".
func (c Cents) Letters() string {
	if c < 0 {
		return ""
	}
	return fmt.Sprintf("%s/%02d", Words(int64(c)/100), int64(c)%100)
}

// ParseMoney reads "1.220,00", "1220", "1220.50", "€ 1.220,00", "1'220,00"; false for what is no amount.
func ParseMoney(s string) (Cents, bool) {
	s = strings.NewReplacer("€", "", "euro", "", "EUR", "", "\u00a0", "", " ", "", "'", "", "’", "").Replace(strings.TrimSpace(s))
	s = strings.TrimSuffix(strings.TrimSuffix(s, ",="), ".=")
	negative := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	if s == "" || strings.Trim(s, "0123456789.,") != "" {
		return 0, false
	}
	whole, part := s, ""
	switch comma, dot := strings.LastIndexByte(s, ','), strings.LastIndexByte(s, '.'); {
	case comma >= 0 && comma > dot:
		whole, part = s[:comma], s[comma+1:]
		if strings.Contains(whole, ",") {
			return 0, false
		}
	case dot >= 0 && len(s)-dot-1 != 3: // "1220.50": a dot that is no thousand
		whole, part = s[:dot], s[dot+1:]
		if strings.Contains(whole, ".") && !thousands(whole) {
			return 0, false
		}
	}
	if strings.Contains(whole, ".") && !thousands(whole) || len(part) > 2 {
		return 0, false
	}
	whole = strings.ReplaceAll(whole, ".", "")
	for len(part) < 2 {
		part += "0"
	}
	if len(whole) == 0 || len(whole) > 12 {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+part, 10, 64)
	if err != nil {
		return 0, false
	}
	if negative {
		n = -n
	}
	return Cents(n), true
}

// thousands says whether the dots of a number stand before groups of three.
func thousands(s string) bool {
	groups := strings.Split(s, ".")
	for i, g := range groups {
		if i == 0 && (len(g) == 0 || len(g) > 3) || i > 0 && len(g) != 3 {
			return false
		}
	}
	return true
}

// FromFloat gives an amount of a number as JSON has it, rounded to the cent.
func FromFloat(f float64) Cents { return Cents(math.Round(f * 100)) }

// VAT gives the tax of a taxable amount at a rate in per cent, rounded to the cent, half up, as invoices do.
func VAT(taxable Cents, rate float64) Cents {
	return Cents(math.Floor(float64(taxable)*rate/100 + 0.5))
}
