package argo_test

import (
	"fmt"
	"testing"
)

func TestCorpus(t *testing.T) {
	silence(t)
	for _, dir := range []string{"examples", "test"} {
		all := documents(t, dir)
		n := map[string]int{}
		for _, d := range all {
			refused, found, ok := clusterOf(all, d.file).both(d.kind, d.data)
			n[d.kind]++
			if !ok {
				fmt.Println("UNREADABLE", d.file, d.kind)
				continue
			}
			if refused != nil || len(found) > 0 {
				fmt.Println(d.file, d.kind, "ARGO:", refused)
				for _, p := range found {
					fmt.Println("      ", p.Rule, p.Path, p.Detail)
				}
			}
		}
		fmt.Println(dir, len(all), n)
	}
}
