package qdrant

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	client "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/indextest"
	"sportello/assistant/qdrant/qdranttest"
	"sportello/ingest"
)

func eight(context.Context) (int, error) { return 8, nil }

func open(t *testing.T, dial []grpc.DialOption) *Index {
	t.Helper()
	x, err := New(context.Background(), Config{Address: "passthrough:///memory:1", Collection: "test", Model: "m", Dims: eight, dial: dial})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestContract(t *testing.T) {
	indextest.Run(t, func(t *testing.T) assistant.Index {
		_, dial := qdranttest.Start(t)
		return open(t, dial)
	})
}

// TestContractOnServer runs the same contract on a real server, when QDRANT_ADDR names one.
func TestContractOnServer(t *testing.T) {
	addr := os.Getenv("QDRANT_ADDR")
	if addr == "" {
		t.Skip("QDRANT_ADDR names no server: the contract ran on the fake only")
	}
	n := 0
	indextest.Run(t, func(t *testing.T) assistant.Index {
		n++
		x, err := New(context.Background(), Config{
			Address: addr, Collection: fmt.Sprintf("test_%d_%d", time.Now().UnixNano(), n), Model: "m", Dims: eight, Exact: true, APIKey: os.Getenv("QDRANT_API_KEY"),
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { // the index is closed by then
			host, port, err := address(addr)
			if err != nil {
				return
			}
			c, err := client.NewClient(&client.Config{Host: host, Port: port, APIKey: os.Getenv("QDRANT_API_KEY"), SkipCompatibilityCheck: true})
			if err != nil {
				return
			}
			_ = c.DeleteCollection(context.Background(), x.Collection())
			c.Close()
		})
		return x
	})
}

func TestNewMakesIndexesOnce(t *testing.T) {
	f, dial := qdranttest.Start(t)
	x := open(t, dial)
	defer x.Close()
	for field, kind := range map[string]client.FieldType{
		fieldTenant: client.FieldType_FieldTypeKeyword, fieldDocument: client.FieldType_FieldTypeKeyword, fieldVisibility: client.FieldType_FieldTypeKeyword,
		fieldFrom: client.FieldType_FieldTypeInteger, fieldTo: client.FieldType_FieldTypeInteger,
	} {
		if got, ok := f.Indexes[field]; !ok || got != kind {
			t.Errorf("payload index of %s: %v, want %v", field, got, kind)
		}
	}
	before := f.Calls
	again := open(t, dial)
	defer again.Close()
	if f.Calls-before != 1 {
		t.Errorf("opening an existing collection took %d calls, want 1", f.Calls-before)
	}
}

func TestGenerationsHaveTheirOwnCollections(t *testing.T) {
	names := map[string]bool{}
	for _, c := range []Config{{}, {Model: "a", Dims: eight}, {Model: "b", Dims: eight}, {Collection: "x", Model: "a", Dims: eight}, {Model: "a"}} {
		names[c.name()] = true
	}
	if len(names) != 4 { // without vectors the model does not count
		t.Errorf("collections %v, want four", names)
	}
}

func TestDrop(t *testing.T) {
	f, dial := qdranttest.Start(t)
	x := open(t, dial)
	if err := x.Drop(t.Context()); err != nil || len(f.Collections) != 0 {
		t.Errorf("%v, %d collections are left", err, len(f.Collections))
	}
	if again := open(t, dial); !again.Made() {
		t.Error("it was not made again")
	}
}

func TestWordsOnly(t *testing.T) {
	_, dial := qdranttest.Start(t)
	x, err := New(context.Background(), Config{Address: "passthrough:///memory:1", dial: dial})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	p := assistant.Point{ID: indextest.ID(1), DocumentID: "d", Tenant: "avella", Visibility: ingest.Public, Terms: []assistant.Term{{Text: "tari", Count: 1}}, Vector: []float32{1}}
	if err := x.Replace(context.Background(), "avella", "d", []assistant.Point{p}); err != nil {
		t.Fatal(err)
	}
	words, near, err := x.Search(context.Background(), assistant.IndexQuery{Tenants: []string{"avella"}, Terms: p.Terms, Vector: p.Vector, K: 5})
	if err != nil || len(words) != 1 || len(near) != 0 {
		t.Errorf("Search = %v, %v, %v, want one word hit", words, near, err)
	}
	if points, vectors, err := x.Count(context.Background(), "avella"); points != 1 || vectors != 0 || err != nil {
		t.Errorf("Count = %d, %d, %v", points, vectors, err)
	}
}

func TestErrors(t *testing.T) {
	f, dial := qdranttest.Start(t)
	x := open(t, dial)
	defer x.Close()
	q := assistant.IndexQuery{Tenants: []string{"avella"}, Terms: []assistant.Term{{Text: "tari", Count: 1}}, K: 5}
	for code, want := range map[codes.Code]fault.Code{
		codes.Unavailable: fault.Unavailable, codes.Unauthenticated: fault.Invalid, codes.NotFound: fault.Unavailable, codes.InvalidArgument: fault.Internal,
	} {
		f.Lock()
		f.Fail = status.Error(code, "no")
		f.Unlock()
		if _, _, err := x.Search(context.Background(), q); fault.CodeOf(err) != want {
			t.Errorf("%v: %v, want code %s", code, err, want)
		}
		if err := x.Replace(context.Background(), "avella", "d", nil); fault.CodeOf(err) != want {
			t.Errorf("%v: %v, want code %s", code, err, want)
		}
	}
	if _, err := New(context.Background(), Config{Address: "passthrough:///memory:1", Collection: "other", dial: dial}); err == nil {
		t.Error("New goes on without a server that works")
	}
	if _, err := New(context.Background(), Config{Address: "host:not-a-port"}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("address: %v", err)
	}
}

func TestBigDocument(t *testing.T) {
	_, dial := qdranttest.Start(t)
	x := open(t, dial)
	defer x.Close()
	var points []assistant.Point
	for i := range 2*upsertBatch + 7 {
		points = append(points, assistant.Point{ID: indextest.ID(i), DocumentID: "d", Tenant: "avella", Visibility: ingest.Public, Terms: []assistant.Term{{Text: "tari", Count: 1}}})
	}
	if err := x.Replace(context.Background(), "avella", "d", points); err != nil {
		t.Fatal(err)
	}
	if n, _, err := x.Count(context.Background(), "avella"); n != len(points) || err != nil {
		t.Errorf("Count = %d, %v, want %d", n, err, len(points))
	}
}

func TestACluster(t *testing.T) {
	f, dial := qdranttest.Start(t)
	x, err := New(t.Context(), Config{Address: "passthrough:///memory:1", Collection: "c", Model: "m", Dims: eight, Shards: 6, Replicas: 3, WriteConsistency: 2, dial: dial})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	made := f.Made[x.Collection()]
	if made.GetShardNumber() != 6 || made.GetReplicationFactor() != 3 || made.GetWriteConsistencyFactor() != 2 {
		t.Errorf("%v", made)
	}
	h, err := x.Health(t.Context())
	if err != nil || h.Status != "green" || h.Version == "" || h.Points != 0 {
		t.Errorf("%+v %v", h, err)
	}
	alone := open(t, dial)
	defer alone.Close()
	if made := f.Made[alone.Collection()]; made.ShardNumber != nil || made.ReplicationFactor != nil {
		t.Errorf("a number where the server decides: %v", made)
	}
	for _, wrong := range []Config{{Address: "a:1", Shards: -1}, {Address: "a:1", Replicas: 2, WriteConsistency: 3}, {Address: "a:1", WriteConsistency: 2}} {
		if _, err := New(t.Context(), wrong); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	f.Lock()
	f.Fail = status.Error(codes.Unavailable, "no")
	f.Unlock()
	if _, err := x.Health(t.Context()); fault.CodeOf(err) != fault.Unavailable {
		t.Error(err)
	}
}
