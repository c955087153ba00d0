package plan

import (
	"math"

	"sportello/assistant/fault"
)

// Demand is what is asked of the installation.
type Demand struct {
	Comuni    int     `json:"comuni"`
	Questions float64 `json:"questions_per_day"` // of one comune, on an ordinary day
	Passages  int     `json:"passages"`          // of one comune
	Pages     float64 `json:"pages_per_day"`     // that one comune publishes or changes
	PeakHour  float64 `json:"peak_hour"`         // share of a day's questions that comes in the busiest hour
	Burst     float64 `json:"burst"`             // how many times the mean of that hour its worst moment is
	ChatGPU   float64 `json:"chat_gpu_seconds"`  // seconds of the GPU that one answer takes; 0: no chat model, answers are quotes
}

// Machine is what it runs on.
type Machine struct {
	Name   string  `json:"name"`
	Cores  int     `json:"cores"`
	Memory float64 `json:"memory_gb"`
	Price  float64 `json:"price_euro"`
	Idle   float64 `json:"idle_watts"`
	Core   float64 `json:"watts_per_busy_core"` // above idle
}

// Assumptions are what is not measured.
type Assumptions struct {
	Small, Large Machine
	GPU          float64 `json:"gpu_price_euro"`
	GPUWatts     float64 `json:"gpu_watts"`      // while it writes
	GPUIdle      float64 `json:"gpu_idle_watts"` // while it waits
	KWh          float64 `json:"euro_per_kwh"`
	Years        float64 `json:"years"`  // that a machine lasts
	Filled       float64 `json:"filled"` // share of the processors that may be busy at the worst moment
	Answered     float64 `json:"model_share"`
}

// Step is one figure, with how it came about: Key names it, Formula says how in words of the other keys.
type Step struct {
	Key     string  `json:"key"`
	Value   float64 `json:"value"`
	Unit    string  `json:"unit"`
	Formula string  `json:"formula"`
}

// Plan is what comes out.
type Plan struct {
	Demand  Demand  `json:"demand"`
	Machine Machine `json:"machine"`
	Nodes   int     `json:"machines"`
	Spare   int     `json:"spare"` // of them, so that one may fail
	GPUs    int     `json:"gpus"`
	Several bool    `json:"postgres"` // more than one node: PostgreSQL
	Qdrant  bool    `json:"qdrant"`   // the index is more than a node holds
	Steps   []Step  `json:"steps"`

	KWh        float64 `json:"kwh_month"`
	EuroPower  float64 `json:"euro_power_month"`
	EuroWear   float64 `json:"euro_hardware_month"`
	Euro       float64 `json:"euro_month"`
	PerComune  float64 `json:"euro_comune_month"`
	PerAnswer  float64 `json:"euro_answer"`
	WhPerReply float64 `json:"wh_answer"`
}

const (
	hoursOfMonth = 730.5 // a year in twelve
	daysOfMonth  = hoursOfMonth / 24
	system       = 1.5 // GB that the operating system and the database keep for themselves
	indexShare   = 0.6 // of the memory that is left, which the embedded index may fill
	spareFrom    = 5   // comuni from which one machine more stands by
)

// Make plans.
func Make(d Demand, c Costs, a Assumptions) (*Plan, error) {
	if d.Comuni < 1 || d.Questions < 0 || d.Passages < 0 || d.Pages < 0 || d.ChatGPU < 0 || d.PeakHour <= 0 || d.PeakHour > 1 || d.Burst < 1 {
		return nil, fault.New(fault.Invalid, "a plan needs 1 comune or more, figures that are not negative, a busiest hour with a share between 0 and 1, and a burst of 1 or more")
	}
	if a.KWh < 0 || a.Years <= 0 || a.Filled <= 0 || a.Filled > 1 || a.Small.bad() || a.Large.bad() {
		return nil, fault.New(fault.Invalid, "the assumptions need machines with cores and memory, years above 0 and a share of the processors between 0 and 1")
	}
	p := &Plan{Demand: d}
	step := func(key string, value float64, unit, formula string) float64 {
		p.Steps = append(p.Steps, Step{key, value, unit, formula})
		return value
	}
	n := float64(d.Comuni)
	day := step("questions_day", n*d.Questions, "", "comuni × questions_per_day")
	peak := step("peak", day*d.PeakHour/3600*d.Burst, "1/s", "questions_day × peak_hour ÷ 3600 × burst")
	cpu := step("cpu_answer", c.AnswerCPU.Value+c.QuestionCPU.Value, "s", "answer_cpu + question_cpu")
	cores := step("cores", peak*cpu/a.Filled, "", "peak × cpu_answer ÷ filled")
	passages := step("passages_all", n*float64(d.Passages), "", "comuni × passages")
	index := step("index_memory", passages*c.PassageMemory.Value/1024, "GB", "passages_all × passage_memory")
	step("disk", passages*c.PassageDisk.Value/1024, "GB", "passages_all × passage_disk")

	// The small machine, as long as one of them does it; several of the large one else.
	p.Machine = a.Small
	alone := (c.ServerMemory.Value+c.EngineMemory.Value)/1024 + system
	if cores > float64(a.Small.Cores) || index > (a.Small.Memory-alone)*indexShare {
		p.Machine = a.Large
	}
	free := (p.Machine.Memory - alone) * indexShare
	if free <= 0 {
		return nil, fault.New(fault.Invalid, "a machine of %.0f GB holds no server with its engine: %.1f GB are needed before any document", p.Machine.Memory, alone)
	}
	byCores := math.Ceil(cores / float64(p.Machine.Cores))
	byMemory := 1.0
	if p.Qdrant = index > free; p.Qdrant { // its nodes share what one does not hold
		byMemory = math.Ceil(index / free)
	}
	working := step("working", max(byCores, byMemory, 1), "", "max(⌈cores ÷ cores_of_machine⌉, ⌈index_memory ÷ memory_left⌉, 1)")
	if d.Comuni >= spareFrom {
		p.Spare = 1
	}
	p.Nodes = int(working) + p.Spare
	p.Several = p.Nodes > 1
	step("machines", float64(p.Nodes), "", "working + spare")
	if d.ChatGPU > 0 {
		gpus := step("gpus", max(math.Ceil(peak*a.Answered*d.ChatGPU/a.Filled), 1), "", "⌈peak × model_share × chat_gpu_seconds ÷ filled⌉")
		p.GPUs = int(gpus)
	}
	p.money(d, c, a, day, cpu, step)
	return p, nil
}

func (m Machine) bad() bool {
	return m.Cores < 1 || m.Memory <= 0 || m.Price < 0 || m.Idle < 0 || m.Core < 0
}

// money is electricity and wear.
func (p *Plan) money(d Demand, c Costs, a Assumptions, day, cpu float64, step func(key string, value float64, unit, formula string) float64) {
	busy := step("busy", (day*cpu+float64(d.Comuni)*d.Pages*c.PageCPU.Value)*daysOfMonth/3600, "h", "(questions_day × cpu_answer + comuni × pages_per_day × page_cpu) × 30.4 ÷ 3600")
	idle := step("kwh_idle", float64(p.Nodes)*p.Machine.Idle*hoursOfMonth/1000, "kWh", "machines × idle_watts × 730.5 ÷ 1000")
	work := step("kwh_work", busy*p.Machine.Core/1000, "kWh", "busy × watts_per_core ÷ 1000")
	gpu := 0.0
	if p.GPUs > 0 {
		hours := day * a.Answered * d.ChatGPU * daysOfMonth / 3600
		gpu = step("kwh_gpu", (float64(p.GPUs)*a.GPUIdle*hoursOfMonth+hours*(a.GPUWatts-a.GPUIdle))/1000, "kWh",
			"(gpus × gpu_idle_watts × 730.5 + questions_day × model_share × chat_gpu_seconds × 30.4 ÷ 3600 × (gpu_watts − gpu_idle_watts)) ÷ 1000")
	}
	p.KWh = step("kwh", idle+work+gpu, "kWh", "kwh_idle + kwh_work + kwh_gpu")
	p.EuroPower = step("euro_power", p.KWh*a.KWh, "€", "kwh × euro_per_kwh")
	p.EuroWear = step("euro_hardware", (float64(p.Nodes)*p.Machine.Price+float64(p.GPUs)*a.GPU)/(a.Years*12), "€", "(machines × price + gpus × gpu_price) ÷ (years × 12)")
	p.Euro = step("euro", p.EuroPower+p.EuroWear, "€", "euro_power + euro_hardware")
	p.PerComune = step("euro_comune", p.Euro/float64(d.Comuni), "€", "euro ÷ comuni")
	if month := day * daysOfMonth; month > 0 {
		p.PerAnswer = step("euro_answer", p.Euro/month, "€", "euro ÷ (questions_day × 30.4)")
		p.WhPerReply = step("wh_answer", p.KWh*1000/month, "Wh", "kwh × 1000 ÷ (questions_day × 30.4)")
	}
}
