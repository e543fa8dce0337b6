package spark

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/netpolicy"
)

// The ports on which Spark's pods listen to each other.
// Source: apache/spark, Constants.scala (DEFAULT_DRIVER_PORT,
// DEFAULT_BLOCKMANAGER_PORT) and DriverServiceFeatureStep.scala.
const (
	driverPort       = 7078
	blockManagerPort = 7079
	// someFreePort stands for one that Spark takes at random, and that nobody
	// names in a policy.
	someFreePort = 40404
)

func networkRules() []millrace.Rule {
	return []millrace.Rule{{
		ID:       "spark/network-policy",
		Severity: millrace.Error,
		Summary:  "The bundle's NetworkPolicies let driver and executors reach each other.",
		Reason:   "Executors that don't reach the driver end after two minutes, and the driver asks for new ones without end; those that don't reach each other fail at the first shuffle.",
		Fix:      "let pods with a label spark-app-selector reach each other on the ports 7078 and 7079, and set spark.blockManager.port: 7079; the policies of tenancy.Tenant do",
		Source:   "Spark, running on Kubernetes and security (Configuring Ports for Network Security); apache/spark, BasicExecutorFeatureStep.scala",
		Check:    checkNetworkPolicy,
	}}
}

// checkNetworkPolicy asks for each connection that a job needs.
func checkNetworkPolicy(pass *millrace.Pass) {
	app, ok := applicationOf(pass)
	scene := netpolicy.In(pass)
	if !ok || scene == nil {
		return
	}
	pods := map[role]millrace.Pod{}
	for _, p := range podsOf(pass) {
		pods[roleOf(p)] = p
	}
	driver, executor := pods[driverRole], pods[executorRole]
	rpc := app.port("spark.driver.port", driverPort)
	blocks := app.port("spark.driver.blockManager.port", blockManagerPort)
	between, random := app.port("spark.blockManager.port", 0), ""
	if between == 0 {
		between, random = someFreePort, "a random port, as nobody sets spark.blockManager.port"
	}
	// What is wrong at one end is one finding.
	said := map[role][]string{}
	for _, c := range []struct {
		from, to millrace.Pod
		port     int32
		random   string
	}{{executor, driver, rpc, ""}, {executor, driver, blocks, ""}, {driver, executor, between, random}, {executor, executor, between, random}} {
		from, to := scene.Pod(c.from), scene.Pod(c.to)
		port := netpolicy.Port{Number: c.port}
		at := cmp.Or(c.random, fmt.Sprintf("port %d", c.port))
		if out := scene.Egress(from, to, port); out.Verdict == netpolicy.Denied {
			said[roleOf(c.from)] = append(said[roleOf(c.from)], fmt.Sprintf("the %s on %s (not let out by %s)", c.to.Role, at, out.Names()))
		} else if in := scene.Ingress(from, to, port); in.Verdict == netpolicy.Denied {
			said[roleOf(c.from)] = append(said[roleOf(c.from)], fmt.Sprintf("the %s on %s (not let in by %s)", c.to.Role, at, in.Names()))
		}
	}
	for _, r := range roles {
		if len(said[r]) > 0 {
			pass.Report(app.path(string(r)), fmt.Sprintf("the %s may not reach %s", pods[r].Role, strings.Join(said[r], ", ")))
		}
	}
}

// port reads one that the settings say, or returns the default. One that can't
// be read is another rule's.
func (a application) port(key string, otherwise int32) int32 {
	if n, err := strconv.ParseInt(a.SparkConf[key], 10, 32); err == nil && n > 0 {
		return int32(n)
	}
	return otherwise
}
