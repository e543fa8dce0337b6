package spark_test

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
)

// agree holds what millrace tells spark-submit of applications against what
// the operator tells it. Fields that millrace refuses are to be those that
// the test names; without them both are to say the same.
func (m maker) agree(t *testing.T, apps map[string]*v1beta2.SparkApplication, refused map[string][]string) {
	t.Helper()
	names := slices.Sorted(maps.Keys(apps))
	asked := make([]*v1beta2.SparkApplication, len(names))
	for i, name := range names {
		asked[i] = apps[name].DeepCopy()
		asked[i].Status.SubmissionID = "millrace-" + t.Name() + "-" + strconv.Itoa(i)
		without(&asked[i].Spec, refused[name])
	}
	for i, answer := range operator(t, asked) {
		name := names[i]
		t.Run(name, func(t *testing.T) {
			_, err := m.submission(apps[name])
			if diff := cmp.Diff(refused[name], fields(t, err)); diff != "" {
				t.Errorf("refused (-want +got):\n%s\n%v", diff, err)
			}
			if answer.Error != "" {
				t.Fatalf("the operator: %s", answer.Error)
			}
			ours, err := m.submission(asked[i])
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range differences(t, asked[i], answer, ours) {
				t.Error(d)
			}
		})
	}
}

// fields returns the fields that an error names.
func fields(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	built, ok := errors.AsType[*millrace.BuildError](err)
	if !ok {
		t.Fatal(err)
	}
	var out []string
	for _, f := range built.Findings {
		out = append(out, f.Field)
	}
	slices.Sort(out)
	return out
}

// inSpec says where fields of a Job stand in a spec.
var inSpec = map[string]string{"Lifecycle.TimeToLive": "Base.TimeToLiveSeconds"}

// without clears fields of a spec, by their paths as fields of a Job.
func without(spec *v1beta2.SparkApplicationSpec, paths []string) {
	for _, path := range paths {
		if other, ok := inSpec[path]; ok {
			path = other
		}
		field(spec, path).SetZero()
	}
}
