package web_test

import (
	"net/url"
	"testing"

	"sportello/assistant/access"
	"sportello/ingest"
	"sportello/web/staff/stafftest"
)

// The page of an upload shows how far it is as it goes on: by events, or by asking again in a browser that has none.
func TestProgressComesByItself(t *testing.T) {
	m := newManager(t)
	b := browser(t, m.harness)
	at, err := url.Parse(m.house.Server.URL)
	if err != nil {
		t.Fatal(err)
	}
	b.open("/t/borgoprova/")
	for _, c := range m.house.As(access.Editor, stafftest.Unione).Jar.Cookies(at) {
		_ = eval[string](b, `document.cookie = "`+c.Name+"="+c.Value+`; path=/"`)
	}
	for _, way := range []string{"events", "progress"} {
		if way == "progress" {
			b.before("delete window.EventSource")
		}
		kind, body := files(t, nil, way+"-a.md", way+"-b.md")
		if r := m.do(request("POST", "/api/v1/t/"+stafftest.Unione+"/manage/uploads", body, "Content-Type", kind, "Authorization", "Bearer "+m.secret)); r.StatusCode != 201 {
			t.Fatal(text(t, r))
		}
		ctx, s := t.Context(), m.house.Store
		job, err := s.LeaseJob(ctx)
		if err != nil || job == nil {
			t.Fatal(job, err)
		}
		b.open("/staff/t/" + stafftest.Unione + "/uploads/" + job.ID)
		b.until(`document.querySelector(".job-line")?.innerText.includes("0 %")`)
		for _, percent := range []string{"50 %", "100 %"} {
			f, err := s.NextFile(ctx, job.ID)
			if err != nil {
				t.Fatal(err)
			}
			f.State, f.Code = ingest.FileFailed, "broken"
			if err := s.EndFile(ctx, job, f); err != nil {
				t.Fatal(err)
			}
			b.until(`document.querySelector(".job-line")?.innerText.includes("` + percent + `")`)
		}
		if err := s.EndJob(ctx, job); err != nil {
			t.Fatal(err)
		}
		b.until(`!!document.querySelector("#progress:not([data-again]) form[action$='/retry']")`)
		for _, other := range []string{"events", "progress"} {
			if used := eval[bool](b, `performance.getEntriesByType("resource").some(e => new URL(e.name).pathname.endsWith("/`+other+`"))`); used != (other == way) {
				t.Errorf("%s: asked for %s: %v", way, other, used)
			}
		}
	}
}
