package spark_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// targets are where a field may be rendered.
func targets() map[string]spark.Target {
	return map[string]spark.Target{"operator": nil, "submit": spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}}
}

// partFields has, for every kind of value that a Job is made of, the least that
// is valid and another value of each field.
var partFields = []struct {
	field   string
	least   any
	samples map[string]any
}{
	{"Shuffle", spark.Decommission{}, map[string]any{"Fallback": "s3a://shuffle/", "KillInterval": 50 * time.Second}},
	{"Shuffle", spark.ReusePVC{StorageClass: "ssd", Size: millrace.GiB}, map[string]any{"StorageClass": "hdd", "Size": 2 * millrace.GiB}},
	{"Shuffle", spark.Celeborn{Masters: []string{"a:1"}}, map[string]any{
		"Masters": []string{"b:1"}, "Writer": spark.SortWriter, "Replicate": new(false), "StageRerun": new(true), "LocalFallback": new(false),
	}},
	{"Shuffle", spark.Uniffle{Coordinators: []string{"a:1"}}, map[string]any{
		"Coordinators": []string{"b:1"}, "AccessID": "etl", "Replicas": int32(3), "WriteReplicas": int32(1), "ReadReplicas": int32(1),
		"Storage": spark.MemoryHDFS, "StageRetry": true,
	}},
	{"Executor.Scratch", spark.EmptyDir{Size: millrace.GiB}, map[string]any{"Size": 2 * millrace.GiB}},
	{"Driver.Scratch", spark.EmptyDir{Size: millrace.GiB}, map[string]any{"Size": 2 * millrace.GiB}},
	{"Executor.Scratch", spark.LocalDisks{Paths: []string{"/mnt/0"}}, map[string]any{"Paths": []string{"/mnt/0", "/mnt/1"}}},
	{"Executor.Scratch", spark.Tmpfs{Size: millrace.GiB}, map[string]any{"Size": 2 * millrace.GiB}},
	{"Driver.Scratch", spark.Tmpfs{Size: millrace.GiB}, map[string]any{"Size": 2 * millrace.GiB}},
	{"Executor.Scratch", spark.ScratchClaims{StorageClass: "ssd", Size: millrace.GiB}, map[string]any{"StorageClass": "hdd", "Size": 2 * millrace.GiB, "Count": int32(2)}},
	{"Driver.Scratch", spark.ScratchClaims{StorageClass: "ssd", Size: millrace.GiB}, map[string]any{"StorageClass": "hdd", "Size": 2 * millrace.GiB, "Count": int32(2)}},
	{"Scheduler", spark.Volcano{}, map[string]any{"Queue": "batch", "PriorityClass": "high", "MinExecutors": new(int32(1))}},
	{"Scheduler", spark.YuniKorn{}, map[string]any{"Queue": "root.batch", "MinExecutors": new(int32(1)), "PlaceTimeout": time.Minute, "Hard": true}},
	{"Scheduler", spark.KubeScheduler{Name: "coscheduler"}, map[string]any{"Name": "other"}},
	{"Scheduler", spark.Kueue{Queue: "batch"}, map[string]any{"Queue": "other", "PriorityClass": "high", "Elastic": true}},
}

// set puts a value into a field of a job: "Executor.Scratch".
func set(j *spark.Job, field string, value any) {
	v := reflect.ValueOf(j).Elem()
	switch field {
	case "Executor.Scratch", "Driver.Scratch":
		v = v.FieldByName(field[:len(field)-len(".Scratch")])
		field = "Scratch"
	}
	v.FieldByName(field).Set(reflect.ValueOf(value))
}

// Each field of a value that a job is made of changes the output, or is refused
// by name, whatever the target; and so does the value itself.
func TestEveryFieldOfPartsIsRendered(t *testing.T) {
	for _, tc := range partFields {
		typ := reflect.TypeOf(tc.least)
		for name, target := range targets() {
			without, with := minimal(), minimal()
			without.Target, with.Target = target, target
			set(with, tc.field, tc.least)
			if err := changes(without, with, tc.field); err != nil && typ != reflect.TypeFor[spark.Decommission]() {
				t.Errorf("%s: %v, target %s: %v", tc.field, typ, name, err)
			}
			for i := range typ.NumField() {
				f := typ.Field(i)
				sample, ok := tc.samples[f.Name]
				if !ok {
					t.Errorf("%v.%s: the test has no sample", typ, f.Name)
					continue
				}
				other := reflect.New(typ).Elem()
				other.Set(reflect.ValueOf(tc.least))
				other.Field(i).Set(reflect.ValueOf(sample))
				without, with := minimal(), minimal()
				without.Target, with.Target = target, target
				set(without, tc.field, tc.least)
				set(with, tc.field, other.Interface())
				if _, err := without.Build(); err != nil {
					without = minimal() // the target refuses the value as a whole
					without.Target = target
				}
				if err := changes(without, with, tc.field); err != nil {
					t.Errorf("%v.%s, target %s: %v", typ, f.Name, name, err)
				}
			}
		}
	}
}
