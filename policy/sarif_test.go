package policy_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

// risky is a report with a warning, an error and a waived finding.
func risky(t *testing.T) *policy.Report {
	t.Helper()
	j := standalone(job())
	j.Image, j.Driver.PriorityClass = "registry/etl:latest", ""
	j.Executor.Annotations = map[string]string{millrace.SafeToEvict: "true"}
	return policy.Production().Existing(needed...).Waive("spark/latest-tag", "nightly").Waive("spark/typo", "x").Check(build(t, j))
}

func TestWriteJSON(t *testing.T) {
	r := risky(t)
	var out bytes.Buffer
	if err := r.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	var back []millrace.Finding
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.Findings, back); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	out.Reset()
	if err := new(policy.Report).WriteJSON(&out); err != nil || out.String() != "[]\n" {
		t.Errorf("no findings are written as %q, %v", out.String(), err)
	}
}

func TestWriteSARIF(t *testing.T) {
	r := risky(t)
	r.Findings[0].File, r.Findings[0].Line = "jobs/etl of the day.yaml", 7
	var out bytes.Buffer
	if err := r.WriteSARIF(&out); err != nil {
		t.Fatal(err)
	}
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID       string
				RuleIndex    int
				Level        string
				Message      struct{ Text string }
				Suppressions []struct{ Kind, Justification string }
				Locations    []struct {
					PhysicalLocation *struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if log.Version != "2.1.0" || len(run.Results) != len(r.Findings) || len(r.Findings) != 4 {
		t.Fatalf("version %q with %d results for %d findings, want 4", log.Version, len(run.Results), len(r.Findings))
	}
	levels := map[millrace.Severity]string{millrace.Error: "error", millrace.Warning: "warning", millrace.Info: "note"}
	for i, result := range run.Results {
		f := r.Findings[i]
		if result.RuleID != f.Rule || run.Tool.Driver.Rules[result.RuleIndex].ID != f.Rule || result.Level != levels[f.Severity] || result.Message.Text == "" {
			t.Errorf("result %d doesn't tell of %s: %+v", i, f, result)
		}
		if (len(result.Suppressions) == 1) != (f.Waived != "") {
			t.Errorf("result %d of a finding waived for %q has the suppressions %v", i, f.Waived, result.Suppressions)
		}
		at := result.Locations[0].PhysicalLocation
		if (at != nil) != (f.File != "") || at != nil && (at.ArtifactLocation.URI != "jobs/etl%20of%20the%20day.yaml" || at.Region.StartLine != 7) {
			t.Errorf("result %d lies at %+v", i, at)
		}
	}
	out.Reset()
	if err := new(policy.Report).WriteSARIF(&out); err != nil || !bytes.Contains(out.Bytes(), []byte(`"results": []`)) {
		t.Errorf("an empty report lacks an empty list of results: %v\n%s", err, out.String())
	}
}
