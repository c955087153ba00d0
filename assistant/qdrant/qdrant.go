// Package qdrant is the index on a Qdrant server: the contract of assistant.Index for territories that outgrow one machine,
// or prefer it.
//
// Each model generation has a collection of its own, named after the configured one and the model's identity, with a dense
// vector "meaning" (cosine) and a sparse vector "words" whose weights are BM25's: the share of a term in its chunk is
// computed here, how rare it is by the server (modifier IDF). The payload holds what searches filter by: tenant, document,
// visibility, first and last day. There is no text in it.
//
// The collection is derived from the store and may lag behind; whoever asks checks each hit against the store. The package
// stores nothing else and takes no decision of ranking: the legs are fused by the retriever, the same for every index.
package qdrant

import (
	"context"
	"strconv"
	"strings"
	"sync"

	client "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// Names in the collection.
const (
	vectorMeaning = "meaning"
	vectorWords   = "words"

	fieldTenant     = "tenant"
	fieldDocument   = "document"
	fieldVisibility = "visibility"
	fieldFrom       = "from" // 20210101, 0 for always
	fieldTo         = "to"   // 20211231, 99999999 for still
)

// Config says which server and collection.
type Config struct {
	Address    string // host:port of the gRPC interface, port 6334 by default
	APIKey     string // only together with TLS, unless the server is on this machine
	TLS        bool
	Collection string // prefix of the collections' names
	Model      string // identity of the embedding model; empty: words only

	// Dims gives the length of the model's vectors. It is asked only when the collection has to be made. Nil: words only.
	Dims func(ctx context.Context) (int, error)

	// Of a cluster, when the collection is made; 0: what the server does by itself. A collection that is there keeps what it has.
	Shards           int // parts of the collection, spread over the nodes
	Replicas         int // copies of each part
	WriteConsistency int // copies that must have a change before it counts, at most Replicas

	// Exact searches all vectors instead of the graph: slower on millions, the same results as the embedded index.
	Exact bool

	dial []grpc.DialOption // tests reach a server in memory
}

// Index implements assistant.Index. It is safe for concurrent use.
type Index struct {
	client     *client.Client
	collection string
	meaning    bool // the collection has dense vectors
	exact      bool
	made       bool

	// replacing lets a search of this process see a document before or after it is replaced, never between: the server
	// applies the two steps of a replacement one after the other. Searches of other processes are protected by the store,
	// which knows the live version.
	replacing sync.RWMutex
}

// New connects and makes the collection when it is not there. Errors: fault.Invalid for an address or key that is wrong,
// fault.Unavailable for a server that does not answer.
func New(ctx context.Context, c Config) (*Index, error) {
	host, port, err := address(c.Address)
	if err != nil {
		return nil, err
	}
	if c.Shards < 0 || c.Replicas < 0 || c.WriteConsistency < 0 || c.WriteConsistency > max(c.Replicas, 1) {
		return nil, fault.New(fault.Invalid, "qdrant.shards, replicas and write_consistency must not be negative, and write_consistency not more than replicas")
	}
	conn, err := client.NewClient(&client.Config{
		Host: host, Port: port, APIKey: c.APIKey, UseTLS: c.TLS, SkipCompatibilityCheck: true, GrpcOptions: c.dial,
	})
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "qdrant.address %q cannot be used", c.Address)
	}
	x := &Index{client: conn, collection: c.name(), meaning: c.Dims != nil, exact: c.Exact}
	if err := x.ensure(ctx, c); err != nil {
		_ = conn.Close() // err says what went wrong
		return nil, err
	}
	return x, nil
}

// address takes host:port apart; the port of gRPC is 6334 when none is given.
func address(a string) (host string, port int, err error) {
	i := strings.LastIndexByte(a, ':')
	if i < 0 && a != "" {
		return a, 6334, nil
	}
	if i > 0 {
		port, err = strconv.Atoi(a[i+1:])
	}
	if i <= 0 || err != nil || port <= 0 || port > 65535 {
		return "", 0, fault.New(fault.Invalid, "qdrant.address %q: write host:port, the port of gRPC is 6334 as a rule", a)
	}
	return a[:i], port, nil
}

// name gives each generation of vectors its own collection: a new model fills a new one beside the old, which goes on
// being searched until the configuration says otherwise.
func (c Config) name() string {
	generation := "words"
	if c.Model != "" && c.Dims != nil {
		generation = hash(c.Model)
	}
	if c.Collection == "" {
		return "sportello_" + generation
	}
	return c.Collection + "_" + generation
}

// Collection is the name of the collection in use.
func (x *Index) Collection() string { return x.collection }

// Made says whether New made the collection: it is empty and has to be filled from the first change on.
func (x *Index) Made() bool { return x.made }

// ensure makes the collection and its payload indexes. Two processes may do it at once.
func (x *Index) ensure(ctx context.Context, c Config) error {
	dims := c.Dims
	exists, err := x.client.CollectionExists(ctx, x.collection)
	if err != nil {
		return explain(ctx, err)
	}
	if exists {
		return nil
	}
	vectors := map[string]*client.VectorParams{}
	if dims != nil {
		n, err := dims(ctx)
		if err != nil {
			return err
		}
		vectors[vectorMeaning] = &client.VectorParams{Size: uint64(n), Distance: client.Distance_Cosine}
	}
	err = x.client.CreateCollection(ctx, &client.CreateCollection{
		CollectionName: x.collection, ShardNumber: some(c.Shards), ReplicationFactor: some(c.Replicas), WriteConsistencyFactor: some(c.WriteConsistency),
		VectorsConfig: client.NewVectorsConfigMap(vectors),
		SparseVectorsConfig: client.NewSparseVectorsConfig(map[string]*client.SparseVectorParams{
			vectorWords: {Modifier: client.Modifier_Idf.Enum()},
		}),
	})
	if err != nil {
		if exists, again := x.client.CollectionExists(ctx, x.collection); again == nil && exists {
			return nil // another process was faster
		}
		return explain(ctx, err)
	}
	x.made = true
	for _, f := range []struct {
		field  string
		kind   client.FieldType
		params *client.PayloadIndexParams
	}{
		{fieldTenant, client.FieldType_FieldTypeKeyword, client.NewPayloadIndexParamsKeyword(&client.KeywordIndexParams{IsTenant: client.PtrOf(true)})},
		{fieldDocument, client.FieldType_FieldTypeKeyword, nil},
		{fieldVisibility, client.FieldType_FieldTypeKeyword, nil},
		{fieldFrom, client.FieldType_FieldTypeInteger, nil},
		{fieldTo, client.FieldType_FieldTypeInteger, nil},
	} {
		if _, err := x.client.CreateFieldIndex(ctx, &client.CreateFieldIndexCollection{
			CollectionName: x.collection, FieldName: f.field, FieldType: f.kind.Enum(), FieldIndexParams: f.params, Wait: client.PtrOf(true),
		}); err != nil {
			return explain(ctx, err)
		}
	}
	return nil
}

// some gives a number to the server, nothing for 0.
func some(n int) *uint32 {
	if n == 0 {
		return nil
	}
	return client.PtrOf(uint32(n))
}

// Count implements assistant.Index.
func (x *Index) Count(ctx context.Context, tenant string) (points, vectors int, err error) {
	owner := []*client.Condition{client.NewMatchKeyword(fieldTenant, tenant)}
	count := func(must []*client.Condition) (int, error) {
		n, err := x.client.Count(ctx, &client.CountPoints{CollectionName: x.collection, Filter: &client.Filter{Must: must}, Exact: client.PtrOf(true)})
		return int(n), explain(ctx, err)
	}
	if points, err = count(owner); err != nil || !x.meaning {
		return points, 0, err
	}
	vectors, err = count(append(owner, client.NewHasVector(vectorMeaning)))
	return points, vectors, err
}

// Drop deletes the collection. The index cannot be used after it.
func (x *Index) Drop(ctx context.Context) error {
	return explain(ctx, x.client.DeleteCollection(ctx, x.collection))
}

// Close implements assistant.Index.
func (x *Index) Close() error { return x.client.Close() }

var _ assistant.Index = (*Index)(nil)
