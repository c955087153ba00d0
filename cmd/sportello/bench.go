package main

type benchCmd struct {
	Load benchLoadCmd `cmd:"" help:"Many citizens ask a running server at once, for a while: throughput, times, errors, memory."`
	Fill benchFillCmd `cmd:"" help:"Make a tenant of many passages to measure with, from those of another."`
}
