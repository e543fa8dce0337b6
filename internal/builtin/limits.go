package builtin

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

func (c *checker) limitRange(o *corev1.LimitRange) {
	c.enter("spec")
	defer c.leave()
	c.enter("limits")
	defer c.leave()
	seen := map[corev1.LimitType]bool{}
	for i := range o.Spec.Limits {
		c.item(i)
		l := &o.Spec.Limits[i]
		if must := limitType(string(l.Type)); must != "" {
			c.invalid("type", string(l.Type), must, "use one of them")
		}
		if seen[l.Type] {
			c.duplicate("type", string(l.Type))
		}
		seen[l.Type] = true
		c.limit(l)
		c.leave()
	}
}

func limitType(name string) (must string) {
	switch {
	case len(qualified(name)) > 0:
		return aQualified
	case strings.Contains(name, "/"), name == string(corev1.LimitTypePod), name == string(corev1.LimitTypeContainer), name == string(corev1.LimitTypePersistentVolumeClaim):
		return ""
	}
	return "be Pod, Container or PersistentVolumeClaim, or have a domain"
}

func (c *checker) limit(l *corev1.LimitRangeItem) {
	pods := l.Type == corev1.LimitTypePod
	for _, list := range []struct {
		field  string
		values corev1.ResourceList
		closed bool
	}{
		{"max", l.Max, false}, {"min", l.Min, false}, {"default", l.Default, pods}, {"defaultRequest", l.DefaultRequest, pods},
		{"maxLimitRequestRatio", l.MaxLimitRequestRatio, false},
	} {
		if list.closed {
			c.unset(list.field, len(list.values) > 0, "but a pod has no defaults of its own")
			continue
		}
		for name := range list.values {
			if must := limitResource(l.Type, string(name)); must != "" {
				c.invalid(list.field+"["+string(name)+"]", string(name), must, "name such a resource")
			}
		}
	}
	if l.Type == corev1.LimitTypePersistentVolumeClaim {
		_, least := l.Min[corev1.ResourceStorage]
		if _, most := l.Max[corev1.ResourceStorage]; !least && !most {
			c.required("max", "set min or max of storage")
		}
	}
	names := map[corev1.ResourceName]bool{}
	for _, list := range []corev1.ResourceList{l.Max, l.Min, l.Default, l.DefaultRequest, l.MaxLimitRequestRatio} {
		for name := range list {
			names[name] = true
		}
	}
	for name := range names {
		c.limitsAgree(l, name)
	}
}

// limitsAgree compares the amounts of one resource. The default of a container
// is its max where it has none.
func (c *checker) limitsAgree(l *corev1.LimitRangeItem, name corev1.ResourceName) {
	amount := func(list corev1.ResourceList) *resource.Quantity {
		q, ok := list[name]
		if !ok {
			return nil
		}
		q = thousandths(q)
		return &q
	}
	least, most := amount(l.Min), amount(l.Max)
	limit, request := amount(l.Default), amount(l.DefaultRequest)
	if l.Type == corev1.LimitTypePod {
		limit, request = nil, nil
	}
	filled := limit
	if limit == nil && l.Type == corev1.LimitTypeContainer {
		filled = most
	}
	atMost := func(field string, q *resource.Quantity, what string, bound *resource.Quantity) {
		if q != nil && bound != nil && q.Cmp(*bound) > 0 {
			c.invalid(field+"["+string(name)+"]", q.String(), "be at most "+what+", "+bound.String(), "lower it, or raise "+what)
		}
	}
	atLeastMin := func(field string, q *resource.Quantity) {
		if q != nil && least != nil && q.Cmp(*least) < 0 {
			c.invalid(field+"["+string(name)+"]", q.String(), "be at least min, "+least.String(), "raise it, or lower min")
		}
	}
	atMost("min", least, "max", most)
	atLeastMin("defaultRequest", request)
	atMost("defaultRequest", request, "max", most)
	atMost("defaultRequest", request, "default", filled)
	atLeastMin("default", limit)
	atMost("default", limit, "max", most)
	c.limitRatio(l, name, least, most)
	fixed := !isNative(string(name)) || strings.HasPrefix(string(name), "hugepages-")
	if fixed && filled != nil && request != nil && filled.Cmp(*request) != 0 {
		c.invalid("defaultRequest["+string(name)+"]", request.String(), "be default, "+filled.String()+", as it can't be shared", "make them equal")
	}
}

// limitRatio holds the greatest ratio of a limit to a request to what min and
// max leave room for.
func (c *checker) limitRatio(l *corev1.LimitRangeItem, name corev1.ResourceName, least, most *resource.Quantity) {
	ratio, ok := l.MaxLimitRequestRatio[name]
	if !ok {
		return
	}
	ratio = thousandths(ratio)
	field := "maxLimitRequestRatio[" + string(name) + "]"
	if ratio.CmpInt64(1) < 0 {
		c.invalid(field, ratio.String(), "be at least 1", "raise it")
	}
	if least == nil || most == nil {
		return
	}
	have, a, b := float64(ratio.Value()), least.Value(), most.Value()
	if ratio.Value() < resource.MaxMilliValue && a < resource.MaxMilliValue && b < resource.MaxMilliValue {
		have, a, b = float64(ratio.MilliValue())/1000, least.MilliValue(), most.MilliValue()
	}
	if possible := float64(b) / float64(a); have > possible {
		c.invalid(field, ratio.String(), fmt.Sprintf("be at most max/min, %v", possible), "lower it")
	}
}

// limitResource says what a resource of a limit must be, and nothing where it
// is fine.
func limitResource(t corev1.LimitType, name string) (must string) {
	inContainers := t == corev1.LimitTypePod || t == corev1.LimitTypeContainer
	switch {
	case len(qualified(name)) > 0:
		return aQualified
	case inContainers:
		return ofContainer(name)
	case strings.Contains(name, "/") || countedByName(name) || name == "storage" || strings.HasPrefix(name, "hugepages-") || strings.HasPrefix(name, "requests.hugepages-"):
		return ""
	}
	return "be a resource that Kubernetes knows, or have a domain"
}

// ofContainer says what a resource must be that a container can ask for, and
// nothing where it is fine.
func ofContainer(name string) (must string) {
	switch {
	case name == "cpu", name == "memory", name == "ephemeral-storage":
		return ""
	case len(qualified(name)) > 0:
		return aQualified
	case strings.Contains(name, "/"):
		if !isNative(name) && !isExtended(name) {
			return "be short enough for its quota, and not begin with requests."
		}
		return ""
	case strings.HasPrefix(name, "hugepages-"):
		return ""
	}
	return "be cpu, memory, ephemeral-storage or hugepages-…, or have a domain"
}
