// Package minutes makes the verbale of a session of a Giunta or a Consiglio.
//
// Who was there, who came and went, how they voted and what they had put on record come from the diary alone, which the segretario
// writes: one line a fact ("21:40 esce Dalmasso", "voto contrari Bruno; astenuti Viale"). The arithmetic of presences, quorum and
// majorities follows from it. What was said comes from a transcript (TXT, VTT, SRT, the paragraphs of a DOCX, or what a server for
// transcriptions gives): turns of voices, which only a person gives names to. Turns are laid on the agenda by code and by the
// person's corrections, and each speaker's part of an item is told in literal sentences, or in a model's words where these can be
// verified against the turns. What is doubtful carries [VERIFICARE: 01:12:30]; what is not in the turns gives way to them.
//
// The words of the session's file and of its diary are Italian, as those of the templates are. The package is pure but for Phraser,
// which asks a model, and Recorder, which asks a server for transcriptions: it stores nothing.
package minutes
