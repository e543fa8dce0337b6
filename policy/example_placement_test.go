package policy_test

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/policy"
	"github.com/millrace/millrace/spark"
)

// Pods are held against the node pools of the composition. This job's driver
// says by hand what the pool's Placement would have said.
func Example_placement() {
	pool := &nodepool.Pool{
		Name: "spark", Workload: "spark-executor", Machine: "r6i.4xlarge", Max: 20,
		Provider: nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "default"}},
	}
	job := &spark.Job{
		Name: "etl", Namespace: "data", Image: "registry/etl:1.0", Version: "3.5.1", Main: "local:///opt/etl.jar", Class: "com.company.ETL",
		Driver: spark.Driver{ServiceAccount: "spark", PriorityClass: "high", Placement: millrace.Placement{
			NodeSelector: map[string]string{"workload": "spark-exec"},
		}},
		Placement: pool.Placement(),
	}
	bundle, err := millrace.Build(pool, job)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range policy.Production().Only("placement/no-pool").Check(bundle).Findings {
		fmt.Println(f.Field)
		fmt.Println(f.Detail)
	}
	// Output:
	// spec.driver.template.spec.nodeSelector[workload]
	// no pool takes the pod "driver": pool spark has workload=spark-executor, not spark-exec, and has the taint workload=spark-executor:NoSchedule, which isn't tolerated
}
