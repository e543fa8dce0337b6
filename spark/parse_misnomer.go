package spark

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// meant are the settings that are meant by names which Spark ignores.
var meant = map[string]string{
	"spark.kubernetes.serviceAccountName":                  "spark.kubernetes.authenticate.driver.serviceAccountName",
	"spark.kubernetes.driver.serviceAccountName":           "spark.kubernetes.authenticate.driver.serviceAccountName",
	"spark.kubernetes.driver.memoryOverhead":               "spark.driver.memoryOverhead",
	"spark.kubernetes.executor.memoryOverhead":             "spark.executor.memoryOverhead",
	"spark.kubernetes.driver.schedulerName":                "spark.kubernetes.driver.scheduler.name",
	"spark.kubernetes.executor.schedulerName":              "spark.kubernetes.executor.scheduler.name",
	"spark.executor.decommission.enabled":                  keyDecommission,
	"spark.kubernetes.executor.reusePersistentVolume":      keyReusePVC,
	"spark.kubernetes.executor.reusePersistentVolumeClaim": keyReusePVC,
}

// meantByPods are those that only a pod template can say. They return whether
// the value could be read.
var meantByPods = map[string]func(spec *v1beta2.SparkApplicationSpec, value string) bool{
	"spark.kubernetes.tolerations": func(spec *v1beta2.SparkApplicationSpec, value string) bool {
		return addTolerations(spec, value, driverRole, executorRole)
	},
	"spark.kubernetes.driver.tolerations": func(spec *v1beta2.SparkApplicationSpec, value string) bool {
		return addTolerations(spec, value, driverRole)
	},
	"spark.kubernetes.executor.tolerations": func(spec *v1beta2.SparkApplicationSpec, value string) bool {
		return addTolerations(spec, value, executorRole)
	},
	"spark.kubernetes.driver.priorityClassName": func(spec *v1beta2.SparkApplicationSpec, value string) bool {
		templateOf(spec, driverRole).Spec.PriorityClassName = value
		return true
	},
	"spark.kubernetes.executor.priorityClassName": func(spec *v1beta2.SparkApplicationSpec, value string) bool {
		templateOf(spec, executorRole).Spec.PriorityClassName = value
		return true
	},
}

func addTolerations(spec *v1beta2.SparkApplicationSpec, value string, to ...role) bool {
	var list []corev1.Toleration
	if err := json.Unmarshal([]byte(value), &list); err != nil {
		return false
	}
	for _, r := range to {
		t := &templateOf(spec, r).Spec
		t.Tolerations = append(t.Tolerations, list...)
	}
	return true
}

// readMisnomers takes settings that Spark ignores for what their writer meant.
// Those that can't be taken so stay, and Build reports them.
func (s *submitReader) readMisnomers(spec *v1beta2.SparkApplicationSpec) {
	for _, key := range slices.Sorted(maps.Keys(s.conf)) {
		taken := false
		if name, ok := meant[key]; ok {
			if _, said := s.conf[name]; !said {
				s.conf[name] = s.conf[key]
			}
			taken = true
		} else if put, ok := meantByPods[key]; ok {
			taken = put(spec, s.conf[key])
		}
		if taken {
			s.note(millrace.Warning, millrace.RuleUnknown, "--conf "+key, "Spark has no such setting, and ignores it without a word; it is taken for what it means", misnomers[key])
			delete(s.conf, key)
		}
	}
}
