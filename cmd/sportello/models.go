package main

import (
	"context"
	"text/tabwriter"

	"github.com/schollz/progressbar/v3"

	"sportello/assistant/model/catalogue"
	"sportello/assistant/model/engine"
)

type modelsCmd struct {
	List   modelsListCmd   `cmd:"" help:"List the models of the catalogue and which are here."`
	Pull   modelsPullCmd   `cmd:"" help:"Fetch a model, checked by its sha256; an interrupted download goes on."`
	Import modelsImportCmd `cmd:"" help:"Take in a model file that you already have."`
	Engine modelsEngineCmd `cmd:"" help:"Install the engine that runs models, unless llama-server is there."`
}

// where says where models are kept and which mirror is asked first.
func (c *config) where() catalogue.Where {
	return catalogue.Where{CacheDir: c.cacheDir(), Mirror: c.Models.Mirror}
}

type modelsListCmd struct {
	JSON bool `help:"Print JSON."`
}

func (cmd *modelsListCmd) Run(s *session) error {
	c, err := catalogue.Load("")
	if err != nil {
		return err
	}
	all := c.Status(s.cfg.cacheDir())
	if cmd.JSON {
		return printJSON(s.stdout, all)
	}
	w := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
	sayln(w, "here\tname\ttask\tMB\tlicence\tuse")
	for _, m := range all {
		here := ""
		if m.Installed {
			here = "yes"
		}
		sayf(w, "%s\t%s\t%s\t%d\t%s\t%s\n", here, m.Name, m.Task, m.Bytes>>20, m.License, excerpt(m.Use, 90))
	}
	return w.Flush()
}

type modelsPullCmd struct {
	Name string `arg:"" help:"Name in the catalogue."`
}

func (cmd *modelsPullCmd) Help() string {
	return "Example:\n  sportello models pull multilingual-e5-small\n\n" +
		"Set models.mirror to the address of a mirror inside your territory to fetch from there first."
}

func (cmd *modelsPullCmd) Run(ctx context.Context, s *session) error {
	c, err := catalogue.Load("")
	if err != nil {
		return err
	}
	progress := &download{s: s}
	file, err := c.Pull(ctx, s.cfg.where(), cmd.Name, progress.show)
	progress.end()
	if err != nil {
		return err
	}
	sayf(s.stdout, "%s: %s, %d MB, sha256 %s\n", cmd.Name, file.Path, file.Bytes>>20, file.SHA256)
	return nil
}

type modelsImportCmd struct {
	File string `arg:"" help:"A file of the catalogue: GGUF, or the package it comes in." type:"existingfile"`
}

func (cmd *modelsImportCmd) Run(_ context.Context, s *session) error {
	c, err := catalogue.Load("")
	if err != nil {
		return err
	}
	progress := &download{s: s}
	m, file, err := c.Import(s.cfg.where(), cmd.File, progress.show)
	progress.end()
	if err != nil {
		return err
	}
	sayf(s.stdout, "%s: %s, sha256 %s\n", m.Name, file.Path, file.SHA256)
	return nil
}

type modelsEngineCmd struct{}

func (cmd *modelsEngineCmd) Run(ctx context.Context, s *session) error {
	if program, err := engine.Find(s.cfg.Engine.Path, s.cfg.cacheDir()); err == nil {
		sayf(s.stdout, "the engine is there: %s\n", program.Path)
		return nil
	}
	if err := engine.Install(ctx, s.cfg.cacheDir(), func(step string) { sayln(s.stderr, step) }); err != nil {
		return err
	}
	program, err := engine.Find(s.cfg.Engine.Path, s.cfg.cacheDir())
	if err != nil {
		return err
	}
	sayf(s.stdout, "installed: %s\n", program.Path)
	return nil
}

// download shows how far each step of a download is.
type download struct {
	s    *session
	step catalogue.Step
	bar  *progressbar.ProgressBar
}

func (d *download) show(p catalogue.Progress) {
	if p.Step != d.step {
		d.end()
		d.step, d.bar = p.Step, bar(d.s.stderr, p.Total, string(p.Step), true)
	}
	_ = d.bar.Set64(p.Done)
}

func (d *download) end() {
	if d.bar != nil {
		_ = d.bar.Finish()
	}
}
