package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"sportello/web/dialogue"
	"sportello/web/site"
)

// metrics are figures without content, in a registry of their own.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	answers  *prometheus.CounterVec
	answered *prometheus.HistogramVec
	rejected *prometheus.CounterVec
	handler  http.Handler
}

func newMetrics(version string, stats func(context.Context) (site.Stats, error), log *slog.Logger) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sportello_http_requests_total", Help: "Requests by route, method and status."},
			[]string{"route", "method", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "sportello_http_request_seconds", Help: "Time of requests by route.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 120}}, []string{"route"}),
		answers: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sportello_answers_total", Help: "Answers by tenant, status and reason of refusal."},
			[]string{"tenant", "status", "reason"}),
		answered: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "sportello_answer_seconds", Help: "Time to a whole answer by status.",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120}}, []string{"status"}),
		rejected: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sportello_drafts_rejected_total", Help: "Drafted statements that verification did not let through."},
			[]string{"tenant"}),
	}
	m.registry.MustRegister(m.requests, m.took, m.answers, m.answered, m.rejected,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "sportello_build_info", Help: "1, with the version that runs."}, []string{"version"})
	build.WithLabelValues(version).Set(1)
	m.registry.MustRegister(build)
	if stats != nil {
		m.registry.MustRegister(&statsCollector{stats, log})
	}
	m.handler = promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	return m
}

var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}

func (m *metrics) request(method, route string, status int, took time.Duration) {
	if !slices.Contains(methods, method) {
		method = "other" // anybody can send any word
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.took.WithLabelValues(route).Observe(took.Seconds())
}

func (m *metrics) observe(o dialogue.Outcome) {
	m.answers.WithLabelValues(o.Tenant, string(o.Status), string(o.Reason)).Inc()
	m.answered.WithLabelValues(string(o.Status)).Observe(o.Seconds)
	m.rejected.WithLabelValues(o.Tenant).Add(float64(o.Rejected))
}

// statsCollector asks the store when somebody reads /metrics.
type statsCollector struct {
	stats func(context.Context) (site.Stats, error)
	log   *slog.Logger
}

var (
	documentsGauge = prometheus.NewDesc("sportello_documents", "Live documents by tenant.", []string{"tenant"}, nil)
	chunksGauge    = prometheus.NewDesc("sportello_chunks", "Chunks of live documents by tenant.", []string{"tenant"}, nil)
	storeGauge     = prometheus.NewDesc("sportello_store_seconds", "Time that the store takes to answer the simplest question, by server.", []string{"server"}, nil)
	inUseGauge     = prometheus.NewDesc("sportello_store_connections_in_use", "Connections to the database that are in use.", nil, nil)
	waitsCounter   = prometheus.NewDesc("sportello_store_connection_waits_total", "Times that somebody waited for a connection to the database.", nil, nil)
	pendingGauge   = prometheus.NewDesc("sportello_vectors_pending", "Texts that wait for their vector.", nil, nil)

	indexWell     = prometheus.NewDesc("sportello_index_well", "1: the index answers and says that it is well.", []string{"index"}, nil)
	indexLag      = prometheus.NewDesc("sportello_index_lag_changes", "Changes that the index is behind the store.", []string{"index"}, nil)
	serverWell    = prometheus.NewDesc("sportello_model_server_well", "1: the model server is asked, 0: it is not.", []string{"task", "server"}, nil)
	serverUnder   = prometheus.NewDesc("sportello_model_server_requests", "Requests under way at the model server.", []string{"task", "server"}, nil)
	serverPlaces  = prometheus.NewDesc("sportello_model_server_places", "Requests that the model server is given at once.", []string{"task", "server"}, nil)
	serverAsked   = prometheus.NewDesc("sportello_model_server_requests_total", "Requests to the model server.", []string{"task", "server"}, nil)
	serverFailed  = prometheus.NewDesc("sportello_model_server_failures_total", "Requests that failed by the model server's fault.", []string{"task", "server"}, nil)
	serverSeconds = prometheus.NewDesc("sportello_model_server_seconds_total", "Seconds that requests to the model server took.", []string{"task", "server"}, nil)
	backupLast    = prometheus.NewDesc("sportello_backup_last_timestamp_seconds", "When the last backup was made, by place; 0: none yet.", []string{"place"}, nil)
	backupFailing = prometheus.NewDesc("sportello_backup_failing", "1: the last attempt to make a backup failed.", nil, nil)
	diskFree      = prometheus.NewDesc("sportello_disk_free_bytes", "Room on the disk of the data folder.", nil, nil)
	diskSize      = prometheus.NewDesc("sportello_disk_size_bytes", "Size of the disk of the data folder.", nil, nil)
	diskInodes    = prometheus.NewDesc("sportello_disk_free_inodes", "Files that the disk of the data folder can still take.", nil, nil)
	queueGauge    = prometheus.NewDesc("sportello_model_queue", "Requests that wait for a model server, by whose they are.", []string{"task", "class"}, nil)
)

func (c *statsCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- documentsGauge
	ch <- chunksGauge
	ch <- pendingGauge
	for _, d := range []*prometheus.Desc{indexWell, indexLag, serverWell, serverUnder, serverPlaces, serverAsked, serverFailed, serverSeconds, queueGauge, backupLast, backupFailing, diskFree, diskSize, diskInodes} {
		ch <- d
	}
	ch <- storeGauge
	ch <- inUseGauge
	ch <- waitsCounter
}

func (c *statsCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	s, err := c.stats(ctx)
	if err != nil {
		c.log.Warn("metrics: no figures of the store", "error", err)
		return
	}
	for tenant, n := range s.Documents {
		ch <- prometheus.MustNewConstMetric(documentsGauge, prometheus.GaugeValue, float64(n), tenant)
	}
	for tenant, n := range s.Chunks {
		ch <- prometheus.MustNewConstMetric(chunksGauge, prometheus.GaugeValue, float64(n), tenant)
	}
	ch <- prometheus.MustNewConstMetric(pendingGauge, prometheus.GaugeValue, float64(s.PendingVectors))
	collectModels(ch, s)
	collectStore(ch, s.Store)
	collectMachine(ch, s)
}

func collectStore(ch chan<- prometheus.Metric, s site.StoreStats) {
	if s.Server == "" {
		return
	}
	ch <- prometheus.MustNewConstMetric(storeGauge, prometheus.GaugeValue, s.Seconds, s.Server)
	ch <- prometheus.MustNewConstMetric(inUseGauge, prometheus.GaugeValue, float64(s.Connections))
	ch <- prometheus.MustNewConstMetric(waitsCounter, prometheus.CounterValue, float64(s.Waits))
}

// collectMachine gives backups and disk.
func collectMachine(ch chan<- prometheus.Metric, s site.Stats) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	if b := s.Backup; b != nil {
		for place, at := range b.Last {
			last := 0.0
			if !at.IsZero() {
				last = float64(at.Unix())
			}
			gauge(backupLast, last, place)
		}
		failing := 0.0
		if b.Failing {
			failing = 1
		}
		gauge(backupFailing, failing)
	}
	if d := s.Disk; d != nil {
		gauge(diskFree, float64(d.Free))
		gauge(diskSize, float64(d.Size))
		if d.SizeInodes > 0 {
			gauge(diskInodes, float64(d.FreeInodes))
		}
	}
}

func collectModels(ch chan<- prometheus.Metric, s site.Stats) {
	if x := s.Index; x != nil {
		well := 0.0
		if x.Well {
			well = 1
		}
		ch <- prometheus.MustNewConstMetric(indexWell, prometheus.GaugeValue, well, x.Kind)
		ch <- prometheus.MustNewConstMetric(indexLag, prometheus.GaugeValue, float64(x.Lag), x.Kind)
	}
	for _, m := range s.Servers {
		well := 0.0
		if m.Well {
			well = 1
		}
		for _, one := range []struct {
			desc  *prometheus.Desc
			kind  prometheus.ValueType
			value float64
		}{
			{serverWell, prometheus.GaugeValue, well}, {serverUnder, prometheus.GaugeValue, float64(m.Under)}, {serverPlaces, prometheus.GaugeValue, float64(m.AtOnce)},
			{serverAsked, prometheus.CounterValue, float64(m.Asked)}, {serverFailed, prometheus.CounterValue, float64(m.Failed)}, {serverSeconds, prometheus.CounterValue, m.Seconds},
		} {
			ch <- prometheus.MustNewConstMetric(one.desc, one.kind, one.value, m.Task, m.Name)
		}
	}
	for _, q := range s.Queues {
		for class, n := range q.Waiting {
			ch <- prometheus.MustNewConstMetric(queueGauge, prometheus.GaugeValue, float64(n), q.Task, class)
		}
	}
}

// showMetrics serves the figures to those of Config.MetricsFrom.
func (s *server) showMetrics(c echo.Context) error {
	if !s.fromInside(c) {
		return echo.ErrNotFound
	}
	s.metrics.handler.ServeHTTP(c.Response(), c.Request())
	return nil
}

// fromInside says whether the request comes from Config.MetricsFrom. One that came through a proxy nobody declared does not: its
// connection looks local and its sender is not.
func (s *server) fromInside(c echo.Context) bool {
	if c.Request().Header.Get(echo.HeaderXForwardedFor) != "" && len(s.cfg.TrustedProxies) == 0 {
		return false
	}
	ip, err := netip.ParseAddr(c.RealIP())
	return err == nil && slices.ContainsFunc(s.cfg.MetricsFrom, func(p netip.Prefix) bool { return p.Contains(ip.Unmap()) })
}
