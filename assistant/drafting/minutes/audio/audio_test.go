package audio

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sportello/assistant/fault"
)

const clips = "../../../../../shared/data/audio"

// clip gives a recording of the shared data.
func clip(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(clips, name)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("no shared data")
	}
	return path
}

// server is one for transcriptions that says how long each piece is; it fails as often as it is told to.
type server struct {
	*httptest.Server
	sync.Mutex
	fail   int
	pieces []float64 // seconds
}

func fakeServer(t *testing.T) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Lock()
		defer s.Unlock()
		if r.URL.Path != "/v1/audio/transcriptions" || r.Header.Get("Authorization") != "Bearer chiave" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if s.fail > 0 {
			s.fail--
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		f, _, err := r.FormFile("file")
		if err != nil || r.FormValue("response_format") != "verbose_json" || r.FormValue("language") != "it" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		data, _ := io.ReadAll(f)
		x, err := openWave(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Errorf("the server was sent no WAV: %v", err)
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.pieces = append(s.pieces, x.length().Seconds())
		_ = json.NewEncoder(w).Encode(map[string]any{"text": "parole", "segments": []map[string]any{
			{"start": 0.0, "end": 1.0, "text": " Buonasera a tutti."}, {"start": 1.0, "end": x.length().Seconds() + 30, "text": " Passiamo al punto 2.", "speaker": "SPEAKER_01"}}})
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) client() Client {
	return Client{Address: s.URL, APIKey: "chiave", Pause: time.Millisecond, Wait: time.Minute}
}

func TestClips(t *testing.T) {
	s := fakeServer(t)
	for _, name := range []string{"it/italian.wav", "it/magliano-1.wav", "other/chinese.wav", "other/english.wav"} {
		got, err := s.client().Transcribe(t.Context(), clip(t, name), t.TempDir(), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(got.Turns) != 2 || got.Turns[1].Label != "SPEAKER_01" || got.Turns[0].Text != "Buonasera a tutti." || got.Turns[1].Voice != "voce 2" {
			t.Errorf("%s: %+v", name, got.Turns)
		}
		if end := got.Turns[1].End; end > int(s.pieces[len(s.pieces)-1]*1000)+1 || end <= 0 {
			t.Errorf("%s: a segment ends after the recording: %d", name, end)
		}
	}
}

// A recording that cannot be read says so, and what to do.
func TestBrokenClips(t *testing.T) {
	s := fakeServer(t)
	dir := t.TempDir()
	for name, data := range map[string]string{"vuoto.wav": "", "testo.wav": "questo è un testo", "tronco.wav": "RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := s.client().Transcribe(t.Context(), path, dir, nil)
		if code := fault.CodeOf(err); code != fault.NoText && code != fault.Broken && code != fault.Unsupported {
			t.Errorf("%s: %v", name, err)
		}
		if !strings.Contains(fault.MessageOf(err), name) {
			t.Errorf("%s: the message does not name the file: %v", name, err)
		}
	}
	if len(s.pieces) > 0 {
		t.Error("what is no recording was sent")
	}
	c := s.client()
	c.FFmpeg = filepath.Join(dir, "no-such-program")
	if _, err := c.Transcribe(t.Context(), clip(t, "robustness/audio-sample-android.m4a"), dir, nil); fault.CodeOf(err) != fault.Unsupported || !strings.Contains(err.Error(), "install ffmpeg") {
		t.Errorf("without ffmpeg: %v", err)
	}
	if _, err := (Client{}).Transcribe(t.Context(), clip(t, "it/italian.wav"), dir, nil); fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "transcription.address") {
		t.Errorf("without a server: %v", err)
	}
	c = s.client()
	c.APIKey = "altra"
	if _, err := c.Transcribe(t.Context(), clip(t, "it/italian.wav"), dir, nil); fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "api_key") {
		t.Errorf("with a wrong key: %v", err)
	}
}

// Other formats go through ffmpeg where it is installed.
func TestOtherFormats(t *testing.T) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("ffmpeg is not installed")
	}
	s := fakeServer(t)
	for _, name := range []string{"audio-sample-android-chrome.webm", "audio-sample-firefox.ogg", "audio-sample-ios.m4a", "video-sample-visio.mp4"} {
		if got, err := s.client().Transcribe(t.Context(), clip(t, "robustness/"+name), t.TempDir(), nil); err != nil || len(got.Turns) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.client().Transcribe(t.Context(), clip(t, "robustness/audio-sample-corrupted.m4a"), t.TempDir(), nil); fault.CodeOf(err) != fault.Broken {
		t.Errorf("a damaged one: %v", err)
	}
}

// sound is a WAV of seconds, loud but for a tenth of a second around each quiet moment.
func sound(t *testing.T, seconds float64, quiet ...float64) []byte {
	t.Helper()
	const rate = 8000
	var samples bytes.Buffer
	for i := range int(seconds * rate) {
		at, v := float64(i)/rate, 8000*math.Sin(float64(i)/3)
		for _, q := range quiet {
			if math.Abs(at-q) < 0.15 {
				v = 0
			}
		}
		if err := binary.Write(&samples, binary.LittleEndian, int16(v)); err != nil {
			t.Fatal(err)
		}
	}
	w := &wave{r: bytes.NewReader(samples.Bytes()), format: []byte{1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0}, rate: rate, align: 2, bits: 16, pcm: true, size: int64(samples.Len())}
	out, err := w.cut(piece{0, w.size})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A long recording is cut where it is quiet. What was done before the server fell is not asked again.
func TestPiecesAndResume(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "seduta.wav")
	if err := os.WriteFile(name, sound(t, 100, 27, 61), 0o600); err != nil {
		t.Fatal(err)
	}
	s := fakeServer(t)
	c := s.client()
	c.Piece, c.Tries = 30*time.Second, 1
	var told []int
	s.fail = 0
	first := func(done, _ int) {
		told = append(told, done)
		if done == 1 {
			s.Lock()
			s.fail = 1
			s.Unlock()
		}
	}
	if _, err := c.Transcribe(t.Context(), name, dir, first); fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "start again to go on") {
		t.Fatalf("a server that falls: %v", err)
	}
	got, err := c.Transcribe(t.Context(), name, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.pieces) != 4 || math.Abs(s.pieces[0]-27) > 0.3 || math.Abs(s.pieces[0]+s.pieces[1]-61) > 0.3 {
		t.Errorf("pieces of %v seconds, told %v", s.pieces, told)
	}
	if last := got.Turns[len(got.Turns)-1]; last.End > 100_000 || last.Start < 50_000 {
		t.Errorf("times are not of the whole recording: %+v", last)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*"+partialSuffix)); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

func FuzzWave(f *testing.F) {
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x04\x00\x00\x00abcd"))
	f.Fuzz(func(t *testing.T, data []byte) {
		w, err := openWave(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		at := int64(0)
		for _, p := range w.pieces(time.Second) {
			if p.from != at || p.to <= p.from || p.to > w.size {
				t.Fatalf("piece %+v of %d", p, w.size)
			}
			at = p.to
		}
		if at != w.size {
			t.Fatalf("%d of %d bytes are in no piece", w.size-at, w.size)
		}
	})
}
