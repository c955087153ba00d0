package audio

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"sportello/assistant/fault"
)

// Extensions are what a recording's name may end in.
var Extensions = []string{".wav", ".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".flac", ".webm", ".mp4", ".mkv", ".mov", ".wma", ".amr", ".3gp"}

// IsRecording says whether a name is that of a recording.
func IsRecording(name string) bool {
	for _, e := range Extensions {
		if strings.EqualFold(filepath.Ext(name), e) {
			return true
		}
	}
	return false
}

// asWave gives a WAV of a recording: itself, or one that ffmpeg makes in a temporary folder. The caller calls done.
func (c Client) asWave(ctx context.Context, name string) (path string, done func(), err error) {
	done = func() {}
	f, err := os.Open(name)
	if err != nil {
		return "", done, fault.Wrap(fault.Invalid, err, "%s cannot be read", name)
	}
	head := make([]byte, 12)
	n, _ := f.ReadAt(head, 0) // a file of fewer bytes is none
	_ = f.Close()
	base := filepath.Base(name)
	switch {
	case n == 0:
		return "", done, fault.New(fault.NoText, "%s is empty", base)
	case n == 12 && string(head[:4]) == "RIFF" && string(head[8:]) == "WAVE":
		return name, done, nil
	}
	program := c.FFmpeg
	if program == "" {
		program = "ffmpeg"
	}
	program, err = exec.LookPath(program)
	if err != nil {
		return "", done, fault.New(fault.Unsupported, "%s is no WAV, and ffmpeg is not here to make one of it: install ffmpeg (Debian: apt install ffmpeg), or give the recording as WAV", base)
	}
	dir, err := os.MkdirTemp("", "sportello-audio-")
	if err != nil {
		return "", done, fault.Wrap(fault.Internal, err, "a temporary folder")
	}
	done = func() { _ = os.RemoveAll(dir) }
	path = filepath.Join(dir, "seduta.wav")
	var said bytes.Buffer
	// What speech is recognised from: one channel, 16,000 samples a second. The name goes after -i, so that it is never an option.
	cmd := exec.CommandContext(ctx, program, "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file", "-i", name, "-vn", "-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le", "-y", path)
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return "", done, fault.Wrap(fault.Broken, err, "%s cannot be opened: the recording is damaged, or is of a kind that ffmpeg does not read (%s)", base, firstLine(said.String()))
	}
	if info, err := os.Stat(path); err != nil || info.Size() <= 44 {
		return "", done, fault.New(fault.NoText, "%s holds no sound", base)
	}
	return path, done, nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
