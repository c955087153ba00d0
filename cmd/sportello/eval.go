package main

type evalCmd struct {
	Questions evalQuestionsCmd `cmd:"" help:"Ask a set of questions with known answers and score them."`
}
