// Command facts writes what Terraform's providers take as arguments of the
// resources that node pools render: internal/tfschema/facts.txt. It reads the
// npm packages @cdktf/provider-google, -aws and -azurerm, which are made from
// the providers' own schemas:
//
//	npm pack @cdktf/provider-google@16.12.1 && tar xzf cdktf-provider-google-16.12.1.tgz
//	go run ./facts -google package … >../../tfschema/facts.txt
//
// It is run by hand: the packages are large, and no longer made.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// resources are those of each provider, by the names of the packages' folders.
var resources = map[string][]struct{ folder, class, name string }{
	"google": {{"container-node-pool", "ContainerNodePool", "resource google_container_node_pool"}},
	"aws": {
		{"eks-node-group", "EksNodeGroup", "resource aws_eks_node_group"},
		{"launch-template", "LaunchTemplate", "resource aws_launch_template"},
		{"autoscaling-group-tag", "AutoscalingGroupTagA", "resource aws_autoscaling_group_tag"},
		{"data-aws-subnets", "DataAwsSubnets", "data aws_subnets"},
	},
	"azurerm": {{"kubernetes-cluster-node-pool", "KubernetesClusterNodePool", "resource azurerm_kubernetes_cluster_node_pool"}},
}

func main() {
	roots := map[string]*string{}
	for provider := range resources {
		roots[provider] = flag.String(provider, "", "the unpacked package @cdktf/provider-"+provider)
	}
	flag.Parse()
	fmt.Println("# Made by internal/oracle/terraform/facts from the providers' schemas; don't edit.")
	for _, provider := range []string{"aws", "azurerm", "google"} {
		if err := write(provider, *roots[provider]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func write(provider, root string) error {
	var about struct {
		Name, Version string
		CDKTF         struct {
			Provider struct{ Name, Version string }
		}
	}
	data, err := os.ReadFile(filepath.Join(root, "package.json"))
	if err != nil {
		return fmt.Errorf("-%s: %w", provider, err)
	}
	if err := json.Unmarshal(data, &about); err != nil {
		return err
	}
	fmt.Printf("\n# hashicorp/%s %s, by %s %s\n", provider, about.CDKTF.Provider.Version, about.Name, about.Version)
	for _, r := range resources[provider] {
		dir := filepath.Join(root, "lib", r.folder)
		script, err := os.ReadFile(filepath.Join(dir, "index.js"))
		if err != nil {
			return err
		}
		types, err := os.ReadFile(filepath.Join(dir, "index.d.ts"))
		if err != nil {
			return err
		}
		fmt.Println(r.name)
		p := pack{script: string(script), types: string(types)}
		if err := p.block(r.class+"Config", "synthesizeHclAttributes() {", "  "); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	return nil
}

// A pack is the code and the types of one resource.
type pack struct{ script, types string }

var (
	attribute = regexp.MustCompile(`(?s)(\w+): \{\s+value: (.*?),\s+isBlock: (\w+),\s+type: "(\w+)",\s+storageClassType: "(\w+)",\s+\}`)
	nested    = regexp.MustCompile(`(\w+)ToHclTerraform`)
	field     = regexp.MustCompile(`#(\w+) \w+#\w+\}[^/]*\*/\s+readonly \w+(\??): ([^;{]*)`)
	simple    = map[string]string{"boolean": "bool", "string": "string", "number": "number",
		"stringList": "string", "numberList": "number", "stringMap": "string"}
)

// block prints the arguments of an interface, and the blocks in it.
func (p pack) block(class, function, indent string) error {
	_, body, ok := strings.Cut(p.script, function)
	if !ok {
		return fmt.Errorf("no %s", function)
	}
	body, _, _ = strings.Cut(body, "// remove undefined attributes")
	_, declared, ok := strings.Cut(p.types, "export interface "+class+" ")
	if !ok {
		return fmt.Errorf("no interface %s", class)
	}
	declared, _, _ = strings.Cut(declared, "\n}\n")
	required, many := map[string]bool{}, map[string]bool{}
	for _, m := range field.FindAllStringSubmatch(declared, -1) {
		required[m[1]], many[m[1]] = m[2] == "", strings.Contains(m[3], "[]")
	}
	found := attribute.FindAllStringSubmatch(body, -1)
	slices.SortFunc(found, func(a, b []string) int { return strings.Compare(a[1], b[1]) })
	for _, m := range found {
		name, kind, class := m[1], m[4], m[5]
		if _, ok := required[name]; !ok {
			return fmt.Errorf("%s is in no interface", name)
		}
		if name == "id" && indent == "  " { // cdktf adds it to all resources
			continue
		}
		line := name
		if m[3] == "true" {
			line += map[bool]string{true: " blocks", false: " block"}[many[name]]
		} else if kind == "simple" {
			line += " " + simple[class]
		} else {
			line += " " + kind + "(" + simple[class] + ")"
		}
		if required[name] {
			line += " required"
		}
		fmt.Println(indent + line)
		if m[3] == "true" {
			of := nested.FindStringSubmatch(m[2])[1]
			if err := p.block(strings.ToUpper(of[:1])+of[1:], "function "+of+"ToHclTerraform(struct) {", indent+"  "); err != nil {
				return err
			}
		} else if simple[class] == "" {
			return fmt.Errorf("%s has the unknown type %s", name, class)
		}
	}
	return nil
}
