package audio

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sportello/assistant/drafting/minutes"
	"sportello/assistant/fault"
)

// Client asks a server for transcriptions.
type Client struct {
	Address string       // "http://127.0.0.1:8000/v1", with or without /v1
	Model   string       // as the server calls it; default "whisper-1"
	APIKey  string       //
	HTTP    *http.Client // that of assistant/outbound, which lets nothing but Address through
	Piece   time.Duration
	Wait    time.Duration // for one piece; default 30 minutes: a small machine takes longer than the speech
	FFmpeg  string
	Tries   int           // for one piece; default 3
	Pause   time.Duration // between two of them; default 5 s
}

const (
	defaultPiece = 10 * time.Minute
	mostAnswer   = 32 << 20
)

// partialSuffix is put after a recording's name for what is done of it.
const partialSuffix = ".parziale.json"

// partial is what is done of a recording.
type partial struct {
	SHA256 string          `json:"sha256"` // of the recording
	Piece  time.Duration   `json:"piece"`
	Model  string          `json:"model"`
	Done   map[int][]heard `json:"done"`
}

// heard is a segment as the server gives it, its times from the beginning of the recording.
type heard struct {
	Start   float64 `json:"start"`
	End     float64 `json:"end"`
	Text    string  `json:"text"`
	Speaker string  `json:"speaker,omitempty"`
}

// Transcribe gives the transcript of a recording. keep is the folder for what is done so far; a second call with the same recording goes on
// from there, and what was kept is removed when all is done. progress is told after each piece; it may be nil.
func (c Client) Transcribe(ctx context.Context, name, keep string, progress func(done, of int)) (*minutes.Transcript, error) {
	if c.Address == "" {
		return nil, fault.New(fault.Unavailable, "no server for transcriptions is configured: set transcription.address (an OpenAI-compatible one, such as whisper.cpp's), or give a transcript as TXT, VTT, SRT or DOCX")
	}
	wav, done, err := c.asWave(ctx, name)
	defer done()
	if err != nil {
		return nil, err
	}
	f, err := os.Open(wav)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the recording cannot be opened")
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the recording cannot be opened")
	}
	w, err := openWave(f, info.Size())
	if err != nil {
		return nil, named(err, filepath.Base(name))
	}
	if c.Piece <= 0 {
		c.Piece = defaultPiece
	}
	state, file, err := c.resume(name, keep)
	if err != nil {
		return nil, err
	}
	all := w.pieces(c.Piece)
	for i, p := range all {
		if _, ok := state.Done[i]; ok {
			continue
		}
		if progress != nil {
			progress(i, len(all))
		}
		sound, err := w.cut(p)
		if err != nil {
			return nil, err
		}
		segments, err := c.hear(ctx, sound)
		if err != nil {
			return nil, fault.Wrap(fault.CodeOf(err), err, "piece %d of %d of %s was not written out; the pieces before it are kept, start again to go on", i+1, len(all), filepath.Base(name))
		}
		offset, length := w.time(p.from).Seconds(), w.time(p.to-p.from).Seconds()
		for k := range segments {
			if segments[k].End <= segments[k].Start { // a server that gives no times: the piece as a whole
				segments[k].End = length
			}
			segments[k].Start, segments[k].End = segments[k].Start+offset, min(segments[k].End, length)+offset
		}
		state.Done[i] = segments
		if err := save(file, state); err != nil {
			return nil, err
		}
	}
	if progress != nil {
		progress(len(all), len(all))
	}
	t, err := assemble(filepath.Base(name), state, len(all))
	if err != nil {
		return nil, err
	}
	_ = os.Remove(file) // what is left is found again and overwritten
	return t, nil
}

func named(err error, name string) error {
	return fault.New(fault.CodeOf(err), "%s: %s", name, fault.MessageOf(err))
}

func assemble(name string, state *partial, pieces int) (*minutes.Transcript, error) {
	var turns []minutes.Turn
	for i := range pieces {
		for _, s := range state.Done[i] {
			if text := strings.TrimSpace(s.Text); text != "" {
				turns = append(turns, minutes.Turn{Label: s.Speaker, Start: int(s.Start * 1000), End: int(s.End * 1000), Text: text})
			}
		}
	}
	return minutes.Assemble(name, turns)
}

// resume finds what was done of this very recording with the same pieces and model.
func (c Client) resume(name, keep string) (*partial, string, error) {
	sum, err := sha256Of(name)
	if err != nil {
		return nil, "", fault.Wrap(fault.Invalid, err, "%s cannot be read", name)
	}
	file := filepath.Join(keep, filepath.Base(name)+partialSuffix)
	fresh := &partial{SHA256: sum, Piece: c.Piece, Model: c.Model, Done: map[int][]heard{}}
	data, err := os.ReadFile(file)
	if err != nil {
		return fresh, file, nil //nolint:nilerr // nothing was begun
	}
	var old partial
	if json.Unmarshal(data, &old) != nil || old.SHA256 != sum || old.Piece != c.Piece || old.Model != c.Model || old.Done == nil {
		return fresh, file, nil //nolint:nilerr // what was begun is of another recording, or damaged: begin anew
	}
	return &old, file, nil
}

func sha256Of(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// save writes what is done so that a machine that stops in the middle leaves the old or the new.
func save(file string, state *partial) error {
	data, err := json.Marshal(state)
	if err == nil {
		err = os.WriteFile(file+".nuovo", data, 0o600)
	}
	if err == nil {
		err = os.Rename(file+".nuovo", file)
	}
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be written, and without it nothing done is kept", file)
	}
	return nil
}

// hear sends a piece, again when the server is busy or falls over.
func (c Client) hear(ctx context.Context, sound []byte) ([]heard, error) {
	tries, pause := c.Tries, c.Pause
	if tries <= 0 {
		tries = 3
	}
	if pause <= 0 {
		pause = 5 * time.Second
	}
	for i := 1; ; i++ {
		segments, again, err := c.send(ctx, sound)
		if err == nil || !again || i >= tries {
			return segments, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause * time.Duration(i)):
		}
	}
}

func (c Client) send(ctx context.Context, sound []byte) (segments []heard, again bool, err error) {
	wait := c.Wait
	if wait <= 0 {
		wait = 30 * time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "seduta.wav")
	if err == nil {
		_, err = part.Write(sound)
	}
	model := c.Model
	if model == "" {
		model = "whisper-1"
	}
	for _, f := range [][2]string{{"model", model}, {"language", "it"}, {"response_format", "verbose_json"}, {"temperature", "0"}, {"timestamp_granularities[]", "segment"}} {
		err = errors.Join(err, form.WriteField(f[0], f[1]))
	}
	if err = errors.Join(err, form.Close()); err != nil {
		return nil, false, fault.Wrap(fault.Internal, err, "the request to the server for transcriptions")
	}
	address := strings.TrimSuffix(strings.TrimRight(c.Address, "/"), "/v1") + "/v1/audio/transcriptions"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, &body)
	if err != nil {
		return nil, false, fault.Wrap(fault.Invalid, err, "transcription.address = %q is no address", c.Address)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	if c.APIKey != "" {
		req.Header.Set("Authorization", "Bearer "+c.APIKey)
	}
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, true, fault.Wrap(fault.Unavailable, err, "the server for transcriptions does not answer")
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	if err != nil {
		return nil, true, fault.Wrap(fault.Unavailable, err, "the server for transcriptions broke off")
	}
	switch {
	case resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden:
		return nil, false, fault.New(fault.Invalid, "the server for transcriptions wants another key: see transcription.api_key")
	case resp.StatusCode == http.StatusNotFound:
		return nil, false, fault.New(fault.Invalid, "the server at transcription.address has no /v1/audio/transcriptions, or not the model %q", model)
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500:
		return nil, true, fault.New(fault.Unavailable, "the server for transcriptions answers %s", resp.Status)
	case resp.StatusCode != http.StatusOK:
		return nil, false, fault.New(fault.Unavailable, "the server for transcriptions refuses the piece: %s %s", resp.Status, firstLine(string(data[:min(len(data), 200)])))
	}
	var answer struct {
		Text     string  `json:"text"`
		Segments []heard `json:"segments"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, false, fault.Wrap(fault.Unavailable, err, "the server for transcriptions answers with what is no JSON")
	}
	if len(answer.Segments) == 0 && strings.TrimSpace(answer.Text) != "" {
		answer.Segments = []heard{{Text: answer.Text}}
	}
	if answer.Segments == nil {
		answer.Segments = []heard{}
	}
	return answer.Segments, false, nil
}
