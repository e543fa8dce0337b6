// Confgen writes the table of package kafkaconf from Kafka's own classes.
//
//	confgen -out settings.txt 4.1=DIR 4.2=DIR 4.3=DIR
//
// Each DIR holds the jars of one version of Kafka and what they need, oldest
// version first: kafka_2.13, connect-runtime and connect-mirror. Java 17 or
// later runs Dump.java over them.
package main

import (
	"bytes"
	_ "embed" // the Java program
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed Dump.java
var dumpSource []byte

func main() {
	out := flag.String("out", "settings.txt", "where the table goes")
	flag.Parse()
	if err := run(*out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "confgen:", err)
		os.Exit(1)
	}
}

func run(out string, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("name the versions and their jars: 4.1=DIR 4.2=DIR")
	}
	t := &table{}
	for _, arg := range args {
		version, dir, ok := strings.Cut(arg, "=")
		if !ok {
			return fmt.Errorf("%s: write it as 4.3=DIR", arg)
		}
		settings, err := dump(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", version, err)
		}
		if err := t.add(version, settings); err != nil {
			return fmt.Errorf("%s: %w", version, err)
		}
	}
	return os.WriteFile(out, []byte(t.String()), 0o644)
}

// dump runs Dump.java over the jars of a directory.
func dump(dir string) (string, error) {
	temp, err := os.MkdirTemp("", "confgen")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temp) //nolint:errcheck // a file more in the place for such files
	source := filepath.Join(temp, "Dump.java")
	if err := os.WriteFile(source, dumpSource, 0o644); err != nil {
		return "", err
	}
	cmd := exec.Command("java", "-cp", filepath.Join(dir, "*"), source)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, stderr.String())
	}
	return string(text), nil
}
