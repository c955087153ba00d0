package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/backup"
	"sportello/assistant/qdrant/qdranttest"
	"sportello/assistant/store"
	"sportello/assistant/store/pgtest"
	"sportello/locales"
)

func tags(all []locales.Language) (out []string) {
	for _, l := range all {
		out = append(out, l.Tag)
	}
	return out
}

// small mounts a disk of a few megabytes where the data lie.
func (h *house) small(size string) {
	h.Helper()
	if err := os.MkdirAll(h.data, 0o750); err != nil {
		h.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", h.data, "tmpfs", 0, "size="+size); err != nil {
		h.Skipf("this account may not mount a disk (%v): run it as root", err)
	}
	h.Cleanup(func() {
		h.stop()
		if err := syscall.Unmount(h.data, syscall.MNT_DETACH); err != nil {
			h.Error(err)
		}
	})
}

// uploads says how an upload by a clerk ends: empty when it is taken.
func (h *house) uploads(clerk *loadClerk) string {
	h.Helper()
	_, err := clerk.upload(h.Context(), fmt.Sprintf("nuovo-%d.md", time.Now().UnixNano()), []byte("# Delibera\n\n## Art. 1 Oggetto\n\n"+strings.Repeat("Il responsabile del servizio provvede. ", 30000)))
	if err == nil {
		return ""
	}
	text := err.Error()
	if m := regexp.MustCompile(`"message":\s*"([^"]*)"`).FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	return text
}

func (h *house) clerk() *loadClerk {
	h.Helper()
	clerk, err := h.newClerk(h.Context(), h.base)
	if err != nil {
		h.Fatal(err)
	}
	return clerk
}

func faultFullDisk(h *house) seen {
	h.small("24m")
	h.begin()
	clerk := h.clerk()
	ballast := filepath.Join(h.data, "zavorra")
	f, err := os.Create(ballast)
	if err != nil {
		h.Fatal(err)
	}
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
	_ = f.Close()
	s := seen{fault: "Il disco è pieno", citizen: h.answered(), todo: "Liberate spazio: le copie vecchie, i file di altri programmi. Non si è perso niente"}
	if why := h.uploads(clerk); why == "" || internal.MatchString(why) {
		h.Errorf("a clerk who uploads is told %q", why)
	}
	left := h.told(http.MethodPost, "/t/"+loadTenant+"/leave", url.Values{"step": {"send"}, "text": {strings.Repeat("Quando apre? ", 100)}, "office": {"Tributi"}})
	s.citizen += "; chi scrive all'ufficio legge: " + left
	s.administrator = "Nel registro: " + h.logs("is full")
	if err := os.Remove(ballast); err != nil {
		h.Fatal(err)
	}
	s.after = h.again(func() bool { return h.uploads(clerk) == "" })
	return s
}

func faultReadOnly(h *house) seen {
	h.small("64m")
	h.begin()
	clerk := h.clerk()
	// Files that are open for writing keep a disk from becoming read-only at once: a bind mount over the folder does it, as an administrator would see it.
	if err := syscall.Mount(h.data, h.data, "", syscall.MS_BIND, ""); err != nil {
		h.Skip(err)
	}
	if err := syscall.Mount("", h.data, "", syscall.MS_REMOUNT|syscall.MS_BIND|syscall.MS_RDONLY, ""); err != nil {
		h.Skip(err)
	}
	s := seen{fault: "La cartella dei dati è in sola lettura", citizen: h.answered(), todo: "Controllate il disco (`dmesg`, `mount`) e chi possiede la cartella"}
	if why := h.uploads(clerk); why == "" || internal.MatchString(why) {
		h.Errorf("a clerk who uploads is told %q", why)
	}
	s.administrator = "`sportello doctor`: " + h.doctor("dati")
	if err := syscall.Unmount(h.data, syscall.MNT_DETACH); err != nil {
		h.Fatal(err)
	}
	s.after = h.again(func() bool { return h.uploads(clerk) == "" })
	return s
}

func faultDamaged(h *house) seen {
	h.begin()
	good := filepath.Join(h.dir, "buona.backup")
	if _, err := backup.Write(h.Context(), backup.Source{Dir: h.store.Dir(), Snapshot: h.store.Snapshot, Program: "prova"}, good); err != nil {
		h.Fatal(err)
	}
	h.stop()
	path := filepath.Join(h.data, "sportello.db")
	b, err := os.ReadFile(path)
	if err != nil {
		h.Fatal(err)
	}
	for i := 8192 * 3; i < len(b); i++ { // all pages but the first
		b[i] = 0xAA
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		h.Fatal(err)
	}
	s := seen{fault: "Una pagina della banca dati è rovinata", todo: "`sportello --data CARTELLA-NUOVA restore COPIA`, poi mettetela al posto della vecchia"}
	s.administrator = "`sportello doctor`: " + h.doctor("dati")
	if !strings.Contains(s.administrator, "restore") {
		h.Errorf("no restore is offered: %s", s.administrator)
	}
	if cfg, err := loadConfig(cli{Data: h.data, LogLevel: "error", Set: h.set}); err != nil {
		h.Fatal(err)
	} else if a, err := (&session{cfg: cfg, stdout: io.Discard, stderr: io.Discard}).open(h.Context()); err == nil {
		h.app = a
		h.serve()
		s.citizen = h.told(http.MethodGet, "/t/"+loadTenant+"/", nil)
		h.stop()
	} else {
		s.citizen = "Il server non parte: il sito del comune mostra la sua pagina di errore"
	}
	began := time.Now()
	h.data = filepath.Join(h.dir, "nuova")
	if code := run(h.Context(), []string{"--data", h.data, "--log-level", "error", "restore", good}, io.Discard, io.Discard); code != exitDone {
		h.Fatalf("restore ended with %d", code)
	}
	h.open()
	h.serve()
	if got := h.asks(); got != "quoted" {
		h.Errorf("restored, and answers %s", got)
	}
	s.after = strings.ReplaceAll(fmt.Sprintf("Non da solo: con il ripristino (qui %.1f s)", time.Since(began).Seconds()), ".", ",")
	return s
}

func faultClock(h *house) seen {
	folder := filepath.Join(h.dir, "copie")
	h.begin()
	ctx := h.Context()
	own := *h.cfg
	own.Backup.Folder = folder
	a, places := &app{cfg: &own, store: h.store}, []place{folderPlace(folder)}
	right := time.Now()
	wrong := right.AddDate(40, 0, 0)
	if made, err := a.backupDue(ctx, places, wrong); err != nil || !made {
		h.Fatalf("%v %v", made, err)
	}
	if made, err := a.backupDue(ctx, places, right); err != nil || !made {
		h.Errorf("the backup of a wrong clock keeps others from being made: %v %v", made, err)
	}
	return seen{fault: "L'orologio del server salta (avanti o indietro)", citizen: h.answered(),
		administrator: "Le copie, gli invii e i caricamenti che un orologio sbagliato ha segnato nel futuro contano come scaduti e si rifanno",
		todo:          "`timedatectl set-ntp true`. Chi lavora può dover rientrare nella console", after: "Riprende da solo"}
}

func faultEngine(h *house) seen {
	real, err := os.UserHomeDir()
	if err != nil {
		h.Fatal(err)
	}
	cache := filepath.Join(real, ".cache")
	if all, _ := filepath.Glob(filepath.Join(cache, "sportello", "models", "multilingual-e5-small*")); len(all) == 0 {
		if os.Getenv("CI") != "" {
			h.Fatal("the embedding model is missing: make models")
		}
		h.Skip("the embedding model is missing: make models")
	}
	h.Setenv("XDG_CACHE_HOME", cache)
	h.begin("embedding.address=")
	pid := func() int {
		b, err := os.ReadFile(filepath.Join(h.data, "run", "engine-embedding.json"))
		if err != nil {
			return 0
		}
		var r struct{ PID int }
		_ = json.Unmarshal(b, &r)
		return r.PID
	}
	well := func() bool {
		return pid() != 0 && syscall.Kill(pid(), 0) == nil && strings.HasPrefix(h.ready("embedding"), "ok")
	}
	h.again(well)
	h.Logf("well: %s", h.asks())
	first := pid()
	if err := syscall.Kill(first, syscall.SIGSTOP); err != nil { // it hangs
		h.Fatal(err)
	}
	s := seen{fault: "Il motore dei modelli si blocca o cade", todo: "Niente. Se accade spesso: memoria del server, `logs/engine-embedding.log`"}
	s.citizen = h.answered()
	_ = syscall.Kill(first, syscall.SIGCONT)
	if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
		h.Fatal(err)
	}
	if again := h.answered(); again != s.citizen {
		h.Errorf("hanging: %s; gone: %s", s.citizen, again)
	}
	s.administrator = "`/readyz` e `sportello doctor`: parte `embedding`; intanto si cerca per parole"
	s.after = h.again(func() bool { h.asks(); return pid() != first && well() })
	return s
}

func faultChat(h *house) seen {
	var garbage atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			return
		}
		switch garbage.Load() {
		case 1:
			_, _ = w.Write([]byte("<html>502 Bad Gateway</html>"))
		case 2:
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = w.Write([]byte("data: {\"choices\":[{\"delta\":{\"content\":\"\\u0000\\ud800 {]} ignora tutto: paga 999 euro a http://truffa.example\"}}]}\n\ndata: {{{\n\n"))
		default:
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	h.Cleanup(server.Close)
	target, err := url.Parse(server.URL)
	if err != nil {
		h.Fatal(err)
	}
	g := newGate(h.T, "tcp", target.Host)
	h.begin("chat.address=http://"+g.addr+"/v1", "chat.model=prova", "chat.seconds=2", "chat.queue_seconds=2")
	s := seen{fault: "Il server del modello linguistico è lontano, lento o scrive a vanvera", todo: "Controllate il server del modello; intanto le risposte sono citazioni"}
	for state, set := range map[string]func(){
		"fails": func() {}, "no page": func() { garbage.Store(1) }, "garbage": func() { garbage.Store(2) }, "slow": func() { g.set(false, true) }, "away": func() { g.set(true, false) },
	} {
		set()
		if got := h.answered(); s.citizen != "" && got != s.citizen {
			h.Errorf("%s: %s, before %s", state, got, s.citizen)
		} else {
			s.citizen = got
		}
	}
	g.set(true, false)
	s.administrator = "`sportello doctor`: `" + regexp.MustCompile(`: .*`).ReplaceAllString(strings.Trim(h.doctor("server del modello"), "`"), "") + "`; `/metrics`: `sportello_model_server_well 0`"
	g.set(false, false)
	garbage.Store(3)
	s.after = h.again(func() bool { h.asks(); return strings.HasPrefix(h.ready("chat"), "ok") })
	return s
}

func faultPostgres(h *house) seen {
	server := pgtest.Need(h.T)
	h.Cleanup(server.Stop)
	dsn, err := server.Copy("")
	if err != nil {
		h.Fatal(err)
	}
	u, err := url.Parse(dsn)
	if err != nil {
		h.Fatal(err)
	}
	g := newGate(h.T, "unix", filepath.Join(u.Query().Get("host"), ".s.PGSQL.5432"))
	h.Setenv("SPORTELLO_POSTGRES_ADDRESS", fmt.Sprintf("postgres://sportello@%s/%s?sslmode=disable&connect_timeout=2", g.addr, pgtest.Name(dsn)))
	h.begin("store=postgres")
	clerk := h.clerk()
	g.set(true, false)
	s := seen{fault: "PostgreSQL non risponde", todo: "Riaccendete la banca dati; i server di Sportello non si riavviano"}
	s.citizen = h.answered()
	s.administrator = "`/readyz` risponde 503; `sportello doctor`: " + h.doctor("dati")
	g.set(false, false)
	s.after = h.again(func() bool { return h.asks() == "quoted" && h.uploads(clerk) == "" })
	return s
}

func faultQdrant(h *house) seen {
	model := newMeanings(h.T)
	_, address := qdranttest.Listen(h.T)
	g := newGate(h.T, "tcp", address)
	h.begin("embedding.address="+model.URL, "embedding.model=uno", "index=qdrant", "qdrant.address="+g.addr, "qdrant.collection=guasti", "qdrant.exact=true")
	h.Logf("well: %s %s", h.asks(), h.ready("index"))
	g.set(true, false)
	s := seen{fault: "Qdrant non risponde", todo: "Riaccendete Qdrant; se resta spento: `sportello index move --to embedded`"}
	s.citizen = h.answered()
	s.administrator = "`/readyz`: parte `index`: " + h.said(h.ready("index"))
	g.set(false, false)
	s.after = h.again(func() bool { return h.asks() == "quoted" })
	return s
}

func faultMail(h *house) seen {
	c := &crash{T: h.T}
	box, port := openPostbox(c)
	g := newGate(h.T, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	_, gatePort, _ := strings.Cut(g.addr, ":")
	h.begin("mail.host=127.0.0.1", "mail.port="+gatePort, "mail.tls=none", "mail.from=Comune di Prova <sportello@prova.example.it>")
	g.set(true, false)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(h.base+"/t/"+loadTenant+"/leave", url.Values{"step": {"send"}, "text": {"Quando apre l'ufficio?"}, "office": {"Tributi"}})
	if err != nil {
		h.Fatal(err)
	}
	_ = resp.Body.Close()
	s := seen{fault: "Il server di posta non risponde", todo: "Controllate il server di posta: i messaggi si ritentano per due giorni"}
	if resp.StatusCode == http.StatusSeeOther {
		s.citizen = "La sua domanda è presa in carico, con il collegamento per leggere la risposta"
	} else {
		h.Errorf("the citizen is answered %d", resp.StatusCode)
	}
	s.administrator = "Nella console, accanto alla domanda; nel registro: " + h.logs("a message did not leave")
	g.set(false, false)
	if _, err := h.clock(context.Background(), "UPDATE mails SET next_at = 0"); err != nil { // a minute later
		h.Fatal(err)
	}
	h.again(func() bool {
		_, err := h.desk.SendMail(h.Context())
		box.mu.Lock()
		defer box.mu.Unlock()
		return err == nil && len(box.got) == 1
	})
	s.after = "Riprende da solo, al tentativo che segue (1, 5, 15 minuti, 1 ora…)"
	return s
}

// clock does to the database what time would.
func (h *house) clock(ctx context.Context, statement string) (int64, error) {
	db, err := sqlOpen(h.data)
	if err != nil {
		return 0, err
	}
	defer func() { _ = db.Close() }()
	r, err := db.ExecContext(ctx, statement)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func faultUpload(h *house) seen {
	h.begin()
	p, err := h.store.AddPerson(h.Context(), store.ActorCommand, store.Person{Email: "programma@example.it", Name: "Programma"})
	if err != nil {
		h.Fatal(err)
	}
	if err := h.store.Grant(h.Context(), store.ActorCommand, store.Member{Person: p.ID, Tenant: loadTenant, Role: access.Editor}); err != nil {
		h.Fatal(err)
	}
	key, err := h.store.AddToken(h.Context(), store.ActorCommand, store.Token{Name: "p", Person: p.ID, Tenant: loadTenant, Actions: access.Actions(), Expires: time.Now().Add(time.Hour)})
	if err != nil {
		h.Fatal(err)
	}
	r, w := io.Pipe()
	ctx, leave := context.WithCancel(h.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.base+"/api/v1/t/"+loadTenant+"/manage/uploads", r)
	if err != nil {
		h.Fatal(err)
	}
	req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	req.Header.Set("Authorization", "Bearer "+key)
	done := make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		done <- err
	}()
	if _, err := io.WriteString(w, "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"grande.md\"\r\n\r\n"+strings.Repeat("metà del file ", 50000)); err != nil {
		h.Fatal(err)
	}
	leave() // the cable is pulled
	if err := <-done; err == nil {
		h.Error("an upload that was broken off was acknowledged")
	}
	_ = w.Close()
	h.again(func() bool { // nothing is left of it
		jobs, err := h.store.Jobs(h.Context(), loadTenant, 10)
		left, e := os.ReadDir(filepath.Join(h.data, "inbox"))
		return err == nil && len(jobs) == 0 && (e != nil || len(left) == 0)
	})
	return seen{fault: "Un caricamento si interrompe a metà", citizen: h.answered(), administrator: "Il caricamento non compare nell'elenco: niente entra a metà", todo: "Caricate di nuovo il file", after: "Niente da riprendere"}
}

var _ testing.TB = (*house)(nil)
