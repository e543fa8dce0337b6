// Command kafka-upgrade makes today's manifests of Strimzi's objects as they
// were written for ZooKeeper, or for an API version before v1.
//
//	kafka-upgrade [-o DIR] [-json] [PATH...]
//
// It reads files and directories, or the standard input, and prints the new
// manifests, or writes them to DIR. What changed, what needs a decision, and
// what production asks for beside that is reported on the standard error. It
// exits with 1 when an object is too broken to be converted.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/policy"
)

func main() {
	dir := flag.String("o", "", "write the manifests to this `directory`")
	asJSON := flag.Bool("json", false, "report as JSON")
	flag.Parse()
	if err := run(os.Stdin, os.Stdout, os.Stderr, *dir, *asJSON, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "kafka-upgrade:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out, report io.Writer, dir string, asJSON bool, paths []string) error {
	old, err := millrace.Load(paths...)
	if len(paths) == 0 {
		old, err = millrace.LoadReader("stdin", in)
	}
	if err != nil {
		return err
	}
	upgraded, failed := kafka.Upgrade(old.Objects()...)
	bundle, err := millrace.Build(upgraded)
	if err != nil {
		return err
	}
	findings := policy.Production().Check(bundle)
	if asJSON {
		err = json.NewEncoder(report).Encode(map[string]any{"changes": upgraded.Changes, "decisions": upgraded.Decisions, "findings": findings.Findings})
	} else {
		err = write(report, upgraded, findings)
	}
	if err != nil {
		return err
	}
	if dir != "" {
		_, err = millrace.WriteDir(dir, bundle)
	} else {
		err = millrace.Render(out, bundle)
	}
	if err != nil {
		return err
	}
	return failed
}

// write reports for people.
func write(w io.Writer, upgraded *kafka.Upgraded, findings *policy.Report) error {
	var b strings.Builder
	b.WriteString("Changes:\n")
	for _, c := range upgraded.Changes {
		fmt.Fprintf(&b, "  %s\n", c)
	}
	b.WriteString("\nDecisions:\n")
	for _, d := range upgraded.Decisions {
		fmt.Fprintf(&b, "  %s\n", d)
		for _, option := range d.Options {
			fmt.Fprintf(&b, "    - %s\n", option)
		}
		if d.Proposal == nil {
			continue
		}
		proposal, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{d.Proposal}})
		if err != nil {
			return err
		}
		b.WriteString("    proposed:\n")
		if err := millrace.Render(&b, proposal); err != nil {
			return err
		}
	}
	b.WriteString("\nProduction:\n")
	if _, err := io.WriteString(w, b.String()); err != nil {
		return err
	}
	return findings.WriteText(w)
}
