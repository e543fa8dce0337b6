package spark

import (
	"fmt"
	"strings"
)

func checkExternalShuffle(a application, report func(field, detail string)) {
	if a.SparkConf[keyServiceEnabled] == "true" {
		report(a.confPath(keyServiceEnabled), "Kubernetes has no external shuffle service")
	}
}

func checkPushShuffle(a application, report func(field, detail string)) {
	if a.SparkConf[keyPushShuffle] == "true" {
		report(a.confPath(keyPushShuffle), "push-based shuffle works on YARN only, and Spark goes on without it")
	}
}

const keySerializer = "spark.serializer"

// service is what a remote shuffle service puts into Spark.
type service struct {
	name, dataIO, endpoints string
}

// remoteService returns the service of a shuffle manager.
func remoteService(manager string) (service, bool) {
	switch {
	case strings.HasPrefix(manager, "org.apache.spark.shuffle.celeborn."):
		return service{"Celeborn", celebornDataIO, "spark.celeborn.master.endpoints"}, true
	case manager == uniffleManager || manager == uniffleDelegation:
		return service{"Uniffle", uniffleDataIO, "spark.rss.coordinator.quorum"}, true
	}
	return service{}, false
}

func checkRemoteShuffle(a application, report func(field, detail string)) {
	s, ok := remoteService(a.SparkConf[keyShuffleManager])
	if !ok {
		return
	}
	conf := a.SparkConf
	if conf[s.endpoints] == "" {
		report(a.confPath(s.endpoints), "it is not set, and "+s.name+" looks for itself on the executor's own host")
	}
	if given := conf[keySerializer]; given != kryo && !strings.Contains(given, "{{") {
		report(a.confPath(keySerializer), fmt.Sprintf("it is %s, whose records %s can't move: use %s", orUnset(given), s.name, kryo))
	}
	// Uniffle turns it off itself.
	if s.name == "Celeborn" && conf[keyLocalReader] != "false" {
		report(a.confPath(keyLocalReader), "it is on, and executors look on their own disks for what Celeborn has")
	}
	if conf[keyShuffleDataIO] == localDiskDataIO {
		report(a.confPath(keyShuffleDataIO), "reused volumes hold no shuffle data that "+s.name+" has, and the plugin takes the place of its own")
		return
	}
	if a.dynamic() {
		a.checkRemoteAllocation(s, report)
	}
}

// checkRemoteAllocation reports what keeps executors from coming and going.
func (a application) checkRemoteAllocation(s service, report func(field, detail string)) {
	tracking, at := a.effective(keyShuffleTracking)
	// Uniffle turns it off itself.
	if s.name == "Celeborn" && tracking != "false" {
		report(at, "it is on, and idle executors are kept for shuffle data that they don't have")
	}
	v := parseVersion(a.SparkVersion)
	given := a.SparkConf[keyShuffleDataIO]
	switch {
	case !v.known():
	case !v.atLeast(remoteDynamicSince):
		report(a.path("sparkVersion"), fmt.Sprintf("dynamic allocation with %s needs Spark %s, or a Spark with its patch", s.name, remoteDynamicSince))
	case given != s.dataIO && !strings.Contains(given, "{{"):
		report(a.confPath(keyShuffleDataIO), fmt.Sprintf("it is %s, and Spark doesn't learn that shuffle data outlives its executors: use %s", orUnset(given), s.dataIO))
	}
}
