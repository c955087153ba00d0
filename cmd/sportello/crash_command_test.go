package main

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sportello/assistant/backup"
	"sportello/assistant/qdrant/qdranttest"
	"sportello/assistant/store"
)

// often runs a command c.kills times and kills it at a random moment of what it takes when nobody does. each is called before each, and after looks
// at what is there when nothing runs any more.
func (c *crash) often(args func(round int) []string, after func(round int)) (finished int) {
	c.Helper()
	whole := c.start(args(-1)...)
	<-whole.ended
	takes := time.Since(whole.began)
	if code := whole.ProcessState.ExitCode(); code != exitDone {
		c.Fatalf("%v ended with %d: %s", args(-1), code, whole.stderr.String())
	}
	after(-1)
	for round := range c.kills {
		v := c.start(args(round)...)
		// A process needs a third of its time to begin: that is not what is to be looked at.
		select {
		case <-v.ended:
		case <-time.After(takes/4 + time.Duration(c.random.Int64N(int64(takes)))):
		}
		if v.over() {
			finished++
		}
		v.kill()
		c.acknowledged.Add(1)
		after(round)
	}
	return finished
}

// crashIngestCommand: a folder is read in from the command line.
func crashIngestCommand(c *crash) {
	c.open()
	folder := filepath.Join(c.dir, "atti")
	if err := os.MkdirAll(folder, 0o750); err != nil {
		c.Fatal(err)
	}
	const files = 40
	write := func(round int) {
		for i := range files {
			text := fmt.Appendf(nil, "%s\n\nGiro numero %d.\n", deed(int64(i)), round)
			if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("atto-%02d.md", i)), text, 0o600); err != nil {
				c.Fatal(err)
			}
		}
	}
	before := 0
	finished := c.often(func(round int) []string {
		write(round + 1)
		return []string{"ingest", "--tenant", loadTenant, "--no-wait", folder}
	}, func(int) {
		all, err := c.store.Documents(c.Context(), loadTenant, store.Filter{State: store.Live})
		if err != nil || len(all) < before || len(all) > files {
			c.loses("%d documents, %d before: %v", len(all), before, err)
		}
		before = len(all)
		for i := range all {
			c.wholeDocument(&all[i])
		}
	})
	c.must("ingest", "--tenant", loadTenant, "--no-wait", folder)
	if out := c.must("ingest", "--tenant", loadTenant, "--no-wait", "--json", folder); !strings.Contains(out, fmt.Sprintf(`"unchanged":%d`, files)) && !strings.Contains(out, fmt.Sprintf(`"unchanged": %d`, files)) {
		c.loses("after a run that nobody killed: %s", out)
	}
	c.saw = fmt.Sprintf("%d documents; %d runs ended before the kill", before, finished)
	c.whole()
}

// crashMigration: a folder of the first version is brought up to date.
func crashMigration(c *crash) {
	dump, err := os.ReadFile("../../assistant/store/testdata/schema1.sql")
	if err != nil {
		c.Fatal(err)
	}
	old := func() {
		if err := os.RemoveAll(c.data); err != nil {
			c.Fatal(err)
		}
		if err := os.MkdirAll(c.data, 0o750); err != nil {
			c.Fatal(err)
		}
		db, err := sqlOpen(c.data)
		if err != nil {
			c.Fatal(err)
		}
		_, err = db.ExecContext(c.Context(), string(dump))
		if err = errors.Join(err, db.Close()); err != nil {
			c.Fatal(err)
		}
	}
	half := 0
	c.often(func(int) []string { old(); return []string{"tenant", "list"} }, func(int) {
		if n := applied(c); n > 1 && n < 11 {
			half++
		}
		// The next one goes on from there.
		if out := c.must("tenant", "list"); !strings.Contains(out, "Comune di Avella") {
			c.loses("%s", out)
		}
		if out := c.must("document", "list", "--tenant", "avella"); !strings.Contains(out, "live") {
			c.loses("%s", out)
		}
		if out := c.must("ask", "--tenant", "avella", "Quando si paga la tassa?"); !strings.Contains(out, "30 settembre") {
			c.loses("%s", out)
		}
		db, err := sqlOpen(c.data)
		if err != nil {
			c.Fatal(err)
		}
		var verdict string
		err = db.QueryRowContext(c.Context(), "PRAGMA integrity_check").Scan(&verdict)
		if err = errors.Join(err, db.Close()); err != nil || verdict != "ok" {
			c.loses("%s %v", verdict, err)
		}
	})
	c.saw = fmt.Sprintf("%d times between the first step and the last", half)
}

// applied counts the steps of the migration that were done.
func applied(c *crash) (n int) {
	c.Helper()
	db, err := sqlOpen(c.data)
	if err != nil {
		c.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	err = db.QueryRowContext(c.Context(), "SELECT count(DISTINCT version_id) FROM goose_db_version WHERE version_id > 0").Scan(&n)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		c.loses("%v", err)
	}
	return n
}

// full makes an installation with documents of some size.
func (c *crash) full() {
	c.Helper()
	c.open()
	folder := filepath.Join(c.dir, "docs")
	if err := os.MkdirAll(folder, 0o750); err != nil {
		c.Fatal(err)
	}
	for i := range 30 {
		text := string(deed(int64(i))) + strings.Repeat(fmt.Sprintf("\n\nIl comma %d dispone diversamente per la sala.", i), 200)
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("atto-%02d.md", i)), []byte(text), 0o600); err != nil {
			c.Fatal(err)
		}
	}
	c.must("ingest", "--tenant", loadTenant, folder)
}

// crashBackup: everything is written to a file.
func crashBackup(c *crash) {
	c.full()
	folder := filepath.Join(c.dir, "copie")
	if err := os.MkdirAll(folder, 0o750); err != nil {
		c.Fatal(err)
	}
	path := func(round int) string { return filepath.Join(folder, fmt.Sprintf("%d.backup", round)) }
	good := 0
	c.often(func(round int) []string { return []string{"backup", path(round)} }, func(round int) {
		if _, err := os.Stat(path(round)); errors.Is(err, fs.ErrNotExist) {
			return // no file is an answer
		}
		if _, err := backup.Read(c.Context(), path(round), "", ""); err != nil {
			c.loses("a backup that has its name is not whole: %v", err)
		}
		good++
		_ = os.Remove(path(round))
	})
	c.must("backup", filepath.Join(folder, "ultima.backup"))
	c.must("restore", "--verify", filepath.Join(folder, "ultima.backup"))
	left, err := filepath.Glob(filepath.Join(c.data, ".backup-*"))
	if err != nil || len(left) > 0 {
		c.loses("left in the data folder: %v %v", left, err)
	}
	c.saw = fmt.Sprintf("%d files with their name, all whole", good)
	c.whole()
}

// crashRestore: a backup is read back.
func crashRestore(c *crash) {
	c.full()
	file := filepath.Join(c.dir, "una.backup")
	c.must("backup", file)
	first := c.data
	target := filepath.Join(c.dir, "altrove")
	whole := 0
	// The command's own folder is another one than that of the installation.
	c.data = target
	c.often(func(int) []string {
		return []string{"restore", file}
	}, func(round int) {
		_, err := os.Stat(filepath.Join(target, "sportello.db"))
		switch {
		case err == nil: // a folder with a database is an installation: all of it has to be there
			if s, err := store.Open(c.Context(), store.Config{Dir: target}); err != nil {
				c.loses("restored and cannot be opened: %v", err)
			} else {
				if lost, err := s.Lost(c.Context()); err != nil || len(lost) > 0 {
					c.loses("restored without %v, %v", lost, err)
				}
				release(s)
			}
			whole++
			if err := os.RemoveAll(target); err != nil {
				c.Fatal(err)
			}
		case round%2 == 0: // one that was broken off is gone on with by doing it again
			c.must("restore", file)
			if err := os.RemoveAll(target); err != nil {
				c.Fatal(err)
			}
		}
	})
	c.data = first
	c.saw = fmt.Sprintf("%d folders with a database, all whole", whole)
	c.whole()
}

// crashIndexMove: the index is moved to Qdrant and back.
func crashIndexMove(c *crash) {
	model := newMeanings(c.T)
	_, address := qdranttest.Listen(c.T)
	c.set = []string{"embedding.address=" + model.URL, "embedding.model=uno", "qdrant.address=" + address, "qdrant.collection=crash", "qdrant.exact=true"}
	c.full()
	moved := 0
	c.often(func(round int) []string {
		to := qdrantIndex
		if kind, err := c.wantedIndex(c.Context()); err != nil {
			c.Fatal(err)
		} else if kind == qdrantIndex {
			to = embeddedIndex
		}
		return []string{"index", "move", "--to", to, "--questions", "20"}
	}, func(int) {
		kind, err := c.wantedIndex(c.Context())
		if err != nil {
			c.loses("which index answers cannot be read: %v", err)
		}
		if kind == qdrantIndex {
			moved++
		}
		if out := c.must("search", "--tenant", loadTenant, "tariffa per la sala 7"); !strings.Contains(out, "atto-07") {
			c.loses("%s finds %s", kind, out)
		}
	})
	if kind, _ := c.wantedIndex(c.Context()); kind != qdrantIndex {
		c.must("index", "move", "--to", qdrantIndex)
	}
	g, err := c.newGenerationOn(c.Context(), qdrantIndex, c.embedder)
	if err != nil {
		c.Fatal(err)
	}
	defer release(g.index)
	if err := g.follower.CatchUp(c.Context()); err != nil {
		c.Fatal(err)
	}
	var m indexMove
	if n, err := c.sameNumber(c.Context(), g); err != nil {
		c.loses("%v", err)
	} else if err := c.sameFive(c.Context(), g, 30, &m, newSteps(io.Discard)); err != nil || m.Same < 1 {
		c.loses("%v of the questions find the same, %v", m.Same, err)
	} else {
		c.saw = fmt.Sprintf("%d passages; Qdrant answered after %d kills", n, moved)
	}
	c.whole()
}
