package e2e

import (
	"bytes"
	_ "embed" // the script
	"encoding/json"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/sparkconf"
)

//go:embed sparkconf.py
var sparkconfScript string

// registered is what a real Spark says about one of its settings.
type registered struct {
	Key, Since, Default, Was string
	Public                   bool
	Takes                    []int // the values that it converts, by their places
}

// probes are values that some types of settings take and others don't.
var probes = []string{
	"true", "FALSE", " true ", "yes", "1", "0", "-1", " 7 ", "+3", "1.5", "-0.5", "1e3", "NaN", ".5", "2147483648", "9223372036854775808",
	"10s", "10S", "5min", "5 s", "-3ms", "1ns", "2w", "100us", "64m", "64M", "64mb", "64Mi", "1kb", "-1g", "1.5g", "9999999t", "3pb",
	"", "abc", "a,b", "1,2", "lz4", "SNAPPY", "Always", "fifo", "OUTLIER", "IPv6,IPv4", "0x10", "1_000", "7d", "7f",
}

// TestSparkSettings compares the catalogue with the registry of a real Spark:
// its keys, defaults, versions and alternatives, and for each setting which of
// the probes it takes.
func TestSparkSettings(t *testing.T) {
	home, java, ok := RealSpark(t)
	if !ok {
		return
	}
	values, err := json.Marshal(probes)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "python3", "-c", sparkconfScript, home, string(values))
	cmd.Env = append(cmd.Environ(), "JAVA_HOME="+java)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, lastLines(stderr.String(), 5))
	}
	settings, probed := 0, 0
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var r registered
		if err := dec.Decode(&r); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(r.Key, "spark.test") {
			continue
		}
		settings++
		probed += compareSetting(t, &r)
	}
	if settings < 1000 {
		t.Errorf("Spark has registered %d settings only", settings)
	}
	t.Logf("%d settings, %d values", settings, probed)
}

// blind are settings whose values Spark checks by code that the catalogue can't
// have: it takes more than Spark does.
var blind = map[string]string{
	"spark.redaction.regex":                           "Java's regular expressions",
	"spark.redaction.string.regex":                    "Java's regular expressions",
	"spark.sql.redaction.options.regex":               "Java's regular expressions",
	"spark.sql.redaction.string.regex":                "Java's regular expressions",
	"spark.sql.session.timeZone":                      "Java's time zones",
	"spark.sql.hive.version":                          "the version that is built in",
	"spark.sql.hive.metastore.version":                "the versions that it can talk to",
	"spark.sql.avro.deflate.level":                    "a level of the library",
	"spark.storage.decommission.fallbackStorage.path": "the slash at the end",
	"spark.kubernetes.executor.podNamePrefix":         "names of pods",
	"spark.kubernetes.pyspark.pythonVersion":          "nothing but 3",
}

// later are settings that a later 3.5 than this one changed.
var later = []string{"spark.redaction.regex", "spark.sql.optimizer.excludeSubqueryRefsFromRemoveRedundantAliases.enabled"}

func compareSetting(t *testing.T, r *registered) (probed int) {
	entry, ok := sparkconf.Find(r.Key)
	if !ok {
		t.Errorf("%s: not in the catalogue", r.Key)
		return 0
	}
	s, ok := entry.In(SparkVersion)
	if !ok || s.Type == "" {
		t.Errorf("%s: not in Spark %s", r.Key, SparkVersion)
		return 0
	}
	if diff := compareFacts(s, r); diff != "" && !slices.Contains(later, r.Key) {
		t.Errorf("%s (-Spark +catalogue):\n%s", r.Key, diff)
	}
	for i, value := range probes {
		why := s.Check(value)
		took := slices.Contains(r.Takes, i)
		if _, ok := blind[r.Key]; ok && !took && why == "" {
			continue
		}
		if took != (why == "") {
			t.Errorf("%s, a %s: Spark takes %q: %v; the catalogue says %q", r.Key, s.Type, value, took, why)
		}
	}
	return len(probes)
}

func compareFacts(s sparkconf.Setting, r *registered) string {
	type facts struct {
		Since, Default, Was string
		Public              bool
	}
	got := facts{s.Since, s.Default, strings.Join(s.Alternatives, " "), !s.Internal}
	want := facts{r.Since, r.Default, r.Was, r.Public}
	switch {
	case s.HasDefault && s.Default == "", s.Fallback != "":
		got.Default, want.Default = "", "" // only a running Spark knows it
	case !s.HasDefault:
		got.Default = "<undefined>"
	default:
		got.Default, want.Default = canonical(s, s.Default), canonical(s, r.Default)
	}
	return cmp.Diff(want, got)
}

// canonical writes a default as Spark does: times in ms, sizes in bytes.
func canonical(s sparkconf.Setting, value string) string {
	switch s.Type {
	case sparkconf.Time:
		if d, ok := s.Duration(value); ok {
			return d.Truncate(time.Millisecond).String()
		}
	case sparkconf.Bytes:
		if n, ok := s.Size(value); ok {
			return strconv.FormatInt(n, 10)
		}
	case sparkconf.Double:
		if f, err := strconv.ParseFloat(value, 64); err == nil {
			return strconv.FormatFloat(f, 'g', -1, 64)
		}
	}
	return value
}
