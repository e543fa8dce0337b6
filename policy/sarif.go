package policy

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/schema"
)

// WriteJSON writes the findings as one JSON array, an empty one where there
// are none. Each has the fields rule, severity (error, warning or info),
// object, field, file, line, detail, fix and waived; those that are empty are
// left out.
func (r *Report) WriteJSON(w io.Writer) error {
	findings := r.Findings
	if findings == nil {
		findings = []millrace.Finding{}
	}
	return encode(w, findings)
}

// WriteSARIF writes the report in SARIF 2.1.0, which code hosts show beside
// the lines of a change. Waived findings are in it as suppressed ones.
//
// Source: OASIS, Static Analysis Results Interchange Format 2.1.0.
func (r *Report) WriteSARIF(w io.Writer) error {
	driver := sarifDriver{Name: "millrace", Rules: []sarifRule{}}
	index := make(map[string]int)
	for _, rule := range r.rules {
		index[rule.ID] = len(driver.Rules)
		driver.Rules = append(driver.Rules, sarifRule{
			ID:            rule.ID,
			Short:         &sarifText{rule.Summary},
			Full:          &sarifText{rule.Reason},
			Help:          &sarifText{rule.Fix + "\n\nSource: " + rule.Source},
			Configuration: sarifConfiguration{sarifLevel(rule.Severity)},
		})
	}
	results, schemas := []sarifResult{}, schemaRules()
	for _, f := range r.Findings {
		at, ok := index[f.Rule]
		if !ok { // of the schemas, or what Build, Load and profiles find for themselves
			at = len(driver.Rules)
			index[f.Rule] = at
			rule := sarifRule{ID: f.Rule, Configuration: sarifConfiguration{sarifLevel(f.Severity)}}
			if i := slices.IndexFunc(schemas, func(r schema.Rule) bool { return r.ID == f.Rule }); i >= 0 {
				rule.Short, rule.Help = &sarifText{schemas[i].Detail}, &sarifText{schemas[i].Fix}
			}
			driver.Rules = append(driver.Rules, rule)
		}
		results = append(results, sarifFinding(f, at))
	}
	return encode(w, sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{{Tool: sarifTool{driver}, Results: results}},
	})
}

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func sarifFinding(f millrace.Finding, rule int) sarifResult {
	text := f.Detail
	if f.Field != "" {
		text = f.Field + ": " + text
	}
	if f.Fix != "" {
		text += "; " + f.Fix
	}
	name := f.Object.String()
	if f.Field != "" {
		name += " " + f.Field
	}
	out := sarifResult{
		RuleID: f.Rule, RuleIndex: rule, Level: sarifLevel(f.Severity), Message: sarifText{text},
		Locations: []sarifLocation{{Logical: []sarifLogical{{Name: name, Kind: "resource"}}}},
	}
	if f.File != "" {
		out.Locations[0].Physical = &sarifPhysical{Artifact: sarifArtifact{fileURI(f.File)}}
		if f.Line > 0 {
			out.Locations[0].Physical.Region = &sarifRegion{f.Line}
		}
	}
	if f.Waived != "" {
		out.Suppressions = []sarifSuppression{{Kind: "external", Justification: f.Waived}}
	}
	return out
}

// sarifLevel returns SARIF's word for a severity.
// fileURI writes a path as SARIF wants it: relative to the repository, as it
// was given, or as a file URL.
func fileURI(path string) string {
	u := url.URL{Path: filepath.ToSlash(path)}
	if filepath.IsAbs(path) {
		u.Scheme = "file"
		if !strings.HasPrefix(u.Path, "/") { // C:/…
			u.Path = "/" + u.Path
		}
	}
	return u.String()
}

func sarifLevel(s millrace.Severity) string {
	switch s {
	case millrace.Error:
		return "error"
	case millrace.Warning:
		return "warning"
	default:
		return "note"
	}
}

// The part of SARIF that is written.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID            string             `json:"id"`
		Short         *sarifText         `json:"shortDescription,omitempty"`
		Full          *sarifText         `json:"fullDescription,omitempty"`
		Help          *sarifText         `json:"help,omitempty"`
		Configuration sarifConfiguration `json:"defaultConfiguration"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification"`
	}
)
