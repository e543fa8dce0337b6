package kafka_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/kafkaconf"
)

var scopes = []kafkaconf.Scope{kafkaconf.Broker, kafkaconf.Topic, kafkaconf.ConnectWorker, kafkaconf.SourceConnector, kafkaconf.SinkConnector,
	kafkaconf.MirrorSource, kafkaconf.MirrorCheckpoint, kafkaconf.MirrorHeartbeat, kafkaconf.Producer, kafkaconf.Consumer, kafkaconf.Admin}

// probes are values that some settings take and others don't.
var probes = []string{
	"true", "FALSE", " true ", "yes", "", " ", "0", "-1", "-2", "-3", "1", "2", "3", "4", "9", "10", "17", "18", "22", "23", "+7", "007", "1_000", "--1", "+",
	"32767", "32768", "1048575", "1048576", "2147483647", "2147483648", "-2147483648", "-131072", "-131073", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
	"0.5", ".5", "5.", "1e3", "1E-3", "1.8e+06", "1.024E8", "0x10", "0x1p3", "0x1.8p-1", "0.5d", "1f", "1L", "Infinity", "-Infinity", "1e999", "1e", ".",
	"10s", "7d", "100Gi", "1Mi", "\t5\n", "\u00a05", "\x015\x01",
	"delete", "compact", "compact,delete", "delete , compact", "delete,delete", "delete,", ",", ",,", "a,b", "a,a", "a b", "a,\u00a0b", "a\tb", "x\x07y", "x\u0085y",
	"gzip", "GZIP", "zstd", "lz4", "snappy", "none", "producer", "uncompressed", "brotli", "all", "ALL", "ssl", "SSL", "SASL_SSL", "TLS", "PLAINTEXT", "plaintext",
	"CreateTime", "LogAppendTime", "createtime", "earliest", "latest", "Latest", "by_duration:PT1H", "by_duration:-PT1H", "by_duration:P1D", "by_duration:P1DT2H3M4.5S",
	"by_duration:PT", "by_duration:P", "by_duration:PT-1H", "by_duration:PT1H-61M", "by_duration:PT0.5S", "by_duration:PT-0.5S", "by_duration:PT5", "by_duration:P1M", "by_duration:P1W",
	"by_duration:pt1s", "by_duration:PT.5S", "by_duration:PT1.S", "by_duration:PT1,5S", "by_duration:+PT1H", "by_duration:P-1DT24H", "by_duration:PT1S1M", "by_duration", "by_duration:",
	"read_committed", "READ_COMMITTED", "read_uncommitted", "classic", "consumer", "classic,consumer", "bidirectional", "Upgrade", "implicit", "explicit", "batch_optimized", "RECORD_LIMIT",
	"INFO", "debug", "TRACE", "required", "requested", "eager", "Sessioned", "disabled", "connector", "restart", "fail", "group", "use_all_dns_ips", "rebootstrap", "broker", "broker,controller",
	"0:1", "0:1,1:2", "0:1, 1:2,", "*", "*,0:1", "a:b", "0:", ":1", "http://:8083", "http://:8083,https://:8443", "http://:8083,", "localhost:9092,other:9092", "host:9092,,other:9092",
	"org.apache.kafka.common.serialization.StringSerializer", "RS256", "es256", "TLSv1.2,TLSv1.3", "uniform,range", "simple", "ım", "Straße", "ſsl", "${env:X}",
}

// aimed are values at the bounds of a setting, and beside them, as its own
// findings name them; and some of chance.
func aimed(r *rand.Rand, s kafkaconf.Setting) []string {
	out := []string{s.Default, strings.ToUpper(s.Default), " " + s.Default + "\t"}
	for _, wrong := range []string{"\x00no such value", "-9223372036854775808", "9223372036854775807", "-32768", "32767"} {
		_, fix := s.Fault(wrong)
		for word := range strings.FieldsFuncSeq(fix, func(c rune) bool { return c == ' ' || c == ',' }) {
			out = append(out, word, word+"0", word+",", strings.ToLower(word), strings.ToUpper(word))
			if n, err := strconv.ParseInt(word, 10, 64); err == nil {
				out = append(out, strconv.FormatInt(n-1, 10), strconv.FormatInt(n+1, 10))
			}
		}
	}
	const letters = "0123456789-+.eE,:* \ttruefalsPTHMSD_"
	for range 6 {
		b := make([]byte, 1+r.IntN(6))
		for i := range b {
			b[i] = letters[r.IntN(len(letters))]
		}
		out = append(out, string(b))
	}
	return out
}

// different are the settings whose values Kafka judges by what the catalogue
// can't have: they take more here.
var different = map[string]string{
	"controller.quorum.voters":              "not ported: Strimzi sets it",
	"controller.quorum.bootstrap.servers":   "not ported: Strimzi sets it",
	"inter.worker.key.generation.algorithm": "what the worker's Java has",
	"inter.worker.signature.algorithm":      "what the worker's Java has",
	"inter.worker.verification.algorithms":  "what the worker's Java has",
	"response.http.headers.config":          "a grammar of its own",
	"topics.regex":                          "Java's regular expressions",
	"connector.plugin.version":              "Maven's ranges of versions",
	"key.converter.plugin.version":          "Maven's ranges of versions",
	"value.converter.plugin.version":        "Maven's ranges of versions",
	"header.converter.plugin.version":       "Maven's ranges of versions",
}

// TestValues compares every setting of every version, by the probes and by
// values that are aimed at its bounds.
func TestValues(t *testing.T) {
	for version := range released {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			j := kafka(t, version)
			compareKeys(t, j, version)
			type triple struct {
				s     kafkaconf.Setting
				value string
			}
			var triples []triple
			var questions []string
			r := rand.New(rand.NewPCG(7, 43))
			for _, scope := range scopes {
				for _, key := range slices.Sorted(kafkaconf.Keys(scope)) {
					s, ok := kafkaconf.LookupIn(version, scope, key)
					if !ok || s.Type == kafkaconf.Class { // Whether there is a class only Kafka's class path tells.
						continue
					}
					for _, value := range append(aimed(r, s), probes...) {
						triples = append(triples, triple{s, value})
						questions = append(questions, "value "+string(scope)+" "+encode(key)+" "+encode(value))
					}
				}
			}
			refused, more := 0, 0
			for i, a := range j.ask(t, questions) {
				s, value := triples[i].s, triples[i].value
				why, _ := s.Fault(value)
				if !a.ok {
					refused++
				}
				switch {
				case (why == "") == a.ok:
				case why == "" && different[s.Key] != "":
					more++
				default:
					t.Errorf("%s %s=%q: %q, Kafka: %s", s.Scope, s.Key, value, why, a.text)
				}
			}
			if len(questions) < 20_000 || refused < 5_000 || len(questions)-refused < 5_000 {
				t.Errorf("%d values, %d of them refused: too few to tell anything", len(questions), refused)
			}
			t.Logf("%d values of Kafka %s, %d of them refused, %d more let through", len(questions), released[version], refused, more)
		})
	}
}

// compareKeys compares the names.
func compareKeys(t *testing.T, j *judge, version string) {
	t.Helper()
	var questions []string
	for _, scope := range scopes {
		questions = append(questions, "keys "+string(scope))
	}
	for i, a := range j.ask(t, questions) {
		var have []string
		for _, key := range slices.Sorted(kafkaconf.Keys(scopes[i])) {
			if _, ok := kafkaconf.LookupIn(version, scopes[i], key); ok {
				have = append(have, key)
			}
		}
		if diff := cmp.Diff(strings.Split(a.text, "\n"), have); diff != "" {
			t.Errorf("%s (-Kafka +catalogue):\n%s", scopes[i], diff)
		}
	}
}
