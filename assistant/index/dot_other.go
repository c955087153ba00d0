//go:build !amd64

package index

// dotRows gives the products of a question with rows that lie one after the other; see dot_amd64.go.
func dotRows(sums []int32, question []int16, rows []int8) { dotRowsPlain(sums, question, rows) }
