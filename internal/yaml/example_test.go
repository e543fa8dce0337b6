package yaml_test

import (
	"errors"
	"fmt"
	"math"

	"github.com/millrace/millrace/internal/yaml"
)

func ExampleAppend() {
	out, err := yaml.Append(nil, map[string]any{"args": []string{"--dry-run", "no", "{{x}}"}, "script": "set -eu\necho\n"})
	fmt.Printf("%s%v\n", out, err)
	// Output:
	// args:
	// - --dry-run
	// - "no"
	// - "{{x}}"
	// script: |
	//   set -eu
	//   echo
	// <nil>
}

func ExampleAppendJSON() {
	out, err := yaml.AppendJSON(nil, map[string]any{"b": []int{1}, "a": "<x>"})
	fmt.Printf("%s %v\n", out, err)
	// Output: {"a":"<x>","b":[1]} <nil>
}

func ExampleError() {
	_, err := yaml.Append(nil, map[string]any{"spec": map[string]any{"ratios": []float64{0.5, math.NaN()}}})
	var e *yaml.Error
	fmt.Println(errors.As(err, &e), e.Path)
	fmt.Println(err)
	// Output:
	// true spec.ratios[1]
	// yaml: spec.ratios[1]: NaN has no JSON form
}
