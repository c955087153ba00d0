package store

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"sportello/assistant"
	"sportello/ingest"
)

// The tests of several processes run this test binary again, with a role in its environment.
const (
	roleKey = "STORE_TEST_ROLE"
	dirKey  = "STORE_TEST_DIR"
	dsnKey  = "STORE_TEST_DSN"
)

func TestMain(m *testing.M) {
	role := os.Getenv(roleKey)
	if role == "" {
		os.Exit(run(m))
	}
	if err := act(context.Background(), role, os.Getenv(dirKey)); err != nil {
		fmt.Fprintln(os.Stderr, role+":", err)
		os.Exit(1)
	}
}

// act does what a process of the role does, and prints a line for each thing that was acknowledged.
func act(ctx context.Context, role, dir string) error {
	s, err := Open(ctx, Config{Dir: dir, Postgres: os.Getenv(dsnKey), Analyze: words, AnalyzerVersion: 1, Lease: time.Second})
	if err != nil {
		return err
	}
	name := strconv.Itoa(os.Getpid())
	switch role {
	case "open":
		fmt.Println("open")
	case "put":
		err = actPut(ctx, s, name)
	case "embed":
		err = actEmbed(ctx, s)
	case "lease":
		pending, leaseErr := s.PendingVectors(ctx, "m", 1000)
		fmt.Println(len(pending))
		if err = leaseErr; err == nil {
			_, err = io.Copy(io.Discard, os.Stdin) // until it is killed
		}
	case "ask":
		err = actAsk(ctx, s)
	}
	if err != nil {
		return err
	}
	return s.Close()
}

// actPut adds and changes documents until it has done 60, or is killed.
func actPut(ctx context.Context, s *Store, name string) error {
	for i := range 60 {
		d, chunks, original := document(fmt.Sprintf("%s/%d.txt", name, i%20), "Regolamento "+name, "primo "+strconv.Itoa(i), "secondo", "terzo "+name)
		r, err := s.Put(ctx, "avella", d, chunks, original)
		if err != nil {
			return err
		}
		fmt.Println(r.ID, r.Version, d.SHA256)
	}
	return nil
}

// actEmbed makes vectors until none is missing three times in a row.
func actEmbed(ctx context.Context, s *Store) error {
	for idle := 0; idle < 3; {
		pending, err := s.PendingVectors(ctx, "m", 7)
		if err != nil {
			return err
		}
		if len(pending) == 0 {
			idle++
			time.Sleep(50 * time.Millisecond)
			continue
		}
		idle = 0
		vectors := map[string][]float32{}
		for _, p := range pending {
			vectors[p.Hash] = unit(p.Hash, 16)
		}
		if err := s.PutVectors(ctx, "m", vectors); err != nil {
			return err
		}
	}
	return nil
}

// actAsk reads as a search does, and fails on a document seen in pieces.
func actAsk(ctx context.Context, s *Store) error {
	for range 60 {
		var ids []string
		chunks := map[string]int{}
		err := s.EachPoint(ctx, "avella", "m", func(p assistant.Point) error {
			ids = append(ids, p.ID)
			chunks[p.DocumentID]++
			return nil
		})
		if err != nil {
			return err
		}
		for id, n := range chunks {
			if n != 3 {
				return fmt.Errorf("document %s has %d chunks", id, n)
			}
		}
		if _, err := s.Passages(ctx, assistant.IndexQuery{Tenants: []string{"avella"}, Audience: ingest.Public}, ids[:min(50, len(ids))]); err != nil {
			return err
		}
		if _, err := s.Seq(ctx); err != nil {
			return err
		}
	}
	return nil
}

// process is another process on the same data folder.
type process struct {
	*exec.Cmd
	out   *bufio.Scanner
	stdin io.WriteCloser
}

func start(t *testing.T, role, dir string) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleKey+"="+role, dirKey+"="+dir, dsnKey+"="+databaseOf(t, dir))
	cmd.Stderr = os.Stderr
	stdin := must[io.WriteCloser](t)(cmd.StdinPipe())
	out := must[io.ReadCloser](t)(cmd.StdoutPipe())
	ok(t, cmd.Start())
	t.Cleanup(func() {
		// A process that ended already cannot be killed, which is as well.
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return &process{cmd, bufio.NewScanner(out), stdin}
}

// lines reads up to n lines, all of them when n is negative.
func (p *process) lines(n int) (lines []string) {
	for len(lines) != n && p.out.Scan() {
		lines = append(lines, p.out.Text())
	}
	return lines
}
