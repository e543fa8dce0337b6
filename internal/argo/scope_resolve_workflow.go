package argo

import (
	"cmp"
	"slices"
	"strings"
)

// workflowFields are what the workflow itself offers.
var workflowFields = []string{"name", "namespace", "uid", "mainEntrypoint", "serviceAccountName", "status", "duration",
	"failures", "priority", "creationTimestamp", "scheduledTime", "parameters", "labels", "annotations", "outputs"}

// workflowReference resolves workflow.….
func (r *resolver) workflowReference(s *scope, parts []string, open bool) complaint {
	rest := parts[2:]
	switch parts[1] {
	case "labels", "annotations": // set from outside too
		return complaint{}
	case "parameters":
		return r.workflowParameter(rest, open)
	case "outputs":
		return r.workflowOutput(rest, open)
	case "creationTimestamp":
		// One letter of strftime, or RFC3339.
		if len(rest) == 0 || len(rest) == 1 && (len(rest[0]) == 1 || rest[0] == "RFC3339") {
			return complaint{}
		}
		return wrong("use one letter of strftime, or RFC3339", "workflow.creationTimestamp has no %s", rest[0])
	case "priority":
		// The workflow that uses a library may have one, but validation of the
		// library by itself refuses the tag.
		if !r.globals.priority && !(r.library && open) && !r.open {
			return wrong("set spec.priority", "the workflow has no priority")
		}
	case "failures":
		if !r.lateEnough(s, open) {
			return wrong("use it in the template of onExit", "workflow.failures is only known when the workflow has ended")
		}
	default:
		if !slices.Contains(workflowFields, parts[1]) {
			fix := cmp.Or(like(parts[1], workflowFields), "one of "+strings.Join(workflowFields, ", "))
			return wrong(fix, "workflow has no %s", parts[1])
		}
	}
	if len(rest) > 0 {
		return wrong("", "workflow.%s has no %s", parts[1], rest[0])
	}
	return complaint{}
}

// lateEnough: Argo's validation knows workflow.failures once there is an
// onExit; the controller also in the workflow's hooks.
func (r *resolver) lateEnough(s *scope, expression bool) bool {
	if s.own && s.tmpl == nil {
		return true
	}
	return !s.early && (r.globals.onExit || r.open || r.globals.exitHook && expression)
}

func (r *resolver) workflowParameter(rest []string, open bool) complaint {
	g := &r.globals
	switch {
	case g.anyParameter, (open || len(g.parameters) > 0) && (len(rest) == 0 || len(rest) == 1 && rest[0] == "json"):
		return complaint{}
	case len(rest) == 0, rest[0] == "json":
		return wrong("declare them in arguments.parameters of the workflow", "the workflow has no parameters")
	case g.parameters[strings.Join(rest, ".")], open && g.parameters[rest[0]]:
		return complaint{}
	}
	fix := cmp.Or(propose(r, rest[0], g.parameters), "declare it in arguments.parameters of the workflow")
	return wrong(fix, "the workflow has no parameter %s", strings.Join(rest, "."))
}

func (r *resolver) workflowOutput(rest []string, open bool) complaint {
	if open && len(rest) < 2 || r.globals.anyOutput || (len(rest) == 2 || open) && r.globals.outputs[rest[0]+"."+rest[1]] {
		return complaint{}
	}
	return wrong("set globalName of an output", "no template has a global output workflow.outputs.%s", strings.Join(rest, "."))
}

// cronFields are what a CronWorkflow tells its own conditions.
var cronFields = []string{"name", "namespace", "labels", "annotations", "lastScheduledTime", "failed", "succeeded"}

func cronReference(parts []string) complaint {
	name := strings.Join(parts, ".")
	if parts[0] != "cronworkflow" {
		return wrong("use cronworkflow.", "%s is not known to a CronWorkflow, which knows only itself", name)
	}
	if slices.Contains(cronFields, parts[1]) {
		return complaint{}
	}
	fix := cmp.Or(like(parts[1], cronFields), "one of "+strings.Join(cronFields, ", "))
	return wrong(fix, "cronworkflow has no %s", parts[1])
}
