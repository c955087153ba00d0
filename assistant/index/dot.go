package index

// rowAlign is what rows are padded to, so that a kernel needs no code for what is left over: two registers of sixteen numbers.
const rowAlign = 32

// padded is the length of a row that holds n numbers.
func padded(n int) int { return (n + rowAlign - 1) &^ (rowAlign - 1) }

// dotRowsPlain multiplies a question with rows that lie one after the other: what every processor can do, and what the others are tested against.
func dotRowsPlain(sums []int32, question []int16, rows []int8) {
	width := len(question)
	for r := range sums {
		row := rows[r*width:][:width]
		var s0, s1, s2, s3 int32
		for i := 0; i+4 <= width; i += 4 {
			q, v := question[i:i+4:i+4], row[i:i+4:i+4]
			s0 += int32(q[0]) * int32(v[0])
			s1 += int32(q[1]) * int32(v[1])
			s2 += int32(q[2]) * int32(v[2])
			s3 += int32(q[3]) * int32(v[3])
		}
		sums[r] = s0 + s1 + s2 + s3
	}
}
