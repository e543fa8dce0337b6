package workflow

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// RenderSettings adds settings to the template of a step.
func RenderSettings(s Settings, t wfv1.Template) (*wfv1.Template, error) {
	return RenderSettingsIn(&Template{}, s, t)
}

// RenderSettingsIn does so inside of a pipeline.
func RenderSettingsIn(p *Template, s Settings, t wfv1.Template) (*wfv1.Template, error) {
	c := &check{template: p}
	s.render(c, "Settings", &t)
	return &t, c.Err()
}

// RenderRuns renders what every run has.
func RenderRuns(s RunSettings) (*wfv1.WorkflowSpec, error) {
	c, spec := &check{template: &Template{}}, &wfv1.WorkflowSpec{}
	s.render(c, "Runs", spec)
	return spec, c.Err()
}

// RenderPods renders what all the pods of a run get.
func RenderPods(s RunPods) (*wfv1.WorkflowSpec, error) {
	c, spec := &check{template: &Template{}}, &wfv1.WorkflowSpec{}
	s.render(c, "Pods", spec)
	return spec, c.Err()
}

// Bucket is a place for artifacts.
type Bucket string

func (b Bucket) locate(_ *check, _ string, a *wfv1.Artifact) {
	a.S3 = &wfv1.S3Artifact{S3Bucket: wfv1.S3Bucket{Bucket: string(b)}}
}
