// Command dag draws the workflows that manifests hold: as Mermaid for a pull
// request, as DOT, or as an SVG.
//
//	dag [-lr] [-mermaid FILE] [-dot FILE] [-svg FILE] [PATH...]
//
// Without paths it draws the pipeline that it composes itself. Without a file
// to write it prints Mermaid; "-" as a file is the standard output too.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/workflow"
	"github.com/millrace/millrace/workflow/picture"
)

func main() {
	var o options
	flag.BoolVar(&o.leftToRight, "lr", false, "draw from left to right")
	flag.StringVar(&o.mermaid, "mermaid", "", "`file` to write Mermaid to")
	flag.StringVar(&o.dot, "dot", "", "`file` to write DOT to")
	flag.StringVar(&o.svg, "svg", "", "`file` to write SVG to")
	flag.Parse()
	if err := run(os.Stdout, o, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "dag:", err)
		os.Exit(1)
	}
}

type options struct {
	leftToRight       bool
	mermaid, dot, svg string
}

func run(out io.Writer, o options, paths []string) error {
	bundle, err := compose()
	if len(paths) > 0 {
		bundle, err = millrace.Load(paths...)
	}
	if err != nil {
		return err
	}
	if o == (options{leftToRight: o.leftToRight}) {
		o.mermaid = "-"
	}
	var mermaid, dot, svg []byte
	drawn := 0
	for _, object := range bundle.Objects() {
		if object.GetObjectKind().GroupVersionKind().Group != "argoproj.io" {
			continue
		}
		g, err := picture.Of(object)
		if err != nil {
			return err
		}
		if o.leftToRight {
			g.Direction = picture.LeftToRight
		}
		drawn++
		mermaid, dot, svg = append(mermaid, g.Mermaid()...), append(dot, g.DOT()...), g.SVG()
	}
	switch {
	case drawn == 0:
		return errors.New("there is no workflow to draw")
	case drawn > 1 && o.svg != "":
		return fmt.Errorf("an SVG holds one workflow, and there are %d: name the file of one", drawn)
	}
	return errors.Join(write(out, o.mermaid, mermaid), write(out, o.dot, dot), write(out, o.svg, svg))
}

func write(out io.Writer, file string, data []byte) error {
	switch file {
	case "":
		return nil
	case "-":
		_, err := out.Write(data)
		return err
	}
	return os.WriteFile(file, data, 0o644)
}

func compose() (*millrace.Bundle, error) {
	job := func(class string) *spark.Job {
		return &spark.Job{Image: "company-registry/spark-etl:3.5.1", Version: "3.5.1", Main: "local:///opt/spark/jobs/etl.jar", Class: class,
			Driver: spark.Driver{ServiceAccount: "spark-executor"}}
	}
	orders := &workflow.Task{Name: "extract-orders", Run: job("com.company.etl.ExtractOrders")}
	customers := &workflow.Task{Name: "extract-customers", Run: job("com.company.etl.ExtractCustomers")}
	load := &workflow.Task{Name: "transform-and-load", Run: job("com.company.etl.TransformAndLoad"), After: []*workflow.Task{orders, customers}}
	return millrace.Build(&workflow.Template{Name: "daily-etl-pipeline", Namespace: "data-platform", ServiceAccount: "argo-workflow-sa",
		Tasks: []*workflow.Task{orders, customers, load}})
}
