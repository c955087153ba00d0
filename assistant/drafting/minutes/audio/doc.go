// Package audio has a recording written out by a server that speaks the OpenAI way of transcriptions (POST /v1/audio/transcriptions:
// whisper.cpp, faster-whisper, vLLM…), one that the comune configured. Long recordings go in pieces, cut where it is quiet; what is done is
// kept beside the recording, so that whoever starts again goes on where it stopped. WAV is cut here; other formats are turned into it by
// ffmpeg when that is installed. No voice is recognised and none is kept: a voice has a number until a person gives it a name.
package audio
