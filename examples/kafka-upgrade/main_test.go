package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// TestArticle upgrades the article's cluster and topic.
func TestArticle(t *testing.T) {
	article := filepath.Join("testdata", "article.yaml")
	var out, report bytes.Buffer
	if err := run(nil, &out, &report, "", false, []string{article}); err != nil {
		t.Fatal(err)
	}
	golden(t, "upgraded.golden", out.String())
	golden(t, "report.golden", report.String())

	// The standard input and a directory give the same manifests.
	text, err := os.ReadFile(article)
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	dir := t.TempDir()
	if err := run(bytes.NewReader(text), &again, &report, "", true, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(out.String(), again.String()); diff != "" {
		t.Errorf("from the standard input (-want +got):\n%s", diff)
	}
	if err := run(nil, nil, &report, dir, false, []string{article}); err != nil {
		t.Fatal(err)
	}
	written, err := millrace.Load(dir)
	if err != nil || len(written.Objects()) != 4 {
		t.Errorf("the directory has %d objects: %v", len(written.Objects()), err)
	}
}

// TestArticleInProduction: but for this, which the report lists and nobody can
// derive, the article's cluster is right for production.
func TestArticleInProduction(t *testing.T) {
	upgraded, err := millrace.Load(filepath.Join("testdata", "upgraded.golden"))
	if err != nil {
		t.Fatal(err)
	}
	report := policy.Production().Existing(millrace.Ref{Kind: "StorageClass", Name: "premium-ssd"}).Check(upgraded)
	var got []string
	for _, f := range report.Findings {
		got = append(got, f.Severity.String()+" "+f.Rule+" "+f.Field)
	}
	want := []string{
		"error kafka/open-listener spec.kafka.listeners[2].authentication",
		"warning kafka/authorization spec.kafka.authorization",
		"warning kafka/auto-create-topics spec.kafka.config[auto.create.topics.enable]",
		"warning kafka/listener-auth spec.kafka.listeners[0].authentication",
		"warning kafka/plain-listener spec.kafka.listeners[0].tls",
		"info kafka/cpu-limit spec.resources.limits[cpu]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestBroken(t *testing.T) {
	var out, report bytes.Buffer
	const bad = "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: k}\n---\napiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaMirrorMaker\nmetadata: {name: m}\nspec: {replicas: 1, include: a, consumer: {bootstrapServers: a}, producer: {bootstrapServers: b}}\n"
	err := run(strings.NewReader(bad), &out, &report, "", false, nil)
	if err == nil || !strings.Contains(err.Error(), "Kafka k: spec: is required") {
		t.Errorf("the error is %v", err)
	}
	if !strings.Contains(report.String(), "kind: KafkaMirrorMaker2") || out.Len() > 0 {
		t.Errorf("report:\n%s\nmanifests:\n%s", report.String(), out.String())
	}
	if err := run(nil, &out, &report, "", false, []string{"nowhere"}); err == nil {
		t.Error("a missing file is no error")
	}
}
