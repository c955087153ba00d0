package questions

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/desk"
	"sportello/assistant/fault"
	"sportello/locales"
	"sportello/web/staff"
	"sportello/web/strict"
)

// apiRoutes is what the pages do, for programs: described in web/api/openapi.yaml.
func (p *pages) apiRoutes() []staff.Route {
	post := http.MethodPost
	return []staff.Route{
		staff.APIGet("questions", access.ReadQuestions, p.apiList),
		staff.APIGet("questions/clusters", access.ReadQuestions, p.apiClusters),
		staff.APIGet("questions/trends", access.ReadQuestions, p.apiTrends),
		staff.APIGet("questions/export/{format}", access.ReadQuestions, p.apiExport),
		staff.APIGet("questions/trends/{format}", access.ReadQuestions, p.apiExportTrends),
		staff.APIGet("questions/{id}", access.ReadQuestions, p.apiShow),
		staff.APIChange(post, "questions/{id}/mark", access.EditAnswers, p.apiMark),
		staff.APIGet("counts", access.ReadQuestions, p.apiCounts),

		staff.APIGet("answers", access.ReadQuestions, p.apiAnswers),
		staff.APIChange(post, "answers", access.EditAnswers, p.apiNewAnswer),
		staff.APIGet("answers/{id}", access.ReadQuestions, p.apiAnswer),
		staff.APIChange(http.MethodPut, "answers/{id}", access.EditAnswers, p.apiChangeAnswer),
		staff.APIChange(post, "answers/{id}/withdraw", access.EditAnswers, p.apiWithdraw),
		staff.APIChange(post, "answers/{id}/restore", access.EditAnswers, p.apiRestore),

		staff.APIGet("handovers", access.TalkToCitizens, p.apiHandOvers),
		staff.APIGet("handovers/{id}", access.TalkToCitizens, p.apiHandOver),
		staff.APIChange(post, "handovers/{id}/answer", access.TalkToCitizens, p.apiReply),
		staff.APIChange(post, "handovers/{id}/move", access.TalkToCitizens, p.apiMove),
		staff.APIChange(post, "handovers/{id}/close", access.TalkToCitizens, p.apiClose),

		staff.APIGet("switch", access.SwitchOff, p.apiSwitch),
		staff.APIChange(post, "switch/off", access.SwitchOff, p.apiOff),
		staff.APIChange(post, "switch/on", access.SwitchOff, p.apiOn),
	}
}

// apiFilter reads the filter of a list, which filter has read leniently for a page.
func apiFilter(r *http.Request) (assistant.AskedFilter, error) {
	f := filter(r)
	what, err := staff.OneOf(r, "what", "unanswered", "weak", "refused", "answered", "disliked")
	if err != nil {
		return f, err
	}
	for _, name := range []string{"from", "to"} {
		if _, err := staff.DayParam(r, name); err != nil {
			return f, err
		}
	}
	f.What = what
	f.Open, err = staff.Flag(r, "open")
	return f, err
}

func (p *pages) apiList(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	limit, offset, err := staff.Window(r)
	if err != nil {
		return err
	}
	f, err := apiFilter(r)
	if err != nil {
		return err
	}
	f.Limit = offset + limit
	list, total, err := p.Store.AskedList(r.Context(), v.Tenant.Slug, f)
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, map[string]any{"questions": staff.Cut(list, limit, offset), "total": total})
}

// apiExport is export for who wants to hear that the filter is wrong.
func (p *pages) apiExport(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if _, err := apiFilter(r); err != nil {
		return err
	}
	return p.export(w, r, v)
}

func (p *pages) apiShow(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	a, feedback, err := p.question(r, v)
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, struct {
		*assistant.Asked
		Feedback []assistant.Feedback `json:"feedback"`
	}{a, append([]assistant.Feedback{}, feedback...)})
}

func (p *pages) apiMark(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Office string `json:"office"`
		Done   *bool  `json:"done"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if in.Done == nil {
		return fault.New(fault.Invalid, "done is missing")
	}
	if err := p.assign(r.Context(), v, r.PathValue("id"), in.Office, *in.Done); err != nil {
		return err
	}
	return staff.NoContent(w)
}

func (p *pages) apiClusters(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	f, err := apiFilter(r)
	if err != nil {
		return err
	}
	if f.What == "" {
		f.What = "unanswered"
	}
	list, n, err := p.Store.AskedList(r.Context(), v.Tenant.Slug, f)
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, map[string]any{"clusters": append([]desk.Cluster{}, p.Desk.Clusters(list)...), "total": n})
}

// apiTrend reads how trends are asked for.
func apiTrend(r *http.Request) (weeks int, by desk.By, err error) {
	if weeks, err = staff.NumberParam(r, "weeks", trendWeeks, 1, mostWeeks); err != nil {
		return 0, "", err
	}
	if by, err = staff.OneOf(r, "by", trendsBy...); by == "" {
		by = desk.ByWeek
	}
	return weeks, by, err
}

func (p *pages) apiExportTrends(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if _, _, err := apiTrend(r); err != nil {
		return err
	}
	return p.exportTrends(w, r, v)
}

func (p *pages) apiTrends(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	weeks, by, err := apiTrend(r)
	if err != nil {
		return err
	}
	_, from := p.trendRange(r)
	counts, err := p.Store.Counts(r.Context(), v.Tenant.Slug, from, "")
	if err != nil {
		return err
	}
	said, err := p.Store.FeedbackCounts(r.Context(), v.Tenant.Slug, from, "")
	if err != nil {
		return err
	}
	took, err := p.energy(r.Context(), v.Tenant.Slug, from)
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, map[string]any{
		"energy": took,
		"from":   from, "weeks": weeks, "by": by, "trends": append([]desk.Trend{}, desk.Trends(counts, by)...), "feedback": append([]assistant.FeedbackCount{}, said...),
	})
}

func (p *pages) apiCounts(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	from, err := staff.DayParam(r, "from")
	if err != nil {
		return err
	}
	to, err := staff.DayParam(r, "to")
	if err != nil {
		return err
	}
	list, err := p.Store.Counts(r.Context(), v.Tenant.Slug, from, to)
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, map[string]any{"counts": append([]assistant.Count{}, list...)})
}

type answerJSON struct {
	ID        string       `json:"id"`
	Language  string       `json:"language"`
	Question  string       `json:"question"`
	Wordings  []string     `json:"wordings"`
	Text      string       `json:"text"`
	Sources   []sourceJSON `json:"sources"`
	Office    string       `json:"office"`
	Author    string       `json:"author"`
	On        string       `json:"on"`
	Expires   string       `json:"expires"`
	Withdrawn bool         `json:"withdrawn"`
	Served    int          `json:"served"`
	Updated   string       `json:"updated"`
	Trouble   desk.Trouble `json:"trouble"` // why it is not given, empty: it is
}

type sourceJSON struct {
	Document string `json:"document"` // id
	Title    string `json:"title"`
	Article  string `json:"article"`
	Page     int    `json:"page"`
	Quote    string `json:"quote"`
}

func fromApproved(a *assistant.Approved, trouble desk.Trouble) answerJSON {
	out := answerJSON{
		a.ID, a.Language, a.Question, append([]string{}, a.Wordings...), a.Text, []sourceJSON{}, a.Office, a.Author, a.On, a.Expires, a.Withdrawn, a.Served,
		staff.Moment(a.UpdatedAt), trouble,
	}
	for _, c := range a.Sources {
		out.Sources = append(out.Sources, sourceJSON{c.DocumentID, c.Title, c.Article, c.Page, c.Quote})
	}
	return out
}

func (p *pages) apiAnswers(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	limit, offset, err := staff.Window(r)
	if err != nil {
		return err
	}
	rows, err := p.answerRows(r.Context(), v)
	if err != nil {
		return err
	}
	out := []answerJSON{}
	for _, row := range staff.Cut(rows, limit, offset) {
		out = append(out, fromApproved(&row.Approved, row.Trouble))
	}
	return v.JSON(w, http.StatusOK, map[string]any{"answers": out, "total": len(rows)})
}

func (p *pages) apiAnswer(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.apiAnswerOf(w, r, v, r.PathValue("id"), http.StatusOK)
}

func (p *pages) apiAnswerOf(w http.ResponseWriter, r *http.Request, v *staff.Visit, id string, status int) error {
	a, err := p.Store.Approved(r.Context(), v.Tenant.Slug, id)
	if err != nil {
		return err
	}
	trouble, err := p.Desk.Check(r.Context(), v.Tenant.Slug, a)
	if err != nil {
		return err
	}
	return v.JSON(w, status, fromApproved(a, trouble))
}

func (p *pages) apiNewAnswer(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.apiKeep(w, r, v, "", http.StatusCreated)
}

func (p *pages) apiChangeAnswer(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	a, err := p.Store.Approved(r.Context(), v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return err
	}
	return p.apiKeep(w, r, v, a.ID, http.StatusOK)
}

func (p *pages) apiKeep(w http.ResponseWriter, r *http.Request, v *staff.Visit, id string, status int) error {
	in := struct {
		Language string   `json:"language"`
		Question string   `json:"question"`
		Wordings []string `json:"wordings"`
		Text     string   `json:"text"`
		Sources  []struct {
			Document string `json:"document"`
			Quote    string `json:"quote"`
		} `json:"sources"`
		Office  string `json:"office"`
		Expires string `json:"expires"`
		Asked   string `json:"asked"` // id of the question that it was written for
		Sure    bool   `json:"sure"`  // numbers that stand in no source are meant
	}{Language: "it"}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if !locales.Known(in.Language) || len(in.Sources) > mostSources || len(in.Wordings) > mostWordings {
		return fault.New(fault.Invalid, "language is one of %v, with at most %d sources and %d wordings", languages(), mostSources, mostWordings)
	}
	if err := cmp.Or(staff.Measured("question", in.Question, mostQuestion), staff.Measured("text", in.Text, mostAnswer)); err != nil {
		return err
	}
	f := answerForm{Asked: in.Asked, Approved: assistant.Approved{
		ID: id, Language: in.Language, Question: in.Question, Wordings: lines(strings.Join(in.Wordings, "\n")), Text: in.Text, Office: in.Office, Expires: in.Expires,
	}}
	for _, s := range in.Sources {
		if err := staff.Measured("quote", s.Quote, mostQuote); err != nil {
			return err
		}
		f.Sources = append(f.Sources, sourceField{Document: s.Document, Quote: strings.TrimSpace(s.Quote)})
	}
	if err := p.keepAnswer(r.Context(), v, &f, in.Sure); err != nil {
		return err
	}
	if len(f.Problems) > 0 {
		var wrong []string
		for _, field := range slices.Sorted(maps.Keys(f.Problems)) {
			wrong = append(wrong, fmt.Sprintf("%s: %s", field, f.Problems[field]))
		}
		return fault.New(fault.Invalid, "%s", strings.Join(wrong, " "))
	}
	return p.apiAnswerOf(w, r, v, f.ID, status)
}

func languages() (out []string) {
	for _, l := range locales.Languages() {
		out = append(out, l.Tag)
	}
	return out
}

func (p *pages) apiWithdraw(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.apiSetWithdrawn(w, r, v, true)
}

func (p *pages) apiRestore(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.apiSetWithdrawn(w, r, v, false)
}

func (p *pages) apiSetWithdrawn(w http.ResponseWriter, r *http.Request, v *staff.Visit, withdrawn bool) error {
	if err := staff.NoBody(r); err != nil {
		return err
	}
	if _, err := p.setWithdrawn(r, v, withdrawn); err != nil {
		return err
	}
	return p.apiAnswer(w, r, v)
}

type handOverJSON struct {
	ID         string `json:"id"`
	Office     string `json:"office"`
	Language   string `json:"language"`
	Asked      string `json:"asked"` // id of the question before, empty: none
	State      string `json:"state"`
	At         string `json:"at"`
	Answered   string `json:"answered"`
	AnsweredBy string `json:"answered_by"`
	WithEmail  bool   `json:"with_email"` // the reply goes by e-mail; the address is shown to nobody
	Text       string `json:"text"`       // masked
	Reply      string `json:"reply"`
}

func fromHandOver(h *assistant.HandOver) handOverJSON {
	return handOverJSON{h.ID, h.Office, h.Language, h.Asked, h.State, staff.Moment(h.At), staff.Moment(h.AnsweredAt), h.AnsweredBy, h.WithEmail, h.Text, h.Reply}
}

func (p *pages) apiHandOvers(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	limit, offset, err := staff.Window(r)
	if err != nil {
		return err
	}
	state, err := staff.OneOf(r, "state", assistant.HandOverOpen, assistant.HandOverAnswered, assistant.HandOverClosed)
	if err != nil {
		return err
	}
	all, err := p.Store.HandOvers(r.Context(), v.Tenant.Slug, state, r.URL.Query().Get("office"))
	if err != nil {
		return err
	}
	out := []handOverJSON{}
	for _, h := range staff.Cut(all, limit, offset) {
		out = append(out, fromHandOver(&h))
	}
	return v.JSON(w, http.StatusOK, map[string]any{"handovers": out, "total": len(all)})
}

func (p *pages) apiHandOver(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	h, err := p.Store.HandOver(r.Context(), v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, fromHandOver(h))
}

func (p *pages) apiReply(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Reply string `json:"reply"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if err := staff.Measured("reply", in.Reply, desk.MostReply); err != nil {
		return err
	}
	if err := p.reply(r.Context(), v, r.PathValue("id"), in.Reply); err != nil {
		return err
	}
	return p.apiHandOver(w, r, v)
}

func (p *pages) apiMove(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Office string `json:"office"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if err := p.move(r.Context(), v, r.PathValue("id"), in.Office); err != nil {
		return err
	}
	return p.apiHandOver(w, r, v)
}

func (p *pages) apiClose(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := staff.NoBody(r); err != nil {
		return err
	}
	if err := p.close(r.Context(), v, r.PathValue("id")); err != nil {
		return err
	}
	return p.apiHandOver(w, r, v)
}

type closureJSON struct {
	Subject string `json:"subject"` // empty: the whole assistant
	Notice  string `json:"notice"`
	By      string `json:"by"`
	At      string `json:"at"`
}

func (p *pages) apiSwitch(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	all, err := p.closures(r.Context(), v)
	if err != nil {
		return err
	}
	out := []closureJSON{}
	for _, c := range all {
		out = append(out, closureJSON{c.Subject, c.Notice, c.By, staff.Moment(c.At)})
	}
	return v.JSON(w, http.StatusOK, map[string]any{"off": out})
}

func (p *pages) apiOff(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Subject string `json:"subject"`
		Notice  string `json:"notice"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	c := assistant.Closure{Tenant: v.Tenant.Slug, Subject: oneLine(in.Subject), Notice: oneLine(in.Notice), By: by(v)}
	if !strict.Fits(in.Notice, mostNotice) || !strict.Fits(in.Subject, mostSubject) || in.Subject != "" && c.Subject == "" {
		return fault.New(fault.Invalid, "a subject has at most %d characters, a notice %d", mostSubject, mostNotice)
	}
	if err := p.Store.SwitchOff(r.Context(), c, entry(v, "assistant.off", c.Subject, "")); err != nil {
		return err
	}
	return p.apiSwitch(w, r, v)
}

func (p *pages) apiOn(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Subject string `json:"subject"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	subject := oneLine(in.Subject)
	err := p.Store.SwitchOn(r.Context(), v.Tenant.Slug, subject, entry(v, "assistant.on", subject, ""))
	if err != nil && fault.CodeOf(err) != fault.NotFound { // it is on
		return err
	}
	return p.apiSwitch(w, r, v)
}
