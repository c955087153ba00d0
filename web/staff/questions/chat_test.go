package questions_test

import (
	"strings"
	"testing"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/web/staff/stafftest"
)

const here = "/staff/t/" + stafftest.Comune + "/"

// A citizen who left a question writes with a clerk who said that they are there: messages go both ways, the office speaks and nobody by
// name, what the citizen writes is masked, and the end of it is an answer.
func TestChat(t *testing.T) {
	h := open(t)
	ctx := t.Context()
	clerk, colleague := h.As(access.Clerk, stafftest.Comune), h.As(access.Clerk, stafftest.Comune)
	left, err := h.desk.Leave(ctx, assistant.HandOver{Tenant: stafftest.Comune, Office: "URP", Language: "it", Text: "Posso avere un orario diverso?"})
	if err != nil {
		t.Fatal(err)
	}
	can := func(want bool) {
		t.Helper()
		if got, err := h.desk.CanChat(ctx, stafftest.Comune, "URP"); got != want || err != nil {
			t.Errorf("somebody can write: %v, %v", got, err)
		}
	}
	can(false)
	if err := h.desk.AskChat(ctx, stafftest.Comune, left.Token); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("nobody is there: %v", err)
	}
	page := clerk.Get(here + "handovers").Is(200).Page()
	if page.Find("#waiting[hx-get]").Length() != 0 || page.Find("button[name=there][value='1']").Length() != 1 {
		t.Error("a clerk who did not say so is there")
	}
	clerk.Post(here+"handovers/available", "there", "1").Is(303)
	can(true)
	clerk.Get(here + "handovers/" + left.ID + "/chat").Is(404)
	clerk.Post(here + "handovers/" + left.ID + "/join").Is(409)
	if err := h.desk.AskChat(ctx, stafftest.Comune, left.Token); err != nil {
		t.Fatal(err)
	}
	if text := clerk.Get(here + "handovers/waiting").Is(200).Page().Find(".waiting-list").Text(); !strings.Contains(text, left.ID) || !strings.Contains(text, "aspetta una persona") {
		t.Errorf("who waits: %q", text)
	}
	if err := h.desk.Write(ctx, stafftest.Comune, left.Token, "Sono Mario Rossi, codice RSSMRA80A01F205X"); err != nil {
		t.Fatal(err)
	}
	clerk.Post(here+"handovers/"+left.ID+"/say", "message", "prima di entrare").Is(409)
	clerk.Post(here + "handovers/" + left.ID + "/join").Is(303)
	colleague.Post(here + "handovers/" + left.ID + "/join").Is(409)
	clerk.Post(here+"handovers/"+left.ID+"/say", "message", " ").Is(422)
	clerk.Post(here+"handovers/"+left.ID+"/say", "message", strings.Repeat("x", 2001)).Is(422)
	clerk.Post(here+"handovers/"+left.ID+"/say", "message", "Sì, <b>dalle 8</b>.").Is(303)
	log := clerk.Get(here + "handovers/" + left.ID + "/chat").Is(200).Page()
	if got := log.Find(".theirs .chat-text").Text(); !strings.Contains(got, "[nome]") || strings.Contains(got, "RSSMRA") {
		t.Errorf("the citizen wrote %q", got)
	}
	if log.Find(".mine").Length() != 1 || log.Find("#chat-log[hx-get]").Length() != 1 || log.Find("b").Length() != 0 {
		t.Error("the conversation is not shown as it is")
	}
	if text := colleague.Get(here + "handovers").Is(200).Page().Find(".waiting-list").Text(); !strings.Contains(text, "con ") {
		t.Errorf("a colleague sees %q", text)
	}
	_, c, err := h.desk.Conversation(ctx, stafftest.Comune, left.Token)
	if err != nil || len(c.Messages) != 2 || c.State != assistant.ChatJoined || !c.Messages[1].Office || c.Messages[1].Text != "Sì, <b>dalle 8</b>." {
		t.Errorf("%+v %v", c, err)
	}
	clerk.Post(here + "handovers/" + left.ID + "/end").Is(303)
	if err := h.desk.Write(ctx, stafftest.Comune, left.Token, "ancora"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("after the end: %v", err)
	}
	done := clerk.Get(here + "handovers/" + left.ID).Is(200).Page()
	if done.Find("#chat-log[hx-get]").Length() != 0 || done.Find("form[action$='/say']").Length() != 0 || !strings.Contains(done.Find("main").Text(), "Risposta data nella conversazione") {
		t.Error("the end is not shown")
	}
	clerk.Post(here+"handovers/available", "there", "0").Is(303)
	can(false)
	// What was done is in the audit log, what was said is not.
	entries := h.As(access.Auditor, stafftest.Comune).Get(here + "audit").Is(200).Page().Find("main").Text()
	if !strings.Contains(entries, "entrata in una conversazione") || !strings.Contains(entries, "risposta a un cittadino") || strings.Contains(entries, "dalle 8") {
		t.Errorf("%s", entries)
	}
}
