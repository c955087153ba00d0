package ingest

import "strings"

// batch packs the paragraphs of one group.
type batch struct {
	*splitter
	crumb, article string
}

// size measures a chunk in tokens.
func (b *batch) size(lead string, start, end int) int {
	return b.count(b.d.Indexed(Chunk{Breadcrumb: b.crumb, Lead: lead, Start: start, End: end}))
}

func (b *batch) emit(lead string, start, end int) {
	b.out = append(b.out, Chunk{Section: b.holding(start, end), Article: b.article, Breadcrumb: b.crumb, Lead: lead, Start: start, End: end})
}

// holding gives the innermost section that holds a span.
func (s *splitter) holding(start, end int) int {
	best := -1
	for i, sec := range s.d.Sections {
		if sec.Start > start {
			break
		}
		if end <= sec.End {
			best = i
		}
	}
	return best
}

// unit is what is kept together when it fits: a comma, a paragraph, a row.
type unit struct {
	start, end int
	paras      []para
	table      int
}

// units gathers the paragraphs of a comma, the heading of the article with its first one; rows stand alone.
func units(paras []para) []unit {
	var out []unit
	for _, p := range paras {
		n := len(out)
		heading := n == 1 && out[0].paras[0].comma < 0 && p.comma >= 0 && out[0].end-out[0].start < 250 && out[0].paras[len(out[0].paras)-1].comma < 0
		if n > 0 && p.table < 0 && out[n-1].table < 0 && (heading || p.comma >= 0 && out[n-1].paras[len(out[n-1].paras)-1].comma == p.comma) {
			out[n-1].end = p.end
			out[n-1].paras = append(out[n-1].paras, p)
			continue
		}
		out = append(out, unit{start: p.start, end: p.end, paras: []para{p}, table: p.table})
	}
	return out
}

// pack fills chunks up to the target with whole units, and cuts the units that are larger than it.
func (b *batch) pack(g group, lead string) {
	us := units(g.paras)
	start, end, table := -1, -1, -1
	flush := func() {
		if start >= 0 {
			b.emit(lead, start, end)
		}
		start, lead = -1, ""
	}
	for k := 0; k < len(us); k++ {
		u := us[k]
		if start >= 0 {
			same := u.table == table || table < 0 && b.size(lead, start, end) < b.target/6
			if same && b.size(lead, start, u.end) <= b.target {
				end, table = u.end, u.table
				continue
			}
			if k == len(us)-1 && u.table < 0 && b.size("", u.start, u.end) < b.target/4 && b.size(lead, start, u.end) <= b.limit {
				end = u.end
				continue
			}
			flush()
		}
		table = u.table
		if lead == "" && table >= 0 {
			lead = b.tableLead(table, u.start)
		}
		if b.size(lead, u.start, u.end) <= b.target || len(u.paras) == 1 && b.size(lead, u.start, u.end) <= b.limit {
			start, end = u.start, u.end
			continue
		}
		lead = b.cut(u, lead)
	}
	flush()
}

// cut emits a unit that is larger than the target in pieces and gives the lead for what follows it, none.
func (b *batch) cut(u unit, lead string) string {
	intro := "" // the sentence that opens the list, for the points that end up in a later chunk
	for _, p := range u.paras[:len(u.paras)-1] {
		if t := b.d.Text[p.start:p.end]; strings.HasSuffix(t, ":") {
			intro = b.shorten(t, b.limit/5)
			break
		}
	}
	pieces := b.pieces(u, lead, intro)
	start := -1
	end := 0
	for k, p := range pieces {
		if start >= 0 {
			if b.size(lead, start, p.to) <= b.target || k == len(pieces)-1 && b.size("", p.from, p.to) < b.target/4 && b.size(lead, start, p.to) <= b.limit {
				end = p.to
				continue
			}
			b.emit(lead, start, end)
			lead = intro
			if u.table >= 0 {
				lead = b.tableLead(u.table, p.from)
			}
		}
		start, end = p.from, p.to
	}
	if start >= 0 {
		b.emit(lead, start, end)
	}
	return ""
}

// pieces cuts the paragraphs of a unit that do not fit into sentences, and sentences into runs of words.
func (b *batch) pieces(u unit, leads ...string) []span {
	lead := ""
	for _, l := range leads {
		if len(l) > len(lead) {
			lead = l
		}
	}
	if u.table >= 0 {
		if l := b.tableLead(u.table, u.start+1); len(l) > len(lead) {
			lead = l
		}
	}
	var out []span
	for _, p := range u.paras {
		if b.size(lead, p.start, p.end) <= b.target {
			out = append(out, span{p.start, p.end})
			continue
		}
		for _, sent := range sentences(b.d.Text, p.start, p.end) {
			if b.size(lead, sent.from, sent.to) <= b.limit {
				out = append(out, sent)
				continue
			}
			out = append(out, b.words(lead, sent)...)
		}
	}
	return out
}

// tableLead gives the header of a table for rows that stand apart from it.
func (b *batch) tableLead(table, start int) string {
	sec := b.d.Sections[table]
	if sec.Rubric == "" || start == sec.Start {
		return ""
	}
	return b.shorten(sec.Rubric, b.limit/3)
}
