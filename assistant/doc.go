// Package assistant is the domain of Sportello: a Question finds Passages, Passages make an Answer whose every Statement
// is held up by Citations, or a Refusal says why not and whom to ask.
//
// It holds the types, the contracts that adapters implement (Index, Embedder, Generator, Library) and the pure logic
// between them: how the legs of a search are fused, which sentences make a quote, which drafted statements survive Verify.
// It stores nothing and opens no connection.
package assistant
