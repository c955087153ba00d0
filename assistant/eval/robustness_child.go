package eval

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"time"
	"unicode"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// RobustnessOne parses one file and says what became of it; Seconds are of the parser alone, memory is measured from outside.
func RobustnessOne(ctx context.Context, parser ingest.Parser, path string) RobustnessFile {
	f := RobustnessFile{File: path}
	b, err := os.ReadFile(path)
	if err != nil {
		f.Outcome, f.Code, f.Message = "error", fault.NotFound, err.Error()
		return f
	}
	f.Format = string(ingest.Sniff(b, path))
	started := time.Now()
	parsed, err := parser.Parse(ctx, ingest.Input{Name: path, Bytes: b})
	f.Seconds = time.Since(started).Seconds()
	if err != nil {
		f.Outcome, f.Code, f.Message = "error", fault.CodeOf(err), fault.MessageOf(err)
		return f
	}
	for _, block := range parsed.Blocks {
		for _, r := range block.Text {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				f.Letters++
			}
		}
	}
	f.Outcome = "text"
	return f
}

// RobustnessChild is what a child process runs: for each name read from in it parses the file and writes its outcome to out as a line of JSON.
func RobustnessChild(ctx context.Context, parser ingest.Parser, in io.Reader, out io.Writer) error {
	names := bufio.NewScanner(in)
	names.Buffer(nil, 1<<20)
	enc := json.NewEncoder(out)
	for names.Scan() {
		if err := ctx.Err(); err != nil {
			return fault.Wrap(fault.Timeout, err, "stopped")
		}
		if err := enc.Encode(RobustnessOne(ctx, parser, names.Text())); err != nil {
			return fault.Wrap(fault.Internal, err, "the outcome cannot be written")
		}
	}
	if err := names.Err(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the names of the files cannot be read")
	}
	return nil
}
