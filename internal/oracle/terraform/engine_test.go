package terraform_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"

	"github.com/millrace/millrace/internal/tfschema"
)

// others are the resources around the pools, by their provider.
var others = map[string]map[string][]string{
	"google": {"google_container_cluster": {"name", "location", "id"}, "google_compute_image": {"id"}, "google_service_account": {"email"}, "google_project": {"project_id"}},
	"aws": {"aws_eks_cluster": {"name", "version"}, "aws_iam_role": {"arn"}, "aws_kms_key": {"arn"}, "aws_subnet": {"id", "arn"},
		"aws_iam_role_policy_attachment": {}, "aws_ssm_parameter": {"value"}},
	"azurerm": {"azurerm_kubernetes_cluster": {"id"}, "azurerm_subnet": {"id"}},
}

// An engine is Terraform in a directory of its own.
type engine struct {
	binary, dir string
	env         []string
}

// start lays out a directory with what the pools refer to, and starts the
// provider.
func start(t *testing.T, provider string) *engine {
	t.Helper()
	e := &engine{dir: t.TempDir()}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil && e.binary == "" {
			e.binary = path
		}
	}
	if e.binary == "" {
		t.Fatal("neither terraform nor tofu is on the PATH: .ci/terraform builds one into bin")
	}
	if err := os.CopyFS(e.dir, os.DirFS(filepath.Join("testdata", provider))); err != nil {
		t.Fatal(err)
	}
	e.env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE=/dev/null", "TF_IN_AUTOMATION=1", "TF_REATTACH_PROVIDERS="+serve(t, provider))
	e.run(t, "init", "-backend=false", "-input=false")
	return e
}

// serve runs a provider beside the test, and returns how Terraform finds it.
func serve(t *testing.T, name string) string {
	t.Helper()
	resources, err := tfschema.Resources()
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{known: map[string]*tfschema.Resource{}, others: others[name]}
	for kind, r := range resources {
		if strings.HasPrefix(kind, name+"_") {
			p.known[kind] = r
		}
	}
	t.Setenv("TF_LOG_SDK", "off")
	t.Setenv("TF_LOG_SDK_PROTO", "off")
	ctx, cancel := context.WithCancel(t.Context())
	configs, closed := make(chan *plugin.ReattachConfig, 1), make(chan struct{})
	go tf5server.Serve("registry.terraform.io/hashicorp/"+name, func() tfprotov5.ProviderServer { return p },
		tf5server.WithDebug(ctx, configs, closed), tf5server.WithGoPluginLogger(hclog.NewNullLogger()))
	config := <-configs
	t.Cleanup(func() { cancel(); <-closed })
	reattach := map[string]any{}
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		reattach[registry+"/hashicorp/"+name] = map[string]any{"Protocol": config.Protocol, "ProtocolVersion": config.ProtocolVersion,
			"Pid": config.Pid, "Test": true, "Addr": map[string]string{"Network": config.Addr.Network(), "String": config.Addr.String()}}
	}
	out, err := json.Marshal(reattach)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// write writes a file into the directory.
func (e *engine) write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(e.dir, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// try runs a command, and returns all that it says.
func (e *engine) try(t *testing.T, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), e.binary, args...)
	cmd.Dir, cmd.Env = e.dir, e.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// run runs a command that must succeed.
func (e *engine) run(t *testing.T, args ...string) string {
	t.Helper()
	out, err := e.try(t, args...)
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", e.binary, strings.Join(args, " "), err, out)
	}
	return out
}
