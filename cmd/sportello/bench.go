package main

type benchCmd struct {
	Load   benchLoadCmd   `cmd:"" help:"Many citizens ask a running server at once, for a while: throughput, times, errors, memory."`
	Search benchSearchCmd `cmd:"" help:"The embedded index at scale, beside other search engines on the same passages."`
	Ingest benchIngestCmd `cmd:"" help:"Taking documents in, step by step, and many who search at once: times, memory."`
	Engine benchEngineCmd `cmd:"" hidden:"" help:"The embedded index as a contestant of bench search, which starts it."`
}
