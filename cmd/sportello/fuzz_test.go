package main

import (
	"os"
	"path/filepath"
	"testing"

	"sportello/assistant/fault"
)

// FuzzConfig reads configuration files: whatever is written there is taken or refused with words.
func FuzzConfig(f *testing.F) {
	for _, text := range []string{
		"index = \"qdrant\"\n[serve]\naddr = \":8080\"\ntrusted_proxies = [\"10.0.0.0/8\"]\n", "[[chat.servers]]\naddress = \"http://127.0.0.1:1\"\nweight = 0.5\n",
		"[backup]\nhours = -1\n", "[chat]\nseconds = \"x\"\n", "serve = 3\n", "\"\" = 1\n", "[mail]\nport = 99999999999999999999\n", "[a.b]\n[a]\nb = 1\n", "data = [1979-05-27]\n", "[postgres]\naddress = \"postgres://x:y@[\"\n",
	} {
		f.Add([]byte(text))
	}
	path := filepath.Join(f.TempDir(), "sportello.toml")
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		cfg, err := loadConfig(cli{Data: filepath.Dir(path), Config: path})
		switch {
		case err != nil && fault.CodeOf(err) != fault.Invalid:
			t.Errorf("%v is no fault.Invalid", err)
		case err == nil && cfg.Backup.Hours < 1:
			t.Errorf("backup.hours is %d", cfg.Backup.Hours)
		}
	})
}

// FuzzOffices reads tables of offices as spreadsheets save them.
func FuzzOffices(f *testing.F) {
	for _, text := range []string{"nome;orari\nTributi;lun 9-12\n", "\xef\xbb\xbfname,subjects\n\"Tributi, IMU\",tari|imu\n", "ufficio\ttelefono\nURP\t1\n", "nome\n\"", "nome;nome\na;b;c\n", ""} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		offices, err := parseOffices(raw)
		if err != nil && fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%v is no fault.Invalid", err)
		}
		for _, o := range offices {
			if err == nil && o.Name == "" {
				t.Errorf("an office without a name: %+v", o)
			}
		}
	})
}
