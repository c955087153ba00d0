package store

import (
	"encoding/binary"
	"math"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// packTerms writes terms as length, bytes and count each, the numbers as unsigned varints.
func packTerms(terms []assistant.Term) []byte {
	b := make([]byte, 0, 12*len(terms))
	for _, t := range terms {
		b = binary.AppendUvarint(b, uint64(len(t.Text)))
		b = append(b, t.Text...)
		b = binary.AppendUvarint(b, uint64(max(t.Count, 0)))
	}
	return b
}

// unpackTerms reads what packTerms wrote. The texts of the terms share one string.
func unpackTerms(b []byte) ([]assistant.Term, error) {
	if len(b) == 0 {
		return nil, nil
	}
	all := string(b)
	terms := make([]assistant.Term, 0, len(b)/8)
	for i := 0; i < len(b); {
		length, n := binary.Uvarint(b[i:])
		if n <= 0 || length > uint64(len(b)-i-n) {
			return nil, damaged("terms")
		}
		i += n
		text := all[i : i+int(length)]
		i += int(length)
		count, n := binary.Uvarint(b[i:])
		if n <= 0 {
			return nil, damaged("terms")
		}
		i += n
		terms = append(terms, assistant.Term{Text: text, Count: int(count)})
	}
	return terms, nil
}

func packVector(v []float32) []byte {
	b := make([]byte, 0, 4*len(v))
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

func unpackVector(b []byte) ([]float32, error) {
	if len(b)%4 != 0 {
		return nil, damaged("vector")
	}
	v := make([]float32, len(b)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return v, nil
}

func damaged(what string) error {
	return fault.New(fault.Broken, "the database is damaged (%s): restore a backup with sportello restore", what)
}
