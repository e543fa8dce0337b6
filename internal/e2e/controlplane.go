package e2e

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

const (
	// serviceRange holds the cluster's service addresses. They exist inside
	// the node only, so that two clusters may have the same.
	serviceRange = "10.96.0.0/16"
	// serviceAddress is where pods find the API server.
	serviceAddress = "10.96.0.1"
	// startPatience is how long a component may take to start on a machine
	// that has other things to do; the API server takes 6 s on an idle one.
	startPatience = 3 * time.Minute
)

// controlPlane is an API server with its store and its controllers.
type controlPlane struct {
	dir        string // for state and logs
	token      string // of a user who may do anything
	port       int    // of the API server
	etcd       *Etcd
	binary     string // the API server's
	args       []string
	server     *process
	others     []*process
	kubeconfig string
}

// startControlPlane starts everything but etcd as processes.
func startControlPlane(ctx context.Context, dir string, flags []string) (*controlPlane, error) {
	built := make(map[string]string)
	for _, c := range []Component{APIServer, ControllerManager, Scheduler} {
		d, err := c.Build(ctx)
		if err != nil {
			return nil, err
		}
		built[c.Name] = filepath.Join(d, c.Name)
	}
	cp := &controlPlane{dir: dir, token: rand.Text(), binary: built[APIServer.Name]}
	err := cp.start(ctx, built, flags)
	if err != nil {
		cp.stop()
		return nil, err
	}
	return cp, nil
}

func (cp *controlPlane) start(ctx context.Context, built map[string]string, flags []string) error {
	began := time.Now()
	var err error
	if cp.etcd, err = StartEtcd(cp.dir); err != nil {
		return err
	}
	took("start", "etcd", began)
	if cp.port, err = freePort(); err != nil {
		return err
	}
	if err := cp.prepare(flags); err != nil {
		return err
	}
	began = time.Now()
	if err := cp.startServer(ctx); err != nil {
		return err
	}
	took("start", APIServer.Name, began)
	began = time.Now()
	if cp.kubeconfig, err = cp.writeKubeconfig("kubeconfig", cp.address()); err != nil {
		return err
	}
	for name, args := range map[string][]string{
		ControllerManager.Name: {
			"--service-account-private-key-file=" + cp.path("sa.key"), "--root-ca-file=" + cp.path("apiserver.crt"),
			// Tests delete namespaces, and want the garbage gone soon.
			"--concurrent-namespace-syncs=20", "--namespace-sync-period=1m",
		},
		Scheduler.Name: nil,
	} {
		args = append(args, "--kubeconfig="+cp.kubeconfig, "--leader-elect=false", "--secure-port=0",
			"--kube-api-qps=200", "--kube-api-burst=400")
		p, err := start(cp.dir, name, built[name], args)
		if err != nil {
			return err
		}
		cp.others = append(cp.others, p)
	}
	client, err := kubernetes.NewForConfig(cp.config())
	if err != nil {
		return err
	}
	// The controller manager makes the first service account.
	err = until(ctx, ControllerManager.Name, serviceAccount(client, "default", "default"), cp.others...)
	took("start", ControllerManager.Name, began)
	return err
}

func (cp *controlPlane) path(name string) string { return filepath.Join(cp.dir, name) }

func (cp *controlPlane) address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(cp.port)) }

// prepare writes what the API server reads, and sets its flags.
func (cp *controlPlane) prepare(flags []string) error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	private := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	if err := os.WriteFile(cp.path("sa.key"), private, 0o600); err != nil {
		return err
	}
	user := cp.token + ",admin,admin,system:masters\n"
	if err := os.WriteFile(cp.path("tokens.csv"), []byte(user), 0o600); err != nil {
		return err
	}
	cp.args = append([]string{
		"--etcd-servers=" + cp.etcd.URL,
		"--bind-address=127.0.0.1", "--secure-port=" + strconv.Itoa(cp.port), "--cert-dir=" + cp.dir,
		// Of no use here, but it must not be a loopback address, and finding
		// one fails on machines without a network.
		"--advertise-address=192.0.2.1", "--endpoint-reconciler-type=none",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + cp.path("sa.key"), "--service-account-signing-key-file=" + cp.path("sa.key"),
		"--service-cluster-ip-range=" + serviceRange,
		"--token-auth-file=" + cp.path("tokens.csv"), "--authorization-mode=Node,RBAC",
		// Without kube-proxy, webhooks are reached at their endpoints.
		"--enable-aggregator-routing",
		"--allow-privileged", "--kubelet-preferred-address-types=InternalIP", "--profiling=false",
	}, flags...)
	return nil
}

// launch starts the API server.
func (cp *controlPlane) launch() error {
	p, err := start(cp.dir, APIServer.Name, cp.binary, cp.args)
	if err == nil {
		cp.server = p
	}
	return err
}

// startServer starts the API server and waits until it is ready.
func (cp *controlPlane) startServer(ctx context.Context) error {
	if err := cp.launch(); err != nil {
		return err
	}
	return until(ctx, APIServer.Name, cp.ready, cp.server)
}

// ready reports whether the API server serves. Its certificate is there before
// it listens.
func (cp *controlPlane) ready(ctx context.Context) error {
	if _, err := os.Stat(cp.path("apiserver.crt")); err != nil {
		return err
	}
	config := cp.config()
	config.Timeout = 5 * time.Second
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	return answers(ctx, client, config.Host+"/readyz")
}

// answers reports whether a URL can be read.
func answers(ctx context.Context, client *http.Client, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	answer, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", req.URL.Path, answer.Status)
	}
	return nil
}

// config reaches the API server directly, with all rights.
func (cp *controlPlane) config() *rest.Config {
	return &rest.Config{
		Host: "https://" + cp.address(), BearerToken: cp.token, QPS: -1,
		TLSClientConfig: rest.TLSClientConfig{CAFile: cp.path("apiserver.crt")},
	}
}

// writeKubeconfig writes a file that leads to the API server at address. The
// name in the certificate is one that every address may answer to.
func (cp *controlPlane) writeKubeconfig(name, address string) (string, error) {
	path := cp.path(name)
	return path, clientcmd.WriteToFile(api.Config{
		Clusters: map[string]*api.Cluster{"e2e": {
			Server: "https://" + address, CertificateAuthority: cp.path("apiserver.crt"), TLSServerName: "kubernetes.default.svc"}},
		AuthInfos:      map[string]*api.AuthInfo{"admin": {Token: cp.token}},
		Contexts:       map[string]*api.Context{"e2e": {Cluster: "e2e", AuthInfo: "admin"}},
		CurrentContext: "e2e",
	}, path)
}

func (cp *controlPlane) stop() {
	for _, p := range cp.others {
		p.kill()
	}
	cp.server.kill()
	if cp.etcd != nil {
		cp.etcd.Close()
	}
}

// freePort returns a port that nobody listens on.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}
