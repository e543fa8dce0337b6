//go:build upstream

// Command operator reads applications from its standard input, and writes what
// the Spark operator makes of each.
package main

import (
	"encoding/json"
	"log"
	"os"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	"github.com/kubeflow/spark-operator/v2/pkg/common"
	corev1 "k8s.io/api/core/v1"

	pods "github.com/millrace/millrace/internal/oracle/spark/operator/pods"
	submit "github.com/millrace/millrace/internal/oracle/spark/operator/submit"
)

// answer is what the operator makes of an application: the arguments, and the
// pod templates as its webhook changes the pods that come of them.
type answer struct {
	Arguments        []string
	Driver, Executor *corev1.Pod
	Error            string
}

func main() {
	var apps []*v1beta2.SparkApplication
	if err := json.NewDecoder(os.Stdin).Decode(&apps); err != nil {
		log.Fatal(err)
	}
	answers := make([]answer, 0, len(apps))
	for _, app := range apps {
		a, err := ask(app)
		if err != nil {
			a.Error = err.Error()
		}
		answers = append(answers, a)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		log.Fatal(err)
	}
}

func ask(app *v1beta2.SparkApplication) (a answer, err error) {
	var driver, executor corev1.PodTemplateSpec
	if a.Arguments, driver, executor, err = submit.Arguments(app); err != nil {
		return a, err
	}
	if a.Driver, err = pods.Mutate(driver, common.SparkRoleDriver, app); err != nil {
		return a, err
	}
	a.Executor, err = pods.Mutate(executor, common.SparkRoleExecutor, app)
	return a, err
}
