package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// Values of the run that texts may hold; the conversion is the door to what has
// no name here.
func ExampleVariable() {
	load := &workflow.Task{Name: "load"}
	for _, v := range []workflow.Variable{
		workflow.RunName, workflow.RunLabel("team"), workflow.RunAnnotation("owner"),
		workflow.CreationTime(""), workflow.CreationTime("Y"), workflow.Item.Field("name"),
		load.ExitCode(), load.Status(), load.ID(), load.HostNode(), load.StartedAt(), load.FinishedAt(), load.OutputList(),
		workflow.Variable("workflow.labels.cost-centre"),
	} {
		fmt.Println(v.Ref())
	}
	// Output:
	// {{workflow.name}}
	// {{workflow.labels.team}}
	// {{workflow.annotations.owner}}
	// {{workflow.creationTimestamp.RFC3339}}
	// {{workflow.creationTimestamp.Y}}
	// {{item.name}}
	// {{tasks.load.exitCode}}
	// {{tasks.load.status}}
	// {{tasks.load.id}}
	// {{tasks.load.hostNodeName}}
	// {{tasks.load.startedAt}}
	// {{tasks.load.finishedAt}}
	// {{tasks.load.outputs.parameters}}
	// {{workflow.labels.cost-centre}}
}
