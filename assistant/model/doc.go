// Package model gives the domain its language models: an Embedder, a Generator and a Reranker over any server that speaks
// OpenAI's HTTP interface (llama.cpp, vLLM, Ollama), or over engines that Sportello runs itself (package engine) with models
// of its catalogue (package catalogue). Without a model there is none: a nil Embedder or Generator, and no error.
//
// It is the only importer of langchaingo, whose defects are made good in the transport under it (wire). It stores nothing but
// a few vectors of recent queries in memory; texts and keys are never logged.
package model
