package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/tabwriter"

	"sportello/assistant/fault"
	"sportello/assistant/plan"
	"sportello/locales"
)

// planCmd says what a territory needs, from what was measured.
type planCmd struct {
	Comuni    []int   `default:"1,12,59,400" help:"How many comuni; several give a column each."`
	Questions float64 `name:"questions-per-day" default:"60" help:"Questions of one comune on an ordinary day."`
	Passages  int     `default:"20000" help:"Passages of one comune's documents: about 20 a page of small print, 5 of an ordinary one."`
	Pages     float64 `name:"pages-per-day" default:"10" help:"Pages that one comune publishes or changes in a day."`
	PeakHour  float64 `default:"0.2" help:"Share of a day's questions that comes in its busiest hour."`
	Burst     float64 `default:"5" help:"How many times the mean of that hour its worst moment is: the evening of an ordinance."`

	ChatSeconds float64 `name:"chat-gpu-seconds" help:"Seconds of a GPU that one phrased answer takes (sportello bench chat measures them). 0: no chat model, answers are quotes."`
	ModelShare  float64 `default:"0.6" help:"Share of the questions that reach the chat model."`
	GPUPrice    float64 `name:"gpu-price" default:"1800" help:"Euro for a GPU of 24 GB."`
	GPUWatts    float64 `name:"gpu-watts" default:"300" help:"While it writes."`
	GPUIdle     float64 `name:"gpu-idle-watts" default:"20" help:"While it waits."`

	Small machineFlags `embed:"" prefix:"small-" set:"cores=8" set:"memory=32" set:"price=700" set:"idle=12" set:"core=5"`   //nolint:staticcheck // kong reads every "set" of a tag
	Large machineFlags `embed:"" prefix:"large-" set:"cores=16" set:"memory=64" set:"price=3000" set:"idle=60" set:"core=8"` //nolint:staticcheck // kong reads every "set" of a tag

	EuroKWh float64 `name:"euro-per-kwh" default:"0.30" help:"Price of electricity, taxes included."`
	Years   float64 `default:"5" help:"That a machine lasts."`
	Filled  float64 `default:"0.6" help:"Share of the processors that may be busy at the worst moment."`
	Costs   string  `help:"Your own measured costs (TOML as in assistant/plan/costs.toml); what is left out is as measured here." type:"existingfile" placeholder:"FILE"`
	JSON    bool    `help:"Print JSON."`
}

// machineFlags describe one kind of machine.
type machineFlags struct {
	Cores  int     `default:"${cores}" help:"Processor cores."`
	Memory float64 `default:"${memory}" help:"GB of memory."`
	Price  float64 `default:"${price}" help:"Euro, taxes included."`
	Idle   float64 `name:"idle-watts" default:"${idle}" help:"Watts while it waits."`
	Core   float64 `name:"core-watts" default:"${core}" help:"Watts more for each busy core."`
}

func (m machineFlags) machine(name string) plan.Machine {
	return plan.Machine{Name: name, Cores: m.Cores, Memory: m.Memory, Price: m.Price, Idle: m.Idle, Core: m.Core}
}

func (cmd *planCmd) Help() string {
	return "Example:\n  sportello plan --comuni 59 --questions-per-day 80\n\n" +
		"It opens nothing and needs no data folder. What was measured is shown with the command that measured it; prices and watts are assumptions to be\n" +
		"replaced by an offer and a bill."
}

// planned is what --json prints.
type planned struct {
	Costs       plan.Costs       `json:"costs"`
	Assumptions plan.Assumptions `json:"assumptions"`
	Plans       []*plan.Plan     `json:"plans"`
}

func (cmd *planCmd) Run(s *session) error {
	out, err := cmd.make()
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, out)
	}
	l, err := locales.Staff()
	if err != nil {
		return err
	}
	return cmd.say(s.stdout, l, out)
}

func (cmd *planCmd) make() (*planned, error) {
	if len(cmd.Comuni) == 0 {
		return nil, fault.New(fault.Invalid, "say how many comuni: --comuni 59")
	}
	costs, err := plan.Measured()
	if err == nil && cmd.Costs != "" {
		costs, err = plan.ReadCosts(cmd.Costs)
	}
	if err != nil {
		return nil, err
	}
	out := &planned{Costs: costs, Assumptions: plan.Assumptions{
		Small: cmd.Small.machine("small"), Large: cmd.Large.machine("large"), GPU: cmd.GPUPrice, GPUWatts: cmd.GPUWatts, GPUIdle: cmd.GPUIdle,
		KWh: cmd.EuroKWh, Years: cmd.Years, Filled: cmd.Filled, Answered: cmd.ModelShare,
	}}
	for _, n := range cmd.Comuni {
		p, err := plan.Make(plan.Demand{
			Comuni: n, Questions: cmd.Questions, Passages: cmd.Passages, Pages: cmd.Pages, PeakHour: cmd.PeakHour, Burst: cmd.Burst, ChatGPU: cmd.ChatSeconds,
		}, costs, out.Assumptions)
		if err != nil {
			return nil, err
		}
		out.Plans = append(out.Plans, p)
	}
	return out, nil
}

func (cmd *planCmd) say(to io.Writer, l *locales.Localizer, out *planned) error {
	w := tabwriter.NewWriter(to, 0, 4, 2, ' ', 0)
	row := func(label string, cell func(*plan.Plan) string) {
		sayf(w, "%s", label)
		for _, p := range out.Plans {
			sayf(w, "\t%s", cell(p))
		}
		sayln(w)
	}
	row(l.T("plan_comuni"), func(p *plan.Plan) string { return l.Number(p.Demand.Comuni) })
	row(l.T("plan_step_machines"), func(p *plan.Plan) string { return l.Number(p.Nodes) })
	row(l.T("plan_kind"), func(p *plan.Plan) string { return l.T("plan_machine_" + p.Machine.Name) })
	row(l.T("plan_store"), func(p *plan.Plan) string {
		switch {
		case p.Qdrant:
			return "PostgreSQL, Qdrant"
		case p.Several:
			return "PostgreSQL"
		}
		return "SQLite"
	})
	if cmd.ChatSeconds > 0 {
		row(l.T("plan_step_gpus"), func(p *plan.Plan) string { return l.Number(p.GPUs) })
	}
	row(l.T("plan_kwh_month"), func(p *plan.Plan) string { return l.Decimal(p.KWh, 0) })
	row(l.T("plan_euro_month"), func(p *plan.Plan) string { return l.Decimal(p.Euro, 0) })
	row(l.T("plan_euro_each"), func(p *plan.Plan) string { return l.Decimal(p.PerComune, 2) })
	row(l.T("plan_euro_reply"), func(p *plan.Plan) string { return l.Decimal(p.PerAnswer, 4) })
	row(l.T("plan_wh_reply"), func(p *plan.Plan) string { return l.Decimal(p.WhPerReply, 2) })
	if err := w.Flush(); err != nil {
		return err
	}
	cmd.sayFormulas(to, l, out.Plans[len(out.Plans)-1])
	cmd.sayAssumptions(to, l, out)
	return nil
}

var planKey = regexp.MustCompile(`[a-z]+(?:_[a-z]+)*`)

// sayFormulas shows how the figures of the last column came about, in words.
func (cmd *planCmd) sayFormulas(to io.Writer, l *locales.Localizer, p *plan.Plan) {
	sayf(to, "\n%s\n", l.N("plan_formulas", p.Demand.Comuni))
	for _, s := range p.Steps {
		formula := planKey.ReplaceAllStringFunc(s.Formula, func(key string) string {
			if label := "plan_step_" + key; l.Has(label) {
				return l.T(label)
			}
			return key
		})
		decimals := 2
		if s.Value > 0 && s.Value < 0.1 {
			decimals = 4
		}
		sayf(to, "  %s = %s %s\n    = %s\n", l.T("plan_step_"+s.Key), l.Decimal(s.Value, decimals), s.Unit, formula)
	}
}

func (cmd *planCmd) sayAssumptions(to io.Writer, l *locales.Localizer, out *planned) {
	a := out.Assumptions
	sayf(to, "\n%s\n", l.T("plan_assumptions"))
	for _, m := range []plan.Machine{a.Small, a.Large} {
		sayf(to, "  %s: %s\n", l.T("plan_machine_"+m.Name), l.T("plan_machine", locales.Data{
			"Cores": l.Number(m.Cores), "Memory": l.Decimal(m.Memory, 0), "Price": l.Decimal(m.Price, 0), "Idle": l.Decimal(m.Idle, 0), "Core": l.Decimal(m.Core, 1),
		}))
	}
	sayf(to, "  %s\n", l.T("plan_power", locales.Data{"Price": l.Decimal(a.KWh, 2), "Years": l.Decimal(a.Years, 0), "Filled": l.Decimal(100*a.Filled, 0)}))
	sayf(to, "  %s\n", l.T("plan_traffic", locales.Data{
		"Questions": l.Decimal(cmd.Questions, 0), "Hour": l.Decimal(100*cmd.PeakHour, 0), "Burst": l.Decimal(cmd.Burst, 1), "Pages": l.Decimal(cmd.Pages, 0), "Passages": l.Number(cmd.Passages),
	}))
	sayf(to, "  %s\n", l.T("plan_source"))
	sayf(to, "\n%s\n", l.T("plan_measured"))
	for _, c := range []struct {
		key string
		plan.Cost
	}{
		{"answer_cpu", out.Costs.AnswerCPU}, {"question_cpu", out.Costs.QuestionCPU}, {"page_cpu", out.Costs.PageCPU}, {"server_memory", out.Costs.ServerMemory},
		{"engine_memory", out.Costs.EngineMemory}, {"passage_memory", out.Costs.PassageMemory}, {"passage_disk", out.Costs.PassageDisk},
	} {
		sayf(to, "  %s: %s %s  (%s)\n", l.T("plan_step_"+c.key), strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.4f", c.Value), "0"), "."), c.Unit, c.Command)
	}
}
