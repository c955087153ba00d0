package drafting

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"sportello/assistant/drafting/count"
	"sportello/assistant/drafting/reference"
)

// filters are the ways of writing a value: {importo|lettere}. get reads the fields that an argument names. A value that cannot be written
// so gives false, and the text says that it has to be verified.
var filters = map[string]func(v any, arg string, get func(string) any) (any, bool){
	"maiuscolo": func(v any, _ string, _ func(string) any) (any, bool) { return strings.ToUpper(plain(v)), true },
	"minuscolo": func(v any, _ string, _ func(string) any) (any, bool) { return strings.ToLower(plain(v)), true },
	"euro": func(v any, _ string, _ func(string) any) (any, bool) {
		c, ok := cents(v)
		return "€ " + c.String(), ok
	},
	"lettere": func(v any, _ string, _ func(string) any) (any, bool) { // milleduecentoventi/00, or otto
		if c, ok := v.(count.Cents); ok {
			return c.Letters(), true
		}
		n, ok := number(v)
		return count.Words(int64(n)), ok && n >= 0 && n == float64(int64(n))
	},
	"data": func(v any, _ string, _ func(string) any) (any, bool) {
		d, ok := day(v)
		return reference.Day(d.Format(time.DateOnly)), ok
	},
	"anno": func(v any, _ string, _ func(string) any) (any, bool) {
		d, ok := day(v)
		return d.Format("2006"), ok
	},
	"iva": func(v any, arg string, get func(string) any) (any, bool) { // {netto|iva:aliquota}
		net, ok := cents(v)
		rate, ok2 := number(get(arg))
		return count.VAT(net, rate), ok && ok2
	},
	"piu_iva": func(v any, arg string, get func(string) any) (any, bool) {
		net, ok := cents(v)
		rate, ok2 := number(get(arg))
		return net + count.VAT(net, rate), ok && ok2
	},
	"piu": func(v any, arg string, get func(string) any) (any, bool) { // {a|piu:b,c}
		return add(v, arg, get, 1)
	},
	"meno": func(v any, arg string, get func(string) any) (any, bool) { return add(v, arg, get, -1) },
	"somma": func(v any, arg string, _ func(string) any) (any, bool) { // {voci|somma:importo}
		list, ok := v.([]any)
		var total count.Cents
		for _, x := range list {
			group, _ := x.(map[string]any)
			c, good := cents(group[arg])
			total, ok = total+c, ok && good
		}
		return total, ok && len(list) > 0
	},
	"quanti": func(v any, _ string, _ func(string) any) (any, bool) {
		list, ok := v.([]any)
		return float64(len(list)), ok
	},
	"elenco": func(v any, _ string, _ func(string) any) (any, bool) { // "a, b e c"
		list, ok := v.([]any)
		var texts []string
		for _, x := range list {
			texts = append(texts, plain(x))
		}
		if n := len(texts); n > 1 {
			return strings.Join(texts[:n-1], ", ") + " e " + texts[n-1], ok
		}
		return strings.Join(texts, ""), ok && len(texts) > 0
	},
	"maggioranza": func(v any, _ string, _ func(string) any) (any, bool) {
		n, ok := number(v)
		return float64(count.Majority(int(n))), ok
	},
}

// filterFields are the filters whose argument names fields.
var filterFields = map[string]bool{"iva": true, "piu_iva": true, "piu": true, "meno": true}

func filterNames() []string {
	names := []string{"maiuscolo", "minuscolo", "euro", "lettere", "data", "anno", "iva", "piu_iva", "piu", "meno", "somma", "quanti", "elenco", "maggioranza"}
	sort.Strings(names)
	return names
}

func add(v any, arg string, get func(string) any, sign float64) (any, bool) {
	names := strings.Split(arg, ",")
	if a, ok := v.(count.Cents); ok {
		for _, name := range names {
			c, good := cents(get(name))
			a, ok = a+count.Cents(sign)*c, ok && good
		}
		return a, ok
	}
	n, ok := number(v)
	for _, name := range names {
		m, good := number(get(name))
		n, ok = n+sign*m, ok && good
	}
	return n, ok
}

// number gives a value as a number.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int64:
		return float64(v), true
	case int:
		return float64(v), true
	case count.Cents:
		return float64(v) / 100, true
	case string:
		n, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(v), ",", "."), 64)
		return n, err == nil
	}
	return 0, false
}

// cents gives a value as an amount.
func cents(v any) (count.Cents, bool) {
	switch v := v.(type) {
	case count.Cents:
		return v, true
	case string:
		return count.ParseMoney(v)
	}
	n, ok := number(v)
	return count.FromFloat(n), ok
}

// day gives a value as a day: 2026-03-02, 02/03/2026 or a date of TOML.
func day(v any) (time.Time, bool) {
	switch v := v.(type) {
	case time.Time:
		return v, true
	case fmt.Stringer: // toml.LocalDate
		d, err := time.Parse(time.DateOnly, v.String())
		return d, err == nil
	case string:
		for _, form := range []string{time.DateOnly, "2/1/2006", "2.1.2006", "2-1-2006"} {
			if d, err := time.Parse(form, strings.TrimSpace(v)); err == nil {
				return d, true
			}
		}
	}
	return time.Time{}, false
}

// plain writes a value without any filter.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(v)
	case bool:
		return map[bool]string{true: "sì", false: "no"}[v]
	case count.Cents:
		return "€ " + v.String()
	case float64:
		if v == float64(int64(v)) {
			return strconv.FormatInt(int64(v), 10)
		}
		return strings.ReplaceAll(strconv.FormatFloat(v, 'f', -1, 64), ".", ",")
	case int64:
		return strconv.FormatInt(v, 10)
	case time.Time:
		return reference.Day(v.Format(time.DateOnly))
	}
	return strings.TrimSpace(fmt.Sprint(v))
}

// Written gives a fact as an act has it without a way of writing of its own.
func Written(v any) string { return plain(v) }
