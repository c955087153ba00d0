package main

type benchCmd struct {
	Load benchLoadCmd `cmd:"" help:"Many citizens ask a running server at once, for a while: throughput, times, errors, memory."`
}
