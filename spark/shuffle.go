package spark

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
)

// Shuffle says how shuffle data outlives the executor that wrote it:
// Decommission, ReusePVC, Celeborn or Uniffle. They exclude each other.
//
// Magnet, Spark's push-based shuffle, is not among them: Spark turns it on
// only on YARN with an external shuffle service, and Kubernetes has none.
// Source: apache/spark, Utils.isPushBasedShuffleEnabled.
type Shuffle interface {
	part
	// remote reports whether the data lies outside the executors.
	remote() bool
}

// remote reports whether shuffle data lies outside the executors.
func remote(s Shuffle) bool { return !notAValue(s) && s.remote() }

const (
	keyShuffleManager = "spark.shuffle.manager"
	keyShuffleDataIO  = "spark.shuffle.sort.io.plugin.class"
	keyServiceEnabled = "spark.shuffle.service.enabled"
	keyPushShuffle    = "spark.shuffle.push.enabled"
	keyLocalReader    = "spark.sql.adaptive.localShuffleReader.enabled"

	localDiskDataIO = "org.apache.spark.shuffle.KubernetesLocalDiskShuffleDataIO"
)

// needs reports a part that an older Spark can't do.
func (c partCheck) needs(since, what string) {
	if c.version.known() && !c.version.atLeast(since) {
		c.Unsupported(c.at, fmt.Sprintf("%s needs Spark %s, the job has %s", what, since, c.version), "use a later Spark, or another "+c.at)
	}
}

func checkEndpoints(p *millrace.Problems, field string, endpoints []string, port string) {
	if len(endpoints) == 0 {
		p.Required(field, "name at least one as host:"+port)
	}
	for i, e := range endpoints {
		host, number, err := net.SplitHostPort(e)
		n, convErr := strconv.ParseUint(number, 10, 16)
		if err != nil || convErr != nil || n == 0 || !isHost(host) {
			p.Invalid(fmt.Sprintf("%s[%d]", field, i), e, "not host:port", "write it as celeborn-master-0.celeborn:"+port)
		}
	}
}

func isHost(s string) bool {
	return net.ParseIP(s) != nil || len(validation.IsDNS1123Subdomain(s)) == 0
}

// checkURL asks for a file system that all pods share.
func checkURL(p *millrace.Problems, field, value string) {
	u, err := url.Parse(value)
	if err != nil || u.Scheme == "" || strings.ContainsAny(value, " \t\n") {
		p.Invalid(field, value, "not a URL with a scheme", "write it as s3a://bucket/directory/")
		return
	}
	if u.Scheme == "file" || u.Scheme == "local" {
		p.Invalid(field, value, "that is the pod's own disk, which goes with it", "use a file system that all pods share, such as s3a://, gs:// or abfss://")
	}
}
