// Package gguf reads and writes the model files of llama.cpp: GGUF version 3, little-endian
// (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
//
// It reads the metadata, where the vocabulary is, and writes whole files from tensors that are already quantised. It does
// not compute with tensors.
package gguf

// Type is the type of a metadata value.
type Type uint32

// The types of the format, in its numbering.
const (
	Uint8 Type = iota
	Int8
	Uint16
	Int16
	Uint32
	Int32
	Float32
	Bool
	String
	Array
	Uint64
	Int64
	Float64
)

// TensorType is how the numbers of a tensor are stored, in ggml's numbering.
type TensorType uint32

// The two types that are written here. A Q4_0 block holds 32 numbers in 18 bytes: an fp16 scale and 32 nibbles.
const (
	F32 TensorType = 0
	Q40 TensorType = 2
)

const (
	magic     = "GGUF"
	version   = 3
	alignment = 32
)
