package main

type evalCmd struct {
	Questions  evalQuestionsCmd  `cmd:"" help:"Ask a set of questions with known answers and score them."`
	Retrieval  evalRetrievalCmd  `cmd:"" help:"Measure the search on passages and questions, both legs and their fusion."`
	Extraction evalExtractionCmd `cmd:"" help:"Compare the words read from PDFs with those of pdftotext (poppler-utils)."`
	Robustness evalRobustnessCmd `cmd:"" help:"Read every file of a folder, each in a process of its own, and say what became of it."`
	Speed      evalSpeedCmd      `cmd:"" help:"Measure each step next to its limit."`
}
