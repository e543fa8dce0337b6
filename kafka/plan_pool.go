package kafka

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

const (
	brokerRole      = string(Broker)
	controllerRole  = string(Controller)
	skipScaleDown   = "strimzi.io/skip-broker-scaledown-check"
	staticQuorum    = "the quorum of controllers is fixed when the cluster is made: with other members it can come to a stop, or lose metadata"
	stillPartitions = "nodes that still hold partitions are kept, and the pool is counted as before (ScaleDownPreventionCheck)"
)

func judgeNodes(o *planned, d difference) {
	was, _ := configNumber(d.was)
	now, _ := configNumber(d.now)
	roles := o.was.at("spec").roles()
	switch {
	case slices.Contains(roles, controllerRole):
		o.report(d, Destroys, staticQuorum, "keep the number")
	case now > was:
		detail := "nodes are added; without an automatic rebalance only new topics use them"
		if o.rebalances("add-brokers") {
			detail = "nodes are added, and Cruise Control moves partitions to them"
		}
		o.report(d, Applied, detail, "")
	default:
		o.fewerBrokers(d)
	}
}

// fewerBrokers judges what takes brokers away.
func (o *planned) fewerBrokers(d difference) {
	k := o.kafka()
	switch {
	case k.at("metadata", "annotations").text(skipScaleDown) == "true":
		o.report(d, Destroys, "the annotation "+skipScaleDown+" is set: brokers go with the partitions that they hold", "take the annotation away, and rebalance with the mode remove-brokers first")
	case d.path == "spec.replicas" && o.rebalances("remove-brokers"):
		o.report(d, Applied, "Cruise Control moves partitions away from the brokers, and then they go", "")
	default:
		o.report(d, Ignored, stillPartitions, "rebalance with the mode remove-brokers first, or give Cruise Control an automatic one")
	}
}

// rebalances reports whether the cluster has an automatic rebalance of a mode.
func (o *planned) rebalances(mode string) bool {
	items, _ := o.kafka().at("spec", "cruiseControl")["autoRebalance"].([]any)
	return slices.ContainsFunc(items, func(item any) bool {
		m, _ := item.(map[string]any)
		return m["mode"] == mode
	})
}

func judgeRoles(o *planned, d difference) {
	was, now := o.was.at("spec").roles(), o.now.at("spec").roles()
	slices.Sort(was)
	slices.Sort(now)
	has := slices.Contains[[]string]
	switch {
	case slices.Equal(was, now):
		o.report(difference{"spec.roles", strings.Join(was, ","), strings.Join(now, ",")}, Applied, "the order of the roles means nothing", "")
	case has(was, controllerRole) != has(now, controllerRole):
		o.report(d, Destroys, staticQuorum, "keep the role, and make another pool")
	case has(was, brokerRole) && !has(now, brokerRole):
		o.fewerBrokers(d)
	default:
		o.report(d, Rolls, rollsPool, "")
	}
}

// judgeStorage compares disks as the operator does: if one of them changes in a
// way that can't be, none of the changes is carried out.
func judgeStorage(o *planned, _ difference) {
	if slices.ContainsFunc(o.changes, func(c Change) bool { return strings.HasPrefix(c.Field, "spec.storage") }) {
		return // all of them were judged with the first one
	}
	was, now := o.was.at("spec", "storage"), o.now.at("spec", "storage")
	const keep = "keep it; make a new pool with the other disks, and move the partitions there"
	var found []Change
	add := func(path string, before, after any, effect Effect, detail, fix string) {
		found = append(found, Change{Object: o.ref, Field: path, Before: short(before), After: short(after), Effect: effect, Detail: detail, Fix: fix})
	}
	if was["type"] != now["type"] {
		add("spec.storage.type", was["type"], now["type"], Ignored, "the type of the storage can't change", keep)
	} else if was["type"] != "jbod" {
		o.disk("spec.storage", was, now, add)
	} else {
		a, b := byKey(was["volumes"], "id"), byKey(now["volumes"], "id")
		for _, id := range slices.Sorted(maps.Keys(union(a, b))) {
			at := "spec.storage.volumes[" + id + "]"
			x, _ := a[id].(map[string]any)
			y, _ := b[id].(map[string]any)
			switch {
			case x == nil:
				add(at, nil, b[id], Rolls, "the disk is added, and "+rollsPool, "")
			case y == nil:
				add(at, a[id], nil, Destroys, "the disk goes with the partitions that it holds; "+rollsPool, "rebalance with the mode remove-disks first")
			default:
				o.disk(at, x, y, add)
			}
		}
	}
	if slices.ContainsFunc(found, func(c Change) bool { return c.Effect == Ignored }) {
		for i := range found {
			if c := &found[i]; c.Effect != Ignored {
				c.Effect, c.Fix = Ignored, "undo the change of the storage that can't be"
				c.Detail = "with a change that can't be, the operator ignores all changes of the pool's storage (KafkaStorage)"
			}
		}
	}
	o.changes = append(o.changes, found...)
}

// disk compares one disk.
// Source: Strimzi, StorageDiff.java, PvcReconciler.java.
func (o *planned) disk(at string, was, now tree, add func(path string, before, after any, effect Effect, detail, fix string)) {
	const keep = "keep it; make a new pool with the other disks, and move the partitions there"
	for _, key := range slices.Sorted(maps.Keys(union(was, now))) {
		x, y := was[key], now[key]
		if sameValue(x, y) || key == "volumes" {
			continue
		}
		path := joinPath(at, key)
		switch key {
		case "size":
			before, errBefore := resource.ParseQuantity(fmt.Sprint(x))
			after, _ := resource.ParseQuantity(fmt.Sprint(y)) // What is none is too small.
			switch {
			case errBefore != nil || after.Cmp(before) < 0:
				add(path, x, y, Ignored, "a disk can't shrink", keep)
			case after.Cmp(before) > 0:
				add(path, x, y, Applied, "the disks grow, if their storage class allows it", "")
			}
		case "deleteClaim":
			if unsetIsFalse(x) == unsetIsFalse(y) {
				continue
			}
			detail := "the disks outlive their pool from now on"
			if y == true {
				detail = "the disks are deleted with their pool from now on"
			}
			add(path, x, y, Applied, detail, "")
		case "kraftMetadata":
			add(path, x, y, Rolls, "the metadata moves to another disk; "+rollsPool, "")
		case "volumeAttributesClass":
			add(path, x, y, Applied, "the disks change while they are in use, if their driver can", "")
		case "overrides":
			add(path, x, y, Ignored, "there are no overrides since Strimzi 0.46", "leave them out")
		default:
			add(path, x, y, Ignored, "disks can't change in this", keep)
		}
	}
}

func unsetIsFalse(v any) bool {
	on, _ := strconv.ParseBool(fmt.Sprint(v))
	return on
}

// removedPool judges a pool that goes: nothing holds its deletion up.
func removedPool(c *Change, was tree) {
	roles := was.at("spec").roles()
	if n, ok := was.at("spec").number("replicas"); ok && n == 0 && len(was.at("status")) == 0 {
		c.Detail = "it has no nodes"
		return
	}
	c.Effect = Destroys
	if slices.Contains(roles, controllerRole) {
		c.Detail, c.Fix = staticQuorum, "keep the pool"
		return
	}
	c.Detail = "its brokers go at once, with the partitions that they hold; nothing holds the deletion of a pool up"
	c.Fix = "rebalance with the mode remove-brokers, scale it to none, and then remove it"
}
