package main

type benchCmd struct {
	Load   benchLoadCmd   `cmd:"" help:"Many citizens ask a running server at once, for a while: throughput, times, errors, memory."`
	Chat   benchChatCmd   `cmd:"" help:"What a citizen waits for a phrased answer, beside the chat server asked alone."`
	Search benchSearchCmd `cmd:"" help:"The embedded index at scale, beside other search engines on the same passages."`
	Ingest benchIngestCmd `cmd:"" help:"Taking documents in, step by step, and many who search at once: times, memory."`
	Fill   benchFillCmd   `cmd:"" help:"Make a tenant of many passages to measure with, from those of another."`
	Engine benchEngineCmd `cmd:"" hidden:"" help:"The embedded index as a contestant of bench search, which starts it."`
}
