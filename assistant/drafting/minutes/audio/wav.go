package audio

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"time"

	"sportello/assistant/fault"
)

// wave is a WAV file that is cut without being read whole.
type wave struct {
	r      io.ReaderAt
	format []byte // the chunk "fmt " as it stands
	rate   int    // frames a second
	align  int    // bytes of a frame
	bits   int
	pcm    bool
	start  int64 // of the samples
	size   int64 // bytes of samples that are there
}

// mostChunks bounds the search for the samples: a file has a handful of chunks.
const mostChunks = 64

// openWave reads the header of a WAV file of size bytes. Programs that record write a length of 0 or of all ones until they are stopped, and
// a machine that was switched off never came to it: the samples then go on to the end of the file.
func openWave(r io.ReaderAt, size int64) (*wave, error) {
	head := make([]byte, 12)
	if _, err := r.ReadAt(head, 0); err != nil || string(head[:4]) != "RIFF" || string(head[8:]) != "WAVE" {
		return nil, fault.New(fault.Unsupported, "the recording is no WAV")
	}
	w := &wave{r: r}
	at := int64(12)
	for range mostChunks {
		chunk := make([]byte, 8)
		if _, err := r.ReadAt(chunk, at); err != nil {
			break
		}
		n := int64(binary.LittleEndian.Uint32(chunk[4:]))
		at += 8
		switch string(chunk[:4]) {
		case "fmt ":
			if n < 16 || n > 1024 {
				return nil, fault.New(fault.Broken, "the WAV is damaged: its format cannot be read")
			}
			w.format = make([]byte, n)
			if _, err := r.ReadAt(w.format, at); err != nil {
				return nil, fault.Wrap(fault.Broken, err, "the WAV is damaged: it ends in its header")
			}
			code := binary.LittleEndian.Uint16(w.format)
			w.rate, w.align = int(binary.LittleEndian.Uint32(w.format[4:])), int(binary.LittleEndian.Uint16(w.format[12:]))
			w.bits = int(binary.LittleEndian.Uint16(w.format[14:]))
			w.pcm = code == 1 || code == 3 || code == 0xfffe
		case "data":
			if w.format == nil || w.rate <= 0 || w.align <= 0 {
				return nil, fault.New(fault.Broken, "the WAV is damaged: it does not say how its sound is written")
			}
			w.start, w.size = at, min(n, size-at)
			if n == 0 || n >= math.MaxUint32-64 {
				w.size = size - at
			}
			w.size -= w.size % int64(w.align)
			if w.size <= 0 {
				return nil, fault.New(fault.NoText, "the recording is empty")
			}
			return w, nil
		}
		at += n + n%2
	}
	return nil, fault.New(fault.Broken, "the WAV is damaged: no sound was found in it")
}

func (w *wave) length() time.Duration { return w.time(w.size) }

func (w *wave) time(bytes int64) time.Duration {
	return time.Duration(float64(bytes) / float64(w.align) / float64(w.rate) * float64(time.Second))
}

func (w *wave) bytes(d time.Duration) int64 {
	n := int64(d.Seconds()*float64(w.rate)) * int64(w.align)
	return min(n, w.size)
}

// piece is a part of a recording.
type piece struct{ from, to int64 }

// quietWithin is how far from the wanted length a cut may lie; quietWindow is how long it has to be quiet there.
const (
	quietWithin = 8 * time.Second
	quietWindow = 150 * time.Millisecond
)

// mostBytes is how large a piece may be: servers take 25 MB.
const mostBytes = 24 << 20

// pieces cuts the samples in pieces of about a length, each where it is quietest nearby, so that no word is cut.
func (w *wave) pieces(length time.Duration) []piece {
	var out []piece
	size := max(int64(w.align), min(w.bytes(length), mostBytes-mostBytes%int64(w.align)))
	for from := int64(0); from < w.size; {
		to := from + size
		if w.size-to < size/4 { // no crumbs at the end
			to = w.size
		} else if cut := w.quiet(to); cut > from+size/2 {
			to = cut
		}
		out = append(out, piece{from, to})
		from = to
	}
	return out
}

// quiet gives the quietest place near one. What is not of 16 bits is cut where it was asked.
func (w *wave) quiet(at int64) int64 {
	if w.bits != 16 || !w.pcm {
		return at
	}
	from, to := max(0, at-w.bytes(quietWithin)), min(w.size, at+w.bytes(quietWithin))
	buf := make([]byte, to-from)
	n, err := w.r.ReadAt(buf, w.start+from)
	if err != nil && err != io.EOF {
		return at
	}
	buf = buf[:n]
	step := int(w.bytes(quietWindow))
	hop := step / 2 / w.align * w.align
	if hop <= 0 {
		return at
	}
	best, where := math.MaxFloat64, at
	for i := 0; i+step <= len(buf); i += hop {
		sum := 0.0
		for k := i; k+1 < i+step; k += 2 * 7 { // every seventh sample tells as much
			v := float64(int16(binary.LittleEndian.Uint16(buf[k:])))
			sum += v * v
		}
		if sum < best {
			best, where = sum, from+int64(i+hop)
		}
	}
	return where
}

// cut gives a piece as a WAV file of its own.
func (w *wave) cut(p piece) ([]byte, error) {
	samples := make([]byte, p.to-p.from)
	if _, err := w.r.ReadAt(samples, w.start+p.from); err != nil && err != io.EOF {
		return nil, fault.Wrap(fault.Broken, err, "the recording cannot be read")
	}
	var b bytes.Buffer
	put := func(v any) { _ = binary.Write(&b, binary.LittleEndian, v) } // a buffer takes everything
	b.WriteString("RIFF")
	put(uint32(4 + 8 + len(w.format) + 8 + len(samples)))
	b.WriteString("WAVEfmt ")
	put(uint32(len(w.format)))
	b.Write(w.format)
	b.WriteString("data")
	put(uint32(len(samples)))
	b.Write(samples)
	return b.Bytes(), nil
}
