package sheet

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// numberFormat says how a number is shown; the zero value is "General".
type numberFormat struct {
	fixed     bool // a set number of decimals
	decimals  int
	thousands bool
	percent   bool
	date      string // layout for package time
	before    string // "€ "
	after     string // " €"
}

func (w *workbook) readStyles(part string) {
	n, err := w.part(part)
	if err != nil {
		w.warnings = append(w.warnings, "formats of the figures not read: "+err.Error())
		return
	}
	custom := map[string]string{}
	for _, f := range kids(n.Child("numFmts")) {
		custom[f.Attr("numFmtId")] = f.Attr("formatCode")
	}
	for _, xf := range kids(n.Child("cellXfs")) {
		if xf.Name != "xf" {
			continue
		}
		id := xf.Attr("numFmtId")
		code, ok := custom[id]
		if !ok {
			code = builtin[id]
		}
		w.formats = append(w.formats, readFormat(code))
	}
}

// builtin are the format codes that files name by number only (ISO/IEC 29500-1, 18.8.30), dates as Italian Excel shows them.
var builtin = map[string]string{
	"1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "5": "€ #,##0", "6": "€ #,##0", "7": "€ #,##0.00", "8": "€ #,##0.00", "9": "0%", "10": "0.00%",
	"14": "dd/mm/yyyy", "15": "d-mmm-yy", "16": "d-mmm", "17": "mmm-yy", "18": "h:mm", "19": "h:mm:ss", "20": "h:mm", "21": "h:mm:ss", "22": "dd/mm/yyyy h:mm",
	"37": "#,##0", "38": "#,##0", "39": "#,##0.00", "40": "#,##0.00", "41": "#,##0", "42": "€ #,##0", "43": "#,##0.00", "44": "€ #,##0.00", "45": "mm:ss", "46": "h:mm:ss",
}

var (
	reBracket  = regexp.MustCompile(`\[\$([^\]-]*)[^\]]*\]`)
	reOther    = regexp.MustCompile(`\[[^\]]*\]`)
	reQuoted   = regexp.MustCompile(`"([^"]*)"|\\(.)`)
	rePad      = regexp.MustCompile(`_.|\*.`)
	reDecimals = regexp.MustCompile(`[.]([0#?]+)`)
)

// readFormat reads the part of a format code for positive numbers.
func readFormat(code string) numberFormat {
	if code == "" || strings.EqualFold(code, "General") || code == "@" {
		return numberFormat{}
	}
	code, _, _ = strings.Cut(code, ";")
	code = reBracket.ReplaceAllString(code, "$1")
	code = reOther.ReplaceAllString(code, "")
	code = rePad.ReplaceAllString(code, "")
	plain := reQuoted.ReplaceAllString(code, "")
	lower := strings.ToLower(plain)
	if !strings.ContainsAny(plain, "0#?") && strings.ContainsAny(lower, "ymdhs") {
		return numberFormat{date: dateLayout(lower)}
	}
	f := numberFormat{fixed: true, thousands: strings.Contains(plain, ",##0") || strings.Contains(plain, ",0"), percent: strings.Contains(plain, "%")}
	if m := reDecimals.FindStringSubmatch(plain); m != nil {
		f.decimals = len(m[1])
		if strings.Trim(m[1], "#") == "" {
			f.fixed = false
		}
	}
	literal := reQuoted.ReplaceAllString(code, "$1$2")
	if i := strings.IndexAny(literal, "0#?"); i >= 0 {
		f.before = strings.TrimLeft(literal[:i], " ")
		f.after = strings.TrimRight(literal[strings.LastIndexAny(literal, "0#?%")+1:], " ")
	}
	return f
}

func dateLayout(code string) string {
	var parts []string
	if strings.Contains(code, "d") {
		parts = append(parts, "02")
	}
	if strings.Contains(code, "m") && (strings.ContainsAny(code, "dy") || !strings.ContainsAny(code, "hs")) {
		parts = append(parts, "01")
	}
	if strings.Contains(code, "y") {
		parts = append(parts, "2006")
	}
	layout := strings.Join(parts, "/")
	if strings.Contains(code, "h") || strings.Contains(code, "s") {
		clock := "15:04"
		if strings.Contains(code, "s") {
			clock = "15:04:05"
		}
		layout = strings.TrimSpace(layout + " " + clock)
	}
	return layout
}

// show writes a raw value as the cell shows it, with decimal comma and thousands point.
func (f numberFormat) show(raw string, date1904 bool) string {
	raw = strings.TrimSpace(raw)
	if raw == "" {
		return ""
	}
	v, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return raw
	}
	if f.date != "" && v >= 0 && v < 2958466 { // up to the year 9999
		return serialTime(v, date1904).Format(f.date)
	}
	if f.percent {
		v *= 100
	}
	var s string
	if f.fixed {
		s = strconv.FormatFloat(v, 'f', f.decimals, 64)
	} else {
		s = strconv.FormatFloat(math.Round(v*1e9)/1e9, 'f', -1, 64)
		if math.Abs(v) >= 1e15 {
			s = raw
		}
	}
	whole, frac, _ := strings.Cut(s, ".")
	if f.thousands {
		whole = grouped(whole)
	}
	if frac != "" {
		whole += "," + frac
	}
	if f.percent {
		whole += "%"
	}
	return f.before + whole + f.after
}

func grouped(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return sign + s
}

// serialTime turns a day number into a time: day 1 is 1 January 1900, and 1900 counts as a leap year (18.17.4.1).
func serialTime(v float64, date1904 bool) time.Time {
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case v < 60:
		base = base.AddDate(0, 0, 1)
	}
	days := math.Floor(v)
	seconds := math.Round((v - days) * 86400)
	return base.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second)
}
