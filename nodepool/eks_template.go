package nodepool

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
)

// template renders the launch template: what a node group has no arguments
// for.
func (e EKS) template(p *Pool, values eksValues, body *hclwrite.Body, problems *millrace.Problems) {
	body.SetAttributeValue("name_prefix", cty.StringVal(p.Name+"-"))
	body.SetAttributeValue("update_default_version", cty.True)
	if config := e.nodeConfig(p, e.MaxPods, problems); config != "" {
		body.SetAttributeRaw("user_data", hclwrite.TokensForFunctionCall("base64encode", heredoc(mimeMessage(config))))
	}
	if len(e.Tags) > 0 {
		body.AppendNewline()
		body.SetAttributeRaw("tags", objectTokens(e.Tags))
	}

	device := block(body, "block_device_mappings")
	device.SetAttributeValue("device_name", cty.StringVal(e.device(p)))
	ebs := block(device, "ebs")
	disk := e.disk(p)
	ebs.SetAttributeValue("volume_size", number(disk.size))
	ebs.SetAttributeValue("volume_type", cty.StringVal(disk.kind))
	if disk.iops > 0 {
		ebs.SetAttributeValue("iops", number(disk.iops))
	}
	if disk.throughput > 0 {
		ebs.SetAttributeValue("throughput", number(disk.throughput))
	}
	ebs.SetAttributeValue("encrypted", cty.True)
	if e.KMSKey != "" {
		values.key.writeTo(ebs, "kms_key_id")
	}
	ebs.SetAttributeValue("delete_on_termination", cty.True)

	metadata := block(body, "metadata_options")
	metadata.SetAttributeValue("http_endpoint", cty.StringVal("enabled"))
	metadata.SetAttributeValue("http_tokens", cty.StringVal("required"))
	metadata.SetAttributeValue("http_put_response_hop_limit", number(orDefault(e.HopLimit, defaultHopLimit)))

	if len(e.Tags) > 0 {
		for _, kind := range []string{"instance", "volume"} {
			tags := block(body, "tag_specifications")
			tags.SetAttributeValue("resource_type", cty.StringVal(kind))
			tags.SetAttributeRaw("tags", objectTokens(e.Tags))
		}
	}
}

// device is the disk that images and the pods' files are on: Bottlerocket has
// one of its own for them.
func (e EKS) device(p *Pool) string {
	if e.bottlerocket(p) {
		return "/dev/xvdb"
	}
	return "/dev/xvda"
}

// eksDisk is a disk as EC2 has it; what is zero isn't written.
type eksDisk struct {
	size, iops, throughput int
	kind                   string
}

func (e EKS) disk(p *Pool) eksDisk {
	disk := eksDisk{
		size: int(orDefault(p.Disk.Size, defaultDiskSize) / millrace.GiB),
		kind: orDefault(p.Disk.Type, gp3),
		iops: e.IOPS, throughput: e.Throughput,
	}
	if disk.kind != gp3 {
		return disk
	}
	if disk.throughput == 0 && p.ImageStreaming && !p.Disk.LocalNVMe {
		disk.throughput = streamingThroughput
	}
	if need := disk.throughput * gp3Ratio; disk.iops == 0 && need > gp3IOPS {
		disk.iops = need
	}
	return disk
}

// nodeConfig is what nodeadm, the bootstrap of Amazon Linux 2023, reads of a
// node's user data beside what EKS puts there itself.
// Source: awslabs/amazon-eks-ami, nodeadm/doc/api.md.
type nodeConfig struct {
	metav1.TypeMeta `json:",inline"`
	Spec            nodeConfigSpec `json:"spec"`
}

type nodeConfigSpec struct {
	FeatureGates map[string]bool `json:"featureGates,omitempty"`
	Instance     *nodeInstance   `json:"instance,omitempty"`
	Kubelet      *nodeKubelet    `json:"kubelet,omitempty"`
}

type nodeInstance struct {
	LocalStorage struct {
		Strategy string `json:"strategy"`
	} `json:"localStorage"`
}

// nodeKubelet has the number of pods. EKS writes one into a document of its own,
// which comes first, and the last one counts. So does eksctl, for groups whose
// image is EKS' choice.
// Source: awslabs/amazon-eks-ami, nodeadm/doc/examples.md, merging, and its
// issue 1988; eksctl 0.215, pkg/nodebootstrap/al2023.go.
type nodeKubelet struct {
	Config struct {
		MaxPods int `json:"maxPods"`
	} `json:"config"`
}

// nodeConfig returns the document, and nothing where it would say nothing.
func (e EKS) nodeConfig(p *Pool, maxPods int, problems *millrace.Problems) string {
	config := nodeConfig{TypeMeta: metav1.TypeMeta{APIVersion: "node.eks.aws/v1alpha1", Kind: "NodeConfig"}}
	if p.ImageStreaming {
		config.Spec.FeatureGates = map[string]bool{"FastImagePull": true}
	}
	if p.Disk.LocalNVMe {
		// containerd, the kubelet and the pods' logs are on the array then.
		config.Spec.Instance = &nodeInstance{}
		config.Spec.Instance.LocalStorage.Strategy = "RAID0"
	}
	if maxPods > 0 {
		config.Spec.Kubelet = &nodeKubelet{}
		config.Spec.Kubelet.Config.MaxPods = maxPods
	}
	if config.Spec.FeatureGates == nil && config.Spec.Instance == nil && config.Spec.Kubelet == nil {
		return ""
	}
	return yamlText(problems, config)
}

// yamlText writes a value that has no mistakes in it.
func yamlText(problems *millrace.Problems, v any) string {
	out, err := yaml.Append(nil, v)
	if err != nil {
		problems.Add(millrace.RuleInvalid, "", err.Error(), "report it: the pool's fields were checked before")
	}
	return string(out)
}

// mimeMessage is the user data that holds the document. EKS adds parts of its
// own, which is why it must be such a message.
// Source: https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html, user data.
func mimeMessage(config string) string {
	return "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"//\"\n\n" +
		"--//\nContent-Type: application/node.eks.aws\n\n" + config + "\n--//--\n"
}

// heredoc writes text of several lines, in which nothing means anything to
// Terraform.
func heredoc(text string) hclwrite.Tokens {
	out := hclwrite.Tokens{{Type: hclsyntax.TokenOHeredoc, Bytes: []byte("<<-EOT\n")}}
	for line := range strings.Lines(text) {
		if line != "\n" {
			line = "    " + line // which "<<-" takes off again
		}
		out = append(out, &hclwrite.Token{Type: hclsyntax.TokenStringLit, Bytes: []byte(line)})
	}
	return append(out, &hclwrite.Token{Type: hclsyntax.TokenCHeredoc, Bytes: []byte("  EOT\n")})
}
