package nodepool

import (
	"fmt"
	"time"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// seconds writes a duration as Google's APIs do: "3600s".
func seconds(d time.Duration) cty.Value {
	return cty.StringVal(fmt.Sprintf("%ds", int64(d/time.Second)))
}

// poolBlocks renders what the resource has beside its node_config.
func (g GKE) poolBlocks(body *hclwrite.Body) {
	if u := g.Upgrade; u.surges() {
		settings := block(body, "upgrade_settings")
		settings.SetAttributeValue("strategy", cty.StringVal("SURGE"))
		settings.SetAttributeValue("max_surge", number(u.surge()))
		settings.SetAttributeValue("max_unavailable", number(u.Unavailable))
	}
	if u := g.Upgrade; u.drains() {
		drain := block(body, "node_drain_config")
		if u.Grace > 0 {
			drain.SetAttributeValue("grace_termination_duration", seconds(u.Grace))
		}
		if u.BudgetTimeout > 0 {
			drain.SetAttributeValue("pdb_timeout_duration", seconds(u.BudgetTimeout))
		}
		if u.KeepBudgets {
			drain.SetAttributeValue("respect_pdb_during_node_pool_deletion", cty.True)
		}
	}
	if g.Provisioning.Compact {
		block(body, "placement_policy").SetAttributeValue("type", cty.StringVal("COMPACT"))
	}
	if g.Provisioning.Queued {
		block(body, "queued_provisioning").SetAttributeValue("enabled", cty.True)
	}
}

// nodeAttributes renders attributes of node_config that are seldom set.
func (g GKE) nodeAttributes(node *hclwrite.Body) {
	if g.Provisioning.FlexStart {
		node.SetAttributeValue("flex_start", cty.True)
	}
	if g.Provisioning.MaxRun > 0 {
		node.SetAttributeValue("max_run_duration", seconds(g.Provisioning.MaxRun))
	}
}

// nodeBlocks renders blocks of node_config that are seldom set.
func (g GKE) nodeBlocks(p *Pool, values gkeValues, node *hclwrite.Body) {
	if n := g.localSSDs(p); n > 0 {
		block(node, "ephemeral_storage_local_ssd_config").SetAttributeValue("local_ssd_count", number(n))
	}
	for _, image := range values.images {
		disk := block(node, "secondary_boot_disks")
		image.writeTo(disk, "disk_image")
		disk.SetAttributeValue("mode", cty.StringVal(gkeImageCache))
	}
	if kind, key, value := g.Provisioning.affinity(); kind != "" {
		reservation := block(node, "reservation_affinity")
		reservation.SetAttributeValue("consume_reservation_type", cty.StringVal(kind))
		if key != "" {
			reservation.SetAttributeValue("key", cty.StringVal(key))
			reservation.SetAttributeValue("values", stringsValue([]string{value}))
		}
	}
}
