package sparkconf_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/millrace/millrace/internal/sparkconf"
)

func in(t *testing.T, key, version string) sparkconf.Setting {
	t.Helper()
	e, ok := sparkconf.Find(key)
	if !ok {
		t.Fatalf("%s is not there", key)
	}
	s, ok := e.In(version)
	if !ok {
		t.Fatalf("%s is not in %s", key, version)
	}
	return s
}

func TestSettings(t *testing.T) {
	for _, tc := range []struct {
		version string
		want    sparkconf.Setting
	}{
		{"3.5.1", sparkconf.Setting{Key: "spark.kubernetes.allocation.batch.size", Type: sparkconf.Int, HasDefault: true, Default: "5", Since: "2.3.0"}},
		{"4.0.0", sparkconf.Setting{Key: "spark.kubernetes.allocation.batch.size", Type: sparkconf.Int, HasDefault: true, Default: "10", Since: "2.3.0"}},
		{"4.1.2", sparkconf.Setting{Key: "spark.kubernetes.executor.terminationGracePeriodSeconds", Type: sparkconf.Time, Unit: "s", HasDefault: true, Default: "30s", Since: "4.1.0"}},
		{"3.0.0", sparkconf.Setting{Key: "spark.executor.memory", Type: sparkconf.Bytes, Unit: "m", HasDefault: true, Default: "1g", Since: "0.7.0"}},
		{"3.5.1", sparkconf.Setting{Key: "spark.kubernetes.driver.request.cores", Type: sparkconf.String, Since: "3.0.0"}},
		{"", sparkconf.Setting{Key: "spark.kubernetes.container.image.pullPolicy", Type: sparkconf.String, Values: []string{"Always", "Never", "IfNotPresent"}, HasDefault: true, Default: "IfNotPresent", Since: "2.3.0"}},
		{"4.1.0", sparkconf.Setting{Key: "spark.kubernetes.container.image.pullSecrets", Type: sparkconf.String, List: true, HasDefault: true, Since: "2.4.0"}},
		{"4.1.0", sparkconf.Setting{Key: "spark.kubernetes.driver.container.image", Type: sparkconf.String, Fallback: "spark.kubernetes.container.image", Since: "2.3.0"}},
		{"9.9", sparkconf.Setting{Key: "spark.shuffle.localDisk.file.output.buffer", Type: sparkconf.Bytes, Unit: "k", Fallback: "spark.shuffle.unsafe.file.output.buffer", Since: "4.0.0"}},
		{"4.1.0", sparkconf.Setting{Key: "spark.master"}},
	} {
		got := in(t, tc.want.Key, tc.version)
		if diff := cmp.Diff(tc.want, got, cmpopts.IgnoreUnexported(sparkconf.Setting{})); diff != "" {
			t.Errorf("in %s (-want +got):\n%s", tc.version, diff)
		}
	}
}

func TestVersions(t *testing.T) {
	for _, tc := range []struct {
		key, version string
		in           bool
		since, gone  string
	}{
		{"spark.kubernetes.executor.terminationGracePeriodSeconds", "4.0.1", false, "4.1.0", ""},
		{"spark.kubernetes.executor.terminationGracePeriodSeconds", "4.1.0-preview1", true, "4.1.0", ""},
		{"spark.kubernetes.executor.rollInterval", "3.2.4", false, "3.3.0", ""},
		{"spark.kubernetes.executor.rollInterval", "3.3.0", true, "3.3.0", ""},
		{"spark.kubernetes.executor.rollInterval", "5.0.0", true, "3.3.0", ""},
		{"spark.kubernetes.pyspark.pythonVersion", "3.5.1", true, "2.4.0", "4.1"},
		{"spark.kubernetes.pyspark.pythonVersion", "4.1.0", false, "2.4.0", "4.1"},
		{"spark.kubernetes.pyspark.pythonVersion", "no version", true, "2.4.0", "4.1"},
		{"spark.sql.hive.verifyPartitionPath", "3.5.1", true, "1.4.0", "4.0"},
		{"spark.sql.hive.verifyPartitionPath", "4.0.1", false, "1.4.0", "4.0"},
		{"spark.sql.parquet.int64AsTimestampMillis", "2.4.8", true, "", "3.0.0"},
		{"spark.sql.parquet.int64AsTimestampMillis", "3.5.1", false, "", "3.0.0"},
	} {
		e, ok := sparkconf.Find(tc.key)
		if !ok {
			t.Errorf("%s is not there", tc.key)
			continue
		}
		if _, in := e.In(tc.version); in != tc.in || e.Since() != tc.since || e.Gone() != tc.gone {
			t.Errorf("%s in %s: %v, since %q, gone %q; want %v, %q, %q", tc.key, tc.version, in, e.Since(), e.Gone(), tc.in, tc.since, tc.gone)
		}
	}
}

// An older key is found as what it is now, where Spark still reads it.
func TestOlderKeys(t *testing.T) {
	e, ok := sparkconf.Find("spark.blacklist.enabled")
	if !ok || e.Key != "spark.excludeOnFailure.enabled" || !e.Older || e.Gone() != "4.1" {
		t.Errorf("found %+v, %v, gone %s", e, ok, e.Gone())
	}
	for version, want := range map[string]bool{"3.0.0": true, "3.5.1": true, "4.0.0": true, "4.1.0": false} {
		if _, in := e.In(version); in != want {
			t.Errorf("in %s: %v", version, in)
		}
	}
	if e, _ := sparkconf.Find(e.Key); e.Older || e.Gone() != "" {
		t.Errorf("the present key is %+v", e)
	}
}

func TestCheck(t *testing.T) {
	for _, tc := range []struct {
		key     string
		values  []string
		refused bool
	}{
		{"spark.eventLog.enabled", []string{"true", "FALSE", " true ", "{{inputs.parameters.log}}", "${spark.x}"}, false},
		{"spark.eventLog.enabled", []string{"yes", "1", "", "on"}, true},
		{"spark.kubernetes.allocation.batch.size", []string{"1", " 7 ", "+3", "2147483647"}, false},
		{"spark.kubernetes.allocation.batch.size", []string{"0", "-1", "1.5", "10s", "2147483648", "1_000"}, true},
		{"spark.kubernetes.configMap.maxSize", []string{"1048576"}, false},
		{"spark.kubernetes.configMap.maxSize", []string{"1048577", "1m"}, true},
		{"spark.kubernetes.memoryOverheadFactor", []string{"0", "0.4", "1e-1", ".5", "0.1d"}, false},
		{"spark.kubernetes.memoryOverheadFactor", []string{"-0.1", "10%", "NaN", "0x1p3"}, true},
		{"spark.network.timeout", []string{"120", "120s", "2min", "2M", "1d", "-3ms"}, false},
		{"spark.network.timeout", []string{"120 s", "2w", "1.5h", "100ns", "", "s", "9223372036854775808s"}, true},
		{"spark.kubernetes.report.interval", []string{"1s", "1"}, false},
		{"spark.kubernetes.report.interval", []string{"0", "999us"}, true},
		{"spark.executor.memory", []string{"512", "4g", "4GB", "1024k", "9t"}, false},
		{"spark.executor.memory", []string{"4Gi", "1.5g", "4 g", "9223372036854775807p", "4x"}, true},
		{"spark.sql.autoBroadcastJoinThreshold", []string{"-1", "10m", "10485760b"}, false},
		{"spark.sql.autoBroadcastJoinThreshold", []string{"--1", "off"}, true},
		{"spark.kubernetes.container.image.pullPolicy", []string{"Always"}, false},
		{"spark.kubernetes.container.image.pullPolicy", []string{"always", "Sometimes"}, true},
		{"spark.kubernetes.executor.rollPolicy", []string{"OUTLIER", "outlier"}, false},
		{"spark.kubernetes.executor.rollPolicy", []string{"LUCK"}, true},
		{"spark.sql.sources.partitionOverwriteMode", []string{"dynamic", "STATIC"}, false},
		{"spark.sql.sources.partitionOverwriteMode", []string{"append"}, true},
		{"spark.io.encryption.keySizeBits", []string{"128", "256"}, false},
		{"spark.io.encryption.keySizeBits", []string{"129"}, true},
		{"spark.kubernetes.driver.pod.featureSteps", []string{"", "a,b"}, false},
		{"spark.master", []string{"anything"}, false},
	} {
		for _, value := range tc.values {
			if why := in(t, tc.key, "4.1.2").Check(value); (why != "") != tc.refused {
				t.Errorf("%s=%q: %q", tc.key, value, why)
			}
		}
	}
	for value, want := range map[string]string{
		"4Gi": "has the unit gi: Spark knows b, k, m, g, t and p",
		"x":   "is no size such as 64m",
	} {
		if why := in(t, "spark.executor.memory", "").Check(value); why != want {
			t.Errorf("%q %s; want %s", value, why, want)
		}
	}
	if why := in(t, "spark.kubernetes.report.interval", "").Check("0"); why != "is not more than 0ms" {
		t.Errorf("0 %s", why)
	}
}

func TestDurationsAndSizes(t *testing.T) {
	for value, want := range map[string]time.Duration{"120": 2 * time.Minute, "5min": 5 * time.Minute, "1500ms": time.Second, "{{x}}": 0, "x": 0} {
		if got, ok := in(t, "spark.network.timeout", "").Duration(value); got != want || ok != (want != 0) {
			t.Errorf("%q is %s, %v; want %s", value, got, ok, want)
		}
	}
	for value, want := range map[string]int64{"512": 512 << 20, "1g": 1 << 30, "1025k": 1 << 20, "1Gi": 0} {
		if got, ok := in(t, "spark.executor.memory", "").Size(value); got != want || ok != (want != 0) {
			t.Errorf("%q is %d, %v; want %d", value, got, ok, want)
		}
	}
}

func TestKnown(t *testing.T) {
	for _, key := range []string{
		"spark.master", "spark.app.name", "spark.jars.packages", "spark.shuffle.io.maxRetries", "spark.rpc.io.connectionTimeout",
		"spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.options.claimName",
		"spark.kubernetes.driver.volumes.emptyDir.x.mount.readOnly", "spark.kubernetes.executor.volumes.nfs.a.label.team",
		"spark.kubernetes.authenticate.driver.serviceAccountName", "spark.kubernetes.authenticate.caCertFile",
		"spark.kubernetes.authenticate.driver.mounted.oauthTokenFile", "spark.kubernetes.driver.label.a.b/c",
		"spark.celeborn.master.endpoints", "spark.hadoop.fs.s3a.endpoint", "spark.sql.catalog.prod.type", "spark.executorEnv.HOME",
	} {
		if !sparkconf.Known(key) {
			t.Errorf("%s is unknown", key)
		}
	}
	for _, key := range []string{
		"spark.kubernetes.executor.tolerations", "spark.kubernetes.driver.label.", "spark.company.x", "spark.kubernetes.executor.volumes.hostPath.x",
		"spark.kubernetes.executor.volumes.persistentVolumeClaims.x.mount.path", "spark.kubernetes.executor.volumes.hostPath.x.mount.paths",
		"spark.kubernetes.executor.volumes.persistentVolumeClaim.x.options.class", "spark.kubernetes.authenticate.driver.token",
		"spark.kubernetes.executor.volumes.hostPath..mount.path", "spark.kubernetes.executor.volumes.hostPath.x.label.",
	} {
		if sparkconf.Known(key) {
			t.Errorf("%s is known", key)
		}
	}
}

func TestSuggestions(t *testing.T) {
	for key, want := range map[string]string{
		"spark.kubernetes.alocation.batch.size":       "spark.kubernetes.allocation.batch.size",
		"spark.kubernetes.executor.deleteOnTerminate": "spark.kubernetes.executor.deleteOnTermination",
		"spark.kubernetes.executor.tolerations":       "",
		"spark.kubernetes.something.else.entirely1":   "",
	} {
		if got, _ := sparkconf.Suggest(key); got != want {
			t.Errorf("Suggest(%s) = %q, want %q", key, got, want)
		}
	}
	for key, want := range map[string]string{
		"spark.sql.shuffle.partition":    "spark.sql.shuffle.partitions",
		"spark.executor.memory.overhead": "spark.executor.memoryOverhead",
		"spark.SQL.shuffle.partitions":   "spark.sql.shuffle.partitions",
		"spark.company.x":                "",
		"spark.etl.shuffle.partitions":   "",
		"spark.sql.shuffle.partitioning": "",
	} {
		if got, _ := sparkconf.NearMiss(key); got != want {
			t.Errorf("NearMiss(%s) = %q, want %q", key, got, want)
		}
	}
}

// Every default is a value that its own setting takes.
func TestDefaults(t *testing.T) {
	defaults := 0
	for key := range sparkconf.Keys() {
		for _, version := range []string{"3.5.0", "4.0.0", "4.1.0"} {
			e, _ := sparkconf.Find(key)
			s, ok := e.In(version)
			if !ok || !s.HasDefault || s.Default == "" {
				continue
			}
			defaults++
			if why := s.Check(s.Default); why != "" {
				t.Errorf("%s in %s: the default %q %s", key, version, s.Default, why)
			}
		}
	}
	if defaults < 2900 {
		t.Errorf("%d defaults only", defaults)
	}
}

func BenchmarkFind(b *testing.B) {
	for b.Loop() {
		sparkconf.Find("spark.kubernetes.allocation.batch.size")
	}
}
