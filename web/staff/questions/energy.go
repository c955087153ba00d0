package questions

import (
	"context"
)

// energy is what the answers of a while took of the machine, in the units of a bill.
type energy struct {
	Answers  int     `json:"answers"`          // since it is measured, which may be later than the first question
	CPU      float64 `json:"cpu_seconds"`      // of the processor, engines included
	Wh       float64 `json:"watt_hours"`       // of electricity
	Measured float64 `json:"measured_share"`   // of the Wh, told by a counter of the machine; the rest is an estimate
	Euro     float64 `json:"euro_electricity"` // by the configured price
}

// CPUEach, WhEach and EuroEach are of one answer.
func (e energy) CPUEach() float64 { return e.each(e.CPU) }

// WhEach is the electricity of one answer.
func (e energy) WhEach() float64 { return e.each(e.Wh) }

// EuroEach is what the electricity of one answer costs.
func (e energy) EuroEach() float64 { return e.each(e.Euro) }

func (e energy) each(sum float64) float64 { return sum / float64(max(e.Answers, 1)) }

const joulesOfWh = 3600

func (p *pages) energy(ctx context.Context, tenant, from string) (e energy, err error) {
	took, err := p.Store.Energy(ctx, tenant, from)
	if err != nil {
		return e, err
	}
	e = energy{Answers: took.Answers, CPU: took.CPU.Seconds(), Wh: took.Joules / joulesOfWh}
	if took.Joules > 0 {
		e.Measured = took.Measured / took.Joules
	}
	e.Euro = e.Wh / 1000 * p.EuroPerKWh
	return e, nil
}
