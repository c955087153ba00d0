package index

import "golang.org/x/sys/cpu"

var hasAVX2 = cpu.X86.HasAVX2

// dotRows gives the products of a question with rows that lie one after the other. The length of the question is that of a row, a
// multiple of rowAlign.
func dotRows(sums []int32, question []int16, rows []int8) {
	if !hasAVX2 || len(question) == 0 || len(question)%rowAlign != 0 {
		dotRowsPlain(sums, question, rows)
		return
	}
	if len(sums) > 0 {
		_ = rows[len(sums)*len(question)-1]
		dotRowsAVX2(&sums[0], &question[0], &rows[0], len(sums), len(question))
	}
}

// dotRowsAVX2 needs n > 0 rows of a width that is a multiple of rowAlign, and not 0.
//
//go:noescape
func dotRowsAVX2(sums *int32, question *int16, rows *int8, n, width int)
