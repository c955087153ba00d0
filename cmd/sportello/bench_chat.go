package main

import (
	"bufio"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"sportello/assistant"
	"sportello/assistant/eval"
	"sportello/assistant/fault"
	"sportello/assistant/load"
	"sportello/assistant/outbound"
)

// benchChatCmd compares what a citizen waits for a phrased answer with what the chat server alone takes for the same prompt.
type benchChatCmd struct {
	Tenant    string `required:"" help:"Whose documents are asked." placeholder:"SLUG"`
	N         int    `short:"n" default:"10" help:"Questions that reach the model."`
	Questions string `help:"JSON lines with questions; default: the demo's." type:"existingfile" placeholder:"FILE"`
	JSON      bool   `help:"Print JSON."`
}

func (cmd *benchChatCmd) Help() string {
	return "Example:\n  sportello --set chat.model=smollm2-135m bench chat --tenant avella -n 10\n\n" +
		"Each question is asked twice: through Sportello, and its prompt once more to the server with nothing between and with a mark that keeps the server\n" +
		"from finding it in its cache. The first question is not counted. A last round, marked anew, tells how much of a citizen's prompt is found there."
}

// chatFigures are what came out. Times in milliseconds, medians.
type chatFigures struct {
	Questions int     `json:"questions"`
	Phrased   int     `json:"phrased"` // of them, with a statement of the model that stood
	First     float64 `json:"first_ms"`
	Direct    float64 `json:"direct_first_ms"` // the server's first sentence
	Whole     float64 `json:"whole_ms"`
	Alone     float64 `json:"direct_whole_ms"`
	Overhead  float64 `json:"overhead"`        // of the whole answer: median of ours ÷ the server's, less 1
	Own       float64 `json:"own_ms"`          // of the whole answer, not spent in the server
	OwnShare  float64 `json:"own_share"`       // Own ÷ what the server took for that very request
	Late      float64 `json:"first_overhead"`  // of the first verified sentence
	Prompt    int     `json:"prompt_tokens"`   // of another round
	Cached    int     `json:"cached_tokens"`   // of these, found in the server's cache
	PerSecond float64 `json:"tokens_a_second"` // written by the server alone
}

func (cmd *benchChatCmd) Run(ctx context.Context, s *session) error {
	if cmd.N < 1 {
		return fault.New(fault.Invalid, "write -n of 1 or more")
	}
	f, err := cmd.measure(ctx, s)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, f)
	}
	w := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
	sayf(w, "questions\t%d\t(%d with a sentence of the model that stood)\n", f.Questions, f.Phrased)
	sayln(w, "p50\tSportello\tserver alone\toverhead")
	if f.Phrased > 0 {
		sayf(w, "first sentence\t%.0f ms\t%.0f ms\t%.0f %%\n", f.First, f.Direct, 100*f.Late)
	}
	sayf(w, "whole answer\t%.0f ms\t%.0f ms\t%.0f %%\n", f.Whole, f.Alone, 100*f.Overhead)
	sayf(w, "of ours, outside of the server\t%.0f ms\t\t%.1f %%\n", f.Own, 100*f.OwnShare)
	sayf(w, "prompt found in the cache\t%d of %d tokens\n", f.Cached, f.Prompt)
	sayf(w, "server alone\t%.1f tokens/s\n", f.PerSecond)
	return w.Flush()
}

func (cmd *benchChatCmd) measure(ctx context.Context, s *session) (*chatFigures, error) {
	questions, err := cmd.questions()
	if err != nil {
		return nil, err
	}
	first, err := s.openCurrent(ctx)
	if err != nil {
		return nil, err
	}
	defer release(first)
	if first.models.Generator == nil {
		return nil, fault.New(fault.Unavailable, "no chat model is configured: --set chat.model=smollm2-135m, or chat.address=http://host:8000/v1 with chat.model")
	}
	if err := first.models.Warm(ctx); err != nil {
		return nil, err
	}
	address, key, err := first.chatServer()
	if err != nil {
		return nil, err
	}
	client, err := outbound.New(outbound.Config{Private: []string{address}})
	if err != nil {
		return nil, err
	}
	defer client.Close()
	between, err := load.NewListener(client.HTTP(), address, key)
	if err != nil {
		return nil, err
	}
	at, stop, err := listenAsChat(ctx, between)
	if err != nil {
		return nil, err
	}
	defer stop()
	cfg := *s.cfg
	cfg.Chat.Address, cfg.Chat.APIKey, cfg.Chat.Servers = at, "", nil
	if cfg.Chat.Model == "" {
		cfg.Chat.Model = "chat"
	}
	a, err := (&session{cfg: &cfg, stdout: s.stdout, stderr: s.stderr}).openCurrent(ctx)
	if err != nil {
		return nil, err
	}
	defer release(a)
	return cmd.compare(ctx, a, between, questions)
}

func (cmd *benchChatCmd) questions() ([]string, error) {
	if cmd.Questions == "" {
		return demoQuestions, nil
	}
	f, err := os.Open(cmd.Questions)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", cmd.Questions)
	}
	defer func() { _ = f.Close() }()
	rows, err := eval.ReadRows(bufio.NewReader(f))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, r := range rows {
		if q := strings.TrimSpace(r.Question); q != "" {
			out = append(out, q)
		}
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Invalid, "%s holds no question", cmd.Questions)
	}
	return out, nil
}

// chatServer is where the chat model is: the configured address, or the managed engine's.
func (a *app) chatServer() (address, key string, err error) {
	if a.cfg.Chat.Address != "" {
		return strings.TrimSuffix(a.cfg.Chat.Address, "/"), a.cfg.Chat.APIKey, nil
	}
	raw, err := os.ReadFile(filepath.Join(a.store.Dir(), "run", "engine-chat.json"))
	if err != nil {
		return "", "", fault.Wrap(fault.Unavailable, err, "the engine of the chat model does not run")
	}
	var run struct {
		Port int    `json:"port"`
		Key  string `json:"key"`
	}
	if err := json.Unmarshal(raw, &run); err != nil {
		return "", "", fault.Wrap(fault.Broken, err, "the run-file of the chat engine cannot be read")
	}
	return "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(run.Port)) + "/v1", run.Key, nil
}

func listenAsChat(ctx context.Context, h http.Handler) (address string, stop func(), err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fault.Wrap(fault.Unavailable, err, "no port is free on this machine")
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	go func() { _ = server.Serve(listener) }() // it ends with stop
	return "http://" + listener.Addr().String() + "/v1", func() { _ = server.Close() }, nil
}

// unlike gives a prompt with a mark before the part that is the question's own, so that the server's cache knows no more of it than it knew
// when Sportello sent it: the part that all prompts begin with.
func unlike(body []byte, n int) ([]byte, error) {
	var fields map[string]json.RawMessage
	var messages []map[string]any
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the prompt cannot be read")
	}
	if err := json.Unmarshal(fields["messages"], &messages); err != nil || len(messages) == 0 {
		return nil, fault.New(fault.Internal, "the prompt has no messages")
	}
	last := messages[len(messages)-1]
	text, ok := last["content"].(string)
	if !ok {
		return nil, fault.New(fault.Internal, "the last message of the prompt is no text")
	}
	last["content"] = strconv.Itoa(n) + ". " + text
	raw, err := json.Marshal(messages)
	if err != nil {
		return nil, err
	}
	fields["messages"] = raw
	return json.Marshal(fields)
}

func (cmd *benchChatCmd) compare(ctx context.Context, a *app, between *load.Listener, questions []string) (*chatFigures, error) {
	f, warm := &chatFigures{}, false
	var own, share, first, whole, late, over, direct, alone, speed []float64
	var prompts [][]byte
	for i, q := range questions {
		if f.Questions == cmd.N {
			break
		}
		begun := time.Now()
		var shown time.Duration
		answer, err := a.asker.Ask(ctx, assistant.Question{Tenant: cmd.Tenant, Text: q}, func(assistant.Statement) error {
			if shown == 0 {
				shown = time.Since(begun)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		took := time.Since(begun)
		body, asked, inServer := between.Take()
		if asked != 1 { // it was refused or quoted before a model was asked
			continue
		}
		again, err := unlike(body, i)
		if err != nil {
			return nil, err
		}
		server, err := between.Ask(ctx, again)
		if err != nil {
			return nil, err
		}
		slog.Debug("measured", "question", i, "ours", took, "in_server", inServer, "server", server.Whole, "retrieve", answer.Timings.Retrieve, "generate", answer.Timings.Generate, "verify", answer.Timings.Verify,
			"prompt", server.Prompt, "cached", server.Cached, "written", server.Written)
		if !warm { // the first prompt of all finds nothing in the cache, its second half does
			warm = true
			continue
		}
		f.Questions++
		prompts = append(prompts, body)
		own, share = append(own, ms(took-inServer)), append(share, float64(took-inServer)/float64(max(inServer, 1)))
		whole, alone = append(whole, ms(took)), append(alone, ms(server.Whole))
		over = append(over, float64(took)/float64(server.Whole)-1)
		if answer.ByModel() {
			f.Phrased++
			first, direct = append(first, ms(shown)), append(direct, ms(server.First))
			late = append(late, float64(shown)/float64(server.First)-1)
		}
		if server.Reported && server.Whole > 0 {
			speed = append(speed, float64(server.Written)/server.Whole.Seconds())
		}
	}
	if f.Questions == 0 {
		return nil, fault.New(fault.NotFound, "none of the questions reached the chat model: give some that the documents of %s answer", cmd.Tenant)
	}
	f.First, f.Direct, f.Late = median(first), median(direct), median(late)
	f.Own, f.OwnShare = median(own), median(share)
	f.Whole, f.Alone, f.Overhead, f.PerSecond = median(whole), median(alone), median(over), median(speed)
	return f, f.inARow(ctx, between, prompts)
}

// inARow asks other prompts with the same beginning, as the next citizens' are, for what the server's cache knows of them.
func (f *chatFigures) inARow(ctx context.Context, between *load.Listener, prompts [][]byte) error {
	for i, body := range prompts {
		body, err := unlike(body, 1000+i)
		if err != nil {
			return err
		}
		c, err := between.Ask(ctx, body)
		if err != nil {
			return err
		}
		f.Prompt, f.Cached = f.Prompt+c.Prompt, f.Cached+c.Cached
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// median of nothing is 0.
func median(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}
