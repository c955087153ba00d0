package assistant

import "testing"

// What a question costs beyond its vector.
func BenchmarkLikeness(b *testing.B) {
	examples, err := ScreenExamples()
	if err != nil {
		b.Fatal(err)
	}
	vectors, err := VectorsOf(b.Context(), &wordy{size: 384}, examples)
	if err != nil {
		b.Fatal(err)
	}
	l, err := LearnLikeness(examples, vectors)
	if err != nil {
		b.Fatal(err)
	}
	const question = "Buongiorno, vorrei sapere entro quando si paga la tassa sui rifiuti per una casa in cui non abita nessuno da due anni"
	v, err := (&wordy{size: 384}).EmbedQuery(b.Context(), question)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := l.Opinion(question, v); err != nil {
			b.Fatal(err)
		}
	}
}
