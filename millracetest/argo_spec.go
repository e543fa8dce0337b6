package millracetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// The parts of Argo's specs that the simulation acts on. What it does not
// know it refuses, see check.
type (
	argoSpec struct {
		Entrypoint          string              `json:"entrypoint"`
		Arguments           argoArguments       `json:"arguments"`
		Templates           []*argoTemplate     `json:"templates"`
		Parallelism         *int                `json:"parallelism"`
		OnExit              string              `json:"onExit"`
		Hooks               map[string]argoHook `json:"hooks"`
		WorkflowTemplateRef *argoTemplateRef    `json:"workflowTemplateRef"`
		TemplateDefaults    *argoTemplate       `json:"templateDefaults"`
		Suspend             bool                `json:"suspend"`
		Shutdown            string              `json:"shutdown"`
	}
	argoTemplateRef struct {
		Name         string `json:"name"`
		Template     string `json:"template"`
		ClusterScope bool   `json:"clusterScope"`
	}
	argoHook struct {
		Template    string           `json:"template"`
		TemplateRef *argoTemplateRef `json:"templateRef"`
		Arguments   argoArguments    `json:"arguments"`
		Expression  string           `json:"expression"`
	}
	argoArguments struct {
		Parameters []argoParameter `json:"parameters"`
	}
	argoParameter struct {
		Name      string         `json:"name"`
		Value     *anyText       `json:"value"`
		Default   *anyText       `json:"default"`
		ValueFrom *argoValueFrom `json:"valueFrom"`
	}
	argoValueFrom struct {
		JSONPath   string   `json:"jsonPath"`
		Parameter  string   `json:"parameter"`
		Expression string   `json:"expression"`
		Default    *anyText `json:"default"`
	}
	argoTemplate struct {
		Name          string          `json:"name"`
		Inputs        argoArguments   `json:"inputs"`
		Outputs       argoArguments   `json:"outputs"`
		DAG           *argoDAG        `json:"dag"`
		Steps         [][]*argoTask   `json:"steps"`
		Resource      *argoResource   `json:"resource"`
		Container     json.RawMessage `json:"container"`
		Script        json.RawMessage `json:"script"`
		ContainerSet  json.RawMessage `json:"containerSet"`
		HTTP          json.RawMessage `json:"http"`
		Plugin        json.RawMessage `json:"plugin"`
		Data          json.RawMessage `json:"data"`
		Suspend       *argoSuspend    `json:"suspend"`
		RetryStrategy *argoRetry      `json:"retryStrategy"`
	}
	argoDAG struct {
		Target string      `json:"target"`
		Tasks  []*argoTask `json:"tasks"`
	}
	argoTask struct {
		Name         string            `json:"name"`
		Template     string            `json:"template"`
		TemplateRef  *argoTemplateRef  `json:"templateRef"`
		Inline       *argoTemplate     `json:"inline"`
		Arguments    argoArguments     `json:"arguments"`
		Depends      string            `json:"depends"`
		Dependencies []string          `json:"dependencies"`
		When         string            `json:"when"`
		WithItems    []json.RawMessage `json:"withItems"`
		WithParam    string            `json:"withParam"`
	}
	argoResource struct {
		Action            string   `json:"action"`
		Manifest          string   `json:"manifest"`
		Flags             []string `json:"flags"`
		MergeStrategy     string   `json:"mergeStrategy"`
		SetOwnerReference bool     `json:"setOwnerReference"`
		SuccessCondition  string   `json:"successCondition"`
		FailureCondition  string   `json:"failureCondition"`
	}
	argoSuspend struct {
		Duration anyText `json:"duration"`
	}
	argoRetry struct {
		Limit       *anyText     `json:"limit"`
		RetryPolicy string       `json:"retryPolicy"`
		Backoff     *argoBackoff `json:"backoff"`
		Expression  string       `json:"expression"`
	}
	argoBackoff struct {
		Duration anyText  `json:"duration"`
		Factor   *anyText `json:"factor"`
		Cap      anyText  `json:"cap"`
	}
)

// anyText is a string that may be written as a number or a boolean.
type anyText string

func (t *anyText) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil {
		*t = anyText(s)
		return nil
	}
	*t = anyText(data)
	return nil
}

// known are the fields that the simulation acts on, and those that mean
// nothing without pods, storage or a calendar.
var known = map[string][]string{
	"spec": {"entrypoint", "arguments", "templates", "parallelism", "onExit", "hooks", "workflowTemplateRef", "templateDefaults", "suspend", "shutdown",
		"serviceAccountName", "automountServiceAccountToken", "executor", "volumes", "volumeClaimTemplates", "volumeClaimGC", "nodeSelector", "affinity",
		"tolerations", "imagePullSecrets", "hostNetwork", "dnsPolicy", "dnsConfig", "activeDeadlineSeconds", "priority", "schedulerName", "podGC",
		"podPriorityClassName", "hostAliases", "securityContext", "podSpecPatch", "podDisruptionBudget", "metrics", "ttlStrategy", "synchronization",
		"podMetadata", "archiveLogs", "workflowMetadata", "artifactGC", "artifactRepositoryRef"},
	"template": {"name", "inputs", "outputs", "dag", "steps", "resource", "container", "script", "containerSet", "http", "plugin", "data", "suspend", "retryStrategy",
		"failFast", "metadata", "nodeSelector", "affinity", "tolerations", "volumes", "initContainers", "sidecars", "archiveLocation", "activeDeadlineSeconds",
		"schedulerName", "priorityClassName", "serviceAccountName", "automountServiceAccountToken", "executor", "hostAliases", "securityContext", "podSpecPatch",
		"metrics", "synchronization", "timeout", "annotations"},
	"task":     {"name", "template", "templateRef", "inline", "arguments", "depends", "dependencies", "when", "withItems", "withParam"},
	"resource": {"action", "manifest", "flags", "mergeStrategy", "setOwnerReference", "successCondition", "failureCondition"},
	"dag":      {"target", "tasks", "failFast"},
	"retry":    {"limit", "retryPolicy", "backoff", "expression", "affinity"},
}

// parseSpec reads a workflow's or a template's spec, and says what of it the
// simulation can't act on.
func parseSpec(content map[string]any) (*argoSpec, error) {
	data, err := json.Marshal(content)
	if err != nil {
		return nil, err
	}
	var spec argoSpec
	if err := json.Unmarshal(data, &spec); err != nil {
		return nil, err
	}
	if err := check("spec", content, "spec"); err != nil {
		return nil, err
	}
	templates, _ := content["templates"].([]any)
	for i, t := range templates {
		if err := checkTemplate(fmt.Sprintf("spec.templates[%d]", i), t); err != nil {
			return nil, err
		}
	}
	for name, hook := range spec.Hooks {
		if name != "exit" || hook.Expression != "" {
			return nil, fmt.Errorf("millracetest does not simulate the hook spec.hooks.%s: only exit", name)
		}
	}
	return &spec, nil
}

func checkTemplate(path string, v any) error {
	t, _ := v.(map[string]any)
	if err := check(path, t, "template"); err != nil {
		return err
	}
	if r, ok := t["resource"].(map[string]any); ok {
		if err := check(path+".resource", r, "resource"); err != nil {
			return err
		}
	}
	if r, ok := t["retryStrategy"].(map[string]any); ok {
		if err := check(path+".retryStrategy", r, "retry"); err != nil {
			return err
		}
	}
	var tasks []any
	if dag, ok := t["dag"].(map[string]any); ok {
		if err := check(path+".dag", dag, "dag"); err != nil {
			return err
		}
		tasks, _ = dag["tasks"].([]any)
		path += ".dag.tasks"
	}
	if groups, ok := t["steps"].([]any); ok {
		for _, g := range groups {
			group, _ := g.([]any)
			tasks = append(tasks, group...)
		}
		path += ".steps"
	}
	for i, task := range tasks {
		m, _ := task.(map[string]any)
		at := fmt.Sprintf("%s[%d]", path, i)
		if err := check(at, m, "task"); err != nil {
			return err
		}
		if inline, ok := m["inline"]; ok {
			if err := checkTemplate(at+".inline", inline); err != nil {
				return err
			}
		}
	}
	return nil
}

func check(path string, content map[string]any, kind string) error {
	for _, key := range slices.Sorted(maps.Keys(content)) {
		if !slices.Contains(known[kind], key) {
			return fmt.Errorf("millracetest does not simulate %s.%s", path, key)
		}
	}
	return nil
}

// over lays a workflow's own settings over those of the template that it
// refers to, as the controller does.
func (s *argoSpec) over(base *argoSpec) *argoSpec {
	out := *base
	out.Suspend, out.Shutdown, out.WorkflowTemplateRef = s.Suspend, s.Shutdown, s.WorkflowTemplateRef
	if s.Entrypoint != "" {
		out.Entrypoint = s.Entrypoint
	}
	if s.Parallelism != nil {
		out.Parallelism = s.Parallelism
	}
	if s.OnExit != "" {
		out.OnExit = s.OnExit
	}
	if len(s.Hooks) > 0 {
		out.Hooks = s.Hooks
	}
	parameters := slices.Clone(base.Arguments.Parameters)
	for _, p := range s.Arguments.Parameters {
		if i := slices.IndexFunc(parameters, func(q argoParameter) bool { return q.Name == p.Name }); i >= 0 {
			parameters[i] = p
		} else {
			parameters = append(parameters, p)
		}
	}
	out.Arguments.Parameters = parameters
	out.Templates = append(slices.Clone(base.Templates), s.Templates...)
	return &out
}

func (s *argoSpec) template(name string) *argoTemplate {
	for _, t := range s.Templates {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// nodeType is what the controller calls a node of the template.
func (t *argoTemplate) nodeType() string {
	switch {
	case t.DAG != nil:
		return "DAG"
	case t.Steps != nil:
		return "Steps"
	case t.Suspend != nil:
		return "Suspend"
	case len(t.HTTP) > 0:
		return "HTTP"
	case len(t.Plugin) > 0:
		return "Plugin"
	default:
		return "Pod"
	}
}

// integer reads a number that may be written as a string.
func (t *anyText) integer(otherwise int) int {
	if t == nil {
		return otherwise
	}
	n, err := strconv.Atoi(string(*t))
	if err != nil {
		return otherwise
	}
	return n
}
