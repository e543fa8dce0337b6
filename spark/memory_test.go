package spark_test

import (
	"math"
	"testing"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

func TestMemory(t *testing.T) {
	spec := func(edit func(*v1beta2.SparkApplicationSpec)) *v1beta2.SparkApplicationSpec {
		s := &v1beta2.SparkApplicationSpec{Type: v1beta2.SparkApplicationTypeScala, SparkVersion: "3.5.1"}
		edit(s)
		return s
	}
	heap := func(m string) func(*v1beta2.SparkApplicationSpec) {
		return func(s *v1beta2.SparkApplicationSpec) { s.Executor.Memory = &m }
	}
	python := func(m string) func(*v1beta2.SparkApplicationSpec) {
		return func(s *v1beta2.SparkApplicationSpec) {
			s.Type, s.Executor.Memory = v1beta2.SparkApplicationTypePython, &m
		}
	}
	conf := func(m string, kv ...string) func(*v1beta2.SparkApplicationSpec) {
		return func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Memory = &m
			s.SparkConf = map[string]string{}
			for i := 0; i < len(kv); i += 2 {
				s.SparkConf[kv[i]] = kv[i+1]
			}
		}
	}
	for name, tc := range map[string]struct {
		spec *v1beta2.SparkApplicationSpec
		want millrace.Bytes // of an executor, in MiB
	}{
		"512m":                  {spec(heap("512m")), 896},
		"1g":                    {spec(heap("1g")), 1408},
		"4g":                    {spec(heap("4g")), 4505},
		"8g":                    {spec(heap("8g")), 9011},
		"8g of Python":          {spec(python("8g")), 11468},
		"nothing said":          {spec(func(*v1beta2.SparkApplicationSpec) {}), 1408},
		"a bare number is MiB":  {spec(heap("8192")), 9011},
		"upper case":            {spec(heap("8G")), 9011},
		"kilobytes round down":  {spec(heap("1048575k")), 1023 + 384},
		"heap in the settings":  {spec(func(s *v1beta2.SparkApplicationSpec) { s.SparkConf = map[string]string{"spark.executor.memory": "8g"} }), 9011},
		"field before settings": {spec(conf("4g", "spark.executor.memory", "8g")), 4505},
		"explicit overhead": {spec(func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Memory, s.Executor.MemoryOverhead = new("8g"), new("100m")
		}), 8292},
		"explicit overhead, bare number": {spec(conf("8g", "spark.executor.memoryOverhead", "2048")), 10240},
		"factor":                         {spec(conf("8g", "spark.executor.memoryOverheadFactor", "0.25")), 10240},
		"factor of the role first":       {spec(conf("8g", "spark.executor.memoryOverheadFactor", "0.25", "spark.kubernetes.memoryOverheadFactor", "0.5")), 10240},
		"factor of both roles":           {spec(conf("8g", "spark.kubernetes.memoryOverheadFactor", "0.5")), 12288},
		"settings before the field": {spec(func(s *v1beta2.SparkApplicationSpec) {
			conf("8g", "spark.kubernetes.memoryOverheadFactor", "0.5")(s)
			s.MemoryOverheadFactor = new("0.3")
		}), 12288},
		"factor in the field": {spec(func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Memory, s.MemoryOverheadFactor = new("8g"), new("0.5")
		}), 12288},
		"off-heap":             {spec(conf("8g", "spark.memory.offHeap.enabled", "true", "spark.memory.offHeap.size", "1g")), 9011 + 1024},
		"off-heap in bytes":    {spec(conf("8g", "spark.memory.offHeap.enabled", "true", "spark.memory.offHeap.size", "1073741824")), 9011 + 1024},
		"off-heap that is off": {spec(conf("8g", "spark.memory.offHeap.size", "1g")), 9011},
		"Python's processes": {spec(func(s *v1beta2.SparkApplicationSpec) {
			conf("8g", "spark.executor.pyspark.memory", "2g")(s)
			s.Type = v1beta2.SparkApplicationTypePython
		}), 11468 + 2048},
		"no Python, no processes": {spec(conf("8g", "spark.executor.pyspark.memory", "2g")), 9011},
		"least overhead before 4": {spec(conf("1g", "spark.executor.minMemoryOverhead", "1g")), 1408},
		"least overhead": {spec(func(s *v1beta2.SparkApplicationSpec) {
			conf("1g", "spark.executor.minMemoryOverhead", "1g")(s)
			s.SparkVersion = "4.0.0"
		}), 2048},
	} {
		_, got, err := spark.Memory(tc.spec)
		if err != nil || got != tc.want*millrace.MiB {
			t.Errorf("%s: an executor requests %d MiB, %v, want %d", name, got/millrace.MiB, err, tc.want)
		}
	}
}

func TestMemoryOfDriver(t *testing.T) {
	j := minimal()
	j.Driver.Memory, j.Executor.OffHeap = 4*millrace.GiB, millrace.GiB
	app, err := j.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	driver, executor, err := spark.Memory(&app.Spec)
	if err != nil || driver != 4505*millrace.MiB || executor != (4505+1024)*millrace.MiB {
		t.Errorf("%s and %s, %v", driver, executor, err)
	}
	j.Main, j.Class = "local:///x.R", ""
	if app, err = j.SparkApplication(); err != nil {
		t.Fatal(err)
	}
	if driver, _, _ = spark.Memory(&app.Spec); driver != (4096+1638)*millrace.MiB {
		t.Errorf("a driver of R requests %s", driver)
	}
}

func TestMemoryRefuses(t *testing.T) {
	for _, value := range []string{"4Gi", "-1g", "0.5g", "g", "99999999999999999999g", "9999999999999t", "{{workflow.parameters.memory}}", "1e3m"} {
		s := &v1beta2.SparkApplicationSpec{}
		s.Driver.Memory = &value
		if d, _, err := spark.Memory(s); err == nil {
			t.Errorf("%q is %s", value, d)
		}
	}
	for _, factor := range []string{"NaN", "Inf", "-0.1", "x"} {
		s := &v1beta2.SparkApplicationSpec{SparkConf: map[string]string{"spark.kubernetes.memoryOverheadFactor": factor}}
		if _, e, err := spark.Memory(s); err == nil {
			t.Errorf("factor %q makes %s", factor, e)
		}
	}
	if _, _, err := spark.Memory(nil); err == nil {
		t.Error("no spec is no error")
	}
}

func FuzzMemory(f *testing.F) {
	f.Add("8g", "1g", "0.1", "2g")
	f.Add("9223372036854775807", "1p", "1e308", "")
	f.Fuzz(func(t *testing.T, memory, overhead, factor, offHeap string) {
		s := &v1beta2.SparkApplicationSpec{Type: v1beta2.SparkApplicationTypePython, SparkConf: map[string]string{
			"spark.kubernetes.memoryOverheadFactor": factor, "spark.memory.offHeap.enabled": "true",
			"spark.memory.offHeap.size": offHeap, "spark.executor.pyspark.memory": memory,
		}}
		s.Driver.Memory, s.Executor.Memory, s.Executor.MemoryOverhead = &memory, &memory, &overhead
		d, e, err := spark.Memory(s)
		if err == nil && (d < 0 || e < 0 || d > math.MaxInt64/2 || e > math.MaxInt64/2) {
			t.Errorf("%q %q %q %q: %d, %d", memory, overhead, factor, offHeap, d, e)
		}
	})
}
