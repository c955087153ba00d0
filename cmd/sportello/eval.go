package main

type evalCmd struct {
	All        evalAllCmd        `cmd:"" help:"Measure every set and compare with the committed figures."`
	Questions  evalQuestionsCmd  `cmd:"" help:"Ask a set of questions with known answers and score them."`
	Models     evalModelsCmd     `cmd:"" help:"Ask the question set to chat models and put them side by side."`
	Retrieval  evalRetrievalCmd  `cmd:"" help:"Measure the search on passages and questions, both legs and their fusion."`
	Extraction evalExtractionCmd `cmd:"" help:"Compare the words read from PDFs with those of pdftotext (poppler-utils)."`
	Robustness evalRobustnessCmd `cmd:"" help:"Read every file of a folder, each in a process of its own, and say what became of it."`
	Followups  evalFollowupsCmd  `cmd:"" help:"Ask questions that lean on an earlier one, and the same in full, and compare what is found."`
	Screen     evalScreenCmd     `cmd:"" help:"Tell emergencies, orders to the assistant and the rest from ordinary questions, by rules, by examples and by both."`
	Speed      evalSpeedCmd      `cmd:"" help:"Measure each step next to its limit."`
	Load       evalLoadCmd       `cmd:"" help:"Measure questions while documents come in through the console, next to when none do."`
	Findings   evalFindingsCmd   `cmd:"" help:"What files hide from who reads them, and what speaks to an assistant."`
	Privacy    evalPrivacyCmd    `cmd:"" help:"Find personal data in sentences in which it is marked: precision and recall by kind."`
	RedTeam    evalRedTeamCmd    `cmd:"" help:"Ask and plant attacks, and say what came of them."`
}
