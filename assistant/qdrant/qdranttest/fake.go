// Package qdranttest is a Qdrant in memory for tests: as much of it as package qdrant uses, behind the client's own gRPC service. It scores as the
// server says it does; whether the server does is told by the same contract against a real one (QDRANT_ADDR).
package qdranttest

import (
	"context"
	"math"
	"net"
	"slices"
	"sort"
	"sync"
	"testing"

	client "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
)

// Fake is a server. Lock it to look at its fields or to set them.
type Fake struct {
	sync.Mutex
	Collections map[string]map[string]*client.PointStruct
	Made        map[string]*client.CreateCollection
	Indexes     map[string]client.FieldType
	Fail        error // of every call, when set
	Calls       int
}

// The services that the client speaks to, each on the same state.
type (
	fakeCollections struct {
		client.UnimplementedCollectionsServer
		*Fake
	}
	fakePoints struct {
		client.UnimplementedPointsServer
		*Fake
	}
)

// Start serves a fake in memory and gives what a Config needs to reach it.
func Start(t *testing.T) (*Fake, []grpc.DialOption) {
	t.Helper()
	listener := bufconn.Listen(1 << 20)
	return serve(t, listener), []grpc.DialOption{
		grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) { return listener.Dial() }),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
	}
}

// Listen serves a fake on this machine and gives its address.
func Listen(t *testing.T) (*Fake, string) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, listener), listener.Addr().String()
}

func serve(t *testing.T, listener net.Listener) *Fake {
	f := &Fake{Collections: map[string]map[string]*client.PointStruct{}, Made: map[string]*client.CreateCollection{}, Indexes: map[string]client.FieldType{}}
	server := grpc.NewServer(grpc.UnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		f.Lock()
		defer f.Unlock()
		f.Calls++
		if f.Fail != nil {
			return nil, f.Fail
		}
		return next(ctx, req)
	}))
	client.RegisterCollectionsServer(server, fakeCollections{Fake: f})
	client.RegisterPointsServer(server, fakePoints{Fake: f})
	client.RegisterQdrantServer(server, fakeHealth{})
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return f
}

type fakeHealth struct {
	client.UnimplementedQdrantServer
}

func (fakeHealth) HealthCheck(context.Context, *client.HealthCheckRequest) (*client.HealthCheckReply, error) {
	return &client.HealthCheckReply{Version: "0.0.0-fake"}, nil
}

func (f fakeCollections) Get(_ context.Context, r *client.GetCollectionInfoRequest) (*client.GetCollectionInfoResponse, error) {
	points, ok := f.Collections[r.GetCollectionName()]
	if !ok {
		return nil, status.Error(codes.NotFound, "no such collection")
	}
	n := uint64(len(points))
	return &client.GetCollectionInfoResponse{Result: &client.CollectionInfo{Status: client.CollectionStatus_Green, PointsCount: &n, IndexedVectorsCount: &n}}, nil
}

func (f fakeCollections) CollectionExists(_ context.Context, r *client.CollectionExistsRequest) (*client.CollectionExistsResponse, error) {
	_, ok := f.Collections[r.GetCollectionName()]
	return &client.CollectionExistsResponse{Result: &client.CollectionExists{Exists: ok}}, nil
}

func (f fakeCollections) Delete(_ context.Context, r *client.DeleteCollection) (*client.CollectionOperationResponse, error) {
	_, had := f.Collections[r.CollectionName]
	delete(f.Collections, r.CollectionName)
	return &client.CollectionOperationResponse{Result: had}, nil
}

func (f fakeCollections) Create(_ context.Context, r *client.CreateCollection) (*client.CollectionOperationResponse, error) {
	f.Collections[r.GetCollectionName()], f.Made[r.GetCollectionName()] = map[string]*client.PointStruct{}, r
	return &client.CollectionOperationResponse{Result: true}, nil
}

func (f fakePoints) CreateFieldIndex(_ context.Context, r *client.CreateFieldIndexCollection) (*client.PointsOperationResponse, error) {
	f.Indexes[r.GetFieldName()] = r.GetFieldType()
	return &client.PointsOperationResponse{}, nil
}

func (f fakePoints) UpdateBatch(_ context.Context, r *client.UpdateBatchPoints) (*client.UpdateBatchResponse, error) {
	points, err := f.points(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	for _, o := range r.GetOperations() {
		for _, p := range o.GetUpsert().GetPoints() {
			points[p.GetId().GetUuid()] = p
		}
		if d := o.GetDeletePoints(); d != nil {
			for id, p := range points {
				if matches(d.GetPoints().GetFilter(), p) {
					delete(points, id)
				}
			}
		}
	}
	return &client.UpdateBatchResponse{}, nil
}

func (f fakePoints) Count(_ context.Context, r *client.CountPoints) (*client.CountResponse, error) {
	points, err := f.points(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	n := 0
	for _, p := range points {
		if matches(r.GetFilter(), p) {
			n++
		}
	}
	return &client.CountResponse{Result: &client.CountResult{Count: uint64(n)}}, nil
}

func (f fakePoints) QueryBatch(_ context.Context, r *client.QueryBatchPoints) (*client.QueryBatchResponse, error) {
	points, err := f.points(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	out := &client.QueryBatchResponse{}
	for _, q := range r.GetQueryPoints() {
		out.Result = append(out.Result, &client.BatchResult{Result: ranked(points, q)})
	}
	return out, nil
}

func (f *Fake) points(collection string) (map[string]*client.PointStruct, error) {
	points, ok := f.Collections[collection]
	if !ok {
		return nil, status.Error(codes.NotFound, "no such collection")
	}
	return points, nil
}

func ranked(points map[string]*client.PointStruct, q *client.QueryPoints) []*client.ScoredPoint {
	var hits []*client.ScoredPoint
	for id, p := range points {
		v := p.GetVectors().GetVectors().GetVectors()[q.GetUsing()]
		if v == nil || !matches(q.GetFilter(), p) {
			continue
		}
		var score float32
		if want := q.GetQuery().GetNearest().GetSparse(); want != nil {
			score = sparseScore(points, v.GetSparse(), want)
			if score == 0 {
				continue
			}
		} else {
			score = cosine(v.GetDense().GetData(), q.GetQuery().GetNearest().GetDense().GetData())
		}
		hits = append(hits, &client.ScoredPoint{Id: client.NewIDUUID(id), Score: score})
	}
	sort.Slice(hits, func(i, j int) bool {
		if hits[i].Score != hits[j].Score {
			return hits[i].Score > hits[j].Score
		}
		return hits[i].Id.GetUuid() < hits[j].Id.GetUuid()
	})
	return hits[:min(len(hits), int(q.GetLimit()))]
}

// sparseScore is the dot product with the inverse document frequency as the server's modifier defines it.
func sparseScore(points map[string]*client.PointStruct, have, want *client.SparseVector) float32 {
	score := 0.0
	for i, d := range want.GetIndices() {
		at := slices.Index(have.GetIndices(), d)
		if at < 0 {
			continue
		}
		n := 0
		for _, p := range points {
			if slices.Contains(p.GetVectors().GetVectors().GetVectors()["words"].GetSparse().GetIndices(), d) {
				n++
			}
		}
		idf := math.Log(1 + (float64(len(points))-float64(n)+0.5)/(float64(n)+0.5))
		score += float64(want.GetValues()[i]) * idf * float64(have.GetValues()[at])
	}
	return float32(score)
}

func cosine(a, b []float32) float32 {
	var dot, aa, bb float64
	for i := range a {
		dot, aa, bb = dot+float64(a[i])*float64(b[i]), aa+float64(a[i])*float64(a[i]), bb+float64(b[i])*float64(b[i])
	}
	return float32(dot / math.Sqrt(aa*bb))
}

func matches(f *client.Filter, p *client.PointStruct) bool {
	for _, c := range f.GetMust() {
		if !holds(c, p) {
			return false
		}
	}
	for _, c := range f.GetMustNot() {
		if holds(c, p) {
			return false
		}
	}
	return true
}

func holds(c *client.Condition, p *client.PointStruct) bool {
	if has := c.GetHasId(); has != nil {
		return slices.ContainsFunc(has.GetHasId(), func(id *client.PointId) bool { return id.GetUuid() == p.GetId().GetUuid() })
	}
	if has := c.GetHasVector(); has != nil {
		_, ok := p.GetVectors().GetVectors().GetVectors()[has.GetHasVector()]
		return ok
	}
	field := c.GetField()
	value := p.GetPayload()[field.GetKey()]
	if r := field.GetRange(); r != nil {
		n := float64(value.GetIntegerValue())
		return (r.Gte == nil || n >= r.GetGte()) && (r.Lte == nil || n <= r.GetLte())
	}
	if words := field.GetMatch().GetKeywords(); words != nil {
		return slices.Contains(words.GetStrings(), value.GetStringValue())
	}
	return field.GetMatch().GetKeyword() == value.GetStringValue()
}
