package plan

import (
	_ "embed"
	"errors"
	"math"
	"os"

	"github.com/pelletier/go-toml/v2"

	"sportello/assistant/fault"
)

//go:embed costs.toml
var measuredCosts []byte

// Cost is one figure and where it comes from.
type Cost struct {
	Value   float64 `toml:"value" json:"value"`
	Unit    string  `toml:"unit" json:"unit"`
	Command string  `toml:"command" json:"command"` // that measured it
}

// Costs is what things take.
type Costs struct {
	AnswerCPU     Cost `toml:"answer_cpu" json:"answer_cpu"`
	QuestionCPU   Cost `toml:"question_cpu" json:"question_cpu"`
	PageCPU       Cost `toml:"page_cpu" json:"page_cpu"`
	ServerMemory  Cost `toml:"server_memory" json:"server_memory"`
	EngineMemory  Cost `toml:"engine_memory" json:"engine_memory"`
	PassageMemory Cost `toml:"passage_memory" json:"passage_memory"`
	PassageDisk   Cost `toml:"passage_disk" json:"passage_disk"`
}

// Measured gives the costs that were measured here.
func Measured() (Costs, error) { return parseCosts(measuredCosts, Costs{}) }

// ReadCosts gives those of a file; what it leaves out is as measured here.
func ReadCosts(path string) (Costs, error) {
	measured, err := Measured()
	if err != nil {
		return Costs{}, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Costs{}, fault.Wrap(fault.Invalid, err, "%s cannot be read", path)
	}
	return parseCosts(text, measured)
}

func parseCosts(text []byte, c Costs) (Costs, error) {
	if err := toml.Unmarshal(text, &c); err != nil {
		var at *toml.DecodeError
		if errors.As(err, &at) {
			row, column := at.Position()
			return Costs{}, fault.Wrap(fault.Invalid, err, "the file of costs is wrong in line %d, column %d: %s", row, column, at.Error())
		}
		return Costs{}, fault.Wrap(fault.Invalid, err, "the file of costs cannot be read")
	}
	for name, one := range map[string]Cost{
		"answer_cpu": c.AnswerCPU, "question_cpu": c.QuestionCPU, "page_cpu": c.PageCPU, "server_memory": c.ServerMemory,
		"engine_memory": c.EngineMemory, "passage_memory": c.PassageMemory, "passage_disk": c.PassageDisk,
	} {
		if one.Value <= 0 || math.IsNaN(one.Value) || math.IsInf(one.Value, 0) {
			return Costs{}, fault.New(fault.Invalid, "the cost %s is not a number above 0: write value = 0.05 under [%s]", name, name)
		}
	}
	return c, nil
}
