package e2e

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/server/v3/embed"
)

// Etcd is the store of an API server, in the test process.
type Etcd struct {
	server *embed.Etcd
	// URL is where it listens.
	URL string
}

// etcdPatience is how long etcd may take to elect itself; it needs 100 ms on
// an idle machine.
const etcdPatience = 30 * time.Second

// StartEtcd starts etcd with its data in dir. It never syncs to disk: what a
// test stores needn't survive the machine.
func StartEtcd(dir string) (*Etcd, error) {
	config := embed.NewConfig()
	config.Dir = filepath.Join(dir, "etcd")
	config.UnsafeNoFsync = true
	config.LogLevel = "error"
	config.LogOutputs = []string{filepath.Join(dir, "etcd.log")}
	anyPort := []url.URL{{Scheme: "http", Host: "127.0.0.1:0"}}
	config.ListenClientUrls, config.AdvertiseClientUrls = anyPort, anyPort
	config.ListenPeerUrls, config.AdvertisePeerUrls = anyPort, anyPort
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	server, err := embed.StartEtcd(config)
	if err != nil {
		return nil, fmt.Errorf("start etcd: %w", err)
	}
	select {
	case <-server.Server.ReadyNotify():
	case err := <-server.Err():
		server.Close()
		return nil, fmt.Errorf("start etcd: %w", err)
	case <-time.After(etcdPatience):
		server.Close()
		return nil, fmt.Errorf("start etcd: not ready after %v", etcdPatience)
	}
	return &Etcd{server: server, URL: "http://" + server.Clients[0].Addr().String()}, nil
}

// Close ends etcd.
func (e *Etcd) Close() { e.server.Close() }

// Compact makes etcd forget every version but the current ones. A watch that
// starts from an older one, and is not served from the API server's cache,
// ends with 410 Gone.
func (e *Etcd) Compact(ctx context.Context) error {
	client, err := clientv3.New(clientv3.Config{Endpoints: []string{e.URL}, DialTimeout: etcdPatience, Context: ctx})
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	now, err := client.Get(ctx, "nothing")
	if err != nil {
		return err
	}
	_, err = client.Compact(ctx, now.Header.Revision, clientv3.WithCompactPhysical())
	return err
}
