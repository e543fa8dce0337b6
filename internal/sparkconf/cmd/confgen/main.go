// Confgen writes the table of package sparkconf from Spark's sources.
//
//	confgen -out settings.txt 3.5=DIR 4.0=DIR 4.1=DIR
//
// Each DIR holds the unpacked sources jars of one version, oldest version
// first: spark-core, -catalyst, -sql, -sql-api, -common-utils, -kubernetes,
// -streaming, -connect, -hive, -hive-thriftserver, -network-common,
// -sql-kafka-0-10, -avro and -launcher.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

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
		return fmt.Errorf("name the versions and their sources: 3.5=DIR 4.1=DIR")
	}
	t := &table{}
	for _, arg := range args {
		version, dir, ok := strings.Cut(arg, "=")
		if !ok {
			return fmt.Errorf("%s: write it as 3.5=DIR", arg)
		}
		s, err := read(version, dir)
		if err != nil {
			return err
		}
		for _, u := range t.add(s) {
			fmt.Fprintf(os.Stderr, "%s: not clear: %s\n", version, u)
		}
	}
	return os.WriteFile(out, []byte(t.String()), 0o644)
}
